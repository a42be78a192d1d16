"""The words of the calendar: months, days of the week, parts of days and years, ordinals."""

from __future__ import annotations

from typing import Final

from kg.extract.counting import COUNTS

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS: Final[dict[str, int]] = {name: number for number, name in enumerate(_MONTHS, 1)}
"""Months by their full names."""

SHORT_MONTHS: Final[dict[str, int]] = {
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1) if name != "may"},
    "sept": 9,
}
"""Months by abbreviations, which count beside a number only: "Mar" is also a name, "Dec" a rank."""

ALL_MONTHS: Final = MONTHS | SHORT_MONTHS

DAYS: Final[dict[str, int]] = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
"""Days of the week, Monday being 0 as in the standard library."""

SHORT_DAYS: Final[dict[str, int]] = {
    **{name[:3]: number for name, number in DAYS.items()},
    "tues": 1, "weds": 2, "thur": 3, "thurs": 3,
}  # fmt: skip
"""Abbreviated days of the week, which count before a date only: "sun" and "sat" are words."""

NAMED_DAYS: Final = frozenset(
    "good black bloody ash maundy holy palm easter shrove super fat cyber giving spy red wet"
    " whit green plough ruby".split()
)
"""Words that make a name of a weekday: Good Friday is not just the last Friday."""

PAPERS: Final = frozenset(
    "times telegraph mail mirror express herald post tribune news independent star sun mercury"
    " world business observer night club school".split()
)
"""Words behind a weekday that make it the name of a paper, a programme or a school."""

SEASONS: Final[dict[str, int]] = {
    "spring": 21,
    "summer": 22,
    "autumn": 23,
    "fall": 23,
    "winter": 24,
}
"""Seasons as EDTF numbers them."""

PARTS: Final[dict[str, str]] = {
    "early": "early", "mid": "mid", "middle": "mid", "late": "late",
    "beginning": "early", "start": "early", "end": "late", "close": "late",
}  # fmt: skip
"""Words for the beginning, the middle and the end of a period."""

ABOUT: Final = frozenset("around about circa approximately roughly c ca approx near".split())
"""Words that make a date approximate."""

UNITS: Final[dict[str, tuple[str, int]]] = {
    **dict.fromkeys(("day", "days"), ("day", 1)),
    **dict.fromkeys(("week", "weeks"), ("day", 7)),
    **dict.fromkeys(("fortnight", "fortnights"), ("day", 14)),
    **dict.fromkeys(("month", "months"), ("month", 1)),
    **dict.fromkeys(("year", "years"), ("year", 1)),
    **dict.fromkeys(("decade", "decades"), ("year", 10)),
    **dict.fromkeys(("century", "centuries"), ("year", 100)),
}
"""Lengths of time in days, months and years."""

_ONES: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
)
ORDINALS: Final[dict[str, int]] = {
    **{word: number for number, word in enumerate(_ONES, 1)},
    **{
        word: number
        for number, word in enumerate(
            (
                *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
                *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
            ),
            10,
        )
    },
    **{f"twenty-{word}": 20 + number for number, word in enumerate(_ONES, 1)},
    "thirtieth": 30,
    "thirty-first": 31,
}
"""Ordinals in words, as far as days of a month and centuries need them."""

DECADES: Final[dict[str, int]] = {
    **{word[:-1] + "ies": number for word, number in COUNTS.items() if word.endswith("ty")},
}
"""Decades in words: "the seventies"."""

FUTURE: Final = frozenset(
    "will would shall won't upcoming forthcoming scheduled slated due tomorrow plans planned planning"
    " coming expected expects expecting next i'll we'll he'll she'll they'll it'll you'll intends intend"
    " intended hopes hope aims aim ahead deadline invite invites invited inviting invitation summoned"
    " postponed delayed rescheduled opens starts begins ends expires closes convenes takes runs"
    " kicks resumes reopens wants".split()
)
"""Words that send a date without a year into the time to come: plans, and timetables in the present."""

INTENT: Final = frozenset(
    "is are agreed agrees agree decided decides decide vowed vows promised promises pledged pledges"
    " threatened threatens asked asks urged urges ordered orders told offered offers proposed proposes"
    " refused refuses wanted set due ready likely about prepares preparing prepared arranged".split()
)
"""Words that make an infinitive behind them one of the time to come: "agreed to meet on 24 March"."""

PAST: Final = frozenset(
    "was were had did been said told spoke met went came took began left held made saw wrote gave won"
    " lost fell rose found led became shot struck sent brought sank fled hit broke got fought caught"
    " bought taught thought kept knew grew drew flew drove chose stood sat built heard paid sold felt"
    " ago last yesterday earlier since".split()
)
"""Words that send it into the past; regular verbs do so by their ending."""

NO_PASTS: Final = frozenset(
    "united hundred need indeed speed feed seed breed exceed proceed succeed kindred sacred naked"
    " wicked agreed-upon embed weed greed creed".split()
)
"""Words that end as a regular past does and are none."""

NOT_AFTER_YEAR: Final = frozenset(
    "year years people persons men women children soldiers troops students workers jobs homes houses units"
    " miles kilometres kilometers km metres meters m feet ft yards acres hectares tons tonnes kg"
    " pounds grams litres liters barrels gallons dollars euros yen won yuan rupees roubles rubles"
    " francs pesos percent % per votes seats copies shares points calories troops members residents"
    " villages cases deaths victims refugees migrants prisoners protesters supporters employees"
    " gmt utc hours hrs hour est edt cst cdt pst pdt bst cet ist jst local am pm a.m. p.m.".split()
)
"""What makes four digits a count or a clock time, not a year."""

EVENT_NAMES: Final = frozenset(
    "olympics games cup championship championships election elections summit expo euro eurovision"
    " festival congress conference primaries census tournament open".split()
)
"""Nouns that a year may follow: "Olympics 2012"."""
