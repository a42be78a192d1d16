"""Judgements as pages show them: what was decided, by whom, on what grounds, and what came before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from pyoxigraph import Literal, NamedNode

from kg.analysis import FEATURES, called, feature_word
from kg.names import curie, labels
from kg.show.claims import STATED, rank
from kg.show.known import Known
from kg.store import batches, nodes, select
from kg.vocab import DCTERMS, KG, PROV, SCHEMA, SKOS, concept_value
from kg.web.pages.told import Named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.show.card import When
    from kg.web.readers.reading import Reading

_WORDS = {
    SKOS.exactMatch: ("same as", "same as"),
    SKOS.closeMatch: ("close to", "close to"),
    KG.absentFrom: ("not in", "lacks"),
    DCTERMS.isReplacedBy: ("merged into", "took in"),
    KG.contradicts: ("contradicts", "contradicts"),
    **STATED,
}
"""How a relation is said, from the one end and from the other."""
LINKS = frozenset({SKOS.exactMatch, SKOS.closeMatch, KG.absentFrom})
"""The relations that lead to other datasets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement about a thing: how it is said to stand to another.

    `features` are from 0 to 1; `changes` tell of its earlier states. `about` is what the other is,
    where the graph says so.
    """

    iri: str
    relation: NamedNode
    words: str
    other: Named
    about: str = ""
    status: str = "unknown"
    confidence: str | None = None
    judges: tuple[Named, ...] = ()
    methods: tuple[Named, ...] = ()
    when: When | None = None
    note: str | None = None
    features: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def judgements(reading: Reading, node: NamedNode) -> tuple[Judged, ...]:
    """The judgements that a thing is one end of, accepted ones first; those on what was merged into it too."""
    ends = {node, *nodes(reading.store, f"?x {DCTERMS.isReplacedBy}+ {node}")}
    found = {j for end in ends for j in nodes(reading.store, f"?x {KG.from_}|{KG.to} {end}")}
    told = _told(reading, found)
    others = {other for said in told.values() for other in _ends(said) - ends}
    makers = {
        maker
        for said in told.values()
        for maker in _iris((*said[PROV.wasAttributedTo], *said[PROV.wasGeneratedBy]))
    }
    known = Known(reading.store, reading.prefixes)
    known.load(found)
    about = _told(reading, others)
    names = labels(reading.store, others | makers)
    judged = []
    for judgement, said in told.items():
        relation = next(iter(_iris(said[KG.relation])), None)
        if relation is None:
            continue
        forwards = bool(ends.intersection(_iris(said[KG.from_])))
        status = next(iter(_iris(said[KG.status])), None)
        shared = _Shared(
            iri=judgement.value,
            relation=relation,
            words=words_of(relation, forwards=forwards),
            status=(status and concept_value("status", status)) or "unknown",
            confidence=_first(said[KG.confidence]),
            judges=_named(reading, said[PROV.wasAttributedTo], names),
            methods=_named(reading, said[PROV.wasGeneratedBy], names),
            when=known.when(judgement),
            note=_first(said[SKOS.editorialNote]),
            features={
                feature_word(name): value
                for name, predicate in FEATURES.items()
                if (value := _first(said[predicate]))
            },
            changes=tuple(sorted(term.value for term in said[SKOS.changeNote])),
        )
        for other in _ends(said) - ends:
            name = names.get(other) or curie(other, reading.prefixes)
            judged.append(
                Judged(
                    other=Named(other.value, called(other) if relation == KG.absentFrom else name),
                    about=_first(about[other][SCHEMA.description]) or "",
                    **shared,
                )
            )
    return tuple(sorted(judged, key=lambda j: (*rank(j.status, j.confidence), j.words, j.iri)))


def words_of(relation: NamedNode, *, forwards: bool) -> str:
    """How a relation is said, from the end that it starts from or from the other.

    >>> words_of(KG.supports, forwards=False)
    'supported by'
    """
    name = relation.value.rpartition("#")[2].rpartition("/")[2]
    return _WORDS.get(relation, (name, name))[not forwards]


class _Shared(TypedDict):
    """What is the same for both ends of a judgement."""

    iri: str
    relation: NamedNode
    words: str
    status: str
    confidence: str | None
    judges: tuple[Named, ...]
    methods: tuple[Named, ...]
    when: When | None
    note: str | None
    features: Mapping[str, str]
    changes: tuple[str, ...]


_Said = defaultdict[NamedNode, list[NamedNode | Literal]]


def _told(reading: Reading, nodes: Collection[NamedNode]) -> dict[NamedNode, _Said]:
    """All that is said of some things, by property."""
    found: dict[NamedNode, _Said] = {node: defaultdict(list) for node in nodes}
    for values in batches(nodes):
        for row in select(
            reading.store,
            f"SELECT DISTINCT ?x ?p ?o WHERE {{ VALUES ?x {{ {values} }} ?x ?p ?o }} ORDER BY ?o",
        ):
            node, predicate, value = row["x"], row["p"], row["o"]
            if (
                isinstance(node, NamedNode)
                and isinstance(predicate, NamedNode)
                and isinstance(value, NamedNode | Literal)
            ):
                found[node][predicate].append(value)
    return found


def _iris(terms: Iterable[NamedNode | Literal]) -> list[NamedNode]:
    return [term for term in terms if isinstance(term, NamedNode)]


def _first(terms: Iterable[NamedNode | Literal]) -> str | None:
    return next((term.value for term in terms), None)


def _ends(said: _Said) -> set[NamedNode]:
    return {*_iris(said[KG.from_]), *_iris(said[KG.to])}


def _named(
    reading: Reading, terms: Iterable[NamedNode | Literal], names: Mapping[NamedNode, str]
) -> tuple[Named, ...]:
    return tuple(
        Named(node.value, names.get(node) or curie(node, reading.prefixes)) for node in _iris(terms)
    )
