"""From a row to the words: the passages behind it, and how they came into the graph.

`witness` says which nodes a row was made of. What these lead to is said here, once for all queries:
a claim to its evidence, a stance or a number to the claims that state it, an event to the claims
that assert it or are about it, or else to its mentions, a judgement to who judged and both its sides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.names import labels
from kg.query.witness import behind
from kg.sparql import tokens
from kg.store import batches, select
from kg.vocab import KG, OA, PROV, RDF, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kg.query.witness import Row
    from kg.store import GraphStore

    Text = Callable[[str], str | None]
    Related = Mapping[NamedNode, set[NamedNode]]

AROUND = 60
"""Characters of the text that are shown before and after a passage."""

_ENDS = {KG.Claim, KG.Mention, KG.Judgement}


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One thing that a row rests on: a passage of an article, or a judgement.

    `kind` is claim, outside claim, mention, judgement or article, `node` its IRI, `says` the claim,
    the name or the judgement in words, `passage` the IRI of the passage. `start` and `end` count
    code points in `file`; `before`, `words` and `after` are what the text says there, absent where
    the text is not at hand. `by`, `how` and `at` say who put it into the graph, in which way and
    when.
    """

    kind: str
    node: str
    says: str | None = None
    source: str | None = None
    cue: str | None = None
    article: str | None = None
    headline: str | None = None
    published: str | None = None
    passage: str | None = None
    file: str | None = None
    start: int | None = None
    end: int | None = None
    before: str | None = None
    words: str | None = None
    after: str | None = None
    reference: str | None = None
    by: str | None = None
    how: str | None = None
    at: str | None = None


def why(
    store: GraphStore,
    sparql: str,
    names: Sequence[str],
    rows: Sequence[Row],
    text: Text = lambda _: None,
) -> list[tuple[Support, ...]]:
    """For each row of an answer, what it rests on; `text` gives the text of an IRI if it is at hand.

    `sparql` is the query with its parameters bound and its columns spelled out. A row of nothing but
    actors, places or topics rests on nothing here, nor do blank nodes and the steps of a path count.
    """
    found = behind(store, sparql, names, rows)
    named = {token.text for token in tokens(sparql) if token.kind == "iri"}
    ends = _Ends(store, set().union(*found), named)
    chosen = [
        ends.of(nodes, {term for term in row if isinstance(term, NamedNode)})
        for nodes, row in zip(found, rows, strict=True)
    ]
    told = _told(store, set().union(*chosen), cache(text))
    supports = []
    for row, nodes, node_ends in zip(rows, found, chosen, strict=True):
        shown = {term.value for term in row if isinstance(term, NamedNode)}
        passages = {node.value for node in nodes}
        records: list[Support] = []
        for node in node_ends:
            of_node = told.get(node, [])
            # A row that names a passage rests on that one, and not on the others of its claim.
            records += [one for one in of_node if one.passage in passages] or of_node
        # What the row itself names comes first: there may be more than people are shown.
        first: dict[str, tuple[object, ...]] = {}
        for one in sorted(records, key=_order):
            first.setdefault(one.node, (one.node not in shown, *_order(one)))
        records.sort(key=lambda one: (*first[one.node], *_order(one)))
        supports.append(tuple(records))
    return supports


