"""The parts of a card that are made of claims: who says what, against whom, with which numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.show.card import Numbers, Reading, Relation
from kg.show.known import chronological, dated, natural, said_order
from kg.show.thing import PLACED, Found, fair, nodes, text, union, values
from kg.vocab import DCTERMS, KG, PROV, SCHEMA, concept_value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kg.show.card import Dispute, Position, Said
    from kg.show.known import Known
    from kg.show.thing import Row, Thing

_STATUSES = ("accepted", "proposed", "rejected")


def says_and_about(thing: Thing) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """The thing's own claims, and those of others about it."""
    rows = {
        part: thing.rows(
            f"SELECT DISTINCT ?claim ?group ?article ?time WHERE {{ {pattern} . "
            f"?claim a {KG.Claim} OPTIONAL {{ ?claim {KG.source} ?group }} {PLACED} }}"
        )
        for part, pattern in thing.claims.items()
    }
    own = nodes(rows.get("says", []), "claim")
    # Who speaks of himself is not one of the others.
    rows["about"] = [row for row in rows.get("about", []) if row.get("claim") not in own]
    chosen = {
        part: [claim for (claim,) in thing.choose(part, thing.found(found, "claim"))]
        for part, found in rows.items()
    }
    known = thing.known
    known.load(claim for claims in chosen.values() for claim in claims)
    says, about = (map(known.said, chosen.get(part, [])) for part in ("says", "about"))
    return tuple(sorted(says, key=said_order)), tuple(sorted(about, key=said_order))


def disputes(thing: Thing) -> tuple[Dispute, ...]:
    """The judgements by which a claim of the card contradicts another: the accepted first."""
    found: dict[NamedNode, None] = {}
    for pattern in thing.any_claim:  # an actor's own come first
        rows = thing.rows(
            f"SELECT DISTINCT ?j ?status ?confidence WHERE {{ {pattern} . "
            f"?j {KG.from_}|{KG.to} ?claim . ?j {KG.relation} {KG.contradicts} "
            f"OPTIONAL {{ ?j {KG.status} ?status }} OPTIONAL {{ ?j {KG.confidence} ?confidence }} }}"
        )
        ranked = sorted(
            (*rank(_status(row), text(row, "confidence")), judgement.value)
            for row in rows
            if isinstance(judgement := row.get("j"), NamedNode)
        )
        found.update((NamedNode(iri), None) for *_, iri in ranked)
    judged = list(found)
    thing.count("disputes", len(judged))
    judged = judged[: thing.limit]
    known = thing.known
    known.load(judged)
    out = []
    for judgement in judged:
        found_dispute = known.dispute(judgement)
        if found_dispute is None:
            continue
        left, right = found_dispute.left, found_dispute.right
        if _owns(thing, right) and not _owns(thing, left):
            left, right = right, left
        out.append(replace(found_dispute, left=left, right=right))
    return tuple(out)


def _status(row: Row) -> str | None:
    status = row.get("status")
    return concept_value("status", status) if isinstance(status, NamedNode) else None


def _owns(thing: Thing, said: Said) -> bool:
    claim = NamedNode(said.iri)
    return claim == thing.node or thing.node in thing.known.nodes(claim, KG.source)


STATED: Mapping[NamedNode, tuple[str, str]] = {
    KG.agreesWith: ("agrees with", "agrees with"),
    DCTERMS.replaces: ("replaces", "replaced by"),
    KG.supports: ("supports", "supported by"),
}
"""How relations between claims that agree are said, from the one end and from the other."""

_ORDER = ["reported by", "reports", *(words for pair in STATED.values() for words in pair)]


