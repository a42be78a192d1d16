"""What has been read of the store so far: subjects with their properties, and what they amount to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from kg.names import curie
from kg.rdf import preference
from kg.show.card import Article, Dispute, Position, Said, When
from kg.store import select
from kg.vocab import DCTERMS, KG, OA, PROV, RDFS, SCHEMA, SKOS, concept_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.store import GraphStore


_FOLLOWED = {
    *(KG.source, KG.polarity, KG.certainty, KG.modality, KG.kind, KG.when, KG.basis),
    *(KG.evidence, KG.cue, KG.from_, KG.to, KG.status, KG.actor, KG.stance),
    *(SCHEMA.appearance, SCHEMA.author, SCHEMA.publisher, PROV.wasAttributedTo),
}
"""What leads from a claim, a judgement or an article to what it takes to name it."""

_READ = (
    *sorted(_FOLLOWED, key=str),
    *(RDFS.label, SKOS.altLabel, SKOS.notation, SKOS.broader, SKOS.exactMatch, SKOS.closeMatch),
    *(SKOS.scopeNote, SKOS.editorialNote, DCTERMS.replaces, OA.start, OA.end, OA.exact),
    *(KG.earliest, KG.latest, KG.confidence, KG.relation, KG.asserts, KG.supports),
    *(KG.causedBy, SCHEMA.about, SCHEMA.text, SCHEMA.headline, SCHEMA.citation, SCHEMA.name),
    *(SCHEMA.inLanguage, SCHEMA.articleSection, SCHEMA.description, SCHEMA.url, SCHEMA.encoding),
    *(SCHEMA.location, SCHEMA.superEvent),
)
"""Not among them: what an event or a text has thousands of, participations and mentions."""

_NAMES = (RDFS.label, SCHEMA.headline, SCHEMA.text)
"""What a thing is called by; the first that it has."""

_LEVELS = 5
"""From a judgement over its claim, that claim's article and the date of it, to the date's words."""

_NEVER = 10**13  # years have up to twelve digits


class Known:
    """Properties of subjects, read level by level, and the parts of a card that they amount to."""

    def __init__(self, store: GraphStore, prefixes: Mapping[str, str]) -> None:
        self._store = store
        self._prefixes = prefixes
        self._read: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}

    def load(self, nodes: Iterable[NamedNode]) -> None:
        """Read subjects, and what it takes to name what they point to: one query for each level."""
        level = set(nodes)
        for _ in range(_LEVELS):
            level -= self._read.keys()
            if not level:
                return
            subjects = " ".join(sorted(map(str, level)))
            wanted = ", ".join(map(str, _READ))
            rows = select(
                self._store,
                f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {subjects} }} ?s ?p ?o "
                f"FILTER(?p IN ({wanted})) }}",
            )
            self._read.update((node, {}) for node in level)
            level = set()
            for row in rows:
                subject, predicate, value = row["s"], row["p"], row["o"]
                if (
                    isinstance(subject, NamedNode)
                    and isinstance(predicate, NamedNode)
                    and isinstance(value, NamedNode | Literal)
                ):
                    self._read[subject].setdefault(predicate, []).append(value)
                    if predicate in _FOLLOWED and isinstance(value, NamedNode):
                        level.add(value)

    def nodes(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """What a subject points to, in the order of the IRIs."""
        found = self._read.get(node, {}).get(predicate, [])
        return sorted((value for value in found if isinstance(value, NamedNode)), key=natural)

    def one(self, node: NamedNode, predicate: NamedNode) -> NamedNode | None:
        """What a subject points to; the first where it points to several."""
        return next(iter(self.nodes(node, predicate)), None)

    def literals(self, node: NamedNode, predicate: NamedNode) -> list[str]:
        """The words that a subject has, English ones and those of no language first."""
        return _words(self._read.get(node, {}).get(predicate, ()))

    def literal(self, node: NamedNode, predicate: NamedNode) -> str | None:
        """The words that a subject has; the first where it has several."""
        return next(iter(self.literals(node, predicate)), None)

    def short(self, node: NamedNode) -> str:
        """An IRI in its short form."""
        return curie(node, self._prefixes)

    def name(self, node: NamedNode) -> str:
        """What a thing is called: its label, headline or text, or else its short IRI."""
        return self._name(node, self._read.get(node, {}))

    def called(self, nodes: Iterable[NamedNode]) -> dict[NamedNode, str]:
        """What many things are called, and nothing else of them: it is kept of none."""
        wanted = sorted(set(nodes), key=str)
        read: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
        for row in select(
            self._store,
            f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {' '.join(map(str, wanted))} }} "
            f"?s ?p ?o FILTER(?p IN ({', '.join(map(str, _NAMES))})) }}",
        ):
            subject, predicate, value = row["s"], row["p"], row["o"]
            if (
                isinstance(subject, NamedNode)
                and isinstance(predicate, NamedNode)
                and isinstance(value, Literal)
            ):
                read.setdefault(subject, {}).setdefault(predicate, []).append(value)
        return {node: self._name(node, read.get(node, {})) for node in wanted}

    def _name(self, node: NamedNode, of: Mapping[NamedNode, Sequence[NamedNode | Literal]]) -> str:
        names = (next(iter(_words(of.get(predicate, ()))), None) for predicate in _NAMES)
        return next((name for name in names if name and name.strip()), self.short(node))

    def names(self, node: NamedNode, predicate: NamedNode) -> tuple[str, ...]:
        """The names of what a subject points to, in the order of the alphabet."""
        return tuple(sorted({self.name(value) for value in self.nodes(node, predicate)}))

    def value(self, family: str, node: NamedNode, predicate: NamedNode) -> str | None:
        """The word for a concept of one of our schemes that a subject points to."""
        found = self.one(node, predicate)
        return found and (self.literal(found, RDFS.label) or concept_value(family, found))

    def when(self, node: NamedNode) -> When | None:
        """The date of a subject; the earliest where it has several."""
        basis = self.value("basis", node, KG.basis)
        dates = [self.date(time, basis) for time in self.nodes(node, KG.when)]
        return min(dates, key=chronological, default=None)

    def date(self, time: NamedNode, basis: str | None) -> When:
        """A time node as a date; one that nothing describes goes by its name."""
        return When(
            edtf=self.literal(time, SKOS.notation) or unquote(time.value.rpartition("/")[2]),
            earliest=self.literal(time, KG.earliest),
            latest=self.literal(time, KG.latest),
            basis=basis,
        )

    def article(self, node: NamedNode) -> Article:
        """An article with its date, author and publisher."""
        return Article(
            iri=node.value,
            headline=self.name(node),
            published=self.when(node),
            author=", ".join(self.names(node, SCHEMA.author)) or None,
            publisher=", ".join(self.names(node, SCHEMA.publisher)) or None,
        )

    def said(self, node: NamedNode) -> Said:
        """A claim with its source, words of certainty, date, article and place in the text."""
        article = self.one(node, SCHEMA.appearance)
        references = self.nodes(node, SCHEMA.citation)
        start, end = self._evidence(node)
        return Said(
            iri=node.value,
            text=self.literal(node, SCHEMA.text) or self.short(node),
            sources=self.names(node, KG.source),
            polarity=self.value("polarity", node, KG.polarity) or "",
            certainty=self.value("certainty", node, KG.certainty) or "",
            modality=self.value("modality", node, KG.modality) or "",
            made=self.when(node),
            article=self.article(article) if article else None,
            start=start,
            end=end,
            reference=" ".join(iri.value for iri in references)
            or self.literal(node, SCHEMA.citation),
        )

    def dispute(self, judgement: NamedNode) -> Dispute | None:
        """The two claims that a judgement sets against each other, with what was decided of them."""
        left, right = self.one(judgement, KG.from_), self.one(judgement, KG.to)
        if left is None or right is None:
            return None
        return Dispute(
            left=self.said(left),
            right=self.said(right),
            status=self.value("status", judgement, KG.status) or "unknown",
            confidence=self.literal(judgement, KG.confidence),
            judge=", ".join(self.names(judgement, PROV.wasAttributedTo)) or None,
            judged=self.when(judgement),
            note=self.literal(judgement, SKOS.editorialNote),
        )

    def position(self, stance: NamedNode, claim: NamedNode) -> Position:
        """The position that a claim says somebody takes."""
        return Position(
            iri=stance.value,
            holder=", ".join(self.names(stance, KG.actor)),
            stance=self.value("stance", stance, KG.stance) or "",
            issue=", ".join(self.names(stance, SCHEMA.about)),
            said=self.said(claim),
            when=self.when(stance),
        )

    def _evidence(self, claim: NamedNode) -> tuple[int | None, int | None]:
        """The place of the evidence that the claim's IRI names, or else of the first one."""
        places = [
            (int(start), int(end))
            for passage in self.nodes(claim, KG.evidence)
            if (start := self.literal(passage, OA.start) or "").isdecimal()
            and (end := self.literal(passage, OA.end) or "").isdecimal()
        ]
        named = [place for place in places if "-{}-{}".format(*place) in claim.value]
        return min(named or places, default=(None, None))