class _Ends:
    """Leads from the nodes behind rows to claims, mentions, judgements and articles."""

    def __init__(self, store: GraphStore, nodes: set[NamedNode], named: Collection[str]) -> None:
        self.store = store
        self.named = named
        self.classes = related(store, nodes, str(RDF.type))
        parts = self._all(KG.Stance) | self._all(KG.Quantity)
        self.stated = related(store, parts, f"^{KG.asserts}|^{KG.quantity}")
        bare = self._all(KG.Passage) - self._all(KG.Mention)
        self.stating = related(store, bare, f"^{KG.evidence}")
        events = related(store, self._all(KG.Participation), f"^{KG.participation}")
        self.events = {node: {node} for node in self._all(KG.Event)} | dict(events)
        left = set().union(*self.events.values())
        self.accounts: dict[NamedNode, set[NamedNode]] = {}
        for path in (KG.asserts, SCHEMA.about, KG.refersTo):
            found = related(store, left - self.accounts.keys(), f"^{path}")
            classes = related(store, set().union(*found.values()), str(RDF.type))
            told = {node for node, of in classes.items() if of & _ENDS}  # and not stances
            self.accounts |= {event: nodes & told for event, nodes in found.items() if nodes & told}
        claims = self._all(KG.Claim)
        self.graphs = _graphs(store, set().union(*self.accounts.values()))
        self.judged = self._judged(claims)
        self.evidence = related(store, claims, str(KG.evidence))

    def of(self, nodes: Collection[NamedNode], shown: Collection[NamedNode]) -> set[NamedNode]:
        """What a row with these nodes behind it rests on; `shown` are those in the row itself."""
        ends = {node for node in nodes if self.classes.get(node, set()) & _ENDS}
        ends |= set().union(*(self.stated.get(node, set()) for node in nodes))
        ends |= {j for a, b, j in self.judged if a in shown and b in shown}
        # What a claim is stated in may name somebody as well: then it stands for the claim.
        ends -= set().union(*(self.evidence.get(node, set()) for node in ends))
        if ends:
            return ends
        ends = set().union(*(self.stating.get(node, set()) for node in nodes))
        if ends:  # those that the query is about, where it says so
            return {node for node in ends if str(node) in self.named} or ends
        events = set().union(*(self.events.get(node, set()) for node in nodes))
        ends = set().union(*(self.accounts.get(event, set()) for event in events))
        # A row that names graphs is about what these say.
        said = {node for node in ends if self.graphs.get(node, set()) & set(nodes)}
        return said or ends or {n for n in nodes if KG.Article in self.classes.get(n, set())}

    def _all(self, class_: NamedNode) -> set[NamedNode]:
        return {node for node, classes in self.classes.items() if class_ in classes}

    def _judged(self, claims: set[NamedNode]) -> list[tuple[NamedNode, NamedNode, NamedNode]]:
        """The judgements between two of some claims: a row with both rests on them too."""
        judgements = related(self.store, claims, f"^{KG.from_}")
        ends = related(self.store, set().union(*judgements.values()), str(KG.to))
        return [
            (claim, other, judgement)
            for claim, found in judgements.items()
            for judgement in found
            for other in ends.get(judgement, ())
            if other in claims
        ]


def _told(store: GraphStore, ends: set[NamedNode], text: Text) -> dict[NamedNode, list[Support]]:
    """What there is to say about claims, mentions, judgements and articles."""
    classes = related(store, ends, str(RDF.type))
    claims = {node for node in ends if KG.Claim in classes.get(node, set())}
    mentions = {node for node in ends if KG.Mention in classes.get(node, set())}
    judgements = {node for node in ends if KG.Judgement in classes.get(node, set())}
    evidence = related(store, claims, str(KG.evidence))
    places = _places(store, mentions.union(*evidence.values()), text)
    called = labels(store, ends)
    source = _words(store, claims, f"{KG.source}/{RDFS.label}")
    cue = _words(store, claims, f"{KG.cue}/{OA.exact}")
    citation = _words(store, claims, str(SCHEMA.citation))
    form = _words(store, mentions, str(OA.exact))
    made = _made(store, _graphs(store, ends - judgements))
    told: dict[NamedNode, list[Support]] = {}
    for node in claims:
        shared: dict[str, Any] = {
            "node": node.value,
            "says": called.get(node),
            "source": source.get(node),
            "cue": cue.get(node),
            **made.get(node, {}),
        }
        passages = [
            {"passage": p.value, **places[p]} for p in evidence.get(node, ()) if p in places
        ]
        if passages:
            told[node] = [Support(kind="claim", **shared, **passage) for passage in passages]
        else:
            told[node] = [Support(kind="outside claim", reference=citation.get(node), **shared)]
    for node in mentions & places.keys():
        place: dict[str, Any] = {"words": form.get(node)} | {
            k: v for k, v in places[node].items() if v is not None
        }
        told[node] = [
            Support(
                kind="mention",
                node=node.value,
                passage=node.value,
                says=form.get(node),
                **made.get(node, {}),
                **place,
            )
        ]
    for node in judgements:
        told[node] = [_judgement(store, node)]
    articles = ends - claims - mentions - judgements
    for node, about in _articles(store, articles).items():
        told[node] = [Support(kind="article", node=node.value, **about, **made.get(node, {}))]
    return told


