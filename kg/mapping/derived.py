"""What follows from the judgements of a register or analysis file, so that nobody writes it by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from kg.mapping.write import NOTHING
from kg.vocab import DCTERMS, KG, concept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def derive(triples: Iterable[Triple], merged: Mapping[str, str] = NOTHING) -> set[Triple]:
    """The triples of a register or analysis file, with the plain triple of every accepted judgement.

    Nobody should have to write those by hand, or could forget to take one away. What is said of a
    thing that is replaced (`merged` has what stays by what goes) is said of what stays, but for the
    judgements themselves: they go on saying what was judged, and so does the plain triple of each.
    """
    given = set(triples)
    plain = accepted(given)
    if not merged:
        return given | plain
    return plain | {_moved(triple, merged) for triple in given | plain}


def accepted(triples: Iterable[Triple]) -> set[Triple]:
    """The plain triple of every accepted judgement among some triples."""
    parts: dict[NamedNode, dict[NamedNode, NamedNode]] = defaultdict(dict)
    for triple in triples:
        if (
            triple.predicate in _JUDGED
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, NamedNode)
        ):
            parts[triple.subject][triple.predicate] = triple.object
    return {
        Triple(part[KG.from_], part[KG.relation], part[KG.to])
        for part in parts.values()
        if part.get(KG.status) == _ACCEPTED and part.keys() >= _RELATES
    }


def _moved(triple: Triple, merged: Mapping[str, str]) -> Triple:
    """A triple about what stays in the place of one about what goes."""
    if triple.predicate in {KG.from_, KG.to, DCTERMS.isReplacedBy}:
        return triple
    subject, value = triple.subject, triple.object
    if isinstance(subject, NamedNode) and subject.value in merged:
        subject = NamedNode(merged[subject.value])
    if isinstance(value, NamedNode) and value.value in merged:
        value = NamedNode(merged[value.value])
    return Triple(subject, triple.predicate, value)


_RELATES = {KG.from_, KG.relation, KG.to}
_JUDGED = _RELATES | {KG.status}
_ACCEPTED = concept("status", "accepted")
