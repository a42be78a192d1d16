"""An article: what is known of it, its text with what stands where, and its claims beside the text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QueryBoolean

from kg.errors import NotFoundError
from kg.show.known import Known, natural
from kg.store import select
from kg.vocab import DCTERMS, KG, OA, PROV, RDFS, SCHEMA, SKOS, concept_value
from kg.web.pages import anchors, marks
from kg.web.pages.html import link, page_of, passage
from kg.web.pages.html import page as html
from kg.web.pages.judgements import words_of
from kg.web.protocol.formats import alternates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.show.card import Said, When
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply
    from kg.web.readers.texts import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One text of the article; `words` only where they are what the graph was made from."""

    iri: str
    name: str
    sha256: str | None
    length: str | None
    format: str | None
    retrieved: When | None
    state: State
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How what the graph says of the article came about, when, and under which licence it is."""

    how: str | None
    at: str | None
    licence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A stretch of a text; `exact` where the words are known."""

    start: int
    end: int
    exact: str | None = None

    @property
    def id(self) -> str:
        """What links to it call it."""
        return anchors.name_of((self.start, self.end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposed:
    """Another claim that a judgement sets beside one of the article, and in which relation."""

    words: str
    iri: str
    said: Said
    status: str
    confidence: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A claim of the article as it stands in the list: with its number, sources and evidence."""

    number: int
    said: Said
    sources: tuple[tuple[str, str], ...]
    evidence: tuple[Words, ...]
    cues: tuple[str, ...]
    reported: tuple[int, ...]
    opposed: tuple[Opposed, ...]
    disputed: bool

    @property
    def places(self) -> list[anchors.Place]:
        """Where its evidence stands."""
        return [(words.start, words.end) for words in self.evidence]


def page(reading: Reading, *, key: str, text: str | None = None) -> Reply:
    """The page of an article by the key in its IRI; `text` chooses one of several copies of its text.

    Raises NotFoundError where there is no such article or copy.
    """
    node = _article(reading, key)
    known = Known(reading.store, reading.prefixes)
    known.load([node])
    encodings = known.nodes(node, SCHEMA.encoding)
    known.load(encodings)
    copies = [_copy(reading, known, encoding) for encoding in encodings]
    if text is not None and all(copy.iri.rpartition("/")[2] != text for copy in copies):
        raise NotFoundError(f"the article has no text {text}")
    shown = next((c for c in copies if text is not None and c.iri.endswith(f"/{text}")), None)
    shown = shown or min(copies, key=lambda c: c.state != "here", default=None)
    claims = _claims(reading, known, node, shown)
    held, beside = _without_text(reading, claims, shown)
    inside = f"id/article/{key}"
    here = f"page/{inside}"
    return html(
        reading,
        "article.html",
        here=here,
        headers={
            # The texts are looked at each time: they may change without the graph.
            "ETag": _tag(reading, shown, copies),
            "Cache-Control": "no-cache",
        },
        alternates=alternates(inside),
        iri=node.value,
        article=known.article(node),
        authors=_named(known, known.nodes(node, SCHEMA.author)),
        publishers=_named(known, known.nodes(node, SCHEMA.publisher)),
        section=known.literal(node, SCHEMA.articleSection),
        language=known.literal(node, SCHEMA.inLanguage),
        address=known.one(node, SCHEMA.url),
        made=_made(reading, key),
        speaking=_speaking(claims),
        copies=copies,
        shown=shown,
        claims=claims,
        disputed=sum(claim.disputed for claim in claims),
        words=_marked(reading, shown, claims, here) if shown and shown.words else None,
        held=held,
        beside=beside,
        graph=f"graph/article-{key}",
    )


def _tag(reading: Reading, shown: Copy | None, copies: Sequence[Copy]) -> str:
    at = copies.index(shown) if shown is not None else ""
    return f'W/"{reading.generation}-html-{at}-{"-".join(copy.state for copy in copies)}"'


def _article(reading: Reading, key: str) -> NamedNode:
    try:
        node = reading.iris.thing("article", key)
        found = reading.store.query(f"ASK {{ {node} a {KG.Article} }}")
    except ValueError:
        found = None
    if not (isinstance(found, QueryBoolean) and found):
        raise NotFoundError(
            f"there is no article {key}", hint="the list of articles has all there are"
        )
    return node


def _named(known: Known, nodes: Iterable[NamedNode]) -> list[tuple[str, str]]:
    return [(node.value, known.name(node)) for node in nodes]


def _made(reading: Reading, key: str) -> Made:
    graph = reading.iris.graph(f"article-{key}")
    return Made(
        how=_value(reading, graph, f"{PROV.wasGeneratedBy}/{RDFS.label}"),
        at=_value(reading, graph, PROV.generatedAtTime),
        licence=_value(reading, graph, DCTERMS.license),
    )


def _speaking(claims: Iterable[Listed]) -> list[tuple[str, str, list[int]]]:
    """Who speaks in an article, with the numbers of their claims: those with the most first."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for claim in claims:
        for source in claim.sources:
            found[source].append(claim.number)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[1][0], item[0]))
    return [(iri, name, numbers) for (iri, name), numbers in ranked]


