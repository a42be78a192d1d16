"""What waits for a person: proposed links, merges and relations, and claims that programs read.

Nothing is kept of the queue: it follows from the files and from the store that was built of them,
so what has been decided is gone from it, whoever decided and wherever a session was broken off.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from kg.analysis import Judge, Judgement
from kg.names import labels
from kg.store import batches, select
from kg.vocab import (
    DCTERMS,
    KG,
    OA,
    PROV,
    RDFS,
    SCHEMA,
    SKOS,
    concept,
    concept_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from kg.analysis import Analysis
    from kg.mapping.iris import Iris
    from kg.store import GraphStore

Part = Literal["links", "merges", "judgements", "claims"]
PARTS: Final[tuple[Part, ...]] = ("links", "merges", "judgements", "claims")
LINKS: Final = frozenset({SKOS.exactMatch, SKOS.closeMatch})
"""Relations of a thing of ours to an item of an authority."""
_LIKELY: Final = 0.5
"""How sure an item must be to wait where it has been accepted that there is none."""
_PLACES: Final = 3
"""Mentions that are shown of a thing: enough to see who is meant, and few enough for one screen."""


class Place(NamedTuple):
    """Words of a text: by their IRI and offsets, and as far as the graph quotes them."""

    text: NamedNode
    start: int
    end: int
    exact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that a judgement is about, as the graph describes it."""

    node: NamedNode
    name: str
    description: str = ""
    mentions: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The items that one thing may be, the likeliest first, by the keys of their judgements.

    `absent` is the judgement that the authority has no item for it, where there is one.
    """

    thing: Thing
    choices: tuple[tuple[str, Judgement], ...]
    items: Mapping[NamedNode, Thing]
    absent: tuple[str, Judgement] | None = None

    @property
    def part(self) -> Part:
        """Where it stands in the queue."""
        return "links"

    @property
    def about(self) -> frozenset[NamedNode]:
        """What one may ask for to see it."""
        return frozenset({self.thing.node})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two things of ours that may be one, or two claims that may stand in a relation.

    `file` is the annotation that has the judgement; None for analysis.ttl.
    """

    key: str
    judgement: Judgement
    left: Thing
    right: Thing
    file: str | None = None

    @property
    def part(self) -> Part:
        """Where it stands in the queue."""
        return "merges" if self.judgement.relation == DCTERMS.isReplacedBy else "judgements"

    @property
    def about(self) -> frozenset[NamedNode]:
        """What one may ask for to see it."""
        return frozenset({self.left.node, self.right.node})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A claim that a program read, in the file of its annotation."""

    node: NamedNode
    text: str
    sources: tuple[str, ...]
    article: str
    in_text: NamedNode
    file: str
    by: str
    about: frozenset[NamedNode]

    @property
    def part(self) -> Part:
        """Where it stands in the queue."""
        return "claims"


Item = Link | Pair | Said


def waiting(
    store: GraphStore, analysis: Analysis, files: Mapping[str, str], iris: Iris
) -> list[Item]:
    """All that waits: links of what is named most first, then merges, relations, and claims.

    `files` has the annotation that made each article graph, by the graph's IRI. Claims stand by
    article, in the order of the text.
    """
    return [
        *_links(store, analysis),
        *_pairs(store, analysis, files, iris),
        *_claims(store, files, iris),
    ]


def still(item: Item, analysis: Analysis) -> Item | None:
    """A link or a pair of analysis.ttl as it waits now; None where it has been decided meanwhile."""
    match item:
        case Link():
            choices, absent = _choices(analysis, item.thing.node)
            return _link(item.thing, choices, absent, item.items)
        case Pair(key=key, file=None):
            judgement = analysis.judgements.get(key)
            return item if judgement is not None and _open(judgement, analysis) else None
        case _:
            return item


def into(analysis: Analysis, thing: NamedNode) -> list[str]:
    """The keys of the merges of analysis.ttl that wait to go into a thing."""
    return [
        key
        for key, judgement in analysis.judgements.items()
        if judgement.relation == DCTERMS.isReplacedBy
        and judgement.to == thing
        and _open(judgement, analysis)
    ]


def _links(store: GraphStore, analysis: Analysis) -> list[Link]:
    nodes = {
        judgement.from_
        for judgement in analysis.judgements.values()
        if judgement.status == "proposed" and judgement.relation in LINKS | {KG.absentFrom}
    }
    found = {node: _choices(analysis, node) for node in nodes}
    items = {judgement.to for choices, _ in found.values() for _, judgement in choices}
    ours, theirs = things(store, nodes, places=True), things(store, items)
    links = [
        _link(ours[node], choices, absent, theirs) for node, (choices, absent) in found.items()
    ]
    return sorted(filter(None, links), key=_urgency)


def _link(
    thing: Thing,
    choices: tuple[tuple[str, Judgement], ...],
    absent: tuple[str, Judgement] | None,
    items: Mapping[NamedNode, Thing],
) -> Link | None:
    """The link of a thing, if anything of it waits."""
    all_ = [*choices, *filter(None, [absent])]
    if not any(judgement.status == "proposed" for _, judgement in all_):
        return None
    none = absent is not None and absent[1].status == "accepted"
    if none and all(judgement.confidence < _LIKELY for _, judgement in choices):
        return None
    here = {j.to: items[j.to] for _, j in choices if j.to in items}
    return Link(thing=thing, choices=choices, items=here, absent=absent)


def _choices(
    analysis: Analysis, node: NamedNode
) -> tuple[tuple[tuple[str, Judgement], ...], tuple[str, Judgement] | None]:
    """The items that a thing may be, and that it may have none: all but what was rejected."""
    open_ = [(key, j) for key, j in analysis.about(node) if j.status != "rejected"]
    choices = [(key, judgement) for key, judgement in open_ if judgement.relation in LINKS]
    choices.sort(key=lambda choice: (-choice[1].confidence, choice[1].to.value))
    absent = next((pair for pair in open_ if pair[1].relation == KG.absentFrom), None)
    return tuple(choices), absent


def _urgency(link: Link) -> tuple[bool, bool, int, str, str]:
    """Where a link stands: those first that are open and have candidates, by how often they are named."""
    judged = [*link.choices, *filter(None, [link.absent])]
    settled = any(judgement.status == "accepted" for _, judgement in judged)
    thing = link.thing
    return settled, not link.choices, -thing.mentions, thing.name, thing.node.value


def _pairs(
    store: GraphStore, analysis: Analysis, files: Mapping[str, str], iris: Iris
) -> list[Pair]:
    found: list[tuple[str, Judgement, str | None]] = [
        (key, judgement, None)
        for key, judgement in analysis.judgements.items()
        if judgement.relation not in LINKS | {KG.absentFrom} and _open(judgement, analysis)
    ]
    found += _of_annotations(store, files, iris)
    nodes = {node for _, judgement, _ in found for node in (judgement.from_, judgement.to)}
    known = things(store, nodes, places=True)
    pairs = [
        Pair(key=key, judgement=j, left=known[j.from_], right=known[j.to], file=file)
        for key, j, file in found
    ]
    return sorted(pairs, key=_place(pairs))


def _place(pairs: Iterable[Pair]) -> Callable[[Pair], tuple[int, int, str, int]]:
    """Where a pair stands: by what is named most; merges into one thing stand together."""
    pairs = list(pairs)
    most: dict[tuple[Part, NamedNode], int] = defaultdict(int)
    for pair in pairs:
        hub = (pair.part, pair.right.node)
        most[hub] = max(most[hub], _mentions(pair))

    def place(pair: Pair) -> tuple[int, int, str, int]:
        number, own = PARTS.index(pair.part), -_mentions(pair)
        if pair.part != "merges":
            return number, own, "", 0
        return number, -most[pair.part, pair.right.node], pair.right.node.value, own

    return place


def _open(judgement: Judgement, analysis: Analysis) -> bool:
    """Whether a judgement waits; what has become another thing is no longer to become a third."""
    if judgement.status != "proposed":
        return False
    merge = judgement.relation == DCTERMS.isReplacedBy
    return not merge or analysis.decided(judgement.from_, DCTERMS.isReplacedBy) is None


def _mentions(pair: Pair) -> int:
    return pair.left.mentions + pair.right.mentions


def _of_annotations(
    store: GraphStore, files: Mapping[str, str], iris: Iris
) -> Iterator[tuple[str, Judgement, str]]:
    """The proposed judgements that stand in annotations."""
    rows = select(
        store,
        f"SELECT ?g ?j ?from ?relation ?to ?sure ?by ?when ?kind WHERE {{ GRAPH ?g {{ ?j"
        f" a {KG.Judgement} ; {KG.status} {concept('status', 'proposed')} ; {KG.from_} ?from ;"
        f" {KG.relation} ?relation ; {KG.to} ?to ; {KG.confidence} ?sure ; {KG.when} ?when ;"
        f" {PROV.wasAttributedTo}/{RDFS.label} ?by ; {PROV.wasGeneratedBy}/{KG.kind} ?kind }}"
        f" FILTER(?g != {iris.analysis}) }} ORDER BY ?g ?j",
    )
    for row in rows:
        file = files.get(_iri(row["g"]).value, "")
        if not file.startswith("articles/"):
            continue  # of RDF that the user brought along, which is not ours to change
        local = iris.local(_iri(row["j"]))
        yield (
            local[1] if local else _iri(row["j"]).value,
            Judgement(
                from_=_iri(row["from"]),
                relation=_iri(row["relation"]),
                to=_iri(row["to"]),
                confidence=_decimal(row["sure"]),
                status="proposed",
                by=Judge(name=_words(row["by"])),
                method=cast("Any", concept_value("method", _iri(row["kind"]))),
                when=iris.edtf(_iri(row["when"])) or "",
            ),
            file,
        )


def _claims(store: GraphStore, files: Mapping[str, str], iris: Iris) -> list[Said]:
    """The claims that programs read and nobody has reviewed."""
    rows = list(
        select(
            store,
            "SELECT ?g ?claim ?article ?text ?by WHERE {"
            f" GRAPH {iris.provenance} {{ ?g {PROV.wasAttributedTo} ?agent ."
            f" ?agent a {PROV.SoftwareAgent} ; {RDFS.label} ?by }}"
            f" GRAPH ?g {{ ?claim a {KG.Claim} ; {SCHEMA.appearance} ?article ;"
            f" {SCHEMA.text} ?text }}"
            f" FILTER NOT EXISTS {{ ?claim {KG.status} ?status }} }}",
        )
    )
    claims = {_iri(row["claim"]) for row in rows}
    sources: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    about: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for nodes in batches(claims):
        for predicate, found in ((KG.source, sources), (SCHEMA.about, about)):
            pairs = f"SELECT ?x ?y WHERE {{ VALUES ?x {{ {nodes} }} ?x {predicate} ?y }}"
            for row in select(store, pairs):
                found[_iri(row["x"])].add(_iri(row["y"]))
    articles = {_iri(row["article"]) for row in rows}
    called = labels(store, articles | {node for some in sources.values() for node in some})
    said = [
        Said(
            node=(node := _iri(row["claim"])),
            text=_words(row["text"]),
            sources=tuple(sorted(called.get(source, source.value) for source in sources[node])),
            article=called.get(_iri(row["article"]), ""),
            in_text=iris.thing("text", node.value.rpartition("/")[2].partition("-")[0]),
            file=files[_iri(row["g"]).value],
            by=_words(row["by"]),
            about=frozenset({node, _iri(row["article"]), *sources[node], *about[node]}),
        )
        for row in rows
        if _iri(row["g"]).value in files
    ]
    return sorted(said, key=lambda claim: (claim.file, _order(claim.node)))


def _order(claim: NamedNode) -> tuple[int, ...]:
    """Where a claim stands in its text, as its name has it."""
    name = claim.value.rpartition("/")[2]
    return tuple(int(part) for part in name.split("-")[1:] if part.isdecimal())


def things(
    store: GraphStore, nodes: Iterable[NamedNode], *, places: bool = False
) -> dict[NamedNode, Thing]:
    """What the graph says of things; with `places`, where texts name them, or express a claim."""
    nodes = set(nodes)
    called = labels(store, nodes)
    described: dict[NamedNode, str] = {}
    found: dict[NamedNode, list[Place]] = defaultdict(list)
    counted: Counter[NamedNode] = Counter()
    for values in batches(nodes):
        for row in select(store, _DESCRIPTIONS.replace("{}", values)):
            described.setdefault(_iri(row["x"]), _words(row["words"]))
        for row in select(store, _PASSAGES.replace("{}", values)) if places else ():
            exact = _words(row["exact"]) if row["exact"] else ""
            place = Place(_iri(row["text"]), _number(row["start"]), _number(row["end"]), exact)
            found[_iri(row["x"])].append(place)
            counted[_iri(row["x"])] += 1
    return {
        node: Thing(
            node=node,
            name=called.get(node, ""),
            description=described.get(node, ""),
            mentions=counted[node],
            places=_telling(found[node]),
        )
        for node in nodes
    }


_DESCRIPTIONS: Final = (
    f"SELECT ?x ?words WHERE {{ VALUES ?x {{ {{}} }} {{ ?x {SCHEMA.description} ?words }}"
    f" UNION {{ ?x {KG.kind}/{RDFS.label} ?words }} }} ORDER BY DESC(LANG(?words) = 'en')"
)
_PASSAGES: Final = (
    "SELECT DISTINCT ?x ?text ?start ?end ?exact WHERE { VALUES ?x { {} }"
    f" {{ ?p {KG.refersTo} ?x }} UNION {{ ?x {KG.evidence} ?p }}"
    f" ?p {KG.inText} ?text ; {OA.start} ?start ; {OA.end} ?end ."
    f" OPTIONAL {{ ?p {OA.exact} ?exact }} }}"
)


def _telling(places: Iterable[Place]) -> tuple[Place, ...]:
    """A few of the places, the first of each text before the second of any."""
    seen: Counter[NamedNode] = Counter()
    ranked: list[tuple[int, Place]] = []
    for place in sorted(places, key=lambda place: (place.text.value, place.start)):
        ranked.append((seen[place.text], place))
        seen[place.text] += 1
    ranked.sort(key=lambda pair: (pair[0], pair[1].text.value, pair[1].start))
    return tuple(place for _, place in ranked[:_PLACES])


def _iri(term: object) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise TypeError(f"{term} is no IRI")
    return term


def _words(term: object) -> str:
    return term.value if isinstance(term, RdfLiteral) else ""


def _number(term: object) -> int:
    return int(_words(term) or 0)


def _decimal(term: object) -> Decimal:
    from decimal import Decimal

    return Decimal(_words(term) or "0")
