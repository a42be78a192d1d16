"""From an annotation to the triples of its article graph."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.mapping.graphs import ArticleGraph, ArticleLines
from kg.mapping.iris import Iris, escape, short, wikidata
from kg.mapping.keys import article_key, claim_names, digest, known, located
from kg.mapping.literals import decimal, instant, integer, number
from kg.model import Span, standing
from kg.vocab import DCTERMS, KG, OA, PROV, RDF, RDFS, SCHEMA, SKOS, XSD, concept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.model import (
        Annotation,
        Claim,
        Event,
        Judgement,
        Mention,
        Passage,
        Quantity,
        Review,
        Stance,
        Text,
        When,
    )

Node = NamedNode | Literal

CLASSES: dict[str, NamedNode] = {
    "actor": KG.Actor,
    "place": SCHEMA.Place,
    "topic": SKOS.Concept,
    "event": KG.Event,
}
RELATIONS = {
    "contradicts": KG.contradicts,
    "agrees-with": KG.agreesWith,
    "replaces": DCTERMS.replaces,
    "exact-match": SKOS.exactMatch,
    "close-match": SKOS.closeMatch,
}
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def to_graph(
    annotation: Annotation,
    iris: Iris,
    register: Callable[[str], NamedNode],
    merged: Mapping[str, str] = NOTHING,
) -> ArticleGraph:
    """The article graph of a complete annotation; `register` gives the IRI of a register id.

    `merged` has the IRIs of things that are replaced, and of what stays in their place.
    Complete is what `kg.annotation.read` returns: every reference resolves, every span lies in the
    text and has its proof.
    """
    return to_lines(annotation, iris, register, merged).graph()


def to_lines(
    annotation: Annotation,
    iris: Iris,
    register: Callable[[str], NamedNode],
    merged: Mapping[str, str] = NOTHING,
) -> ArticleLines:
    """The article graph of a complete annotation, as `to_graph` has it, as lines."""
    return _Writer(annotation, iris, register, merged).lines()


# What every passage, mention and claim has: most of all lines, put together without making terms.
# They are made in the order of their predicates, so that there is little left to sort.
_IS_PASSAGE: Final = f" {RDF.type} {KG.Passage}"
_IS_MENTION: Final = f" {RDF.type} {KG.Mention}"
_REFERS_TO: Final = f" {KG.refersTo} "
_START: Final = f' {OA.start} "'
_END: Final = f' {OA.end} "'
_INTEGER: Final = f'"^^{XSD.integer}'
_SHA256: Final = f" {SCHEMA.sha256} "
_EXACT: Final = f" {OA.exact} "
_IDENTIFIER: Final = f" {DCTERMS.identifier} "
_ABOUT: Final = f" {SCHEMA.about} "
_CITATION: Final = f" {SCHEMA.citation} "
_TEXT: Final = f" {SCHEMA.text} "
_IS_CLAIM: Final = f" {RDF.type} {KG.Claim}"
_ASSERTS: Final = f" {KG.asserts} "
_CERTAINTY: Final = f" {KG.certainty} "
_CUE: Final = f" {KG.cue} "
_EVIDENCE: Final = f" {KG.evidence} "
_KIND: Final = f" {KG.kind} "
_MODALITY: Final = f" {KG.modality} "
_POLARITY: Final = f" {KG.polarity} "
_SOURCE: Final = f" {KG.source} "
_SOURCE_SPAN: Final = f" {KG.sourceSpan} "
_SUPPORTS: Final = f" {KG.supports} "


@cache
def _concept(scheme: str, name: str) -> str:
    """A concept as N-Triples have it."""
    return str(concept(scheme, name))


class _Writer:
    """Collects the triples of one annotation; every method adds those of one kind of thing."""

    def __init__(
        self,
        annotation: Annotation,
        iris: Iris,
        register: Callable[[str], NamedNode],
        merged: Mapping[str, str],
    ) -> None:
        self.annotation = standing(annotation)
        self.iris = iris
        self.register = register
        self.found: list[str] = []
        self.dates: dict[str, str] = {}
        self.text = iris.text(known(annotation.text.sha256))
        self.key = short(known(annotation.text.sha256))
        self.passages = str(iris.passage(self.text, Span(0, 0))).removesuffix("0,0>")
        self.in_text = f" {KG.inText} {self.text}"
        self.resolved: dict[str, NamedNode] = {}
        self.spelt: dict[str, str] = {}
        self.article = iris.thing("article", article_key(annotation))
        self.in_article = f" {SCHEMA.appearance} {self.article}"
        self.language = annotation.language or annotation.article.language
        self.claims = {
            id_: iris.thing("claim", name) for id_, name in claim_names(annotation).items()
        }
        own = {
            thing.id: iris.thing(thing.type, f"{self.key}-{thing.id}")
            for thing in annotation.things
        }
        self.replaced = {id_ for id_, node in own.items() if node.value in merged}
        self.things: dict[str, NamedNode] = {
            id_: NamedNode(merged[node.value]) if id_ in self.replaced else node
            for id_, node in own.items()
        }

    def lines(self) -> ArticleLines:
        annotation = self.annotation
        self._article()
        self._things()
        mentioned = {located(mention.span) for mention in annotation.mentions}
        for passage in annotation.passages:
            type_ = _IS_MENTION if passage.span in mentioned else _IS_PASSAGE
            self._passage(passage, type_)
        for part in annotation.parts:
            self._add(self._place(part.span), KG.kind, _concept("part", part.kind))
        for mention in annotation.mentions:
            self._mention(mention)
        for event in annotation.events:
            self._event(event)
        for claim in annotation.claims:
            self._claim(claim)
        for judgement in annotation.judgements:
            self._judgement(judgement)
        name = self.iris.graph(f"article-{article_key(annotation)}")
        return ArticleLines(
            name,
            tuple(sorted(dict.fromkeys(self.found))),
            tuple(self._provenance(name)),
            tuple(sorted(self.dates)),
        )

    def _add(
        self, subject: NamedNode | str, predicate: NamedNode, *objects: Node | str | None
    ) -> None:
        """Add triples; a string is a term as N-Triples have it."""
        if objects:
            head = f"{subject} {predicate} "
            for node in objects:
                if node is not None:
                    self.found.append(f"{head}{node}")

    def _lead(self, head: str, refs: Iterable[str]) -> None:
        """Add what leads from a subject, by a predicate, to things of which there are many."""
        for ref in refs:
            self.found.append(head + self._term(ref))

    def _mark(self, head: str, places: Iterable[object]) -> None:
        """Add what leads from a subject, by a predicate, to passages."""
        for place in places:
            self.found.append(head + self._place(place))

    def _place(self, place: object) -> str:
        """A passage, of which there are many, as N-Triples have it."""
        start, end = located(place)
        return f"{self.passages}{start},{end}>"

    def _term(self, ref: str) -> str:
        """What a reference leads to as N-Triples have it."""
        found = self.spelt.get(ref)
        if found is None:
            found = self.spelt[ref] = str(self._resolve(ref))
        return found

    def _resolve(self, ref: str) -> NamedNode:
        found = self.resolved.get(ref)
        if found is None:
            found = self.resolved[ref] = self._looked_up(ref)
        return found

    def _looked_up(self, ref: str) -> NamedNode:
        local = self.claims.get(ref) or self.things.get(ref)
        if local is not None:
            return local
        if ref.startswith("wd:"):
            return wikidata(ref.removeprefix("wd:"))
        kind, _, rest = ref.partition("/")
        return self.iris.thing(kind, rest) if rest else self.register(ref)

    def _words(self, text: str | None, language: str | None) -> Literal | None:
        if text is None:
            return None
        return Literal(text, language=language.lower()) if language else Literal(text)

    def _when(self, node: NamedNode | str, when: When | None) -> None:
        if when is not None:
            self._date(node, when.date)
            self._add(node, KG.basis, _concept("basis", when.basis))

    def _date(self, node: NamedNode | str, edtf: str) -> None:
        found = self.dates.get(edtf)
        if found is None:
            found = self.dates[edtf] = str(self.iris.date(edtf))
        self._add(node, KG.when, found)

    def _article(self) -> None:
        node, article = self.article, self.annotation.article
        self._add(node, RDF.type, KG.Article)
        self._add(node, SCHEMA.headline, self._words(article.headline, article.language))
        self._add(node, SCHEMA.inLanguage, _literal(article.language))
        self._add(node, SCHEMA.author, *map(self._resolve, article.author))
        self._add(node, SCHEMA.publisher, *map(self._resolve, article.publisher))
        self._add(node, SCHEMA.articleSection, self._words(article.section, article.language))
        self._add(node, SCHEMA.url, NamedNode(article.url) if article.url else None)
        self._when(node, article.published)
        for text in (self.annotation.text, *article.other_texts):
            self._source_text(text)

    def _source_text(self, text: Text) -> None:
        node = self.iris.text(known(text.sha256))
        self._add(self.article, SCHEMA.encoding, node)
        self._add(node, RDF.type, KG.SourceText)
        self._add(node, SCHEMA.name, Literal(text.file))
        self._add(node, SCHEMA.sha256, Literal(known(text.sha256)))
        self._add(node, OA.start, integer(0))
        self._add(node, OA.end, integer(known(text.length)))
        self._add(node, SCHEMA.encodingFormat, _literal(text.format))
        self._when(node, text.retrieved)

    def _things(self) -> None:
        for thing in self.annotation.things:
            node = self.things[thing.id]
            if thing.id in self.replaced:  # what stays is described where it is at home
                names = {thing.label, *thing.alt} - self._labels(node)
                self._add(node, SKOS.altLabel, *(self._words(n, self.language) for n in names))
                continue
            self._add(node, RDF.type, CLASSES[thing.type])
            self._add(node, RDFS.label, self._words(thing.label, self.language))
            self._add(node, SKOS.altLabel, *(self._words(alt, self.language) for alt in thing.alt))
            self._add(node, KG.kind, thing.kind and _concept(thing.type, thing.kind))

    def _labels(self, node: NamedNode) -> set[str]:
        """What the article itself calls a thing of its own that stays."""
        return {
            thing.label
            for thing in self.annotation.things
            if thing.id not in self.replaced and self.things[thing.id] == node
        }

    def _passage(self, passage: Passage, type_: str) -> None:
        """Add a passage; its words prove as much as their hash, but where white space was normalised."""
        (start, end), exact = passage.span, passage.exact
        node = f"{self.passages}{start},{end}>"
        add = self.found.append
        if exact is None or digest(exact) != passage.sha256:
            add(f'{node}{_SHA256}"{passage.sha256}"')
        add(node + type_)
        add(f"{node}{_END}{end}{_INTEGER}")
        if exact is not None:
            add(f"{node}{_EXACT}{Literal(exact)}")
        add(f"{node}{_START}{start}{_INTEGER}")
        add(node + self.in_text)

    def _mention(self, mention: Mention) -> None:
        self.found.append(f"{self._place(mention.span)}{_REFERS_TO}{self._term(mention.of)}")

    def _event(self, event: Event) -> None:
        node = self._resolve(event.id)
        self._when(node, event.when)
        self._add(node, SCHEMA.location, *map(self._resolve, event.at))
        self._add(node, SCHEMA.superEvent, *map(self._resolve, event.part_of))
        self._add(node, KG.causedBy, *map(self._resolve, event.caused_by))
        for participant in event.participants:
            actor = self._resolve(participant.actor)
            parts = (self.key, self._local(node), self._local(actor), participant.role)
            part = self.iris.thing("participation", ".".join(parts))
            self._add(node, KG.participation, part)
            self._add(part, RDF.type, KG.Participation)
            self._add(part, KG.actor, actor)
            self._add(part, KG.role, concept("role", participant.role))

    def _claim(self, claim: Claim) -> None:
        name = self.claims[claim.id]
        node = str(name)
        add = self.found.append
        add(f'{node}{_IDENTIFIER}"{claim.id}"')
        self._lead(node + _ABOUT, claim.about)
        add(node + self.in_article)
        for iri in claim.citation:
            add(f"{node}{_CITATION}{NamedNode(iri)}")
        add(f"{node}{_TEXT}{self._words(claim.text, self.language)}")
        add(node + _IS_CLAIM)
        self._lead(node + _ASSERTS, claim.asserts)
        add(f"{node}{_CERTAINTY}{_concept('certainty', claim.certainty)}")
        self._mark(node + _CUE, claim.cue)
        self._mark(node + _EVIDENCE, claim.evidence)
        if claim.kind:
            add(f"{node}{_KIND}{_concept('report', claim.kind)}")
        add(f"{node}{_MODALITY}{_concept('modality', claim.modality)}")
        add(f"{node}{_POLARITY}{_concept('polarity', claim.polarity)}")
        self._lead(node + _SOURCE, claim.source)
        self._mark(node + _SOURCE_SPAN, claim.source_span)
        self._lead(node + _SUPPORTS, claim.supports)
        self._when(node, claim.when)
        for stance in claim.stances:
            self._stance(name, stance)
        for quantity in claim.quantities:
            self._quantity(name, quantity)
        if claim.review is not None:
            self._review(node, claim.review)

    def _review(self, claim: str, review: Review) -> None:
        agent = self.iris.agent(review.by)
        reviewed = self.iris.date(review.when)
        self.dates[review.when] = str(reviewed)
        self._add(claim, KG.status, _concept("status", review.status))
        self._add(claim, KG.reviewedBy, agent)
        self._add(claim, KG.reviewed, reviewed)
        self._add(claim, SKOS.editorialNote, _literal(review.because))
        self._add(agent, RDF.type, PROV.Agent)
        self._add(agent, RDFS.label, Literal(review.by))

    def _stance(self, claim: NamedNode, stance: Stance) -> None:
        actor, issue = self._resolve(stance.actor), self._resolve(stance.issue)
        parts = [self.key, self._local(actor), self._local(issue, kind=True), stance.stance]
        if stance.when:
            parts += [self.iris.date(stance.when.date).value.rpartition("/")[2], stance.when.basis]
        node = self.iris.thing("stance", ".".join(parts))
        self._add(claim, KG.asserts, node)
        self._add(node, RDF.type, KG.Stance)
        self._add(node, KG.actor, actor)
        self._add(node, SCHEMA.about, issue)
        self._add(node, KG.stance, concept("stance", stance.stance))
        self._when(node, stance.when)

    def _quantity(self, claim: NamedNode, quantity: Quantity) -> None:
        counted = self._resolve(quantity.of)
        # The first number stands bare, a further bound with its name. Points part the parts, so
        # inside of them something else stands for a point.
        figures: list[str] = []
        numbers: list[tuple[NamedNode, Literal]] = []
        for name, predicate, value in (
            ("value", SCHEMA.value, quantity.value),
            ("min", SCHEMA.minValue, quantity.min),
            ("max", SCHEMA.maxValue, quantity.max),
        ):
            if value is not None:
                figure = number(value)
                numbers.append((predicate, figure))
                digits = figure.value.replace(".", "_")
                figures.append(f"{name}{digits}" if figures else digits)
        parts = [self._local(claim), self._local(counted, kind=True), quantity.quantifier, *figures]
        unit = escape(quantity.unit).replace(".", "%2E")
        node = str(self.iris.thing("quantity", ".".join([*parts, unit])))
        self._add(claim, KG.quantity, node)
        self._add(node, RDF.type, KG.Quantity)
        self._add(node, KG.population, counted)
        self._add(node, KG.quantifier, _concept("quantifier", quantity.quantifier))
        self._add(node, SCHEMA.unitText, Literal(quantity.unit))
        for predicate, figure in numbers:
            self._add(node, predicate, figure)

    def _judgement(self, judgement: Judgement) -> None:
        from_, to = self._resolve(judgement.from_), self._resolve(judgement.to)
        relation = RELATIONS[judgement.relation]
        key = self.iris.judgement_key(from_, relation, to)
        node, activity = self.iris.thing("judgement", key), self.iris.thing("activity", key)
        agent = self.iris.agent(judgement.by)
        self._add(node, RDF.type, KG.Judgement)
        self._add(node, KG.from_, from_)
        self._add(node, KG.relation, relation)
        self._add(node, KG.to, to)
        self._add(node, KG.confidence, decimal(judgement.confidence))
        self._add(node, KG.status, concept("status", judgement.status))
        self._date(node, judgement.when)
        self._add(node, PROV.wasAttributedTo, agent)
        self._add(node, PROV.wasGeneratedBy, activity)
        self._add(node, SKOS.editorialNote, _literal(judgement.note))
        self._add(agent, RDF.type, PROV.Agent)
        self._add(agent, RDFS.label, Literal(judgement.by))
        self._add(activity, RDF.type, PROV.Activity)
        self._add(activity, KG.kind, concept("method", judgement.method))
        self._add(activity, PROV.wasAssociatedWith, agent)
        self._add(activity, RDFS.label, Literal(f"{judgement.method} by {judgement.by}"))
        if judgement.status == "accepted":
            self._add(from_, relation, to)

    def _provenance(self, name: NamedNode) -> Iterator[Triple]:
        made = self.annotation.made
        activity = self.iris.thing("activity", f"article-{article_key(self.annotation)}")
        agent = self.iris.agent(made.by, made.version)
        label = f"{made.by} {made.version}" if made.version else made.by
        yield Triple(name, RDF.type, SCHEMA.Dataset)
        yield Triple(name, RDF.type, PROV.Entity)
        yield Triple(name, DCTERMS.license, NamedNode(made.licence))
        yield Triple(name, PROV.generatedAtTime, instant(made.at))
        if made.sha256 is not None:
            yield Triple(name, SCHEMA.sha256, Literal(made.sha256))
        yield Triple(name, PROV.wasGeneratedBy, activity)
        yield Triple(name, PROV.wasAttributedTo, agent)
        yield Triple(name, PROV.wasDerivedFrom, self.text)
        yield Triple(activity, RDF.type, PROV.Activity)
        yield Triple(activity, RDFS.label, Literal(f"{made.method} annotation by {label}"))
        yield Triple(activity, KG.kind, concept("method", made.method))
        yield Triple(activity, PROV.wasAssociatedWith, agent)
        yield Triple(activity, PROV.used, self.text)
        yield Triple(agent, RDF.type, PROV.SoftwareAgent if made.version else PROV.Agent)
        yield Triple(agent, RDFS.label, Literal(label))

    def _local(self, node: NamedNode, *, kind: bool = False) -> str:
        """The local name of one of our nodes, as a part of the name of another."""
        local = self.iris.local(node)
        if local is None:
            return escape(node.value)
        return "-".join(local) if kind else local[1]


def _literal(text: str | None) -> Literal | None:
    return None if text is None else Literal(text)
