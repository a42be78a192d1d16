"""Fields of life: what a description says somebody or something is in, and whether an article is in it.

A description names a field by an occupation or a kind of thing (singer, newspaper), an article by
the words that go with the field (album, concert; editor, broadcast). Words that go with any news
(said, reported, official) belong to none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIELDS = {
    "politics": (
        (
            "politician statesman stateswoman minister president premier chancellor senator congressman"
            " congresswoman congressperson representative legislator lawmaker parliamentarian governor"
            " mayor councillor councilor alderman diplomat ambassador envoy consul monarch king queen"
            " emperor empress prince princess duke sultan emir shah tsar ruler dictator leader activist"
            " revolutionary secretary official party government ministry parliament legislature senate"
            " cabinet department agency embassy politics political commissioner strategist lobbyist"
            " dissident treaty election referendum summit policy administration head deputy"
        ),
        (
            "minister ministry president premier chancellor government governments governor election"
            " elections elected electoral vote votes voted voters voter parliament parliamentary senate"
            " senator senators congress congressional congressman party parties policy policies"
            " diplomat diplomats diplomatic diplomacy embassy ambassador summit treaty sanctions cabinet"
            " administration lawmakers lawmaker legislation bill political politics politician"
            " politicians candidate candidates campaign democrat democrats republican republicans"
            " conservative conservatives liberal labour socialist communist opposition coalition regime"
            " bilateral multilateral negotiations referendum constituency mayor leader leaders state"
            " secretary foreign prime ruling chairman normalisation normalization alliance"
        ),
    ),
    "music": (
        (
            "singer musician rapper songwriter composer conductor pianist guitarist drummer violinist"
            " cellist bassist saxophonist trumpeter organist vocalist soprano tenor baritone dj band"
            " orchestra choir album song single opera symphony musical music record discography"
        ),
        (
            "song songs album albums band bands concert concerts music musical musician musicians singer"
            " singers sang sing singing tour chart charts guitar piano drums orchestra symphony opera"
            " choir lyrics record records recorded recording vocals rapper composer composed grammy pop"
            " rock jazz hit gig single singles"
        ),
    ),
    "sport": (
        (
            "footballer footballers player coach manager athlete cricketer boxer wrestler swimmer runner"
            " cyclist skier skater golfer gymnast jockey racer sprinter rower sailor fencer judoka"
            " archer weightlifter goalkeeper striker midfielder quarterback pitcher referee umpire"
            " sportsman sportswoman sportsperson basketball football rugby hockey tennis baseball cricket"
            " soccer golf club team league stadium championship tournament olympian paralympian sport"
            " sports match season cup bullfighter mountaineer"
        ),
        (
            "match matches goal goals league team teams coach season championship championships cup"
            " tournament game games player players scored scoring score striker midfielder goalkeeper"
            " defender olympic olympics medal medals stadium football soccer basketball baseball cricket"
            " rugby tennis hockey golf boxing race racing athlete athletes athletics final semifinal"
            " penalty referee club fans win wins beat title champion champions"
        ),
    ),
    "screen": (
        (
            "actor actress director filmmaker screenwriter producer cinematographer comedian presenter"
            " host film movie series television sitcom animation anime character episode theatre theater"
            " playwright dancer choreographer entertainer model dramatist stuntman"
        ),
        (
            "film films movie movies actor actors actress cinema television tv series episode episodes"
            " role starring starred stars star drama comedy theatre theater stage director directed"
            " producer hollywood oscar screen screening celebrity audience premiere character show shows"
        ),
    ),
    "letters": (
        (
            "writer novelist poet author essayist journalist columnist editor publisher translator critic"
            " biographer historian philosopher novel poem book journal literary literature linguist"
        ),
        (
            "novel novels book books poem poems poetry poet author authors writer writers literature"
            " literary published publisher publishing bestseller essay essays fiction translation"
            " journalist journalists editor editorial historian history philosopher philosophy"
        ),
    ),
    "media": (
        (
            "newspaper magazine broadcaster news agency journalist reporter newsreader anchor channel"
            " station network tabloid daily weekly website publication periodical blogger"
        ),
        (
            "newspaper newspapers magazine broadcaster broadcast editor reporter reporters journalist"
            " journalists interview daily weekly press media tabloid correspondent column"
        ),
    ),
    "art": (
        (
            "painter sculptor artist architect photographer illustrator designer printmaker cartoonist"
            " animator engraver potter painting sculpture gallery museum curator fashion"
        ),
        (
            "art arts artist artists painting paintings painted sculpture gallery museum museums exhibit"
            " exhibition exhibitions exhibits photograph photographs photographer curator architecture"
            " architect design designer fashion canvas portrait"
        ),
    ),
    "science": (
        (
            "scientist physicist chemist biologist mathematician astronomer geologist engineer inventor"
            " botanist zoologist ecologist economist sociologist psychologist anthropologist"
            " archaeologist academic professor researcher scholar lecturer geographer statistician"
            " climatologist meteorologist geneticist virologist epidemiologist university institute"
            " laboratory college research astronaut cosmonaut spacecraft political-scientist"
        ),
        (
            "science scientific scientist scientists research researcher researchers study studies"
            " university professor laboratory experiment theory physics chemistry biology mathematics"
            " astronomy climate species genome telescope spacecraft nasa space astronaut academic"
            " academics scholar scholars institute journal"
        ),
    ),
    "medicine": (
        (
            "physician doctor surgeon nurse psychiatrist dentist pharmacist neurologist hospital disease"
            " drug medicine medical veterinarian oncologist pathologist"
        ),
        (
            "hospital hospitals doctor doctors patient patients medical medicine disease virus infection"
            " epidemic pandemic vaccine vaccines drug drugs surgery surgeon nurse nurses health clinical"
            " treatment cancer symptoms"
        ),
    ),
    "business": (
        (
            "businessman businesswoman businessperson entrepreneur executive banker investor financier"
            " industrialist merchant manufacturer company corporation firm bank retailer airline"
            " enterprise conglomerate brand chain philanthropist trader"
        ),
        (
            "company companies business businesses firm firms market markets shares share stock stocks"
            " profit profits revenue sales investors investment bank banks banking customers ceo"
            " executive executives product products trade industry corporate corporation prices economy"
            " economic financial fund funds retailer"
        ),
    ),
    "computing": (
        (
            "programmer developer software website hacker internet online browser app application game"
            " video computer computing platform"
        ),
        (
            "software computer computers internet online website websites web user users browser hacker"
            " hackers hacking data app apps digital technology server google microsoft apple cyber code"
        ),
    ),
    "military": (
        (
            "general officer soldier admiral marshal commander colonel army navy regiment brigade"
            " battalion militant guerrilla terrorist war battle military warship submarine missile spy"
            " aviator pilot insurgent warlord militia"
        ),
        (
            "army navy troops soldier soldiers military forces war wars battle missile missiles weapon"
            " weapons nuclear bomb bombs bombing airstrike commander general admiral warship submarine"
            " militant militants rebels insurgents defence defense invasion attack attacks combat killed"
        ),
    ),
    "law": (
        (
            "lawyer judge jurist attorney solicitor barrister prosecutor magistrate criminal murderer"
            " killer gangster mobster outlaw court police policeman detective robber pirate victim case"
            " prison"
        ),
        (
            "court courts trial judge judges jury police prosecutor prosecutors charged charges convicted"
            " sentence sentenced prison jail crime crimes criminal lawyer lawyers attorney arrested"
            " arrest guilty murder lawsuit sued suspect suspects investigation detectives"
        ),
    ),
    "religion": (
        (
            "bishop archbishop cardinal pope priest pastor rabbi imam theologian missionary saint nun"
            " monk abbot cleric church mosque temple monastery diocese religious preacher evangelist"
        ),
        (
            "church churches mosque temple bishop archbishop cardinal pope vatican priest priests rabbi"
            " imam religious religion faith worship prayer prayers christian christians muslim muslims"
            " islamic catholic jewish buddhist hindu clergy holy"
        ),
    ),
}

FIELDS = {
    name: (frozenset(told.split()), frozenset(read.split()))
    for name, (told, read) in _FIELDS.items()
}
"""By the name of the field: the words by which descriptions tell it, those by which articles do."""

_DEMONYMS = """
afghan:afghanistan albanian:albania algerian:algeria andorran:andorra angolan:angola
argentine:argentina argentinian:argentina armenian:armenia australian:australia austrian:austria
azerbaijani:azerbaijan bahamian:bahamas bahraini:bahrain bangladeshi:bangladesh barbadian:barbados
belarusian:belarus belgian:belgium belizean:belize beninese:benin bhutanese:bhutan bolivian:bolivia
bosnian:bosnia botswanan:botswana brazilian:brazil bruneian:brunei bulgarian:bulgaria
burkinabe:burkina burmese:myanmar burma:myanmar burundian:burundi cambodian:cambodia
cameroonian:cameroon canadian:canada chadian:chad chilean:chile chinese:china colombian:colombia
comorian:comoros congolese:congo costarican:rica croatian:croatia croat:croatia cuban:cuba
cypriot:cyprus czech:czechia czechia:czechia danish:denmark dane:denmark djiboutian:djibouti
dominican:dominica dutch:netherlands dutchman:netherlands holland:netherlands timorese:timor
ecuadorian:ecuador egyptian:egypt emirati:emirates salvadoran:salvador english:england
eritrean:eritrea estonian:estonia swazi:eswatini ethiopian:ethiopia european:europe fijian:fiji
finnish:finland finn:finland french:france frenchman:france gabonese:gabon gambian:gambia
georgian:georgia german:germany ghanaian:ghana greek:greece grenadian:grenada guatemalan:guatemala
guinean:guinea guyanese:guyana haitian:haiti honduran:honduras hungarian:hungary icelandic:iceland
icelander:iceland indian:india indonesian:indonesia iranian:iran persian:iran persia:iran
iraqi:iraq irish:ireland irishman:ireland israeli:israel italian:italy ivorian:ivoire
jamaican:jamaica japanese:japan jordanian:jordan kazakh:kazakhstan kazakhstani:kazakhstan
kenyan:kenya korean:korea kosovan:kosovo kosovar:kosovo kuwaiti:kuwait kyrgyz:kyrgyzstan
lao:laos laotian:laos latvian:latvia lebanese:lebanon basotho:lesotho liberian:liberia
libyan:libya lithuanian:lithuania luxembourgish:luxembourg luxembourger:luxembourg
macedonian:macedonia malagasy:madagascar malawian:malawi malaysian:malaysia maldivian:maldives
malian:mali maltese:malta mauritanian:mauritania mauritian:mauritius mexican:mexico
micronesian:micronesia moldovan:moldova monegasque:monaco mongolian:mongolia
montenegrin:montenegro moroccan:morocco mozambican:mozambique namibian:namibia nauruan:nauru
nepalese:nepal nepali:nepal zealander:zealand nicaraguan:nicaragua nigerien:niger
nigerian:nigeria norwegian:norway omani:oman pakistani:pakistan palauan:palau
palestinian:palestine panamanian:panama papuan:papua paraguayan:paraguay peruvian:peru
filipino:philippines philippine:philippines polish:poland pole:poland portuguese:portugal
qatari:qatar romanian:romania russian:russia soviet:ussr rwandan:rwanda samoan:samoa
saudi:arabia arabian:arabia senegalese:senegal serbian:serbia serb:serbia seychellois:seychelles
singaporean:singapore slovak:slovakia slovakian:slovakia slovene:slovenia slovenian:slovenia
somali:somalia somalian:somalia spanish:spain spaniard:spain lankan:lanka sudanese:sudan
surinamese:suriname swedish:sweden swede:sweden swiss:switzerland syrian:syria taiwanese:taiwan
tajik:tajikistan tanzanian:tanzania thai:thailand tibetan:tibet togolese:togo tongan:tonga
trinidadian:trinidad tunisian:tunisia turkish:turkey turk:turkey turkiye:turkey
turkmen:turkmenistan ugandan:uganda ukrainian:ukraine uruguayan:uruguay uzbek:uzbekistan
vanuatuan:vanuatu venezuelan:venezuela vietnamese:vietnam yemeni:yemen zambian:zambia
zimbabwean:zimbabwe american:america usa:america us:america uk:britain british:britain
briton:britain scottish:scotland scot:scotland scots:scotland welsh:wales welshman:wales
catalan:catalonia basque:basque flemish:flanders bavarian:bavaria sicilian:sicily
californian:california texan:texas asian:asia african:africa kurdish:kurdistan kurd:kurdistan
chechen:chechnya parisian:paris londoner:london prussian:prussia ottoman:ottoman roman:rome
"""
_COUNTRY = dict(pair.split(":") for pair in _DEMONYMS.split())


@lru_cache(maxsize=16_384)
def root(word: str) -> str:
    """What stands for a word and its near kin: that of a nation is the name of its country.

    >>> root("japanese"), root("haldrians"), root("ministers"), root("australian") == root("austrian")
    ('japan', 'haldria', 'minister', False)
    """
    single = (
        word[:-1] if len(word) > _SHORT and word.endswith("s") and word[-2] not in "su" else word
    )
    if single in _COUNTRY:
        return _COUNTRY[single]
    if single.endswith("ian") and len(single) > _LONG:
        return single[:-1]
    return single


_SHORT = 3
"""Letters up to which an s at the end is not taken for that of a plural (gas, yes)."""
_LONG = 5
"""Letters from which -ian is taken for a nation's or a party's adjective (not Brian, Asian)."""


def roots(words: Iterable[str]) -> frozenset[str]:
    """The roots of some words; of a state whose name is two common words, also that of its nation."""
    known = {root(word) for word in words}
    if {"united", "state"} <= known:
        known.add("america")
    if {"united", "kingdom"} <= known:
        known.add("britain")
    return frozenset(known)


def fields_told(words: Iterable[str]) -> frozenset[str]:
    """The fields that the words of a description tell of."""
    told = frozenset(words)
    return frozenset(name for name, (by, _) in FIELDS.items() if told & by)


def fields_read(words: Iterable[str]) -> dict[str, int]:
    """How many words of each field an article has, of the fields of which it has any."""
    read = frozenset(words)
    counts = {name: len(read & by) for name, (_, by) in FIELDS.items()}
    return {name: count for name, count in counts.items() if count}