def relations(thing: Thing) -> tuple[Relation, ...]:
    """How other claims stand to the one that the card is of, contradictions apart."""
    if thing.kind != "claim":
        return ()
    known, node = thing.known, thing.node
    # A path by itself starts from the claim; joined with a pattern, the engine would read all of it.
    branches = [
        ("reported by", f"?other {KG.asserts}+ {node} OPTIONAL {{ ?other {KG.asserts} ?via }}"),
        ("reports", f"{node} {KG.asserts}+ ?other OPTIONAL {{ ?via {KG.asserts} ?other }}"),
    ]
    for predicate, (words, converse) in STATED.items():
        judged = f"?j {KG.relation} {predicate}"
        branches += [
            (words, f"{node} {predicate} ?other"),
            (converse, f"?other {predicate} {node}"),
            (words, f"?j {KG.from_} {node} . {judged} . ?j {KG.to} ?other"),
            (converse, f"?j {KG.to} {node} . {judged} . ?j {KG.from_} ?other"),
        ]
    either = " UNION ".join(
        f'{{ {pattern} FILTER EXISTS {{ ?other a {KG.Claim} }} BIND("{words}" AS ?words) }}'
        for words, pattern in branches
    )
    rows = thing.rows(f"SELECT DISTINCT ?words ?via ?other ?j WHERE {{ {either} }}")
    depths = {words: _depths(rows, words, node) for words in _ORDER[:2]}
    related: dict[tuple[str, NamedNode], NamedNode | None] = {}
    for row in rows:
        other, judgement = row.get("other"), row.get("j")
        if isinstance(other, NamedNode) and other != node:
            key = (row["words"].value, other)
            known_by = [related.get(key), judgement if isinstance(judgement, NamedNode) else None]
            related[key] = min((by for by in known_by if by), key=natural, default=None)

    def depth(key: tuple[str, NamedNode]) -> int:
        return depths.get(key[0], {}).get(key[1], 1)

    found = sorted(related, key=lambda k: (_ORDER.index(k[0]), depth(k), natural(k[1])))
    thing.count("relations", len(found))
    found = found[: thing.limit]
    known.load(other for _, other in found)
    known.load(judgement for key in found if (judgement := related[key]))
    return tuple(
        Relation(
            words=key[0],
            said=known.said(key[1]),
            depth=depth(key),
            status=by and known.value("status", by, KG.status),
            confidence=by and known.literal(by, KG.confidence),
            judge=(by and ", ".join(known.names(by, PROV.wasAttributedTo))) or None,
        )
        for key in found
        for by in [related[key]]
    )


def _depths(rows: Iterable[Row], words: str, start: NamedNode) -> dict[NamedNode, int]:
    """How many steps of reported speech lead to each claim."""
    steps: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for row in rows:
        via, other = row.get("via"), row.get("other")
        if row["words"].value == words and isinstance(via, NamedNode):
            steps[via] |= {other} if isinstance(other, NamedNode) else set()
    depths, level = {start: 0}, {start}
    while level:
        level = {other for via in level for other in steps[via]} - depths.keys()
        depths.update(dict.fromkeys(level, max(depths.values()) + 1))
    return depths


def positions(thing: Thing) -> tuple[Position, ...]:
    """The stances that the thing takes, or that are taken on it."""
    on = f"{thing.among_parts} ?stance {SCHEMA.about} ?thing"
    patterns = {
        "actor": [f"?stance {KG.actor} {thing.node}", on],
        "claim": [f"{thing.node} {KG.asserts} ?stance", on],
        "article": [f"?claim {SCHEMA.appearance} {thing.node} . ?claim {KG.asserts} ?stance"],
    }.get(thing.kind, [on])
    rest = f"?stance a {KG.Stance} ; {KG.actor} ?group . ?claim {KG.asserts} ?stance"
    rows = thing.rows(
        f"SELECT DISTINCT ?stance ?claim ?group ?article ?time WHERE {{ {union(patterns, rest)} "
        f"{PLACED} }}"
    )
    shown = thing.choose("positions", thing.found(rows, "stance", "claim"))
    known = thing.known
    known.load(node for pair in shown for node in pair)
    known.load(issue for stance, _ in shown for issue in known.nodes(stance, SCHEMA.about))
    found = (known.position(stance, claim) for stance, claim in shown)

    def order(position: Position) -> tuple[object, ...]:
        when = chronological(position.when or dated(position.said))
        return (position.issue, position.holder, when, said_order(position.said), position.iri)

    return tuple(sorted(found, key=order))