def related(
    store: GraphStore, nodes: Iterable[NamedNode], path: str
) -> dict[NamedNode, set[NamedNode]]:
    """The things that a property path leads to from each of some nodes."""
    return _gathered(store, nodes, f"?x {path} ?y")


def _words(store: GraphStore, nodes: Iterable[NamedNode], path: str) -> dict[NamedNode, str]:
    """What a property path leads to from each of some nodes, in words; several with commas between."""
    found: dict[NamedNode, set[str]] = defaultdict(set)
    for node, term in _pairs(store, nodes, f"?x {path} ?y"):
        if isinstance(term, (Literal, NamedNode)):
            found[node].add(term.value)
    return {node: ", ".join(sorted(words)) for node, words in found.items()}


def _gathered(
    store: GraphStore, nodes: Iterable[NamedNode], pattern: str
) -> dict[NamedNode, set[NamedNode]]:
    """The things that a pattern has in the place of `?y` for each of some nodes in that of `?x`."""
    found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for node, term in _pairs(store, nodes, pattern):
        if isinstance(term, NamedNode):
            found[node].add(term)
    return dict(found)


def _pairs(
    store: GraphStore, nodes: Iterable[NamedNode], pattern: str
) -> Iterator[tuple[NamedNode, object]]:
    """The solutions of a pattern with `?x` and `?y`, for some nodes in the place of `?x`."""
    for values in batches(nodes):
        sparql = f"SELECT DISTINCT ?x ?y WHERE {{ VALUES ?x {{ {values} }} {pattern} }}"
        for row in select(store, sparql):
            if isinstance(node := row["x"], NamedNode):
                yield node, row["y"]


def _places(
    store: GraphStore, passages: Iterable[NamedNode], text: Text
) -> dict[NamedNode, dict[str, Any]]:
    """Where passages stand: the article, the offsets, and what the text says there."""
    found: dict[NamedNode, dict[str, Any]] = {}
    for values in batches(passages):
        for row in select(store, _PLACES.replace("NODES", values)):
            node = row["x"]
            assert isinstance(node, NamedNode)  # noqa: S101 -- VALUES has nothing else
            words = {name: row[name].value for name in _PLACE if row[name] is not None}
            place: dict[str, Any] = {name: words.get(name) for name in _PLACE if name != "text"}
            start, end = int(words["start"]), int(words["end"])
            place |= {"start": start, "end": end}
            whole = text(words["text"])
            if whole is not None:
                before, after = context(whole, start, end, AROUND)
                place |= {"before": before, "words": whole[start:end], "after": after}
            # One article of a text that several have: the first.
            found.setdefault(node, place)
    return found


_PLACE = ("text", "start", "end", "file", "article", "headline", "published")
_PLACES = f"""
SELECT DISTINCT ?x ?text ?start ?end ?file ?article ?headline ?published WHERE {{
  VALUES ?x {{ NODES }}
  ?x {KG.inText} ?text ; {OA.start} ?start ; {OA.end} ?end .
  OPTIONAL {{ ?text {SCHEMA.name} ?file }}
  OPTIONAL {{
    ?article {SCHEMA.encoding} ?text .
    OPTIONAL {{ ?article {SCHEMA.headline} ?headline }}
    OPTIONAL {{ ?article {KG.when}/{SKOS.notation} ?published }}
  }}
}} ORDER BY ?x ?article ?headline ?published ?file
"""


def _articles(store: GraphStore, nodes: Iterable[NamedNode]) -> dict[NamedNode, dict[str, Any]]:
    headline = _words(store, nodes, str(SCHEMA.headline))
    published = _words(store, nodes, f"{KG.when}/{SKOS.notation}")
    file = _words(store, nodes, f"{SCHEMA.encoding}/{SCHEMA.name}")
    return {
        node: {
            "article": node.value,
            "headline": headline.get(node),
            "published": published.get(node),
            "file": file.get(node),
        }
        for node in nodes
    }


