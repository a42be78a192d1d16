"""Words that begin sentences and are no names, and what shows that a word is none."""

from __future__ import annotations

from typing import Final

CALENDAR: Final = frozenset(
    "january february march april may june july august september october november december jan"
    " feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday"
    " saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays mon tue"
    " tues wed thu thur thurs fri sat sun christmas easter thanksgiving halloween hanukkah"
    " passover eid diwali advent lent epiphany whitsun pentecost midsummer michaelmas boxing"
    " valentine's valentine today tomorrow yesterday a.m p.m am pm gmt utc est edt pst pdt cet"
    " bst jst ist ad bc bce ce".split()
)

NO_NAMES: Final = frozenset(
    # short forms that stand for things, not for somebody
    "i i'm i've i'd i'll ok okay tv dvd cd pc pcs dna rna hiv aids gdp gnp vat atm vip ufo suv"
    " id iq diy faq url http https www html pdf usb gps led lcd ceo cfo coo cto mp mps mep meps"
    " phd md ba ma bsc msc mba lgbt lgbtq pr hr it ai vr wmd wmds vbied vbieds uav uavs icbm"
    " icbms ied ieds ngo ngos ipo dj mc rip asap fyi usd eur gbp jpy aud cad km kg mph kph mhz"
    " ghz mw gw kwh co2 ph x y z b c d e f g h j k l m n o p q r s t u v w ii iii iv vi vii viii"
    " ix xi xii xiii xiv xv xvi xvii xviii xix xx sic editor's note photo image credit file"
    " caption video audio source sources read more related share print email subscribe copyright"
    " advertisement updated published posted comments update breaking exclusive correction"
    " clarification transcript q&a god allah lord jesus christ earth internet web south north"
    " east west southern northern eastern western central covid covid-19 coronavirus kremlinology".split()
)