def numbers(thing: Thing) -> tuple[Numbers, ...]:
    """The numbers given, by anybody, for what the card's claims count, or for the thing itself."""
    known = thing.known
    counts = union(thing.any_claim, f"?claim {KG.quantity} ?q . ?q {KG.population} ?x")
    itself = f"{{ ?q {KG.population} {thing.node} BIND({thing.node} AS ?x) }}"
    counted = thing.rows(f"SELECT DISTINCT ?x WHERE {{ {counts} UNION {itself} }}")
    populations = sorted(nodes(counted, "x"), key=natural)
    if not populations:
        return ()
    if thing.limit is not None and len(populations) > thing.limit:
        populations = _most_telling(thing, populations)
    rows = thing.rows(
        f"SELECT DISTINCT ?x ?claim {_AMOUNT} ?unit ?article ?time WHERE {{ "
        f"{_amounts(populations)} OPTIONAL {{ ?q {SCHEMA.unitText} ?unit }} {PLACED} }}"
    )
    known.load({*populations, *nodes(rows, "quantifier")})
    date = thing.dates(rows)
    readings: dict[NamedNode, set[Found]] = defaultdict(set)
    for row in rows:
        of, claim = row.get("x"), row.get("claim")
        if isinstance(of, NamedNode) and isinstance(claim, NamedNode):
            words, article = amount(known, row), text(row, "article") or ""
            readings[of].add(Found((claim,), words, article, date(row)))
    amounts = _different(rows)
    found = sorted(readings, key=_telling(thing, amounts, {of: known.name(of) for of in readings}))
    chosen = {of: fair(readings[of], thing.limit) for of in found}
    known.load(item.nodes[0] for items in chosen.values() for item in items)
    return tuple(
        Numbers(
            iri=of.value,
            population=known.name(of),
            readings=tuple(
                sorted(
                    (Reading(words=i.group, said=known.said(i.nodes[0])) for i in chosen[of]),
                    key=lambda reading: (*said_order(reading.said), reading.words),
                )
            ),
            differ=len(amounts[of]) > 1,
            total=len(readings[of]),
        )
        for of in found
    )


_AMOUNT = "?quantifier ?value ?min ?max"


def _amounts(populations: Iterable[NamedNode]) -> str:
    """The pattern for the numbers that claims give for things."""
    return (
        f"{values('x', populations)} ?q {KG.population} ?x . ?claim {KG.quantity} ?q "
        f"OPTIONAL {{ ?q {KG.quantifier} ?quantifier }} "
        f"OPTIONAL {{ ?q {SCHEMA.value} ?value }} OPTIONAL {{ ?q {SCHEMA.minValue} ?min }} "
        f"OPTIONAL {{ ?q {SCHEMA.maxValue} ?max }}"
    )


def _different(rows: Iterable[Row]) -> dict[NamedNode, set[tuple[str | None, ...]]]:
    """The amounts that are given for each thing, whatever they are of."""
    found: dict[NamedNode, set[tuple[str | None, ...]]] = defaultdict(set)
    for row in rows:
        if isinstance(of := row.get("x"), NamedNode):
            found[of].add(tuple(text(row, n) for n in ("quantifier", "value", "min", "max")))
    return found


def _most_telling(thing: Thing, populations: list[NamedNode]) -> list[NamedNode]:
    """As many of the things that are counted as are shown, by amounts and names alone."""
    amounts = _different(
        thing.rows(f"SELECT DISTINCT ?x {_AMOUNT} WHERE {{ {_amounts(populations)} }}")
    )
    thing.count("numbers", len(amounts))
    return sorted(amounts, key=_telling(thing, amounts, thing.known.called(amounts)))[: thing.limit]


def _telling(
    thing: Thing,
    amounts: Mapping[NamedNode, Collection[object]],
    names: Mapping[NamedNode, str],
) -> Callable[[NamedNode], tuple[bool, bool, str, str]]:
    """A sort key of things that are counted: itself first, then those given different amounts."""
    return lambda of: (of != thing.node, len(amounts[of]) < 2, names[of], of.value)


def amount(known: Known, row: Row) -> str:
    """A number in words: `at least 17 persons`, `about 3 to 5 months`."""
    quantifier = row.get("quantifier")
    words = known.name(quantifier) if isinstance(quantifier, NamedNode) else None
    bounds = (text(row, name) for name in ("min", "max"))
    value = text(row, "value") or " to ".join(filter(None, bounds)) or "?"
    return " ".join(filter(None, (words, value, text(row, "unit"))))


def rank(status: str | None, confidence: str | None) -> tuple[int, float]:
    """A sort key of judgements: accepted ones first, in each status the surest first."""
    place = _STATUSES.index(status) if status in _STATUSES else len(_STATUSES)
    try:
        return place, -float(confidence or 0)
    except ValueError:  # a confidence that is no number is none
        return place, 0.0
