"""A Wikidata entity as JSON (a line of a dump, an answer of the API, a page of data) as an item of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.edtf import bounds
from kg.link.item import Item
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

RELATED: Final = (
    *(
        "P17",
        "P27",
        "P131",
        "P276",
    ),  # country, citizenship, district, location: news says "of Haldria"
    *(
        "P39",
        "P102",
        "P108",
        "P106",
    ),  # office, party, employer, occupation: how people are introduced
    *("P463", "P641", "P19"),  # member of, sport, birthplace
    *("P159", "P749", "P361", "P112"),  # seat, parent, whole and founder of organisations
    *("P36", "P1376", "P35", "P6"),  # capital, capital of, heads of state and of government
    *("P710", "P664", "P495"),  # participants and organiser of events, country of origin of works
    *("P1366", "P1365"),  # successor and predecessor
)
"""Properties whose items help to tell namesakes apart, in the order in which news names them."""

PER_PROPERTY: Final = 8  # some states have a hundred members of something: the first are enough
IN_ALL: Final = 32
MULTIPLE: Final = "mul"
"""Wikidata's code for what is the same in all languages that have nothing of their own."""

_NOT_ARTICLES: Final = frozenset(
    "commonswiki incubatorwiki mediawikiwiki metawiki outreachwiki sourceswiki specieswiki "
    "wikidatawiki wikifunctionswiki wikimaniawiki".split()
)
_JULIAN: Final = WIKIDATA + "Q1985786"
_EARTH: Final = frozenset({WIKIDATA + "Q2", "https://www.wikidata.org/entity/Q2", "earth", ""})
_MILLENNIUM, _CENTURY, _DECADE, _YEAR, _MONTH, _DAY = range(6, 12)  # Wikibase's codes of precision


def item(entity: Mapping[str, Any], languages: Collection[str] = ()) -> Item | None:
    """Return the item that an entity describes; None for what is no item, and for one that is gone.

    Texts are kept in some languages, in all where none is given; a label or description in `mul`
    stands in where a language has none. Of each property the statements of the best rank count, and
    of these those with a value. A redirect that is only that has no item: `redirect` reads it.

    >>> found = item({"type": "item", "id": "Q900000001", "labels": {"mul": {"value": "Haldria"}}}, ["en"])
    >>> found and found.labels
    {'en': 'Haldria'}
    """
    identifier = entity.get("id", "")
    if (
        entity.get("type", "item") != "item"
        or not identifier.startswith("Q")
        or "missing" in entity
    ):
        return None
    claims = entity.get("claims") or {}
    began = date(claims, "P571", "P580", "P585", "P577")
    ended = date(claims, "P576", "P582", "P585")
    return Item(
        id=identifier,
        iri=WIKIDATA + identifier,
        labels=_texts(entity.get("labels"), languages),
        aliases=_aliases(entity.get("aliases"), languages),
        descriptions=_texts(entity.get("descriptions"), languages),
        classes=tuple(dict.fromkeys(_items(claims.get("P31")))),
        related=related(claims),
        born=date(claims, "P569"),
        died=date(claims, "P570"),
        began=began,
        ended=ended,
        coordinates=_coordinates(claims.get("P625")),
        sitelinks=articles(entity.get("sitelinks") or ()),
    )


def redirect(entity: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return from which id an entity redirects to which, if it does.

    >>> redirect({"entity": "Q900000002", "redirect": "Q900000001"})
    ('Q900000002', 'Q900000001')
    """
    if "redirect" in entity and "entity" in entity:
        return entity["entity"], entity["redirect"]
    found = entity.get("redirects")
    return (found["from"], found["to"]) if isinstance(found, dict) else None


def superclasses(entity: Mapping[str, Any]) -> Iterator[str]:
    """Yield the classes that this one is stated to be a subclass of (P279)."""
    return _items((entity.get("claims") or {}).get("P279"))


def related(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the items that the statements of `RELATED` name, each once, in that order."""
    found: dict[str, None] = {}
    for stated in RELATED:
        if stated in claims:
            named = list(dict.fromkeys(_items(claims[stated])))
            found.update(dict.fromkeys(named[:PER_PROPERTY]))
    return tuple(found)[:IN_ALL]


def articles(sites: Collection[str]) -> int:
    """Count the Wikipedias among some sites.

    >>> articles(["enwiki", "jawiki", "commonswiki", "enwikiquote"])
    2
    """
    return sum(site.endswith("wiki") and site not in _NOT_ARTICLES for site in sites)


def date(claims: Mapping[str, Any], *properties: str) -> str | None:
    """Return the date of the first of some properties that has one, as EDTF.

    Of several dates the one that lies within all others is the most precise; of dates that
    contradict each other nobody knows which is right, so their span is returned.
    """
    for stated in properties:
        if stated in claims:
            values = (value for value in _values(claims[stated]) if isinstance(value, dict))
            found = list(dict.fromkeys(filter(None, map(edtf, values))))
            if found:
                return found[0] if len(found) == 1 else _together(found)
    return None


def edtf(value: Mapping[str, Any]) -> str | None:
    """Return a Wikibase time value as EDTF at its precision; None if it is vaguer than a millennium.

    Wikibase counts years before Christ from -1, EDTF from 0. A century or millennium becomes the
    interval of its years, as the first one is that from 1 to 100. Days and months of the Julian
    calendar are turned into Gregorian ones, months so approximately; years stay as they are.

    >>> edtf({"time": "+1970-00-00T00:00:00Z", "precision": 8})
    '197X'
    >>> edtf({"time": "-0044-03-15T00:00:00Z", "precision": 9})
    '-0043'
    """
    time, precision = str(value.get("time", "")), value.get("precision", 0)
    try:
        sign = -1 if time.startswith("-") else 1
        year_digits, month_digits, day_digits = time.lstrip("+-").split("T")[0].split("-")
        stated, month, day = int(year_digits), int(month_digits), int(day_digits)
    except ValueError:
        return None
    if not stated or precision < _MILLENNIUM:
        return None
    if precision < _DECADE:
        return _hundreds(sign, stated, 100 if precision == _CENTURY else 1000)
    year = stated if sign > 0 else 1 - stated
    if precision == _DECADE:
        if sign < 0:
            first = stated // 10 * 10
            return f"{_lexical(-8 - first)}/{_lexical(1 - max(first, 1))}"
        return f"{year // 10:03}X" if 10 <= year <= 9999 else None
    julian = value.get("calendarmodel") == _JULIAN
    if precision == _YEAR or not month:
        return _lexical(year)
    if abs(year) > 9999:  # EDTF writes longer years without a month
        return _lexical(year)
    if precision == _MONTH or not day:
        return _checked(f"{_lexical(year)}-{month:02}{'~' if julian else ''}")
    if julian:
        return _gregorian(year, month, day)
    written = f"{_lexical(year)}-{month:02}-{day:02}"
    return written if 1 <= month <= 12 and 1 <= day <= 28 else _checked(written)


def _lexical(year: int) -> str:
    """Write a year as EDTF does."""
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04}" if abs(year) <= 9999 else f"Y{year}"


