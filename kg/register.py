"""The register: the actors, places, topics and events that articles share, as entities.ttl has them.

An entry's id is the last part of its IRI and is never derived again: a better label changes no
IRI. Ids are unique over all kinds, so that an annotation can say `japan`. An entry that was merged
into another keeps its id and leads there by dcterms:isReplacedBy.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from kg import rdf
from kg.errors import InputError, NotFoundError
from kg.mapping.nodes import Nodes
from kg.mapping.nodes import read as read
from kg.mapping.write import CLASSES
from kg.model import Slug
from kg.rdf import preference
from kg.vocab import DCTERMS, KG, PREFIXES, RDF, RDFS, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.mapping.iris import Iris
    from kg.mapping.nodes import Properties
    from kg.model import Kind, ThingType


class Register:
    """The entries of entities.ttl; every change makes a new register.

    Raises InputError where two entries share an id, an entry is not of the class that its IRI
    says, or merged entries lead in a circle.
    """

    def __init__(self, triples: Iterable[Triple], iris: Iris, name: str = "entities.ttl") -> None:
        self.triples = frozenset(triples)
        self.iris = iris
        self.name = name
        self.kinds: dict[str, str] = {}
        self._nodes: dict[str, NamedNode] = {}
        self._replaced: dict[NamedNode, NamedNode] = {}
        self._read()

    def iri(self, id_: str) -> NamedNode:
        """The IRI of an entry, or of the one it was merged into."""
        try:
            node = self._nodes[id_]
        except KeyError:
            raise NotFoundError(f"the register has no entry {id_}") from None
        while node in self._replaced:
            node = self._replaced[node]
        return node

    def kind(self, id_: str) -> str | None:
        """The kind of an actor or event: `state`, `visit`; None where it has none."""
        return self._described[self.iri(id_)][1]

    def label(self, id_: str) -> str:
        """The preferred label of an entry, in English where it has one; its id where it has none."""
        return self._described[self.iri(id_)][0] or id_

    @cached_property
    def _described(self) -> dict[NamedNode, tuple[str | None, str | None]]:
        """The label and the kind of every entry."""
        labels: dict[Any, list[Literal]] = defaultdict(list)
        kinds: dict[Any, str] = {}
        for subject, predicate, value in self.triples:
            if predicate == RDFS.label and isinstance(value, Literal):
                labels[subject].append(value)
            elif predicate == KG.kind and isinstance(value, NamedNode):
                kinds[subject] = value.value.rpartition("/")[2].partition("-")[2]
        return {
            node: (
                min(labels[node], key=preference).value if labels[node] else None,
                kinds.get(node),
            )
            for node in self._nodes.values()
        }

    def relabel(self, id_: str, label: str, language: str = "en") -> Register:
        """The register with another preferred label; the label that was stays as another name."""
        node, new = self.iri(id_), Literal(label, language=language)
        old = {triple for triple in self._labels(node) if _language(triple) == language.lower()}
        kept = {Triple(node, SKOS.altLabel, triple.object) for triple in old}
        changed = (self.triples - old) | kept | {Triple(node, RDFS.label, new)}
        return self._with(changed - {Triple(node, SKOS.altLabel, new)})

    def add_alias(self, id_: str, name: str, language: str = "en") -> Register:
        """The register with another name for an entry."""
        node, new = self.iri(id_), Literal(name, language=language)
        if new in {triple.object for triple in self._labels(node)}:
            return self
        return self._with(self.triples | {Triple(node, SKOS.altLabel, new)})

    def merge(self, gone: str, kept: str) -> Register:
        """The register with one entry merged into another: all that names `gone` names `kept` from now on.

        The labels of `gone` become other names of `kept`; what else is said of it moves along,
        but for its kind. Raises InputError where the two are of different kinds.
        """
        old, new = self.iri(gone), self.iri(kept)
        if self.kinds[gone] != self.kinds[kept]:
            raise InputError(f"{self._spell(old)} and {self._spell(new)} are of different kinds")
        if old == new:
            return self
        own = {triple for triple in self.triples if triple.subject == old}
        pointing = {triple for triple in self.triples if triple.object == old}
        names = {t.object for t in own if t.predicate in {RDFS.label, SKOS.altLabel}}
        names -= {triple.object for triple in self._labels(new)}
        kept_apart = {RDF.type, RDFS.label, SKOS.altLabel, KG.kind}
        moved = {Triple(new, t.predicate, t.object) for t in own if t.predicate not in kept_apart}
        moved |= {Triple(t.subject, t.predicate, new) for t in pointing}
        # What led from one to the other would now lead from the entry to itself.
        moved = {t for t in moved if t.object != new or t.subject not in {old, new}}
        return self._with(
            (self.triples - own - pointing)
            | moved
            | {Triple(new, SKOS.altLabel, name) for name in names}
            | {Triple(old, DCTERMS.isReplacedBy, new)}
        )

    def merged(self, merges: Mapping[str, str], name: str = "") -> Register:
        """The register with some entries merged into others, by their IRIs; those of articles are passed over.

        Raises InputError where an entry would be replaced by what is no entry, or is replaced by
        another one in the file already; `name` is where it is said.
        """
        register = self
        home = {node: id_ for id_, node in self._nodes.items()}
        for gone, kept in sorted(merges.items()):
            old, new = NamedNode(gone), NamedNode(kept)
            if old not in home:
                continue
            place = f"{name}: {self._spell(old)} is replaced by {self._spell(new)}"
            if new not in home:
                raise InputError(
                    f"{place}, which is not in {self.name}",
                    hint="let what is in the register stay: turn the judgement round",
                )
            if self.iri(home[old]) not in {old, self.iri(home[new])}:
                other = self._spell(self.iri(home[old]))
                raise InputError(
                    f"{place}, but by {other} in {self.name}", hint="reject the judgement"
                )
            register = register.merge(home[old], home[new])
        return register

    def to_turtle(self) -> bytes:
        """The register as it stands in entities.ttl: sorted, and free of the base IRI."""
        return to_turtle(self.triples, self.iris)

    def _with(self, triples: Iterable[Triple]) -> Register:
        return Register(triples, self.iris, self.name)

    def _spell(self, node: NamedNode) -> str:
        return ":".join(self.iris.local(node) or (node.value,))

    def _labels(self, node: NamedNode) -> set[Triple]:
        return {t for t in self.triples if t.subject == node and t.predicate == RDFS.label}

    def _read(self) -> None:
        classes = {(t.subject, t.object) for t in self.triples if t.predicate == RDF.type}
        merged = {t.subject for t in self.triples if t.predicate == DCTERMS.isReplacedBy}
        for subject in sorted({node for node, _ in classes} | merged, key=str):
            local = self.iris.local(subject) if isinstance(subject, NamedNode) else None
            if local is None or local[0] not in CLASSES or not isinstance(subject, NamedNode):
                continue
            kind, id_ = local
            if not Slug.form.fullmatch(id_):
                raise InputError(
                    f"{self.name}: {id_!r} cannot be an id",
                    hint="ids have small letters, digits and single hyphens",
                )
            if subject not in merged and (subject, CLASSES[kind]) not in classes:
                raise InputError(
                    f"{self.name}: {kind}:{id_} is not a {CLASSES[kind].value}",
                    hint="the folder of an IRI says its class",
                )
            if id_ in self._nodes:
                raise InputError(
                    f"{self.name}: {self.kinds[id_]}:{id_} and {kind}:{id_} share an id",
                    hint="annotations refer to an entry by its id alone; choose another",
                )
            self._nodes[id_] = subject
            self.kinds[id_] = kind
        counts: Counter[NamedNode] = Counter()
        for triple in self.triples:
            if triple.predicate == DCTERMS.isReplacedBy and isinstance(triple.subject, NamedNode):
                counts[triple.subject] += 1
                if isinstance(triple.object, NamedNode):
                    self._replaced[triple.subject] = triple.object
        for node in sorted(counts, key=str):
            if counts[node] > 1:
                raise InputError(
                    f"{self.name}: {self._spell(node)} is merged into more than one entry"
                )
        self._refuse_circles()
        known = set(self._nodes.values())
        for old, new in sorted(self._replaced.items(), key=str):
            place = f"{self.name}: {self._spell(old)} is merged into {self._spell(new)}"
            if new not in known:
                raise InputError(f"{place}, which is not there")
            if self._spell(old).partition(":")[0] != self._spell(new).partition(":")[0]:
                raise InputError(f"{place}, which is of another kind")

    def _refuse_circles(self) -> None:
        for start in sorted(self._replaced, key=str):
            node, seen = start, {start}
            while node in self._replaced:
                node = self._replaced[node]
                if node in seen:
                    raise InputError(f"{self.name}: {self._spell(node)} is merged into itself")
                seen.add(node)


def add_entry(
    content: bytes,
    iris: Iris,
    type_: ThingType,
    kind: Kind | None,
    label: str,
    alts: Iterable[str] = (),
    *,
    language: str = "en",
    taken: Collection[str] = (),
    name: str = "entities.ttl",
) -> tuple[bytes, str]:
    """The file of a register with one more entry at its end, and the id of that.

    All else stays to the byte. `taken` are ids that the entry must not have besides those of the
    register: no thing of an article may have the id of an entry.
    """
    nodes = Nodes(content, iris, name)
    known = Register(read(content, name, iris), iris, name).kinds
    id_ = slug(label, type_, {*known, *taken})
    properties: Properties = {
        RDF.type: [CLASSES[type_]],
        RDFS.label: [Literal(label, language=language)],
        SKOS.altLabel: [
            Literal(alt, language=language) for alt in dict.fromkeys(alts) if alt != label
        ],
        KG.kind: [concept(type_, kind)] if kind else [],
    }
    nodes.add(iris.thing(type_, id_), {p: [*values] for p, values in properties.items() if values})
    return nodes.content, id_


def slug(label: str, type_: str, taken: Collection[str]) -> str:
    """An id made of a label, which nothing else has.

    >>> slug("Café de Flore", "place", set()), slug("東京", "place", {"place"})
    ('cafe-de-flore', 'place-2')
    """
    plain = unicodedata.normalize("NFKD", label.replace("’", "").replace("'", ""))
    plain = plain.encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or type_
    if stem not in taken and not _CLAIM_ID.fullmatch(stem):
        return stem
    step = 1  # by leaps: thousands of things may have one label
    while f"{stem}-{step * 2}" in taken:
        step *= 2
    number = step
    while step:
        number += step * (f"{stem}-{number + step}" in taken)
        step //= 2
    number = max(number + 1, 2)
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


_LONGEST: Final = 60
"""Characters that an id has at most: a file name or a line of a table holds that."""
_CLAIM_ID: Final = re.compile("c[0-9]+")
"""What claims are called."""


def to_turtle(triples: Iterable[Triple], iris: Iris) -> bytes:
    """Triples as Turtle for people and git: sorted, with prefixes, and free of the base IRI."""
    text = rdf.write(triples, RdfFormat.TURTLE, iris.prefixes() | PREFIXES).decode()
    base = re.escape(iris.base)
    return re.sub(rf"^(@prefix \w+: <){base}", r"\1", text, flags=re.MULTILINE).encode()


def _language(triple: Triple) -> str:
    return (triple.object.language or "") if isinstance(triple.object, Literal) else ""
