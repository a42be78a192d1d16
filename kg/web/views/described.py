"""The page of what has no card: its properties in words, and what leads to it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.names import curie, labels
from kg.store import select
from kg.vocab import DCTERMS, KG, OA, PROV, RDF, RDFS, SCHEMA, SKOS
from kg.web.pages.html import page as html
from kg.web.protocol.formats import alternates, sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

EACH = 30
"""Values of a property that are shown: an agent may have made thousands of claims."""


class Value(NamedTuple):
    """A value: a thing with its name, or the words of a literal with their language or datatype."""

    words: str
    iri: str | None = None
    tag: str = ""


class Property(NamedTuple):
    """A property with its first values, and how many there are."""

    iri: str
    name: str
    values: tuple[Value, ...]
    total: int


def page(reading: Reading, node: NamedNode) -> Reply:
    """The page that says of a thing what the graph says, whatever kind of thing it is."""
    inside = sent(reading.iris.relative(node))
    here = f"page/{inside}"
    out = _pairs(reading, f"{node} ?p ?x")
    into = _pairs(reading, f"?x ?p {node}")
    nodes = {x for of in (*out.values(), *into.values()) for x in of if isinstance(x, NamedNode)}
    names = labels(reading.store, {node, *nodes, *out, *into})
    classes = [x for x in out.pop(RDF.type, []) if isinstance(x, NamedNode)]
    kind = (reading.iris.local(node) or ("thing", ""))[0]
    properties = _properties(reading, out, names)
    return html(
        reading,
        "described.html",
        here=here,
        iri=node.value,
        kind=kind,
        name=names.get(node) or _called(properties) or curie(node, reading.prefixes),
        classes=[Value(names.get(x) or curie(x, reading.prefixes), x.value) for x in classes],
        out=properties,
        into=_properties(reading, into, names),
        article=_article(reading, node) if kind == "text" else None,
        alternates=alternates(inside),
    )


def _pairs(reading: Reading, pattern: str) -> dict[NamedNode, list[NamedNode | Literal]]:
    """What a pattern has in the place of `?x`, by what it has in that of `?p`."""
    found: dict[NamedNode, list[NamedNode | Literal]] = defaultdict(list)
    for row in select(reading.store, f"SELECT DISTINCT ?p ?x WHERE {{ {pattern} }} ORDER BY ?p ?x"):
        predicate, value = row["p"], row["x"]
        if isinstance(predicate, NamedNode) and isinstance(value, (NamedNode, Literal)):
            found[predicate].append(value)
    return dict(found)


def _properties(
    reading: Reading,
    found: Mapping[NamedNode, list[NamedNode | Literal]],
    names: Mapping[NamedNode, str],
) -> list[Property]:
    properties = [
        Property(
            iri=predicate.value,
            name=_WORDS.get(predicate)
            or names.get(predicate)
            or curie(predicate, reading.prefixes),
            values=tuple(_value(reading, term, names) for term in values[:EACH]),
            total=len(values),
        )
        for predicate, values in found.items()
    ]
    return sorted(properties, key=lambda of: (of.iri != RDFS.label.value, of.name, of.iri))


_NAMING = (
    *(KG.from_, KG.relation, KG.actor, KG.role, KG.stance, SCHEMA.about, KG.to),
    *(KG.quantifier, SCHEMA.value, SCHEMA.minValue, SCHEMA.maxValue, SCHEMA.unitText),
    KG.population,
)
"""What says in order what a thing without a name is: who took part in which role, what contradicts what."""
_WORDS = {
    RDFS.label: "name",
    SKOS.altLabel: "also called",
    SKOS.notation: "as given",
    SKOS.editorialNote: "note",
    SKOS.changeNote: "what became of it",
    SKOS.inScheme: "belongs to",
    PROV.wasAttributedTo: "by",
    PROV.wasAssociatedWith: "by",
    PROV.wasGeneratedBy: "came out of",
    PROV.wasDerivedFrom: "made from",
    PROV.generatedAtTime: "made at",
    PROV.used: "used",
    DCTERMS.license: "licence",
    SCHEMA.about: "about",
    SCHEMA.text: "in words",
    SCHEMA.encoding: "text",
    SCHEMA.name: "file",
    SCHEMA.value: "number",
    SCHEMA.minValue: "least",
    SCHEMA.maxValue: "most",
    SCHEMA.unitText: "unit",
    SCHEMA.sha256: "SHA-256",
    OA.start: "first character",
    OA.end: "last character",
    OA.exact: "words",
}
"""Words for properties of others that need not be known by their names."""


def _called(properties: Sequence[Property]) -> str:
    """What a thing without a name may be called: the values that say what it is."""
    found = {of.iri: of.values[0].words for of in properties}
    words = [found[predicate.value] for predicate in _NAMING if predicate.value in found]
    return " · ".join(words)


def _value(reading: Reading, term: NamedNode | Literal, names: Mapping[NamedNode, str]) -> Value:
    if isinstance(term, NamedNode):
        return Value(names.get(term) or curie(term, reading.prefixes), term.value)
    return Value(term.value, tag=term.language or "")


def _article(reading: Reading, text: NamedNode) -> str | None:
    """The article whose text it is; the first of several."""
    rows = select(
        reading.store, f"SELECT ?x WHERE {{ ?x {SCHEMA.encoding} {text} }} ORDER BY ?x LIMIT 1"
    )
    return next((x.value for row in rows if isinstance(x := row["x"], NamedNode)), None)
