"""What Wikidata could take over from the workspace, as commands of QuickStatements for a person to submit.

Nothing is edited from here. Two things are offered: a name in the language of the thing where its item has
none or is called otherwise there, and when an event was, with the article that says so as reference. The
form is version 1: columns between tabs, texts between the first and the last quotation mark of a column.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.link.enrich import linked_items
from kg.names import fold
from kg.store import select
from kg.vocab import KG, RDFS, SCHEMA, SKOS, WIKIDATA, concept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.mapping.iris import Iris
    from kg.store import GraphStore

POINT, START, END = "P585", "P580", "P582"
URL, RETRIEVED = "S854", "S813"
_PRECISION: Final = {4: 9, 7: 10, 10: 11}
"""Wikibase's codes of precision by the length of a date: a year, a month, a day."""
_DATE: Final = re.compile("[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
_GREGORIAN: Final = "1583"
"""The first year of which all dates are Gregorian: dates of earlier ones may be of either calendar."""
_SURE: Final = (concept("basis", "stated"), concept("basis", "computed"))

UNKNOWN = "nothing is known of the item: kg link --enrich"
UNASKED = "names of items were not asked for in the language: kg link --enrich --languages"
KNOWN = "the item has a date already"
UNSURE = "the date is not exact, or was worked out from what is likely"
DIFFERENT = "articles give different dates"
UNASSERTED = "no article says surely that it happened"
NO_ADDRESS = "the article has no address to refer to"


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands, a line each, and how many facts were left out for which reason."""

    lines: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The file."""
        return "".join(f"{line}\n" for line in self.lines).encode()


class _Account(NamedTuple):
    """What an article says of when an event was; `sure` where it asserts the event as certain."""

    date: str
    basis: NamedNode | None
    url: str | None
    retrieved: str | None
    sure: bool


def commands(store: GraphStore, iris: Iris) -> Commands:
    """The commands for all items that things are linked to, in the order of the items."""
    left_out: Counter[str] = Counter()
    lines: list[str] = []
    things, called, languages = _things(store, iris), _called(store, iris), _languages(store, iris)
    known, dated, accounts = _known(store, iris), _dated(store, iris), _accounts(store, iris)
    for item in linked_items(store):
        if item not in known:
            left_out[UNKNOWN] += 1
            continue
        for thing, labels in sorted(things.get(item, {}).items()):
            asked = {code: label for code, label in labels.items() if code in languages}
            left_out[UNASKED] += len(labels) - len(asked)
            lines += _names(item, asked, called.get(item, {}))
            if thing in accounts:
                found = KNOWN if item in dated else _event(item, accounts[thing])
                if isinstance(found, str):
                    left_out[found] += 1
                else:
                    lines += found
    left_out = +left_out
    return Commands(tuple(dict.fromkeys(lines)), dict(sorted(left_out.items())))


def _names(item: str, labels: Mapping[str, str], called: Mapping[str, str]) -> Iterator[str]:
    """A label in a language that the item has none in, else another name."""
    for code, label in sorted(labels.items()):
        known = called.get(code)
        if known is None:
            yield _line(item, f"L{code}", _text(label))
        elif fold(known) != fold(label):
            yield _line(item, f"A{code}", _text(label))


def _event(item: str, accounts: list[_Account]) -> list[str] | str:
    """The date of an event with each article that gives it, or why it is left out."""
    if len({account.date for account in accounts}) > 1:
        return DIFFERENT
    date = accounts[0].date
    values = _values(date)
    if values is None or not any(account.basis in _SURE for account in accounts):
        return UNSURE
    sure = [account for account in accounts if account.sure and account.basis in _SURE]
    if not sure:
        return UNASSERTED
    # Of an article that was fetched more than once, the last time counts.
    by_address = {
        account.url: account
        for account in sorted(sure, key=lambda account: account.retrieved or "")
        if account.url is not None
    }
    if not by_address:
        return NO_ADDRESS
    return [
        _line(item, stated, value, *_reference(by_address[url]))
        for url in sorted(by_address)
        for stated, value in values
    ]


def _values(date: str) -> list[tuple[str, str]] | None:
    """The statements of a date or interval; None where it is not exact to the year, month or day.

    >>> _values("2031-03"), _values("2031-03-02/2031-03-04")[1], _values("2031~")
    ([('P585', '+2031-03-00T00:00:00Z/10')], ('P582', '+2031-03-04T00:00:00Z/11'), None)
    """
    parts = date.split("/")
    values = [_time(part) for part in parts]
    if None in values or len(values) > 2:
        return None
    known = [value for value in values if value is not None]
    return list(zip([POINT] if len(known) == 1 else [START, END], known, strict=True))


def _time(date: str) -> str | None:
    if not _DATE.fullmatch(date) or date < _GREGORIAN:
        return None
    padded = f"{date}-00-00"[:10]
    return f"+{padded}T00:00:00Z/{_PRECISION[len(date)]}"


def _reference(account: _Account) -> Iterator[str]:
    yield from (URL, _text(account.url or ""))
    day = _time((account.retrieved or "").partition("T")[0])
    if day is not None:
        yield from (RETRIEVED, day)


def _line(*columns: str) -> str:
    return "\t".join(columns)


def _text(words: str) -> str:
    """A text as a column; what parts columns, lines and comments does not come into it.

    >>> _text('The  "Couriers"')
    '"The "Couriers""'
    """
    return '"' + " ".join(words.replace("/*", "/ *").split()) + '"'


def _things(store: GraphStore, iris: Iris) -> dict[str, dict[str, dict[str, str]]]:
    """What things are called by language, by their item and their IRI.

    Actors and places have names; what events and topics are called in a register describes them.
    """
    found: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in select(
        store,
        f"SELECT DISTINCT ?thing ?item ?label WHERE {{ ?thing {SKOS.exactMatch} ?item ;"
        f" {RDFS.label} ?label }} ORDER BY STR(?label)",
    ):
        thing, item, label = row["thing"], row["item"], row["label"]
        if isinstance(thing, NamedNode) and isinstance(item, NamedNode):
            labels = found[item.value.removeprefix(WIKIDATA)].setdefault(thing.value, {})
            named = (iris.local(thing) or ("",))[0] in {"actor", "place"}
            if named and isinstance(label, Literal) and label.language:
                labels.setdefault(label.language, label.value)
    return found


def _languages(store: GraphStore, iris: Iris) -> set[str]:
    """The languages in which names of items were asked for: one that is missing there is missing."""
    graph = iris.graph("wikidata")
    rows = select(
        store, f"SELECT ?code WHERE {{ GRAPH {graph} {{ {graph} {SCHEMA.inLanguage} ?code }} }}"
    )
    return {row["code"].value for row in rows}


def _called(store: GraphStore, iris: Iris) -> dict[str, dict[str, str]]:
    """What items are called, by language."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in _facts(store, iris, f"?item {RDFS.label} ?value"):
        if isinstance(label := row[1], Literal) and label.language:
            found[row[0]][label.language] = label.value
    return found


def _known(store: GraphStore, iris: Iris) -> set[str]:
    return {id_ for id_, _ in _facts(store, iris, "?item ?any ?value")}


def _dated(store: GraphStore, iris: Iris) -> set[str]:
    return {id_ for id_, _ in _facts(store, iris, f"?item {KG.when} ?value")}


def _facts(store: GraphStore, iris: Iris, pattern: str) -> Iterator[tuple[str, object]]:
    """The rows of a pattern about items in the graph of facts."""
    graph = iris.graph("wikidata")
    for row in select(
        store,
        f"SELECT DISTINCT ?item ?value WHERE {{ ?thing {SKOS.exactMatch} ?item ."
        f" GRAPH {graph} {{ {pattern} }} }}",
    ):
        if isinstance(row["item"], NamedNode):
            yield row["item"].value.removeprefix(WIKIDATA), row["value"]


def _accounts(store: GraphStore, iris: Iris) -> dict[str, list[_Account]]:
    """When linked events were, by what each article says."""
    sure = {
        (row["event"].value, row["g"].value)
        for row in select(
            store,
            f"SELECT DISTINCT ?event ?g WHERE {{ ?event {SKOS.exactMatch} ?item ."
            f" GRAPH ?g {{ ?claim {KG.asserts} ?event ; {KG.polarity} {concept('polarity', 'positive')} ;"
            f" {KG.certainty} {concept('certainty', 'certain')} }} }}",
        )
    }
    found: defaultdict[str, list[_Account]] = defaultdict(list)
    for row in select(
        store,
        f"SELECT DISTINCT ?event ?g ?when ?basis ?url ?retrieved WHERE {{"
        f" ?event a {KG.Event} ; {SKOS.exactMatch} ?item ."
        f" GRAPH ?g {{ ?event {KG.when} ?when . ?article a {KG.Article} ."
        f" OPTIONAL {{ ?event {KG.basis} ?basis }} OPTIONAL {{ ?article {SCHEMA.url} ?url }}"
        f" OPTIONAL {{ ?article {SCHEMA.encoding} ?text . ?text {KG.when} ?retrieved }} }} }}"
        " ORDER BY ?event ?g ?url ?when ?retrieved",
    ):
        date = iris.edtf(row["when"])
        if date is not None:
            basis, url = row["basis"], row["url"]
            retrieved = iris.edtf(row["retrieved"]) if row["retrieved"] is not None else None
            found[row["event"].value].append(
                _Account(
                    date=date,
                    basis=basis if isinstance(basis, NamedNode) else None,
                    url=url.value if isinstance(url, NamedNode) else None,
                    retrieved=retrieved,
                    sure=(row["event"].value, row["g"].value) in sure,
                )
            )
    return dict(found)