# ---- the text -----------------------------------------------------------------------------------


def _copy(reading: Reading, known: Known, node: NamedNode) -> Copy:
    sha256 = _value(reading, node, SCHEMA.sha256)
    state, words = reading.texts.read(node.value)
    return Copy(
        iri=node.value,
        name=known.literal(node, SCHEMA.name) or known.short(node),
        sha256=sha256,
        length=known.literal(node, OA.end),
        format=_value(reading, node, SCHEMA.encodingFormat),
        retrieved=known.when(node),
        state=state,
        words=words,
    )


def _value(reading: Reading, node: NamedNode, path: NamedNode | str) -> str | None:
    """What a path leads to from a node; the first of several."""
    rows = select(reading.store, f"SELECT ?o WHERE {{ {node} {path} ?o }}")
    return min((row["o"].value for row in rows), default=None)


def _marked(reading: Reading, copy: Copy, claims: Sequence[Listed], here: str) -> str:
    """The text as HTML, with what the graph says stands in it."""
    stretches = [
        marks.Stretch(words.start, words.end, "claim", str(claim.number))
        for claim in claims
        for words in claim.evidence
    ]
    stretches += _standing(reading, NamedNode(copy.iri), here)
    names = {str(claim.number): f"Claim {claim.number}, by {_who(claim.said)}" for claim in claims}
    return marks.html(copy.words or "", stretches, names)


def _standing(reading: Reading, text: NamedNode, here: str) -> Iterator[marks.Stretch]:
    """What stands in a text besides evidence: names, parts of a page, sources and cues."""
    base = reading.iris.base
    targets: dict[NamedNode, str | None] = {}  # a text names few things many times
    for row in select(
        reading.store,
        f"SELECT ?p ?of ?kind WHERE {{ ?p {KG.inText} {text} "
        f"{{ ?p {KG.refersTo} ?of }} UNION {{ ?p {KG.kind} ?kind }} }}",
    ):
        place, of, kind = passage(row["p"].value), row["of"], row["kind"]
        if place is None:
            continue
        if isinstance(of, NamedNode):
            if of not in targets:
                ours = page_of(of.value, base) is not None
                targets[of] = link(of.value, here, base) if ours else None
            target = targets[of]
            if target is not None:
                yield marks.Stretch(place[1], place[2], "mention", target)
        elif isinstance(kind, NamedNode):
            yield marks.Stretch(place[1], place[2], "part", concept_value("part", kind))
    layers: tuple[tuple[marks.Layer, NamedNode], ...] = (
        ("source", KG.sourceSpan),
        ("cue", KG.cue),
    )
    for layer, predicate in layers:
        rows = select(
            reading.store,
            f"SELECT DISTINCT ?p WHERE {{ ?p {KG.inText} {text} . ?claim {predicate} ?p }}",
        )
        for row in rows:
            place = passage(row["p"].value)
            if place is not None:
                yield marks.Stretch(place[1], place[2], layer, layer)


def _who(said: Said) -> str:
    return ", ".join(said.sources) or "nobody named"


def _without_text(
    reading: Reading, claims: Sequence[Listed], shown: Copy | None
) -> tuple[dict[int, list[str]], list[anchors.Standing]]:
    """Where links to words lead while the text is not shown: the ids at each claim, and other passages."""
    if shown is not None and shown.words:
        return {}, []
    named = anchors.standing(reading, shown.iri) if shown is not None else {}
    rested = {place for claim in claims for place in claim.places}
    held = anchors.holding(
        sorted({*named, *rested}), {claim.number: claim.places for claim in claims}
    )
    beside = [named[place] for place in held.pop(0, [])]
    return {number: list(map(anchors.name_of, places)) for number, places in held.items()}, beside