def _words(values: Iterable[NamedNode | Literal]) -> list[str]:
    """The words among values, English ones and those of no language first."""
    literals = {value for value in values if isinstance(value, Literal)}
    return list(dict.fromkeys(value.value for value in sorted(literals, key=preference)))


def dated(said: Said) -> When | None:
    """The date of a claim: its own, or else that of its article."""
    return said.made or (said.article.published if said.article else None)


def said_order(said: Said) -> tuple[object, ...]:
    """A sort key of claims: by date, then as they stand in the article."""
    article = said.article.iri if said.article else ""
    place = (1, 0) if said.start is None else (0, said.start)
    return (*chronological(dated(said)), article, place, natural(NamedNode(said.iri)))


def natural(node: NamedNode) -> tuple[str | int, ...]:
    """A sort key by which the claim at 1590 comes after that at 976.

    >>> sorted(map(NamedNode, ["x:10", "x:9"]), key=natural)[0].value
    'x:9'
    """
    return tuple(int(p) if p.isdecimal() else p for p in re.split("([0-9]{1,18})", node.value))


def chronological(when: When | None) -> tuple[object, ...]:
    """A sort key of dates: by their first instant, or else their last; what has neither comes last."""
    if when is None:
        return (2,)
    instant = when.earliest or when.latest
    return (0, *moment(instant), when.edtf, when.basis or "") if instant else (1, when.edtf)


def moment(instant: str) -> tuple[int, str]:
    """A sort key of xsd:dateTime, whose years may be negative or have more than four digits.

    What is no instant comes last.

    >>> moment("-0043-03-15T00:00:00Z") < moment("2007-12-11T00:00:00Z") < moment("12000-01-01T00:00:00Z")
    True
    """
    found = re.match("(-?[0-9]+)(.*)", instant, re.DOTALL)
    return (int(found[1]), found[2]) if found else (_NEVER, instant)