COMMON: Final = frozenset(
    # what grammar is made of
    "the a an this that these those my your his her its our their whose which what who whom"
    " whoever whatever i you he she it we they me him us them mine yours hers ours theirs myself"
    " yourself himself herself itself ourselves themselves one ones someone somebody something"
    " anyone anybody anything everyone everybody everything no-one nobody nothing none all any"
    " both each either neither every few fewer less little least many more most much several some"
    " such other others another same own enough and or but nor yet so for if because since"
    " although though while whereas unless until till when whenever where wherever why how"
    " however than as whether lest once before after of in on at by to from with without within"
    " into onto upon over under above below beneath behind beside besides between beyond among"
    " amongst amid amidst against along alongside across around about near off out outside inside"
    " through throughout toward towards up down during despite except excluding including"
    " following concerning regarding considering given per via versus vs unlike like plus minus"
    " is am are was were be been being has have had having do does did doing done will would"
    " shall should can could may might must ought cannot can't won't don't doesn't didn't isn't"
    " aren't wasn't weren't haven't hasn't hadn't couldn't wouldn't shouldn't mustn't let let's"
    " it's that's there's here's he's she's we're they're you're what's who's i'm we've they've"
    " you've i've he'd she'd we'd they'd not no yes never ever always often sometimes usually"
    " rarely seldom hardly barely scarcely only just even still already yet again also too very"
    " quite rather almost nearly about approximately roughly perhaps maybe probably possibly"
    " certainly surely indeed instead otherwise therefore thus hence moreover furthermore"
    " meanwhile meantime nevertheless nonetheless then now here there today tomorrow yesterday"
    " tonight soon later earlier recently lately currently presently formerly previously"
    " initially eventually finally ultimately lastly firstly secondly thirdly first second third"
    " fourth fifth last next former latter previous subsequent recent current new old young big"
    " small large great good bad better best worse worst high low long short early late full"
    " empty open closed free public private social political economic financial legal military"
    " local national international global regional foreign domestic federal federal official"
    " officials real true false right wrong left main major minor key top senior junior chief"
    " general special common certain different similar various numerous countless additional"
    " further extra"
    # numbers
    " zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty"
    " ninety hundred hundreds thousand thousands million millions billion billions trillion dozen"
    " dozens half quarter quarters twice thrice double triple single"
    # people and things of the news
    " people man men woman women child children boy boys girl girls person persons family"
    " families friend friends neighbour neighbours neighbor neighbors residents citizens voters"
    " workers students pupils teachers doctors nurses patients police officers soldiers troops"
    " forces rebels militants insurgents terrorists protesters demonstrators activists"
    " campaigners critics supporters opponents experts analysts scientists researchers economists"
    " historians lawyers prosecutors judges investigators detectives authorities ministers"
    " lawmakers politicians leaders members delegates diplomats negotiators observers inspectors"
    " aides advisers advisors spokesmen reporters journalists editors readers viewers users"
    " customers consumers investors traders shareholders employers employees staff managers"
    " executives directors companies firms businesses banks markets shares stocks prices sales"
    " profits losses exports imports taxes costs rates wages jobs figures numbers statistics data"
    " results polls surveys studies research reports report documents records letters emails"
    " messages calls words statements comments remarks questions answers concerns fears hopes"
    " doubts plans proposals talks negotiations meetings elections votes candidates parties"
    " campaigns protests demonstrations rallies clashes attacks bombings explosions shootings"
    " killings deaths casualties injuries victims survivors witnesses suspects prisoners"
    " detainees hostages refugees migrants immigrants tourists travellers passengers drivers"
    " pilots flights trains buses cars vehicles ships boats planes aircraft roads streets bridges"
    " buildings houses homes schools hospitals churches mosques shops stores hotels restaurants"
    " factories plants farms fields forests rivers lakes mountains islands villages towns cities"
    " countries nations states governments courts laws rules sanctions weapons missiles bombs"
    " guns rockets tanks drones nuclear chemical oil gas coal electricity power water food wheat"
    " rice money cash aid help support relief rescue rescuers firefighters paramedics medics"
    " emergency heavy rain rains snow wind winds storm storms flood floods flooding fire fires"
    " earthquake drought weather temperatures climate pollution emissions energy technology"
    " science health education security defence defense justice peace war violence crime"
    " corruption terrorism democracy freedom religion culture history art music film films movies"
    " books sport sports football soccer cricket rugby tennis golf baseball basketball hockey"
    " cycling boxing swimming athletics players teams fans coach coaches match game games goal"
    " goals season league race races victory defeat time times day days week weeks month months"
    " year years decade decades century centuries morning spring summer autumn winter afternoon"
    " evening night nights weekend midnight noon moments minutes hours world life death work home"
    " house school church state government parliament congress president minister king queen"
    " prince princess court law party union bank company group team news media press television"
    " radio newspaper newspapers website internet online editor editorial opinion analysis"
    " interview photo photos image images picture pictures video videos part parts place places"
    " area areas region regions point points side sides level levels number amount rate way ways"
    " thing things case cases fact facts example reason reasons result cause effect problem"
    " problems issue issues matter matters question answer idea ideas view views belief story"
    " stories information details evidence sources source background context"
    # what else a sentence begins with
    " according based asked told said speaking writing answering addressing responding referring"
    " reacting adding noting citing quoting calling saying describing commenting meanwhile"
    " elsewhere overall additionally alternatively apparently arguably basically briefly broadly"
    " clearly closer coming compared consequently contrary conversely correspondingly critically"
    " crucially curiously deep directly due effectively equally especially essentially evidently"
    " exactly far fortunately frankly generally going gone happily historically honestly"
    " hopefully ideally immediately importantly increasingly incidentally interestingly"
    " ironically largely likewise literally mainly making mostly naturally notably obviously"
    " occasionally oddly originally particularly partly personally please presumably privately"
    " publicly quickly quietly reportedly sadly separately seriously significantly similarly"
    " simply slowly somehow somewhat somewhere sooner specifically strangely strictly strongly"
    " suddenly supposedly surprisingly taken tellingly thankfully traditionally tragically truly"
    " typically undoubtedly unfortunately unsurprisingly virtually welcome well worryingly thanks"
    " thank sorry hello oh ah hey wow yeah nope dear add allow announce ask back become begin"
    " believe bring build buy call carry change check choose claim click come consider continue"
    " create cut deal decide demand deny describe die draw drive eat end expect explain face fall"
    " feel fight fill find fly follow forget get give go grow happen hear help hold hope imagine"
    " improve increase join keep kill know lead learn leave listen live look lose love make mean"
    " meet mind move need note offer open order pay pick play pray prepare press protect pull"
    " push put raise reach read receive reduce remember remove reply request respond rest return"
    " rise run save say see seek seem sell send serve set share show sign sit speak spend stand"
    " start stay stop strike suppose take talk teach tell think touch travel treat try turn"
    " understand use visit vote wait walk want warn wash watch win wish wonder work write sir"
    " madam ladies gentlemen mr mrs ms dr anonymous unnamed unknown independent conservative"
    " liberal radical moderate nonpartisan bipartisan populist nationalist localist pro anti non"
    " pan ex post pre multi self semi so-called veteran rookie incumbent retired married single"
    " divorced born raised named known seen black white red green blue yellow brown grey gray"
    " pink purple orange golden silver hot cold warm cool dry wet dark light bright clear happy"
    " sad angry afraid proud poor rich strong weak ready able unable likely unlikely possible"
    " impossible necessary important difficult easy hard simple complex serious severe fatal"
    " deadly massive huge tiny entire whole total partial complete final original traditional"
    " modern ancient medieval contemporary future past present actual potential alleged suspected"
    " accused convicted armed wounded injured dead alive missing construction production"
    " development investment growth trade industry agriculture business economy tax budget debt"
    " inflation unemployment poverty housing welfare pension pensions insurance transport traffic"
    " travel tourism communication computer computers software hardware phone phones mobile"
    " network networks digital cyber medical medicine drug drugs disease diseases virus vaccine"
    " vaccines cancer treatment surgery hospital clinic mental physical sexual gender race racial"
    " ethnic religious human animal animals dogs cats birds fish trees plants nature"
    " environmental natural solar justice freedom liberty equality rights human duty law order"
    " truth faith hope love fear anger election results live latest breaking top stories features"
    " related contents abstract introduction conclusion references notes external links see also"
    " further reading sister content match half minute group stage round semi-final quarter-final"
    " final injury penalty corner".split()
)
"""Words that stand at the beginning of a sentence, or in a headline, without naming anybody."""

ENDINGS: Final = (
    "tion tions sion sions ment ments ness ity ities ism isms ing ings ly ous ive ful less able"
    " ible ance ences ance ence ances ical ogy ogies ship ships hood ward wards wise ize ise ized"
    " ised logist logists ists ers ors".split()
)
"""Endings of English common words that few names have."""
_ENDINGS = tuple(ENDINGS)


def plain(lower: str) -> bool:
    """Whether a word, in small letters, is a common one by its look.

    >>> plain("meanwhile"), plain("surprisingly"), plain("lukaku")
    (True, True, False)
    """
    return lower in COMMON or (len(lower) > 5 and lower.endswith(_ENDINGS))


PREFIXES: Final = frozenset(
    "pro anti non ex pre post mid trans inter intra pan neo un self semi multi co sub super"
    " ultra vice then re over under cross all out quasi crypto counter cyber bio eco geo half".split()
)
"""First parts of hyphenated words that make no name of what follows."""
