"""The head of a card: what the thing is, what it is linked to, and where it is mentioned."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.show.card import Link
from kg.show.claims import rank
from kg.show.events import ACCOUNT, accounts
from kg.show.known import chronological, natural
from kg.show.thing import nodes
from kg.vocab import DCTERMS, KG, OA, PROV, RDFS, SCHEMA, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.show.card import Article
    from kg.show.thing import Thing

_LISTED = 5  # names on one line


def what(thing: Thing) -> str:
    """What the thing is, in a word: its kind from our schemes where it has one."""
    kinds = {"actor", "event"}
    fine = thing.known.value(thing.kind, thing.node, KG.kind) if thing.kind in kinds else None
    return fine or thing.kind


def aliases(thing: Thing) -> tuple[str, ...]:
    """The other names of the thing: labels in other languages, then alternative labels."""
    known, node = thing.known, thing.node
    names = [*known.literals(node, RDFS.label), *sorted(known.literals(node, SKOS.altLabel))]
    called = known.name(node)
    return tuple(name for name in dict.fromkeys(names) if name.strip() and name != called)


def links(thing: Thing) -> tuple[Link, ...]:
    """Links to other datasets: judged ones, and plain ones that nobody judged."""
    known, node = thing.known, thing.node
    relations = (SKOS.exactMatch, SKOS.closeMatch)
    judged_as = ", ".join(map(str, (*relations, KG.absentFrom)))
    rows = thing.rows(
        f"SELECT DISTINCT ?j WHERE {{ {{ ?j {KG.from_} {node} }} UNION"
        f" {{ ?gone {DCTERMS.isReplacedBy}+ {node} . ?j {KG.from_} ?gone }}"
        f" ?j {KG.relation} ?relation FILTER(?relation IN ({judged_as})) }}"
    )
    judgements = nodes(rows, "j")
    known.load(judgements)
    known.load(to for relation in relations for to in known.nodes(node, relation))
    none = {j for j in judgements if KG.absentFrom in known.nodes(j, KG.relation)}
    found = {
        Link(
            iri=to.value,
            words=_described(thing, to),
            close=SKOS.closeMatch in known.nodes(judgement, KG.relation),
            none=judgement in none,
            note=known.literal(judgement, SKOS.editorialNote) if judgement in none else None,
            status=known.value("status", judgement, KG.status),
            confidence=known.literal(judgement, KG.confidence),
            judge=", ".join(known.names(judgement, PROV.wasAttributedTo)) or None,
        )
        for judgement in judgements
        for to in known.nodes(judgement, KG.to)
    }
    judged = {link.iri for link in found}
    found |= {
        Link(iri=to.value, words=_described(thing, to), close=relation == SKOS.closeMatch)
        for relation in relations
        for to in known.nodes(node, relation)
        if to.value not in judged
    }
    return tuple(sorted(found, key=lambda k: (*rank(k.status, k.confidence), k.iri, k.judge or "")))


def _described(thing: Thing, item: NamedNode) -> str:
    """What the graph calls an item of others and says of it; nothing where it has only its address."""
    words = (thing.known.literal(item, p) for p in (RDFS.label, SCHEMA.description))
    return ", ".join(word for word in words if word and word.strip())


def merged(thing: Thing) -> Iterator[tuple[str, str]]:
    """What went into the thing, and by which judgement, so that it can be taken back."""
    rows = thing.rows(
        f"SELECT DISTINCT ?gone ?j WHERE {{ ?gone {DCTERMS.isReplacedBy}+ {thing.node}"
        f" OPTIONAL {{ ?j {KG.from_} ?gone ; {KG.relation} {DCTERMS.isReplacedBy} ;"
        f" {KG.status} {concept('status', 'accepted')} }} }}"
    )
    short = thing.known.short
    judged: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for row in rows:
        if isinstance(gone := row.get("gone"), NamedNode):
            judged[gone] |= nodes([row], "j")
    for gone, by in sorted(judged.items(), key=lambda pair: natural(pair[0])):
        yield "Also", f"{short(gone)} ({', '.join(['merged', *sorted(map(short, by))])})"


def articles(thing: Thing) -> tuple[Article, ...]:
    """The articles that mention the thing or its parts; where there are too many, those that do most."""
    if thing.kind in {"claim", "article"}:
        return ()
    rows = thing.rows(
        f"SELECT ?article (COUNT(DISTINCT ?m) AS ?n) WHERE {{ {thing.among_parts} "
        f"?m {KG.refersTo} ?thing . ?m {KG.inText} ?text . ?article {SCHEMA.encoding} ?text }} "
        "GROUP BY ?article"
    )
    times = {
        article: int(row["n"].value)
        for row in rows
        if isinstance(article := row.get("article"), NamedNode)
    }
    thing.count("articles", len(times))
    shown = sorted(times, key=lambda article: (-times[article], natural(article)))[: thing.limit]
    thing.known.load(shown)
    found = map(thing.known.article, shown)
    return tuple(sorted(found, key=lambda a: (*chronological(a.published), a.iri)))


def facts(thing: Thing) -> Iterator[tuple[str, str]]:
    """What else is known of the thing, as names with values."""
    known, node = thing.known, thing.node
    pointed_to = (SKOS.broader, SCHEMA.about, SCHEMA.location, SCHEMA.superEvent, SCHEMA.encoding)
    known.load(other for predicate in pointed_to for other in known.nodes(node, predicate))
    yield from merged(thing)
    match thing.kind:
        case "claim":
            yield from _of_claim(thing)
        case "article":
            yield from _of_article(thing)
        case "event":
            yield from _of_event(thing)
        case "actor":
            yield from _of_actor(thing)
        case "topic":
            yield from _listed(thing, "Part of", known.nodes(node, SKOS.broader))
            yield from _listed(thing, "Covers", thing.parts[1:])
    for note in known.literals(node, SKOS.scopeNote):
        yield "Note", note


def _listed(thing: Thing, name: str, of: Iterable[NamedNode]) -> Iterator[tuple[str, str]]:
    """A line that names things with their short IRIs, so that one can ask on."""
    named = [f"{thing.known.name(node)} ({thing.known.short(node)})" for node in of]
    if thing.limit is not None and len(named) > _LISTED:
        named = [*named[:_LISTED], f"and {len(named) - _LISTED} more"]
    if named:
        yield name, "; ".join(named)


def _of_claim(thing: Thing) -> Iterator[tuple[str, str]]:
    known, node = thing.known, thing.node
    kind = known.value("report", node, KG.kind)
    if kind:
        yield "Reported", kind
    cues = [words for cue in known.nodes(node, KG.cue) for words in known.literals(cue, OA.exact)]
    if cues:
        yield "Signalled by", "; ".join(f"“{cue}”" for cue in dict.fromkeys(cues))
    yield from _listed(thing, "About", known.nodes(node, SCHEMA.about))


def _of_article(thing: Thing) -> Iterator[tuple[str, str]]:
    known, node = thing.known, thing.node
    yield from _listed(thing, "Author", known.nodes(node, SCHEMA.author))
    yield from _listed(thing, "Publisher", known.nodes(node, SCHEMA.publisher))
    published = known.when(node)
    if published:
        basis = f" ({published.basis})" if published.basis else ""
        yield "Published", f"{published.edtf}{basis}"
    for name, predicate in (("Section", SCHEMA.articleSection), ("Language", SCHEMA.inLanguage)):
        for words in known.literals(node, predicate):
            yield name, words
    for url in known.nodes(node, SCHEMA.url):
        yield "Address", url.value
    for copy in known.nodes(node, SCHEMA.encoding):
        length, retrieved = known.literal(copy, OA.end), known.when(copy)
        parts = (
            known.literal(copy, SCHEMA.name) or known.short(copy),
            f"{length} characters" if length else "",
            f"retrieved {retrieved.edtf}" if retrieved else "retrieval date not known",
        )
        yield "Text", ", ".join(filter(None, parts))


def _of_event(thing: Thing) -> Iterator[tuple[str, str]]:
    known, node = thing.known, thing.node
    yield from _listed(thing, "Place", known.nodes(node, SCHEMA.location))
    yield from _listed(thing, "Part of", known.nodes(node, SCHEMA.superEvent))
    yield from _listed(thing, "Parts", thing.parts[1:])
    rows = thing.rows(
        f"SELECT DISTINCT ?words ?other ?graph ?headline WHERE {{ "
        f'{{ GRAPH ?graph {{ {node} {KG.causedBy} ?other }} BIND("Caused by" AS ?words) }} UNION '
        f'{{ GRAPH ?graph {{ ?other {KG.causedBy} {node} }} BIND("Led to" AS ?words) }} {ACCOUNT} }}'
    )
    known.load(nodes(rows, "other"))
    lines = [
        (words.value, f"{known.name(other)} ({known.short(other)})", by)
        for (words, other), by in accounts(thing, rows, "words", "other").items()
        if isinstance(words, Literal) and isinstance(other, NamedNode)
    ]
    for words, name, by in sorted(lines):
        others = f" and {len(by) - 1} more" if len(by) > 1 else ""
        yield words, f"{name}, by the account of {by[0]}{others}"


def _of_actor(thing: Thing) -> Iterator[tuple[str, str]]:
    for name, predicate in (("Wrote", SCHEMA.author), ("Published", SCHEMA.publisher)):
        rows = thing.rows(f"SELECT DISTINCT ?article WHERE {{ ?article {predicate} {thing.node} }}")
        found = sorted(nodes(rows, "article"), key=natural)
        thing.known.load(found if thing.limit is None else found[:_LISTED])
        yield from _listed(thing, name, found)
