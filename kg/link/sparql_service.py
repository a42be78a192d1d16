"""Facts about items from Wikidata's query service, and the hierarchy of its classes.

The service holds the main graph only: people, places, bodies and events are there, scholarly articles are
not, and come back empty instead of as an error.
"""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import Message
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl
from urllib.response import addinfourl

import orjson

from kg.errors import ServiceError
from kg.http.url import bare
from kg.link.entity import edtf
from kg.link.service import ENTITIES_AGE, Question, listed
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from SPARQLWrapper import SPARQLWrapper

    from kg.link.service import Answer, Client

ENDPOINT: Final = "https://query.wikidata.org/sparql"
AT_ONCE: Final = 50
"""Items of one query: their facts come in about a second, and one query may take a minute."""
ITEMS: Final = {"P39": "office", "P17": "country", "P27": "citizenship"}
"""Properties whose values are items."""
DATES: Final = {
    "P569": "birth",
    "P570": "death",
    "P585": "point in time",
    "P580": "start",
    "P582": "end",
}
PLACES: Final = {"P625": "coordinates"}
NUMBERS: Final = {"P1120": "deaths"}
FACTS: Final = ITEMS | DATES | PLACES | NUMBERS
"""The properties that are asked for."""
SEVERAL: Final = frozenset({"P39", "P17", "P27"})
"""Those of which earlier values count too: the statement of a former office has a lower rank."""
_SHORT: Final = 1500
"""Characters of a query that still goes into an address, so that caches between here and there know it."""
_ID: Final = re.compile(r"Q[1-9][0-9]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
_TIME: Final = re.compile(r"([+-]?)([0-9]{4,})-([0-9]{2})-([0-9]{2})T.*")
_POINT: Final = re.compile(r"Point\((-?[0-9.Ee+-]+) (-?[0-9.Ee+-]+)\)", re.IGNORECASE)
_PREFIXES: Final = f"""\
PREFIX wd: <{WIKIDATA}>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX psv: <http://www.wikidata.org/prop/statement/value/>
PREFIX pqv: <http://www.wikidata.org/prop/qualifier/value/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement about an item.

    `id` is its IRI, `property` such as P39. `value` is the id of an item, an EDTF date, a number as it is
    written, or latitude and longitude with a comma between. `start` and `end` are the EDTF dates within
    which it holds, where it says so.
    """

    id: str
    property: str
    value: str
    preferred: bool = False
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the service tells of an item; nothing at all of one that it does not have."""

    item: str
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()

    def of(self, property: str) -> tuple[Statement, ...]:  # noqa: A002
        """The statements of a property, in the order in which they hold."""
        return tuple(each for each in self.statements if each.property == property)


class QueryService:
    """A SPARQL endpoint that has items as Wikidata's has them. One query at a time, says its client."""

    def __init__(self, client: Client, url: str = ENDPOINT) -> None:
        self.client = client
        self.url = url
        self.source = bare(url)

    @property
    def as_of(self) -> str:
        """The date of the oldest answer that was given."""
        return self.client.as_of

    def facts(self, ids: Iterable[str], languages: Sequence[str]) -> dict[str, Facts]:
        """What is said of some items, each of which has facts in the end, though there may be none.

        Raises ServiceError where the service fails, ConfigError where nobody may ask it yet.
        """
        wanted = [id_ for id_ in dict.fromkeys(ids) if _ID.fullmatch(id_)]
        stated = self.statements(wanted)
        told = self.texts(wanted, languages)
        return {
            id_: Facts(
                item=id_,
                labels=told[id_][0],
                descriptions=told[id_][1],
                statements=stated.get(id_, ()),
            )
            for id_ in wanted
        }

    def statements(self, ids: Sequence[str]) -> dict[str, tuple[Statement, ...]]:
        """The statements of the properties of `FACTS` about some items; deprecated ones are left out.

        Of a property that has one value at a time, only those of the best rank.
        """
        found: defaultdict[str, dict[str, Statement]] = defaultdict(dict)
        properties = " ".join(f"(wd:{p} p:{p} ps:{p} psv:{p})" for p in FACTS)
        for items in _values(ids):
            rows = self.select(
                f"""SELECT ?item ?property ?statement ?rank ?value ?time ?precision
  ?start ?startPrecision ?end ?endPrecision WHERE {{
  VALUES ?item {{ {items} }}
  VALUES (?property ?p ?ps ?psv) {{ {properties} }}
  ?item ?p ?statement .
  ?statement ?ps ?value ; wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
  OPTIONAL {{ ?statement ?psv ?node .
    ?node wikibase:timeValue ?time ; wikibase:timePrecision ?precision . }}
  OPTIONAL {{ ?statement pqv:P580 ?from .
    ?from wikibase:timeValue ?start ; wikibase:timePrecision ?startPrecision . }}
  OPTIONAL {{ ?statement pqv:P582 ?to .
    ?to wikibase:timeValue ?end ; wikibase:timePrecision ?endPrecision . }}
}}""",
                f"the facts about {listed(ids)}",
            )
            with self._reading():
                for row in rows:
                    statement = _statement(row)
                    if statement is not None:
                        # One with two starts comes twice: the first is as good as the second.
                        found[_local(row, "item")].setdefault(statement.id, statement)
        return {id_: _best(each.values()) for id_, each in found.items()}

    def texts(
        self, ids: Sequence[str], languages: Sequence[str]
    ) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
        """The labels and the descriptions of some items by language. Properties can be asked for too."""
        told: dict[str, tuple[dict[str, str], dict[str, str]]] = {id_: ({}, {}) for id_ in ids}
        tags = ", ".join(f'"{tag}"' for tag in languages if _LANGUAGE.fullmatch(tag))
        for items in _values(ids) if tags else ():
            rows = self.select(
                f"""SELECT ?item ?label ?description WHERE {{
  VALUES ?item {{ {items} }}
  {{ ?item rdfs:label ?label . FILTER(LANG(?label) IN ({tags})) }}
  UNION {{ ?item schema:description ?description . FILTER(LANG(?description) IN ({tags})) }}
}}""",
                f"the names of {listed(ids)}",
            )
            with self._reading():
                for row in rows:
                    both = told[_local(row, "item")]
                    for kind, texts in zip(("label", "description"), both, strict=True):
                        if kind in row:
                            texts[row[kind]["xml:lang"]] = row[kind]["value"]
        return told

    def superclasses(self, classes: Iterable[str]) -> dict[str, frozenset[str]]:
        """All that some classes are subclasses of, near or far, themselves among them."""
        wanted = [id_ for id_ in dict.fromkeys(classes) if _ID.fullmatch(id_)]
        above: dict[str, set[str]] = {id_: {id_} for id_ in wanted}
        for items in _values(wanted):
            rows = self.select(
                f"""SELECT DISTINCT ?class ?above WHERE {{
  VALUES ?class {{ {items} }}
  ?class wdt:P279* ?above .
}}""",
                f"the classes above {listed(wanted)}",
            )
            with self._reading():
                for row in rows:
                    if _ID.fullmatch(found := _local(row, "above")):
                        above[_local(row, "class")].add(found)
        return {id_: frozenset(each) for id_, each in above.items()}

    def select(
        self, sparql: str, about: str, age: timedelta = ENTITIES_AGE
    ) -> list[dict[str, dict[str, str]]]:
        """The rows that answer a SELECT, as SPARQL's JSON has them; `about` says what is asked for."""
        from SPARQLWrapper import JSON, POST

        wrapper = _wrapper(self.client, self.url, about, age)
        wrapper.setQuery(_PREFIXES + sparql)
        wrapper.setReturnFormat(JSON)
        wrapper.setOnlyConneg(True)
        if len(sparql) > _SHORT:
            wrapper.setMethod(POST)
        with self._reading():
            found: Any = wrapper.queryAndConvert()
            return [
                {
                    name: {key: str(value) for key, value in term.items()}
                    for name, term in row.items()
                }
                for row in found["results"]["bindings"]
            ]

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Tell of rows that are none, or not those that were asked for."""
        try:
            yield
        except (KeyError, TypeError, AttributeError, ValueError):
            raise ServiceError(
                f"{self.source}: answers with JSON that is no result of a query",
                hint="is wikidata_sparql_url that of a SPARQL endpoint?",
            ) from None


def _wrapper(client: Client, url: str, about: str, age: timedelta) -> SPARQLWrapper:
    """SPARQLWrapper, which makes the request that the protocol wants; our client sends it.

    By itself it has no deadline, no pauses and no memory, and follows redirects to anywhere.
    """
    from SPARQLWrapper import SPARQLWrapper

    class Wrapper(SPARQLWrapper):
        def _query(self) -> tuple[Any, str]:
            request = self._createRequest()
            data = request.data
            body = None
            if isinstance(data, bytes):
                body = (request.get_header("Content-type") or "", data)
            question = Question(
                url=request.full_url,
                about=about,
                body=body,
                headers={"Accept": request.get_header("Accept") or "*/*"},
            )
            answer = orjson.dumps(client.ask(question, age=age, judge=_judge))
            headers = Message()
            headers["Content-Type"] = "application/sparql-results+json"
            return addinfourl(BytesIO(answer), headers, url, 200), self.returnFormat

    place, _, parameters = url.partition("?")
    wrapper = Wrapper(place)
    for name, value in parse_qsl(parameters, keep_blank_values=True):
        wrapper.addParameter(name, value)  # left in the address they would get a second "?"
    return wrapper


def _judge(answer: Answer) -> None:
    """Raise KeyError or TypeError where an answer has no rows, so that it is not kept."""
    iter(answer.data["results"]["bindings"])


def _values(ids: Sequence[str]) -> Iterator[str]:
    """Some ids as VALUES has them, so many at a time."""
    for first in range(0, len(ids), AT_ONCE):
        yield " ".join(f"wd:{id_}" for id_ in ids[first : first + AT_ONCE])


def _local(row: Mapping[str, Mapping[str, str]], name: str) -> str:
    """The id in the IRI of an item or property, '' where a cell holds no IRI of Wikidata's."""
    value = row.get(name, {}).get("value", "")
    return value.removeprefix(WIKIDATA) if value.startswith(WIKIDATA) else ""


def _statement(row: Mapping[str, Mapping[str, str]]) -> Statement | None:
    """The statement of a row; None where its value is unknown, or not of the kind of its property."""
    stated = _local(row, "property")
    raw = row["value"]["value"]
    value: str | None
    if stated in ITEMS:
        value = found if _ID.fullmatch(found := _local(row, "value")) else None
    elif stated in DATES:
        value = _date(row, "time", "precision")
    elif stated in PLACES:
        point = _POINT.fullmatch(raw)
        value = f"{point[2]},{point[1]}" if point else None
    else:
        number = raw.removeprefix("+")
        value = number if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", number) else None
    if value is None or row["value"].get("type") == "bnode":
        return None
    return Statement(
        id=row["statement"]["value"],
        property=stated,
        value=value,
        preferred=row["rank"]["value"].endswith("#PreferredRank"),
        start=_date(row, "start", "startPrecision"),
        end=_date(row, "end", "endPrecision"),
    )


def _date(row: Mapping[str, Mapping[str, str]], name: str, precision: str) -> str | None:
    """The EDTF date of a time value in RDF, where all days are Gregorian and there is a year 0.

    >>> cell = {"t": {"value": "-0043-03-15T00:00:00Z"}, "p": {"value": "9"}}
    >>> _date(cell, "t", "p")
    '-0043'
    """
    found = _TIME.fullmatch(row.get(name, {}).get("value", ""))
    stated = row.get(precision, {}).get("value", "")
    if not found or not stated.isdecimal():
        return None
    year = int(found[2]) * (-1 if found[1] == "-" else 1)
    # In JSON, which `edtf` reads, the year before 1 is -1.
    written = f"+{year:04}" if year > 0 else f"-{1 - year:04}"
    time = f"{written}-{found[3]}-{found[4]}T00:00:00Z"
    return edtf({"time": time, "precision": int(stated)})


def _best(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Statements without those that better ones stand against, in the order of their dates."""
    by_property: defaultdict[str, list[Statement]] = defaultdict(list)
    for each in statements:
        by_property[each.property].append(each)
    best: list[Statement] = []
    for stated in FACTS:
        some = by_property[stated]
        if stated not in SEVERAL and any(each.preferred for each in some):
            some = [each for each in some if each.preferred]
        best += sorted(some, key=lambda each: (each.start or "", each.value, each.id))
    return tuple(best)
