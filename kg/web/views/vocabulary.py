"""The ontology and its schemes as pages and data, made from the ontology itself and from what uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from kg import export
from kg.names import labels
from kg.show.blocks import clean
from kg.store import select
from kg.vocab import DCTERMS, KG, KGSH, ONTOLOGY, RDF, RDFS, SCHEMA, SKOS
from kg.web import terms
from kg.web.pages.html import links, relative
from kg.web.pages.html import page as html
from kg.web.protocol.formats import FORMATS, PAGE, beside, sent
from kg.web.readers.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.shacl.terms import Node
    from kg.web.readers.reading import Reading

SHOWN: Final = 160
"""Characters of a value in an example."""
_SORTED: Final = 10_000
"""So many uses of a term are sorted to show the first; of more, any will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Something in the data that uses a term: a thing, and for a property also what it leads to."""

    subject: str
    name: str | None
    value: str | None = None
    value_name: str | None = None
    literal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A class or a property, as the ontology describes it and the data use it.

    Of a class, `leaving` are the properties that its things have and `arriving` those that lead to
    them; of a property, what its subjects and its objects are.
    """

    iri: str
    name: str
    label: str
    definition: str
    comment: str
    sort: str
    traits: tuple[str, ...]
    above: tuple[str, ...]
    leaving: tuple[str, ...]
    arriving: tuple[str, ...]
    uses: int
    example: Example | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A concept of a scheme, with how many things of the data have it and one that does."""

    iri: str
    name: str
    label: str
    definition: str
    notation: str
    uses: int
    example: Example | None


# ---- data ---------------------------------------------------------------------------------------


def document(reading: Reading, *, path: str, extension: str, here: str) -> Reply:
    """The ontology, the shapes, a scheme or a concept in a format; Turtle of a whole file is the file.

    `here` is the path that was asked for, which links count from.
    """
    form = FORMATS[extension]
    if path in terms.FILES and extension == "ttl":
        body = terms.file_of(path).read_bytes()
    else:
        prefixes = {**reading.prefixes, "kgsh": KGSH}
        body = export.write(_quads(path), form.form, prefixes, reading.iris)
    own = f"{sent(path)}.{extension}"
    told = links([*beside(path), (PAGE, sent(path), "page")], here, but=own)
    return Reply(
        body=body,
        media_type=form.media_type,
        headers={
            "Link": f'<{terms.PUBLISHED}{sent(path)}>; rel="describes", {told}',
            "Vary": "Accept",
        },
    )


def _quads(path: str) -> list[Quad]:
    if path in terms.FILES:
        graph = terms.FILES[path]
        return [Quad(t.subject, t.predicate, t.object, graph) for t in terms.triples(path)]
    known, node = terms.ontology(), terms.scheme_or_concept(path)
    nodes: list[Node] = [node, *terms.members(node)]
    scheme = known.value(node, SKOS.inScheme)
    if isinstance(scheme, NamedNode):
        nodes.append(scheme)
    described = (triple for each in nodes for triple in known.described(each))
    return [Quad(t.subject, t.predicate, t.object, ONTOLOGY) for t in described]


# ---- pages --------------------------------------------------------------------------------------


def ontology(reading: Reading) -> Reply:
    """The page of the ontology."""
    used = reading.once(_measured)
    ours = [node for node in _terms() if node.value.startswith(KG.base)]
    others = [(each.value, used.count(each)) for each in _terms() if each not in ours]
    entries = [_entry(node, used) for node in ours]
    licence = terms.leads_to(ONTOLOGY, DCTERMS.license)
    return html(
        reading,
        "ontology.html",
        here="ontology",
        iri=ONTOLOGY.value,
        title=terms.said(ONTOLOGY, terms.TITLE),
        about=terms.said(ONTOLOGY, SCHEMA.description),
        edition=terms.said(ONTOLOGY, terms.VERSION),
        created=terms.said(ONTOLOGY, terms.CREATED)[:10],
        licence=licence[0] if licence else None,
        classes=[each for each in entries if each.sort == "class"],
        properties=[each for each in entries if each.sort != "class"],
        others=sorted(others, key=lambda pair: (-pair[1], pair[0])),
        schemes=[
            (
                each.value,
                terms.local(each),
                terms.said(each, RDFS.label),
                terms.said(each, terms.DEFINITION),
                len(terms.members(each)),
            )
            for each in terms.of_type(terms.SCHEME)
        ],
        alternates=beside("ontology"),
        headers={"Vary": "Accept"},
    )


def _terms() -> list[NamedNode]:
    sorts = (terms.CLASS, terms.LINK, terms.VALUE, terms.NOTE)
    return [node for sort in sorts for node in terms.of_type(sort)]


def _entry(node: NamedNode, used: _Used) -> Entry:
    types = terms.ontology().objects(node, RDF.type)
    sort = "class" if terms.CLASS in types else "link" if terms.LINK in types else "value"
    ends = terms.leading_to if sort == "class" else terms.leads_to
    return Entry(
        iri=node.value,
        name=node.value.removeprefix(KG.base),
        label=terms.said(node, RDFS.label),
        definition=terms.said(node, terms.DEFINITION),
        comment=terms.said(node, terms.COMMENT),
        sort=sort,
        traits=terms.traits(node),
        above=terms.leads_to(node, RDFS.subClassOf if sort == "class" else terms.ABOVE),
        leaving=ends(node, terms.DOMAIN),
        arriving=ends(node, terms.RANGE),
        uses=used.count(node),
        example=used.examples.get(node.value),
    )


def scheme(reading: Reading, *, name: str) -> Reply:
    """The page of a scheme; of a concept 303 to its place on that of its scheme."""
    here = f"scheme/{name}"
    node = terms.scheme_or_concept(here)
    inside = terms.page_path(node.value) or here
    if inside != here:
        location = relative(inside, here)
        return Reply(
            body=f"{location}\n".encode(),
            media_type="text/plain",
            status=303,
            headers={"Link": links(beside(here), here), "Vary": "Accept", "Location": location},
        )
    found = terms.members(node)
    used = _uses(reading, found)
    return html(
        reading,
        "scheme.html",
        here=here,
        iri=node.value,
        title=terms.said(node, RDFS.label),
        about=terms.said(node, terms.DEFINITION),
        concepts=[
            Concept(
                iri=each.value,
                name=terms.local(each),
                label=terms.said(each, RDFS.label),
                definition=terms.said(each, terms.DEFINITION),
                notation=terms.said(each, SKOS.notation),
                uses=used[each.value][0],
                example=used[each.value][1],
            )
            for each in found
        ],
        schemes=[
            (terms.local(each), terms.said(each, RDFS.label))
            for each in terms.of_type(terms.SCHEME)
        ],
        alternates=beside(here),
        headers={"Vary": "Accept"},
    )


# ---- what the data use --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Used:
    """How often the data use each class and property, and an example of each of ours."""

    counts: Mapping[str, int]
    examples: Mapping[str, Example]

    def count(self, node: NamedNode) -> int:
        return self.counts.get(node.value, 0)


_OUTSIDE = f"FILTER(?g != {ONTOLOGY})"


def _measured(reading: Reading) -> _Used:
    counts = {
        row["x"].value: int(row["n"].value)
        for pattern, counting in (("?s a ?x", "COUNT(DISTINCT ?s)"), ("?s ?x ?o", "COUNT(*)"))
        for row in select(
            reading.store,
            f"SELECT ?x ({counting} AS ?n) WHERE {{ GRAPH ?g {{ {pattern} }} {_OUTSIDE} }} GROUP BY ?x",
        )
    }
    classes = terms.of_type(terms.CLASS)
    pairs: dict[str, tuple[Any, Any]] = {}
    for node in _terms():
        number = counts.get(node.value, 0)
        if not number or not node.value.startswith(KG.base):
            continue
        pattern = f"?s a {node} BIND({node} AS ?o)" if node in classes else f"?s {node} ?o"
        ordered = "ORDER BY ?s ?o" if number < _SORTED else ""
        sparql = f"SELECT ?s ?o WHERE {{ GRAPH ?g {{ {pattern} }} {_OUTSIDE} }} {ordered} LIMIT 1"
        for row in select(reading.store, sparql):
            pairs[node.value] = (row["s"], None if node in classes else row["o"])
    shown = {term for pair in pairs.values() for term in pair if isinstance(term, NamedNode)}
    called = labels(reading.store, shown)
    return _Used(counts, {iri: _example(*pair, called) for iri, pair in pairs.items()})


def _uses(reading: Reading, nodes: Iterable[NamedNode]) -> dict[str, tuple[int, Example | None]]:
    """How many things of the data lead to each of some concepts, and one that does."""
    found: dict[str, tuple[int, Any]] = {}
    for node in nodes:
        sparql = (
            "SELECT (COUNT(DISTINCT ?s) AS ?n) (MIN(STR(?s)) AS ?first) WHERE "
            f"{{ GRAPH ?g {{ ?s ?p {node} }} {_OUTSIDE} }}"
        )
        for row in select(reading.store, sparql):
            first = row["first"]
            one = NamedNode(first.value) if isinstance(first, Literal) else None
            found[node.value] = (int(row["n"].value), one)
    called = labels(reading.store, {one for _, one in found.values() if one is not None})
    return {
        iri: (number, _example(one, None, called) if one is not None else None)
        for iri, (number, one) in found.items()
    }


def _example(subject: Any, value: Any, called: Mapping[NamedNode, str]) -> Example:
    return Example(
        subject=subject.value,
        name=_short(called.get(subject)),
        value=clean(value.value, SHOWN)
        if isinstance(value, Literal)
        else getattr(value, "value", None),
        value_name=_short(called.get(value)) if isinstance(value, NamedNode) else None,
        literal=isinstance(value, Literal),
    )


def _short(name: str | None) -> str | None:
    return None if name is None else clean(name, SHOWN)
