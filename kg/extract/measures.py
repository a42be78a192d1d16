"""What is counted and measured: units, currencies, words for persons, words that bound a number.

Names of units are plural, as they follow a number: "83 percent", "5 US dollars", "17 persons".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.counting import MAGNITUDES

if TYPE_CHECKING:
    from kg.model import Quantifier

SYMBOLS: Final[dict[str, str]] = {
    "$": "US dollars", "£": "pounds sterling", "€": "euros", "¥": "yen", "₹": "Indian rupees",
    "₩": "won", "₽": "roubles", "₪": "shekels", "₺": "Turkish lira", "₫": "dong", "₴": "hryvnias",
    "฿": "baht", "₦": "naira", "₱": "Philippine pesos", "¢": "cents",
}  # fmt: skip
"""Currencies by their signs; a dollar sign alone is that of the United States, as agencies write."""

DOLLARS: Final[dict[str, str]] = {
    "us": "US dollars", "u.s.": "US dollars", "a": "Australian dollars", "au": "Australian dollars",
    "c": "Canadian dollars", "ca": "Canadian dollars", "hk": "Hong Kong dollars",
    "nz": "New Zealand dollars", "s": "Singapore dollars", "nt": "Taiwan dollars",
    "r": "Brazilian reais", "z": "Zimbabwe dollars",
}  # fmt: skip
"""What stands before a dollar sign."""

CODES: Final[dict[str, str]] = {
    "usd": "US dollars", "eur": "euros", "gbp": "pounds sterling", "jpy": "yen", "cny": "yuan",
    "rmb": "yuan", "chf": "Swiss francs", "inr": "Indian rupees", "rs": "rupees", "krw": "won",
    "rub": "roubles", "aud": "Australian dollars", "cad": "Canadian dollars", "sek": "kronor",
    "nok": "kroner", "dkk": "kroner", "pln": "zloty", "zar": "rand", "brl": "reais",
}  # fmt: skip
"""Currencies by their codes, before or behind the number."""

CURRENCIES: Final[dict[str, str]] = {
    **dict.fromkeys(("dollar", "dollars", "bucks"), "US dollars"),
    **{
        name: name if name.endswith("s") else f"{name}s"
        for name in "euro euros rupee rupees franc francs peso pesos cent cents riyal riyals dirham"
        " dirhams dinar dinars shekel shekels hryvnia hryvnias taka bolivar bolivars real".split()
        if name not in {"taka", "real"}
    },
    **{name: name for name in "yen won yuan renminbi baht dong rand naira reais kronor".split()},
    **dict.fromkeys(("quid", "sterling"), "pounds sterling"),
    **dict.fromkeys(("rouble", "roubles", "ruble", "rubles"), "roubles"),
    **{
        name: name
        for name in "crowns florins guilders marks shillings ducats ringgit rupiah forint birr tenge"
        " kwacha afghanis zlotys cedis drachmas pesetas escudos schillings thalers lev lei kyat kip"
        " guaranis quetzals lempiras".split()
    },
    "krone": "kroner", "zloty": "zlotys", "lire": "lira",
    "pence": "pence", "lira": "lira", "liras": "lira", "kroner": "kroner", "krona": "kronor",
}  # fmt: skip
"""Currencies by name; "won" counts behind a magnitude only, being a verb as well."""

AMBIGUOUS: Final = frozenset("won crowns marks lei lev kip florins".split())
"""Currencies whose names are other words as well: in small numbers they are no money."""

PAID: Final = frozenset(
    "bail fine fines contribution grant loan deal budget donation reward ransom prize damages damage fund"
    " investment programme program project gift settlement payment bond security deposit salary pension"
    " bill debt deficit surplus contract order bailout package tax fee price cost costs bounty losses"
    " loss revenue revenues profit profits turnover savings sale sales aid assistance funding"
    " compensation bribe bribes stake credit subsidy subsidies bid".split()
)
"""What money is paid, asked or lost for."""

UNTOLD: Final = frozenset(
    "times ways sides respects names things steps points goals occasions reasons parts lines words"
    " questions terms fronts counts halves".split()
)
"""Nouns that a number counts without saying anything about the world."""

DURATIONS: Final = frozenset(
    "seconds minutes hours days weeks months years decades centuries fortnights".split()
)
"""Units of time: "two decades of rule" counts no rule."""

ADJECTIVES: Final = frozenset(
    "elderly daily weekly monthly yearly friendly deadly costly likely unlikely early lonely holy"
    " family assembly ally supply reply rally bully fly july italy monopoly anomaly ugly curly silly"
    " butterfly belly jelly".split()
)
"""Words in -ly that are no adverbs."""

DOLLAR_NATIONS: Final[dict[str, str]] = {
    "us": "US", "u.s.": "US", "american": "US", "canadian": "Canadian", "australian": "Australian",
    "singapore": "Singapore", "zealand": "New Zealand", "kong": "Hong Kong", "taiwan": "Taiwan",
    "jamaican": "Jamaican", "zimbabwean": "Zimbabwe", "zimbabwe": "Zimbabwe",
}  # fmt: skip

_PLURALS: Final = {"foot": "feet", "inch": "inches", "hertz": "hertz", "degree": "degrees"}
_NAMED: Final = (
    "kilometre metre centimetre millimetre mile yard inch hectare acre tonne ton kilogram gram"
    " milligram ounce litre gallon barrel bushel watt kilowatt megawatt gigawatt kilobyte megabyte"
    " gigabyte terabyte volt degree decibel knot second minute hour day week month year decade"
    " century fortnight kilohertz megahertz gigahertz calorie joule ampere light-year"
).split()

UNITS: Final[dict[str, str]] = {
    **{name: _PLURALS.get(name, f"{name}s") for name in _NAMED},
    **{_PLURALS.get(name, f"{name}s"): _PLURALS.get(name, f"{name}s") for name in _NAMED},
    **{
        american + ending: british + "s"
        for american, british in (
            ("kilometer", "kilometre"), ("meter", "metre"), ("centimeter", "centimetre"),
            ("millimeter", "millimetre"), ("liter", "litre"), ("kilogramme", "kilogram"),
        )
        for ending in ("", "s")
    },
    "foot": "feet", "feet": "feet", "century": "centuries", "centuries": "centuries",
    "pound": "pounds", "pounds": "pounds", "lb": "pounds", "lbs": "pounds", "oz": "ounces",
    "km": "kilometres", "kms": "kilometres", "cm": "centimetres", "mm": "millimetres",
    "kg": "kilograms", "kgs": "kilograms", "mg": "milligrams", "ft": "feet", "yd": "yards",
    "ha": "hectares", "kw": "kilowatts", "mw": "megawatts", "gw": "gigawatts", "mb": "megabytes",
    "gb": "gigabytes", "tb": "terabytes", "mph": "miles an hour", "kph": "kilometres an hour",
    "km/h": "kilometres an hour", "°c": "degrees Celsius", "°f": "degrees Fahrenheit",
    "hrs": "hours", "mins": "minutes", "secs": "seconds", "yrs": "years", "percentage": "percent",
    "ppm": "parts per million",
}  # fmt: skip
"""Units of measure with their abbreviations."""

PERCENT: Final = frozenset({"percent", "%", "pct"})

LETTER_UNITS: Final = frozenset(
    "km kms cm mm kg kgs mg g ft yd ha kw mw gw mb gb tb mph kph lb lbs oz".split()
)
"""Units that are written close to the digits."""

PERSONS: Final = frozenset(
    "people persons person individuals men women man woman children child girls boys babies infants"
    " teenagers adults adolescents toddlers youths youngsters pensioners elders citizens residents"
    " nationals civilians inhabitants villagers locals foreigners tourists visitors travellers travelers"
    " passengers pilgrims spectators fans soldiers troops servicemen servicewomen personnel sailors"
    " marines fighters militants insurgents rebels guerrillas gunmen jihadists terrorists officers"
    " policemen policewomen guards agents officials ministers lawmakers legislators politicians mps"
    " senators congressmen deputies diplomats ambassadors delegates envoys leaders presidents"
    " governors mayors councillors judges lawyers prosecutors witnesses defendants suspects convicts"
    " inmates prisoners detainees hostages captives abductees kidnappers attackers assailants bombers"
    " criminals thieves smugglers victims survivors casualties fatalities injured wounded dead patients"
    " doctors nurses medics paramedics firefighters rescuers volunteers workers employees miners"
    " labourers laborers farmers fishermen drivers pilots engineers scientists researchers experts"
    " academics professors teachers students pupils schoolchildren schoolgirls schoolboys graduates"
    " journalists reporters correspondents photographers bloggers editors authors writers artists"
    " actors musicians players athletes competitors participants attendees demonstrators protesters"
    " protestors activists campaigners supporters opponents voters respondents candidates members"
    " colleagues relatives mothers fathers parents brothers sisters sons daughters wives husbands"
    " widows orphans families-of migrants refugees immigrants emigrants asylum-seekers seekers"
    " evacuees returnees defectors deserters settlers peacekeepers monitors observers inspectors"
    " investigators analysts advisers advisors consultants executives directors managers owners"
    " shareholders investors customers consumers users subscribers commuters motorists cyclists"
    " pedestrians climbers swimmers divers nuns monks priests bishops clerics imams worshippers"
    " believers christians muslims jews hindus buddhists others friends neighbours neighbors guests"
    " strangers bystanders onlookers crew staff humans donors recipients applicants guys"
    " greeks turks kurds arabs swedes danes finns poles scots spaniards czechs serbs croats slovaks thais"
    " iraqis pakistanis israelis saudis yemenis kuwaitis qataris emiratis afghans britons filipinos"
    " rohingya japanese chinese vietnamese portuguese sudanese lebanese senegalese swiss".split()
)
"""Nouns for persons, whose number has the unit "persons"."""

STRICKEN: Final = frozenset(
    "dead killed injured wounded hurt missing homeless arrested detained died unaccounted hospitalised"
    " hospitalized drowned displaced repatriated rescued evacuated charged jailed imprisoned sentenced"
    " executed deported abducted kidnapped freed released convicted treated elected beheaded shot".split()
)
"""Words straight behind a number that make it one of persons: "left 17 dead"."""

STRIKING: Final = frozenset(
    "kill kills killed killing injure injures injured injuring wound wounds wounded wounding hurting"
    " arrest arrests arrested arresting detain detains detained detaining displaced displacing"
    " abducted abducting kidnapped kidnapping".split()
)
"""Verbs before a number that make it one of persons: "killing 12"."""

PLURALS: Final = frozenset(
    "people men women children policemen fishermen servicemen police cattle feet teeth mice media data"
    " criteria phenomena aircraft spacecraft hovercraft troops fish sheep deer species series personnel"
    " crew staff others lives wives wolves halves shelves leaves knives thieves headquarters barracks"
    " crossroads firefighters bacteria geese oxen dice"
    " schoolchildren congressmen gunmen dead wounded injured".split()
)
"""Plurals that the letter s does not tell, and a few where it would be mistaken."""

_PHRASES: Final[dict[Quantifier, str]] = {
    "at-least": "at least|no fewer than|no less than|not fewer than|not less than|a minimum of"
    "|minimum of|as few as|at a minimum",
    "more-than": "more than|over|above|exceeding|in excess of|greater than|upward of|upwards of"
    "|well over|just over|well above|higher than|north of|beyond|exceeded|exceeds|topped"
    "|larger than|longer than|surpassed",
    "at-most": "at most|up to|no more than|not more than|a maximum of|maximum of|as many as"
    "|as much as|no greater than|at the most|capped at|no longer than|not exceeding",
    "less-than": "less than|fewer than|under|below|just under|lower than|smaller than"
    "|well under|well below|shorter than",
    "about": "about|around|some|roughly|approximately|approx|an estimated|estimated|circa|nearly"
    "|almost|close to|closer to|in the region of|somewhere around|in the order of|on the order of"
    "|practically|virtually|near|nearing|approaching|a reported|perhaps|probably|maybe|an average of"
    "|the estimated|average of",
    "exactly": "exactly|precisely|only|just|a total of|total of|all|both|the|these|those|a record",
}
BOUNDS: Final[dict[tuple[str, ...], Quantifier]] = {
    tuple(words.split()): quantifier
    for quantifier, phrases in _PHRASES.items()
    for words in phrases.split("|")
}
"""Words before a number and what they make of it; "nearly" keeps the figure, as "about" does."""

LONGEST_BOUND: Final = max(map(len, BOUNDS))

TAILS: Final[dict[tuple[str, ...], Quantifier]] = {
    ("or", "more"): "at-least",
    ("and", "more"): "at-least",
    ("or", "less"): "at-most",
    ("or", "fewer"): "at-most",
    ("or", "so"): "about",
    ("or", "thereabouts"): "about",
    ("at", "least"): "at-least",
    ("at", "most"): "at-most",
}
"""Words behind a number that do the same."""

VAGUE: Final[dict[str, int]] = {
    "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1000, "millions": 10**6,
    "billions": 10**9, "trillions": 10**12,
}  # fmt: skip
"""Plural magnitudes, of which a text says no more than that there is one at least."""

LABELS: Final = frozenset(
    "page pages article articles chapter section paragraph clause room no number numbers day phase level"
    " category grade version flight channel unit type step part round stage tier route highway rule item"
    " resolution gate platform line model figure table volume issue season episode aged age ages act"
    " group class division interstate junction lane ward district zone block floor seat vol pp verse"
    " hurricane size week year game match race lap inning heat form schedule appendix exhibit count"
    " area sector point terminal runway pier track apollo boeing airbus".split()
)
"""Nouns that a number names instead of counting: page 5, Flight 370."""

CLOCK: Final = frozenset("a.m. p.m. am pm o'clock gmt utc hrs noon midnight".split())
"""What makes a number a time of day."""

SCORES: Final = frozenset(
    "win victory defeat loss lead draw score vote decision majority ruling split record set thrashing"
    " scoreline aggregate tie advantage margin start".split()
)
"""Nouns behind two numbers with a hyphen that are a score, not a range."""

SHARES: Final[dict[str, tuple[int, int]]] = {
    "half": (1, 2), "third": (1, 3), "thirds": (1, 3), "quarter": (1, 4), "quarters": (1, 4),
    "fifth": (1, 5), "fifths": (1, 5), "tenth": (1, 10), "tenths": (1, 10), "sixth": (1, 6),
    "eighth": (1, 8), "eighths": (1, 8), "three-quarters": (3, 4), "two-thirds": (2, 3),
    "one-third": (1, 3), "one-quarter": (1, 4), "two-fifths": (2, 5), "three-fifths": (3, 5),
    "four-fifths": (4, 5), "one-fifth": (1, 5), "one-tenth": (1, 10), "one-half": (1, 2),
    "nine-tenths": (9, 10), "three-fourths": (3, 4), "one-fourth": (1, 4),
}  # fmt: skip
"""Fractions in words, which count as shares before "of" or an article."""

NOT_COUNTED: Final = frozenset(
    "a about according across after against ago all along also although amid among an and another any"
    " apart are around as at away back be became because become been before behind being below beneath"
    " beside besides between beyond both but by came can come could despite did do does down during"
    " each either even ever for from further go got had has have he her here herself him himself his"
    " how however i if in including inside into is it its itself just least less like made many may me"
    " meanwhile might more most much must my near neither next no nobody none nor not nothing now of off"
    " often on once only onto or our out outside over own past per perhaps quite rather said saw say"
    " says seem several shall she should since so some soon still such than that the their them"
    " themselves then there these they this those though through throughout thus till to today together"
    " tomorrow too took toward towards under until up upon us versus very via was we went were what when"
    " where whether which while who whom whose why will with within without would yesterday yet you your"
    " alone apiece later earlier left remain remained died told took got went won lost fell rose took"
    " met came began ran made held gave found put sent kept saw fled flew hit cost costs agree"
    " sank grew drew spoke wrote broke stood sat drove chose froze tore wore hung wait waits"
    " agreed believe believed think thought say want wanted know live lived work worked voted joined"
    " called tried used took started stopped reported attended participated aged".split()
)
"""Words that end the noun phrase behind a number."""

STARTERS: Final = frozenset(
    "the a an of in at on for by to from with and or but than over about around nearly almost some only"
    " just exactly roughly approximately at least up under below above between both all these those when"
    " while after before since until as if that which who where he she it they we you there his her its"
    " their our my this were was are is be been had has have estimated between another other every"
    " more most no not or nor yes no also yet still now then so because although though".split()
)
"""Words that may be written with a capital before a number without being part of a name."""

MAGNITUDE_WORDS: Final = frozenset(MAGNITUDES)
