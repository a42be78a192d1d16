"""Judgements: what was proposed, accepted and rejected, as analysis.ttl has it.

The file belongs to people. What is decided changes the statement of one judgement, or adds one at
the end; every other byte stays. What a person decided, no program overwrites.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from kg.analysis import form
from kg.analysis.judgement import (
    BOTH_WAYS,
    FEATURES,
    IDENTITY,
    Judge,
    Judgement,
    called,
    feature_word,
)
from kg.analysis.merging import circle, followed, merges, short
from kg.mapping.nodes import Nodes
from kg.vocab import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.mapping.iris import Iris

__all__ = [
    "BOTH_WAYS",
    "FEATURES",
    "IDENTITY",
    "Analysis",
    "Judge",
    "Judgement",
    "called",
    "feature_word",
    "instead",
    "merges",
]


class Analysis:
    """The text of analysis.ttl, and the judgements in it by their keys, in the order of the file.

    A judgement that lacks what it is about or its status is not among them: the shapes report it.
    `original` is the file as it was when it was read, or written last. Raises InputError with line
    and column where it is not Turtle.
    """

    def __init__(self, content: bytes, iris: Iris, name: str = "analysis.ttl") -> None:
        self.iris = iris
        self.name = name
        self.original = content
        self.judgements: dict[str, Judgement] = {}
        self._keys: dict[tuple[NamedNode, ...], str] = {}
        self._about: dict[NamedNode, list[str]] = defaultdict(list)
        self._nodes = Nodes(content, iris, name)
        for node in self._nodes:
            judgement = form.read(node, self._nodes)
            if judgement is not None:
                self._enter(self._key(node), judgement)

    @property
    def content(self) -> bytes:
        """The file as it is now."""
        return self._nodes.content

    def about(self, node: NamedNode) -> list[tuple[str, Judgement]]:
        """The judgements that start from a node, with their keys."""
        return [(key, self.judgements[key]) for key in self._about.get(node, ())]

    def decided(self, node: NamedNode, relation: NamedNode) -> Judgement | None:
        """What a person has accepted for a node, or else a program."""
        accepted = [
            judgement
            for _, judgement in self.about(node)
            if judgement.relation == relation and judgement.status == "accepted"
        ]
        return min(accepted, key=lambda judgement: judgement.by.is_program, default=None)

    def vetoed(self, from_: NamedNode, relation: NamedNode, to: NamedNode) -> bool:
        """Whether somebody has rejected that two things stand in a relation."""
        same = self._same((from_, relation, to))
        return any(judgement.status == "rejected" for _, judgement in same)

    def decide(self, judgement: Judgement) -> bool:
        """Add a judgement, or put it in the place of the earlier one about the same.

        False where a person's decision stands against what a program says; nothing changes then. A
        thing is one item of an authority, and is replaced by one other: what had been accepted
        beside that which is accepted now becomes rejected. Raises InputError where things would be
        replaced in a circle.
        """
        rivals = self._rivals(judgement)
        against = [other for _, other in self._same(judgement.parts) + rivals]
        if judgement.by.is_program and any(_binds(other) for other in against):
            return False
        if judgement.status == "accepted":
            self._refuse_circle(judgement)
            for key, rival in rivals:
                self._put(key, self._beaten(rival, judgement))
        key = self._keys.get(judgement.parts) or self.iris.judgement_key(*judgement.parts)
        self._put(key, judgement)
        return True

    def withdraw(self, key: str, by: Judge, when: str, because: str | None = None) -> bool:
        """Have a judgement wait again, as it did before it was decided; False where it does so already.

        It goes back to the program that proposed it, where one did, with the confidence it had then.
        Raises KeyError where there is no judgement of this key.
        """
        old = self.judgements[key]
        if old.status == "proposed":
            return False
        line = f"{when}: withdrawn by {by}" + (f": {because}" if because else "")
        waiting = replace(old, status="proposed", by=by, when=when, note=because, method="review")
        before = form.proposal(old, self._nodes)
        if before is not None:
            waiting = replace(before, when=when)
        self._put(key, waiting, line)
        return True

    def described(self, item: str) -> tuple[dict[str, str], dict[str, str]]:
        """The labels and the descriptions of an item by language, as `describe` wrote them."""
        found = self._nodes[NamedNode(item)]
        labels, descriptions = (
            {n.language or "": n.value for n in found.get(p, ()) if isinstance(n, Literal)}
            for p in (RDFS.label, SCHEMA.description)
        )
        return labels, descriptions

    def describe(
        self, item: str, labels: Mapping[str, str], descriptions: Mapping[str, str]
    ) -> None:
        """Say what an item is, for those who have no network; once per item."""
        node = NamedNode(item)
        if RDFS.label in self._nodes[node]:
            return
        found = {RDFS.label: form.texts(labels), SCHEMA.description: form.texts(descriptions)}
        said = {predicate: values for predicate, values in found.items() if values}
        if said:
            self._nodes.add(node, said)

    def merges(self) -> dict[str, str]:
        """The IRIs of what is replaced with those of what stays, as far as that has been accepted.

        Raises InputError where something is replaced in a circle, by two others, or by something of
        another kind.
        """
        pairs = (
            (judgement.from_, judgement.to)
            for judgement in self.judgements.values()
            if judgement.relation == DCTERMS.isReplacedBy and judgement.status == "accepted"
        )
        return followed(pairs, self.iris, self.name)

    def _refuse_circle(self, judgement: Judgement) -> None:
        if judgement.relation != DCTERMS.isReplacedBy:
            return
        node: NamedNode | None = judgement.to
        seen = {judgement.from_}
        while node is not None:
            if node in seen:
                raise circle(judgement.from_, self.iris, self.name)
            seen.add(node)
            further = self.decided(node, DCTERMS.isReplacedBy)
            node = further.to if further else None

    def _same(self, parts: tuple[NamedNode, ...]) -> list[tuple[str, Judgement]]:
        """The judgement about the same things, and that about them the other way round."""
        from_, relation, to = parts
        ways = [parts, (to, relation, from_)] if relation in BOTH_WAYS else [parts]
        return [(key, self.judgements[key]) for way in ways if (key := self._keys.get(way))]

    def _rivals(self, judgement: Judgement) -> list[tuple[str, Judgement]]:
        """Other judgements that are accepted and cannot hold beside one."""

        def rival(other: Judgement) -> bool:
            if judgement.relation in IDENTITY:
                one = _authority(other.to) == _authority(judgement.to)
                return other.relation in IDENTITY and one
            return other.relation == judgement.relation == DCTERMS.isReplacedBy

        return [
            (key, other)
            for key, other in self.about(judgement.from_)
            if other.status == "accepted" and other.parts != judgement.parts and rival(other)
        ]

    def _beaten(self, rival: Judgement, winner: Judgement) -> Judgement:
        """A judgement as it is once another one was accepted that cannot hold beside it."""
        return replace(
            rival,
            status="rejected",
            by=winner.by,
            method=winner.method,
            when=winner.when,
            source=winner.source,
            note=instead(winner, short(winner.to, self.iris)),
        )

    def _put(self, key: str, judgement: Judgement, line: str | None = None) -> None:
        """Write a judgement; where there is an earlier one, with a line on what became of that."""
        old = self.judgements.get(key)
        if old is not None:
            if not judgement.by.is_program:  # what spoke for it goes on doing so
                judgement = replace(judgement, features=judgement.features or old.features)
            if replace(judgement, when=old.when, changes=old.changes) == old:
                return
            judgement = replace(judgement, changes=_continued(old, line or str(judgement)))
        self._describe_maker(judgement)
        node, properties = self._node(key), form.properties(judgement, self.iris)
        if old is None:
            self._nodes.add(node, properties)
        else:
            for predicate, values in self._nodes[node].items():
                if predicate == SKOS.editorialNote:  # a note that stays keeps its language
                    kept = [value for value in values[:1] if value.value == judgement.note]
                    properties[predicate] = (kept or properties.get(predicate, [])) + values[1:]
                elif predicate == RDF.type:
                    properties[predicate] = list(dict.fromkeys([*properties[predicate], *values]))
                elif predicate not in form.OWN:
                    properties[predicate] = values
            self._nodes.change(node, {p: values for p, values in properties.items() if values})
        self._enter(key, judgement)

    def _describe_maker(self, judgement: Judgement) -> None:
        """Say who judged and how, once in the file."""
        agent, activity = form.agent(judgement.by, self.iris), form.activity(judgement, self.iris)
        if RDF.type not in self._nodes[agent]:
            self._nodes.add(agent, form.agent_properties(judgement.by))
        if RDF.type not in self._nodes[activity]:
            self._nodes.add(activity, form.activity_properties(judgement, self.iris))

    def _enter(self, key: str, judgement: Judgement) -> None:
        if key not in self.judgements:
            self._about[judgement.from_].append(key)
        self.judgements[key] = judgement
        self._keys[judgement.parts] = key

    def _key(self, node: NamedNode) -> str:
        local = self.iris.local(node)
        return local[1] if local and local[0] == "judgement" else node.value

    def _node(self, key: str) -> NamedNode:
        return NamedNode(key) if ":" in key else self.iris.thing("judgement", key)


def _binds(judgement: Judgement) -> bool:
    """Whether no program may say otherwise: a person decided it, or proposed it in the first place."""
    return not judgement.by.is_program and (judgement.status != "proposed" or not judgement.changes)


def _continued(old: Judgement, new: str) -> tuple[str, ...]:
    """The changes of a judgement with the latest one; the first line tells how it came to be."""
    before = old.changes or (str(old),)
    if before[-1] == new:
        return before
    line, times = new, 1
    while line in before:  # notes are a set, and what happens twice is to be seen twice
        times += 1
        line = f"{new} ({times})"
    return (*before, line)


def instead(winner: Judgement, name: str) -> str:
    """Why a judgement is rejected that cannot hold beside one that was accepted; `name` is of its item."""
    if winner.relation == KG.absentFrom:
        return f"that {called(winner.to)} has no item was accepted instead"
    return f"{name} was accepted instead"


def _authority(node: NamedNode) -> str:
    """Who gives an item its IRI: the host in it."""
    return urlsplit(node.value).netloc or node.value