def _hundreds(sign: int, year: int, length: int) -> str:
    """Return the interval of the century or millennium that a year lies in."""
    last = -(-year // length) * length
    first = last - length + 1
    if sign < 0:
        first, last = 1 - last, 1 - first
    return f"{_lexical(first)}/{_lexical(last)}"


def _gregorian(year: int, month: int, day: int) -> str | None:
    """Turn a day of the Julian calendar into the Gregorian one, by way of the day's number."""
    over = (14 - month) // 12  # years that begin in March, so that the leap day is their last
    years, months = year + 4800 - over, month + 12 * over - 3
    number = day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32083 + 32044
    cycles = (4 * number + 3) // 146097
    number -= 146097 * cycles // 4
    years = (4 * number + 3) // 1461
    number -= 1461 * years // 4
    months = (5 * number + 2) // 153
    year, month = 100 * cycles + years - 4800 + months // 10, months + 3 - 12 * (months // 10)
    return _checked(f"{_lexical(year)}-{month:02}-{number - (153 * months + 2) // 5 + 1:02}")


def _checked(written: str) -> str | None:
    """Return a date if the calendar has it."""
    try:
        bounds(written)
    except ValueError:
        return None
    return written


def _together(dates: Sequence[str]) -> str | None:
    """Return the date that lies within all others; the span from the first to the last if none does."""
    spans = {date: bounds(date) for date in dates}
    first = max(span.earliest or "" for span in spans.values())
    last = min(span.latest or "" for span in spans.values())
    for date, span in spans.items():
        if span == (first, last):
            return date
    days = sorted(
        (days for span in spans.values() for days in _ends(span.earliest, span.latest)), key=_number
    )
    return f"{days[0]}/{days[-1]}"


def _ends(*instants: str | None) -> Iterator[str]:
    """Yield the days of instants, as EDTF writes them."""
    for instant in filter(None, instants):
        day = instant.partition("T")[0]
        year = day.rpartition("-")[0].rpartition("-")[0]
        yield day if len(year.lstrip("-")) == 4 else f"Y{year}"


def _number(day: str) -> tuple[int, str]:
    """A day by its year as a number, to put days in order."""
    if day.startswith("Y"):
        return int(day[1:]), ""
    year, month, number = day.rsplit("-", 2)
    return int(year), month + number


def _values(statements: Any) -> list[Any]:
    """Return the values of the statements of the best rank, in their order."""
    normal: list[Any] = []
    preferred: list[Any] = []
    for statement in statements or ():
        rank = statement.get("rank")
        snak = statement["mainsnak"]
        if rank == "preferred":
            chosen = preferred
        elif rank == "deprecated":
            continue
        else:
            chosen = normal
        if snak.get("snaktype") == "value":  # not "some value" or "no value"
            chosen.append(snak["datavalue"]["value"])
    return preferred or normal


def _items(statements: Any) -> Iterator[str]:
    """Yield the items that statements of the best rank name; old dumps give only their number."""
    for value in _values(statements):
        if isinstance(value, dict):
            if "id" in value:
                yield value["id"]
            elif value.get("entity-type") == "item" and "numeric-id" in value:
                yield f"Q{value['numeric-id']}"


def _coordinates(statements: Any) -> tuple[float, float] | None:
    """Return the first place on Earth that statements name: latitude and longitude."""
    for value in _values(statements):
        if isinstance(value, dict) and (value.get("globe") or "") in _EARTH:
            latitude, longitude = value.get("latitude"), value.get("longitude")
            if latitude is not None and longitude is not None:
                return float(latitude), float(longitude)
    return None


def _texts(texts: Any, languages: Collection[str]) -> dict[str, str]:
    """Return labels or descriptions in some languages; PHP writes an empty map as an empty list."""
    if not texts:
        return {}
    if not languages:
        return {language: text["value"] for language, text in texts.items()}
    spare = texts.get(MULTIPLE)
    found = {}
    for language in languages:
        text = texts.get(language) or spare
        if text and (language != MULTIPLE or len(languages) == 1):
            found[language] = text["value"]
    return found


def _aliases(aliases: Any, languages: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return aliases in some languages, and those that hold in all."""
    if not aliases:
        return {}
    wanted = (*languages, MULTIPLE) if languages else tuple(aliases)
    return {
        language: tuple([alias["value"] for alias in aliases[language]])
        for language in dict.fromkeys(wanted)
        if aliases.get(language)
    }
