"""From the triples of an article graph back to its annotation: the reverse of `kg.mapping.write`."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from kg.edtf import Edtf, Instant
from kg.mapping.keys import digest
from kg.mapping.write import CLASSES, RELATIONS
from kg.model import (
    Annotation,
    Article,
    Claim,
    Event,
    Hash,
    Iri,
    Judgement,
    Key,
    Language,
    Made,
    Mention,
    Part,
    Participant,
    Passage,
    Quantity,
    Ref,
    Review,
    Slug,
    Span,
    Stance,
    Text,
    Thing,
    ThingType,
    When,
    ordered,
)
from kg.vocab import (
    DCTERMS,
    KG,
    OA,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    WIKIDATA,
    concept_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from kg.mapping.iris import Iris
    from kg.model import PartKind

Node = NamedNode | Literal


def from_graph(content: Iterable[Triple], provenance: Iterable[Triple], iris: Iris) -> Annotation:
    """The annotation that an article graph was made from, in the order of `kg.model.ordered`.

    `provenance` may hold more than what concerns this article. Raises ValueError where the triples
    are not an article graph.
    """
    return ordered(_Reader(content, provenance, iris).annotation())


class _Reader:
    """Reads one article graph; every method reads one kind of thing."""

    def __init__(self, content: Iterable[Triple], provenance: Iterable[Triple], iris: Iris) -> None:
        self.iris = iris
        self.index: dict[NamedNode, dict[NamedNode, list[Node]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.classes: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        triples = list(content)
        for triple in (*triples, *provenance):
            node = cast("NamedNode", triple.subject)
            self.index[node][triple.predicate].append(cast("Node", triple.object))
        for triple in triples:
            if triple.predicate == RDF.type:
                self.classes[cast("NamedNode", triple.object)].append(
                    cast("NamedNode", triple.subject)
                )
        if len(self.classes[KG.Article]) != 1:
            raise ValueError("an article graph holds exactly one article")
        self.article = self.classes[KG.Article][0]
        self.article_key = self._local(self.article)
        self.graph = iris.graph(f"article-{self.article_key}")
        self.text = cast("NamedNode", self._one(self.graph, PROV.wasDerivedFrom))
        self.key = self._local(self.text)
        self.claim_ids = {
            claim: cast("str", self._value(claim, DCTERMS.identifier))
            for claim in self.classes[KG.Claim]
        }
        self.thing_ids = {
            node: self._local(node).removeprefix(f"{self.key}-")
            for class_ in CLASSES.values()
            for node in self.classes[class_]
            if self._local(node).startswith(f"{self.key}-")
        }

    def annotation(self) -> Annotation:
        claims = tuple(
            self._claim(node) for node in sorted(self.classes[KG.Claim], key=self._place)
        )
        things = tuple(
            self._thing(cast("ThingType", kind), node)
            for kind, class_ in CLASSES.items()
            for node in self.classes[class_]
            if node in self.thing_ids
        )
        return Annotation(
            language=self._language(),
            article=self._article(),
            text=self._source_text(self.text),
            made=self._made(),
            parts=tuple(
                Part(span=self._span(node), kind=cast("PartKind", concept_value("part", kind)))
                for node in self._passages()
                for kind in self._nodes(node, KG.kind)
            ),
            things=things,
            mentions=tuple(
                Mention(span=self._span(node), of=self._ref(target))
                for node in self.classes[KG.Mention]
                for target in self._all(node, KG.refersTo)
            ),
            events=tuple(self._event(node) for node in self._event_nodes()),
            claims=claims,
            judgements=tuple(self._judgement(node) for node in self.classes[KG.Judgement]),
            passages=tuple(self._passage(node) for node in self._passages()),
        )

    def _passages(self) -> list[NamedNode]:
        """The passages, mentions among them; graphs of other hands may call these passages as well."""
        return list(dict.fromkeys((*self.classes[KG.Passage], *self.classes[KG.Mention])))

    def _passage(self, node: NamedNode) -> Passage:
        exact, sha256 = self._value(node, OA.exact), self._value(node, SCHEMA.sha256)
        if sha256 is None and exact is not None:
            sha256 = digest(exact)
        return Passage(
            span=self._span(node),
            sha256=Hash(sha256 or self._known(node, SCHEMA.sha256)),
            exact=exact,
        )

    def _all(self, node: NamedNode, predicate: NamedNode) -> list[Node]:
        return self.index[node][predicate] if node in self.index else []

    def _nodes(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        return [value for value in self._all(node, predicate) if isinstance(value, NamedNode)]

    def _one(self, node: NamedNode, predicate: NamedNode) -> Node:
        values = self._all(node, predicate)
        if len(values) != 1:
            raise ValueError(f"{node} has {len(values)} values of {predicate}, not one")
        return values[0]

    def _value(self, node: NamedNode, predicate: NamedNode) -> str | None:
        values = self._all(node, predicate)
        return values[0].value if values else None

    def _known(self, node: NamedNode, predicate: NamedNode) -> str:
        return self._one(node, predicate).value

    def _local(self, node: NamedNode) -> str:
        local = self.iris.local(node)
        return local[1] if local else node.value

    def _ref(self, node: Node) -> Ref:
        if node in self.claim_ids:
            return Ref(self.claim_ids[cast("NamedNode", node)])
        if node in self.thing_ids:
            return Ref(self.thing_ids[cast("NamedNode", node)])
        local = self.iris.local(cast("NamedNode", node))
        if local is None:
            return Ref(f"wd:{node.value.removeprefix(WIKIDATA)}")
        return Ref(local[1] if local[0] in CLASSES else "/".join(local))

    def _refs(self, node: NamedNode, predicate: NamedNode) -> tuple[Ref, ...]:
        return tuple(self._ref(value) for value in self._all(node, predicate))

    def _concept(self, node: NamedNode, predicate: NamedNode, family: str) -> Any:
        values = self._nodes(node, predicate)
        return concept_value(family, values[0]) if values else None

    def _when(self, node: NamedNode) -> When | None:
        date = self._nodes(node, KG.when)
        if not date:
            return None
        return When(
            date=self._edtf(date[0]),
            basis=self._concept(node, KG.basis, "basis"),
        )

    def _edtf(self, date: NamedNode) -> Edtf:
        return Edtf(self.iris.edtf(date) or "")

    def _span(self, node: NamedNode) -> Span:
        return Span(int(self._known(node, OA.start)), int(self._known(node, OA.end)))

    def _spans(self, node: NamedNode, predicate: NamedNode) -> tuple[Span, ...]:
        return tuple(self._span(passage) for passage in self._nodes(node, predicate))

    def _language(self) -> Language | None:
        words = [
            *(self._one(claim, SCHEMA.text) for claim in self.claim_ids),
            *(self._one(thing, RDFS.label) for thing in self.thing_ids),
        ]
        tag = cast("Literal", words[0]).language if words else None
        own = self._value(self.article, SCHEMA.inLanguage)
        return Language(tag) if tag and tag != (own or "").lower() else None

    def _article(self) -> Article:
        node = self.article
        language, url = self._value(node, SCHEMA.inLanguage), self._value(node, SCHEMA.url)
        return Article(
            id=Key(self.article_key) if self.article_key != self.key else None,
            headline=self._value(node, SCHEMA.headline),
            language=Language(language) if language else None,
            author=self._refs(node, SCHEMA.author),
            publisher=self._refs(node, SCHEMA.publisher),
            published=self._when(node),
            section=self._value(node, SCHEMA.articleSection),
            url=Iri(url) if url else None,
            other_texts=tuple(
                self._source_text(text)
                for text in self._nodes(node, SCHEMA.encoding)
                if text != self.text
            ),
        )

    def _source_text(self, node: NamedNode) -> Text:
        return Text(
            file=self._known(node, SCHEMA.name),
            sha256=Hash(self._known(node, SCHEMA.sha256)),
            length=int(self._known(node, OA.end)),
            retrieved=self._when(node),
            format=self._value(node, SCHEMA.encodingFormat),
        )

    def _made(self) -> Made:
        activity = cast("NamedNode", self._one(self.graph, PROV.wasGeneratedBy))
        agent = self._local(cast("NamedNode", self._one(self.graph, PROV.wasAttributedTo)))
        by, _, version = agent.partition("/")
        return Made(
            by=unquote(by),
            version=unquote(version) if version else None,
            method=self._concept(activity, KG.kind, "method"),
            at=Instant(self._known(self.graph, PROV.generatedAtTime)),
            licence=Iri(self._known(self.graph, DCTERMS.license)),
            sha256=Hash(seal) if (seal := self._value(self.graph, SCHEMA.sha256)) else None,
        )

    def _thing(self, kind: ThingType, node: NamedNode) -> Thing:
        return Thing(
            id=Slug(self.thing_ids[node]),
            type=kind,
            kind=self._concept(node, KG.kind, kind),
            label=self._known(node, RDFS.label),
            alt=tuple(label.value for label in self._all(node, SKOS.altLabel)),
        )

    def _event_nodes(self) -> list[NamedNode]:
        """The events of which the article gives an account."""
        told = (KG.when, SCHEMA.location, SCHEMA.superEvent, KG.causedBy, KG.participation)
        return [
            node
            for node in self.index
            if (local := self.iris.local(node)) is not None
            and local[0] == "event"
            and any(self._all(node, part) for part in told)
        ]

    def _event(self, node: NamedNode) -> Event:
        return Event(
            id=self._ref(node),
            when=self._when(node),
            at=self._refs(node, SCHEMA.location),
            part_of=self._refs(node, SCHEMA.superEvent),
            caused_by=self._refs(node, KG.causedBy),
            participants=tuple(
                Participant(
                    actor=self._ref(self._one(part, KG.actor)),
                    role=self._concept(part, KG.role, "role"),
                )
                for part in self._nodes(node, KG.participation)
            ),
        )

    def _claim(self, node: NamedNode) -> Claim:
        start, end = self._local(node).removeprefix(f"{self.key}-").split("-")[:2]
        main = Span(int(start), int(end))
        evidence = self._spans(node, KG.evidence)
        asserted = self._nodes(node, KG.asserts)
        return Claim(
            id=Slug(self.claim_ids[node]),
            source=self._refs(node, KG.source),
            source_span=self._spans(node, KG.sourceSpan),
            cue=self._spans(node, KG.cue),
            evidence=(main, *(span for span in evidence if span != main)),
            text=self._known(node, SCHEMA.text),
            polarity=self._concept(node, KG.polarity, "polarity"),
            certainty=self._concept(node, KG.certainty, "certainty"),
            modality=self._concept(node, KG.modality, "modality"),
            kind=self._concept(node, KG.kind, "report"),
            when=self._when(node),
            about=self._refs(node, SCHEMA.about),
            asserts=tuple(self._ref(thing) for thing in asserted if not self._is_stance(thing)),
            stances=tuple(self._stance(thing) for thing in asserted if self._is_stance(thing)),
            quantities=tuple(self._quantity(part) for part in self._nodes(node, KG.quantity)),
            supports=tuple(Slug(ref) for ref in self._refs(node, KG.supports)),
            citation=tuple(Iri(page.value) for page in self._all(node, SCHEMA.citation)),
            review=self._review(node) if self._all(node, KG.status) else None,
        )

    def _review(self, node: NamedNode) -> Review:
        agent = cast("NamedNode", self._one(node, KG.reviewedBy))
        return Review(
            status=self._concept(node, KG.status, "status"),
            by=unquote(self._local(agent)),
            when=self._edtf(cast("NamedNode", self._one(node, KG.reviewed))),
            because=self._value(node, SKOS.editorialNote),
        )

    def _place(self, claim: NamedNode) -> int:
        """The place of a claim among those that share its main evidence, as its name has it."""
        _, _, number = (*self._local(claim).removeprefix(f"{self.key}-").split("-"), "1")[:3]
        return int(number)

    def _is_stance(self, node: NamedNode) -> bool:
        return KG.Stance in self._all(node, RDF.type)

    def _stance(self, node: NamedNode) -> Stance:
        return Stance(
            actor=self._ref(self._one(node, KG.actor)),
            issue=self._ref(self._one(node, SCHEMA.about)),
            stance=self._concept(node, KG.stance, "stance"),
            when=self._when(node),
        )

    def _quantity(self, node: NamedNode) -> Quantity:
        value, low, high = (
            Decimal(text) if (text := self._value(node, predicate)) is not None else None
            for predicate in (SCHEMA.value, SCHEMA.minValue, SCHEMA.maxValue)
        )
        return Quantity(
            of=self._ref(self._one(node, KG.population)),
            quantifier=self._concept(node, KG.quantifier, "quantifier"),
            value=value,
            min=low,
            max=high,
            unit=self._known(node, SCHEMA.unitText),
        )

    def _judgement(self, node: NamedNode) -> Judgement:
        relation = self._one(node, KG.relation)
        activity = cast("NamedNode", self._one(node, PROV.wasGeneratedBy))
        when = cast("NamedNode", self._one(node, KG.when))
        return Judgement(
            from_=self._ref(self._one(node, KG.from_)),
            relation=cast("Any", next(k for k, v in RELATIONS.items() if v == relation)),
            to=self._ref(self._one(node, KG.to)),
            confidence=Decimal(self._known(node, KG.confidence)),
            status=self._concept(node, KG.status, "status"),
            when=self._edtf(when),
            by=unquote(self._local(cast("NamedNode", self._one(node, PROV.wasAttributedTo)))),
            method=self._concept(activity, KG.kind, "method"),
            note=self._value(node, SKOS.editorialNote),
        )
