"""What is replaced by what: accepted merges, followed to what stays."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from kg.errors import InputError
from kg.mapping.derived import accepted
from kg.mapping.write import CLASSES
from kg.turtle import spelled
from kg.vocab import DCTERMS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.mapping.iris import Iris


class Merges:
    """Merges, by what is at home where: in the register, or in an article."""

    def __init__(self, kept: Mapping[str, str], iris: Iris) -> None:
        self.kept = kept
        self._entries: dict[str, str] = {}
        self._things: dict[str, dict[str, str]] = defaultdict(dict)
        for gone in kept:
            kind, local = iris.local(NamedNode(gone)) or ("", "")
            if kind in CLASSES:
                self._entries[local] = gone
                key, _, id_ = local.partition("-")
                self._things[key][id_] = gone

    def of_register(self, ids: Collection[str]) -> dict[str, str]:
        """What is replaced of entries with some ids, and by what."""
        return {gone: self.kept[gone] for id_, gone in self._entries.items() if id_ in ids}

    def of_article(self, key: str, ids: Collection[str]) -> dict[str, str]:
        """What is replaced of an article's own things with some ids, and by what."""
        things = self._things.get(key, {})
        return {gone: self.kept[gone] for id_, gone in things.items() if id_ in ids}

    def plain(self) -> set[Triple]:
        """The merges as triples."""
        return {
            Triple(NamedNode(gone), DCTERMS.isReplacedBy, NamedNode(kept))
            for gone, kept in self.kept.items()
        }


def merges(triples: Iterable[Triple], iris: Iris, name: str) -> dict[str, str]:
    """The merges that the judgements among some triples accept, as `followed` has them."""
    pairs = [
        (triple.subject, triple.object)
        for triple in sorted(accepted(triples), key=str)
        if triple.predicate == DCTERMS.isReplacedBy
    ]
    return followed(
        [(a, b) for a, b in pairs if isinstance(a, NamedNode) and isinstance(b, NamedNode)],
        iris,
        name,
    )


def followed(pairs: Iterable[tuple[NamedNode, NamedNode]], iris: Iris, name: str) -> dict[str, str]:
    """The IRIs of what is replaced with those of what stays in the end; `name` is for messages.

    Raises InputError where something is replaced in a circle, by two others, or by something of
    another kind.
    """
    direct: dict[NamedNode, NamedNode] = {}
    for from_, to in pairs:
        place = f"{name}: {short(from_, iris)} is replaced by {short(to, iris)}"
        if direct.setdefault(from_, to) != to:
            message = f"{place} and by {short(direct[from_], iris)}"
            raise InputError(message, hint="reject one of the two")
        kinds = [(iris.local(node) or ("", ""))[0] for node in (from_, to)]
        if kinds[0] != kinds[1]:
            raise InputError(f"{place}, which is of another kind", hint="reject the judgement")
    kept: dict[str, str] = {}
    for from_ in direct:
        node, seen = from_, {from_}
        while node in direct:
            node = direct[node]
            if node in seen:
                raise circle(node, iris, name)
            seen.add(node)
        kept[from_.value] = node.value
    return kept


def circle(node: NamedNode, iris: Iris, name: str) -> InputError:
    """The error for something that is replaced by itself, over others."""
    message = f"{name}: {short(node, iris)} would be replaced by itself in the end"
    return InputError(message, hint="reject one of the judgements that lead from one to the next")


def short(node: NamedNode, iris: Iris) -> str:
    """A node as people write it."""
    return spelled(node, PREFIXES | iris.prefixes())