# ---- the claims ---------------------------------------------------------------------------------


def _claims(reading: Reading, known: Known, article: NamedNode, shown: Copy | None) -> list[Listed]:
    """The claims of an article in the order of its text."""
    nodes = {
        node
        for row in select(
            reading.store,
            f"SELECT DISTINCT ?claim WHERE {{ ?claim {SCHEMA.appearance} {article} ; "
            f"a {KG.Claim} }}",
        )
        if isinstance(node := row["claim"], NamedNode)
    }
    opposed = _opposed(reading, known, article)
    known.load(nodes)
    said = {node: known.said(node) for node in nodes}
    evidence = {node: tuple(_evidence(known, node, shown)) for node in nodes}

    def order(node: NamedNode) -> tuple[object, ...]:
        places = evidence[node]
        return (not places, places[0].start if places else 0, natural(node))

    numbers = {node: n for n, node in enumerate(sorted(nodes, key=order), start=1)}
    reported: dict[NamedNode, set[int]] = defaultdict(set)
    for node in nodes:
        for inner in known.nodes(node, KG.asserts):
            reported[inner].add(numbers[node])
    return [
        Listed(
            number=number,
            said=said[node],
            sources=tuple(_named(known, known.nodes(node, KG.source))),
            evidence=evidence[node],
            cues=tuple(_cues(known, node)),
            reported=tuple(sorted(reported[node])),
            opposed=tuple(opposed.get(node, ())),
            disputed=any(
                one.words == _CONTRADICTS and one.status != "rejected"
                for one in opposed.get(node, ())
            ),
        )
        for node, number in numbers.items()
    ]


def _evidence(known: Known, claim: NamedNode, shown: Copy | None) -> Iterable[Words]:
    """The words that a claim rests on in the text that is shown, in their order."""
    places: dict[tuple[int, int], str | None] = {}
    for node in known.nodes(claim, KG.evidence):
        place = passage(node.value)
        if place is None or (shown is not None and place[0] != shown.iri):
            continue
        start, end = place[1:]
        exact = known.literal(node, OA.exact)
        if shown is not None and shown.words is not None:
            exact = shown.words[start:end]
        places[start, end] = exact
    named = [place for place in places if "-{}-{}".format(*place) in claim.value]
    for start, end in [*named, *sorted(set(places) - set(named))]:
        yield Words(start=start, end=end, exact=places[start, end])


def _cues(known: Known, claim: NamedNode) -> Iterable[str]:
    words = (known.literal(cue, OA.exact) for cue in known.nodes(claim, KG.cue))
    return dict.fromkeys(word for word in words if word)


_CONTRADICTS = "contradicts"
_RELATIONS = (KG.contradicts, KG.agreesWith, DCTERMS.replaces)


def _opposed(reading: Reading, known: Known, article: NamedNode) -> dict[NamedNode, list[Opposed]]:
    """What judgements set beside the claims of an article: the contradictions first."""
    relations = ", ".join(map(str, _RELATIONS))
    rows = [
        (judgement, claim, other, relation, row["way"].value)
        for row in select(
            reading.store,
            f"SELECT DISTINCT ?j ?claim ?other ?relation ?way WHERE {{ "
            f"?claim {SCHEMA.appearance} {article} . "
            f'{{ ?j {KG.from_} ?claim ; {KG.to} ?other BIND("to" AS ?way) }} UNION '
            f'{{ ?j {KG.to} ?claim ; {KG.from_} ?other BIND("from" AS ?way) }} '
            f"?j {KG.relation} ?relation FILTER(?relation IN ({relations})) }}",
        )
        if isinstance(judgement := row["j"], NamedNode)
        and isinstance(claim := row["claim"], NamedNode)
        and isinstance(other := row["other"], NamedNode)
        and isinstance(relation := row["relation"], NamedNode)
    ]
    known.load(node for row in rows for node in (row[0], row[2]))
    found: dict[NamedNode, list[Opposed]] = defaultdict(list)
    for judgement, claim, other, relation, way in sorted(
        rows, key=lambda row: (_RELATIONS.index(row[3]), natural(row[2]), row[0].value)
    ):
        found[claim].append(
            Opposed(
                words=words_of(relation, forwards=way == "to"),
                iri=judgement.value,
                said=known.said(other),
                status=known.value("status", judgement, KG.status) or "unknown",
                confidence=known.literal(judgement, KG.confidence),
                note=known.literal(judgement, SKOS.editorialNote),
            )
        )
    return found
