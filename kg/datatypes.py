"""Which strings the datatypes of XML Schema have (XML Schema Definition Language 1.1, part 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.vocab import XSD

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = "(0[1-9]|1[0-2])"
_DAY_OF_MONTH = (
    "(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
)
_LEAP_YEAR = "-?([0-9]*[0-9]{2}(0[48]|[2468][048]|[13579][26])|[0-9]*([02468][048]|[13579][26])00)"
_DATE = f"({_YEAR}-({_DAY_OF_MONTH})|{_LEAP_YEAR}-02-29)"
_ZONE = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_TIME = "(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?|24:00:00([.]0+)?)"
_CLOCK = (
    "T([0-9]+H([0-9]+M)?([0-9]+([.][0-9]+)?S)?|[0-9]+M([0-9]+([.][0-9]+)?S)?|[0-9]+([.][0-9]+)?S)"
)
_MONTHS = "([0-9]+Y([0-9]+M)?|[0-9]+M)"
_FLOAT = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_INTEGER = "[+-]?[0-9]+"

_PATTERNS = {
    "boolean": "true|false|0|1",
    "decimal": "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)",
    "integer": _INTEGER,
    "double": _FLOAT,
    "float": _FLOAT,
    "date": f"{_DATE}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE[:-1]}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--({_DAY_OF_MONTH}|02-29){_ZONE}",
    "gDay": f"---(0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "duration": f"-?P({_MONTHS}([0-9]+D)?({_CLOCK})?|[0-9]+D({_CLOCK})?|{_CLOCK})",
    "yearMonthDuration": f"-?P{_MONTHS}",
    "dayTimeDuration": f"-?P([0-9]+D({_CLOCK})?|{_CLOCK})",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": "(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
    "|([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
}

RANGES: dict[str, tuple[int | None, int | None]] = {
    f"{XSD.base}{name}": bounds
    for name, bounds in {
        "byte": (-(2**7), 2**7 - 1),
        "short": (-(2**15), 2**15 - 1),
        "int": (-(2**31), 2**31 - 1),
        "long": (-(2**63), 2**63 - 1),
        "unsignedByte": (0, 2**8 - 1),
        "unsignedShort": (0, 2**16 - 1),
        "unsignedInt": (0, 2**32 - 1),
        "unsignedLong": (0, 2**64 - 1),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
    }.items()
}
"""The least and the greatest number of the datatypes that are derived from xsd:integer."""


def pattern(datatype: NamedNode) -> str | None:
    """The regular expression of all strings of a datatype; None where any string will do.

    >>> pattern(XSD.integer)
    '^([+-]?[0-9]+)$'
    """
    name = datatype.value.removeprefix(XSD.base)
    found = _INTEGER if datatype.value in RANGES else _PATTERNS.get(name)
    return f"^({found})$" if datatype.value.startswith(XSD.base) and found else None