def _judgement(store: GraphStore, node: NamedNode) -> Support:
    """A judgement in words, with who judged."""
    row = next(select(store, _JUDGED.replace("NODE", str(node))))
    words = {name: row[name].value for name in _JUDGEMENT if row[name] is not None}
    relation = words.get("relation", "").rpartition("#")[2].rpartition("/")[2]
    sure = f", confidence {words['confidence']}" if "confidence" in words else ""
    return Support(
        kind="judgement",
        node=node.value,
        says=f"{words.get('status', 'judged')}: {relation}{sure}",
        reference=words.get("to"),
        by=words.get("by"),
        how=words.get("how"),
        at=words.get("at"),
    )


_JUDGEMENT = ("relation", "to", "confidence", "status", "by", "how", "at")
_JUDGED = f"""
SELECT (SAMPLE(?r) AS ?relation) (SAMPLE(?t) AS ?to) (SAMPLE(?c) AS ?confidence)
       (SAMPLE(?s) AS ?status) (MIN(?b) AS ?by) (MIN(?h) AS ?how) (MIN(?a) AS ?at) WHERE {{
  NODE {KG.relation} ?r .
  OPTIONAL {{ NODE {KG.to} ?t }}
  OPTIONAL {{ NODE {KG.confidence} ?c }}
  OPTIONAL {{ NODE {KG.status}/{RDFS.label} ?s }}
  OPTIONAL {{ NODE {PROV.wasAttributedTo}/{RDFS.label} ?b }}
  OPTIONAL {{ NODE {PROV.wasGeneratedBy}/{RDFS.label} ?h }}
  OPTIONAL {{ NODE {KG.when}/{SKOS.notation} ?a }}
}}
"""


def _graphs(store: GraphStore, nodes: Iterable[NamedNode]) -> dict[NamedNode, set[NamedNode]]:
    """The graphs that say of what class each of some nodes is."""
    return _gathered(store, nodes, "GRAPH ?y { ?x a ?class }")


def _made(
    store: GraphStore, graphs: Mapping[NamedNode, set[NamedNode]]
) -> dict[NamedNode, dict[str, Any]]:
    """How nodes came into the graph: by whom, in which way and when, as their graph's provenance has it."""
    all_ = set().union(*graphs.values())
    by = _words(store, all_, f"{PROV.wasGeneratedBy}/{PROV.wasAssociatedWith}/{RDFS.label}")
    how = _words(store, all_, f"{PROV.wasGeneratedBy}/{RDFS.label}")
    at = _words(store, all_, str(PROV.generatedAtTime))
    return {
        node: {
            name: known[graph]
            for name, known in (("by", by), ("how", how), ("at", at))
            for graph in sorted(found, key=str)
            if graph in known
        }
        for node, found in graphs.items()
    }


def context(text: str, start: int, end: int, most: int) -> tuple[str, str]:
    """What stands before and after a passage: so many characters at most, and whole words.

    >>> context("The mayor said that she would not go.", 10, 14, 10)
    ('The mayor ', ' that she')
    """
    return text[_first(text, start, most) : start], text[end : _last(text, end, most)]


def _first(text: str, start: int, most: int) -> int:
    """Where what is shown before a passage begins: at a word, unless one word is all there is."""
    first = max(start - most, 0)
    cut = first > 0 and not text[first - 1].isspace()
    blank = re.compile(r"\s+").search(text, first, start) if cut else None
    return first if blank is None else blank.end()


def _last(text: str, end: int, most: int) -> int:
    """Where what is shown after a passage ends."""
    last = min(end + most, len(text))
    if last == len(text) or text[last].isspace():
        return last
    blanks = [blank.start() for blank in re.compile(r"\s+").finditer(text, end, last)]
    return blanks[-1] if blanks else last


_KINDS = ("claim", "outside claim", "mention", "judgement", "article")


def _order(record: Support) -> tuple[int, str, str, int, int, str]:
    start, end = record.start or 0, record.end or 0
    return (
        _KINDS.index(record.kind),
        record.published or "",
        record.article or "",
        start,
        end,
        record.node,
    )
