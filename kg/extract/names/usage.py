"""What single words do in names: which begin them, which end them, and which stand around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.model import ActorKind

LIMIT: Final = 60
"""Characters of the longest mention: the model's limit on quoted words."""

COMPASS: Final = frozenset("north south east west new sri saudi costa el sierra cape hong".split())
OFS: Final = frozenset(
    "city republic kingdom gulf bay strait straits isle isles cape sea statue tower battle voice"
    " duchy"
    " king-of treaty house order doctors reporters knights sons daughters mothers friends".split()
)
FIRST_HEADS: Final[dict[str, ActorKind]] = {
    "instituto": "research-organisation",
    "istituto": "research-organisation",
    "institut": "research-organisation",
    "universidad": "research-organisation",
    "universität": "research-organisation",
    "université": "research-organisation",
    "università": "research-organisation",
    "banco": "company",
    "banca": "company",
    "banque": "company",
    "partido": "political-party",
    "partito": "political-party",
    "parti": "political-party",
    "ministerio": "government-body",
    "fondazione": "civil-society",
    "fondation": "civil-society",
    "fundación": "civil-society",
    "movimento": "civil-society",
    "movimiento": "civil-society",
    "mouvement": "civil-society",
    "radio": "media",
    "daily": "media",
    "hotel": "company",
}
"""First words of organisations in the neighbouring languages."""
FIRST_TOPICS: Final = frozenset(
    "operation exercise hurricane typhoon cyclone storm tropical project programme program article"
    " resolution"
    " section chapter proposition amendment formula".split()
)
"""First words of what is no actor."""
PRESS: Final = frozenset("news press broadcasting television tv radio newspapers media".split())
INNER: Final[dict[str, ActorKind]] = {
    "university": "research-organisation",
    "college": "research-organisation",
    "hospital": "civil-society",
    "church": "civil-society",
    "ministry": "government-body",
    "department": "government-body",
    "institute": "research-organisation",
}
CLOSED: Final = frozenset(
    "the a an this that these those it he she they we i you in on at by for from to of with as"
    " if when while"
    " after before since but and or so yet then now there here his her its their our my your"
    " what who how"
    " why where which some many most all no not one two both each another other such more also"
    " however"
    " according although though because despite during under over about there's it's that's".split()
)
"""Words that begin so many sentences that nobody's name is looked for in them."""
TRAILING: Final = frozenset(
    "the of and for on i in at by with after before from when as while where that who a an but & is was"
    " are were has had his her its their this these image images photo photos file credit".split()
)
"""Words with a capital that end no name: another sentence ran into it."""
SHIPS: Final = frozenset(
    "USS HMS FS HMCS HMAS HMNZS RMS SS MV MS MSC INS USNS USCGC JS ROKS ARA".split()
)
"""What stands before names of ships."""
GROUPS: Final = frozenset(
    "support contact working study task rights advocacy small action lobby expert steering liaison"
    " monitoring militant rebel ethnic parliamentary guerrilla terrorist interest pressure crisis"
    " coordination advisory core protest campaign".split()
)
"""What groups are that are no companies."""
VESSELS: Final = frozenset(
    "ship vessel trawler ferry boat yacht tanker frigate destroyer submarine cruiser tugboat tug"
    " freighter"
    " liner steamer schooner corvette gunboat warship lifeboat minesweeper icebreaker barge"
    " sailboat lugger"
    " fishing-boat trimaran catamaran motorboat battleship flagship spacecraft spaceship probe"
    " satellite airship zeppelin galleon bulker container-ship launch cutter".split()
)
"""What stands before the name of a ship."""
ABOARD: Final = frozenset({"aboard", "board"})
SAILING: Final = frozenset(
    "collided collides sank sinks capsized sailed sails docked docks anchored berthed moored ran"
    " sailed rammed drifted listed steamed steered turned departed".split()
)
"""What ships do."""
OF_SHIPS: Final = frozenset(
    "crew captain skipper bow bridge hull deck decks stern transponder wreck keel cargo owner"
    " owners"
    " passengers mast masts engine engines rudder helm sinking hold lifeboats crewmen voyage"
    " anchor nets".split()
)
"""What ships have."""
SEATED: Final = frozenset(
    "municipality city town county village province university diocese archdiocese bishopric"
    " district port"
    " borough prefecture canton".split()
)
"""Heads behind whose `of` there is a place."""
GOVERNED: Final = frozenset({"municipality", "prefecture", "governorate"})
PLACE_FIRST: Final = frozenset("mount mt lake cape fort ft port".split())
SURNAMES: Final = frozenset(
    "park hall hill hills banks rivers church lake bell day street west field wood young price"
    " brooks"
    " bridges post king mills wells bank guard house parish guild castle temple stone strand marsh"
    " valley forest parks lane love gore foster brothers bill bush rose summers winters may"
    " court major"
    " power powers winter spring springs fields gates moor moore towers square wing open order fair"
    " towns county canal desert shipping test bros cross mission dean case law union ford"
    " report".split()
)
"""Words for bodies and places that are family names too."""
NAMING: Final = frozenset(
    "social national federal supreme central royal general public human world foreign home"
    " labour labor"
    " free new united first international european central civil democratic republican liberal"
    " conservative"
    " green red black white high house senate state justice defense defence health interior"
    " treasury energy"
    " education finance trade agriculture transport security border immigration police air north"
    " south east"
    " west northern southern eastern western global american british community people's workers'"
    " women's"
    " children's local-government school union open great grand holy golden silver blue big"
    " little old"
    " super atomic nuclear space electoral constitutional criminal court law environment"
    " environmental"
    " independent popular socialist national-security city county district church bank market"
    " stock news"
    " press radio film art science natural animal food drug medical cancer research children"
    " animal family"
    " christian islamic muslim jewish catholic military army naval navy marine coast fire"
    " emergency weather"
    " privy legislative executive house-of olympic winter summer champions premier six nobel"
    " democracy justice"
    " heavy light early late modern ancient left right middle centre center crown king queen"
    " prince".split()
)
"""Common words that names of organisations and places begin with."""
BEHIND: Final = frozenset(
    "based led backed born style run made controlled occupied held funded sponsored bound area"
    " wide type"
    " related era trained educated owned listed friendly brokered mediated supported armed"
    " allied aligned"
    " administered annexed dominated ruled appointed speaking raised inspired centric like only"
    " specific"
    " themed branded built designed registered flagged affiliated linked imposed drafted initiated"
    " headquartered area bred educated proposed wide born focused oriented hosted produced".split()
)
VERBS: Final = frozenset(
    "has had is was were are will would can could may might must should did does also says said"
    " tells told"
    " claims claimed adds added asks asked argues argued notes noted believes believed thinks"
    " thought warns"
    " warned insists insisted denies denied admits admitted agrees agreed announced announces"
    " confirmed"
    " confirms described describes explained explains reported reports stated states suggested"
    " suggests"
    " wrote writes replied replies responded responds refused refuses rejected rejects accused"
    " accuses"
    " called calls urged urges wants wanted hopes hoped expects expected plans planned became"
    " becomes"
    " began begins came comes went goes gave gives took takes made makes won wins lost loses"
    " scored scores"
    " defeated defeats beat beats faced faces received receives served serves joined joins left"
    " leaves met"
    " meets visited visits led leads held holds signed signs launched launches opened opens"
    " played plays"
    " who whose then now recently later reportedly himself herself which released releases"
    " published"
    " joined appeared appears continued continues remained remains died dies killed kills"
    " returned returns"
    " spoke speaks testified testifies tweeted tweets posted posts vowed vows pledged"
    " pledges".split()
)
"""Verbs in the forms that stand behind a singular subject."""
