"""From an annotation to the triples of its article graph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.edtf import bounds
from kg.mapping.iris import Iris, escape, short, wikidata
from kg.vocab import (
    DCTERMS,
    KG,
    OA,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    TIME,
    XSD,
    concept,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    from kg.model import (
        Annotation,
        Claim,
        Event,
        Judgement,
        Quantity,
        Span,
        Stance,
        Text,
        When,
    )

Node = NamedNode | Literal
T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class ArticleGraph:
    """The triples of one article: what it says, and who wrote that down."""

    name: NamedNode
    content: frozenset[Triple]
    provenance: frozenset[Triple]


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """An article graph as lines of N-Triples, and the dates that it points to; quick to make and to load."""

    name: NamedNode
    content: tuple[str, ...]
    provenance: tuple[Triple, ...]
    dates: tuple[str, ...]

    def graph(self) -> ArticleGraph:
        """The graph as triples."""
        content = "".join(f"{line} .\n" for line in self.content).encode()
        triples = frozenset(quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES))
        return ArticleGraph(self.name, triples, frozenset(self.provenance))

    def quads(self, provenance: NamedNode) -> bytes:
        """The lines as N-Quads of their graph, with those of the graph `provenance`."""
        own = f" {self.name} .\n"
        lines = [f"{line}{own}" for line in self.content]
        lines += [f"{t.subject} {t.predicate} {t.object} {provenance} .\n" for t in self.provenance]
        return "".join(lines).encode()


def integer(number: int) -> Literal:
    """An xsd:integer in its canonical form."""
    return Literal(str(number), datatype=XSD.integer)


def decimal(number: Decimal) -> Literal:
    """An xsd:decimal in the form that Oxigraph writes.

    >>> from decimal import Decimal
    >>> decimal(Decimal("0.90")).value
    '0.9'
    """
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Literal("0" if text in {"-0", ""} else text, datatype=XSD.decimal)


def number(value: Decimal) -> Literal:
    """An xsd:integer where the number is whole, an xsd:decimal otherwise."""
    return integer(int(value)) if value == value.to_integral_value() else decimal(value)


def instant(lexical: str) -> Literal:
    """An xsd:dateTime."""
    return Literal(lexical, datatype=XSD.dateTime)


def article_key(annotation: Annotation) -> str:
    """The local name of the article: of its first registered text."""
    return annotation.article.id or short(_known(annotation.text.sha256))


def claim_names(annotation: Annotation) -> dict[str, str]:
    """The local names of the claims by their ids: text, main evidence, and a number where claims share it.

    The number is the place among them in the annotation: a claim added below changes no name.
    """
    text = short(_known(annotation.text.sha256))
    taken: dict[Span, int] = defaultdict(int)
    names: dict[str, str] = {}
    for claim in annotation.claims:
        start, end = span = located(claim.evidence[0])
        taken[span] += 1
        names[claim.id] = f"{text}-{start}-{end}" + (f"-{taken[span]}" if taken[span] > 1 else "")
    return names


def located(place: object) -> Span:
    """The offsets of a passage; a quotation that nobody located is a bug."""
    from kg.model import Span

    if not isinstance(place, Span):
        raise TypeError(f"{place!r} has not been located in the text")
    return place


def to_graph(
    annotation: Annotation, iris: Iris, register: Callable[[str], NamedNode]
) -> ArticleGraph:
    """The article graph of a complete annotation; `register` gives the IRI of a register id.

    Complete is what `kg.annotation.read` returns: every reference resolves, every span lies in the
    text and has its proof.
    """
    return to_lines(annotation, iris, register).graph()


def to_lines(
    annotation: Annotation, iris: Iris, register: Callable[[str], NamedNode]
) -> ArticleLines:
    """The article graph of a complete annotation, as `to_graph` has it, as lines."""
    return _Writer(annotation, iris, register).lines()


def dates(triples: Iterable[Triple], iris: Iris) -> set[str]:
    """The EDTF strings of all time nodes that something points to by kg:when.

    Raises ValueError where the name of a time node is no EDTF date.
    """
    found = set()
    for node in {triple.object for triple in triples if triple.predicate == KG.when}:
        edtf = iris.edtf(node) if isinstance(node, NamedNode) else None
        if edtf:
            try:
                bounds(edtf)
            except ValueError as error:
                raise ValueError(f"the time node {iris.date(edtf).value}: {error}") from error
            found.add(edtf)
    return found


def date_triples(edtf: str, iris: Iris) -> Iterator[Triple]:
    """The description of a time node: its notation and the bounds that follow from it.

    Article graphs only point to time nodes. They are described in one graph of their own: a union
    of graphs counts a triple as often as graphs have it (in Oxigraph), and joins multiply that.
    Raises ValueError where the string is no EDTF.
    """
    node = iris.date(edtf)
    earliest, latest = bounds(edtf)
    yield Triple(node, RDF.type, TIME.TemporalEntity)
    yield Triple(node, SKOS.notation, Literal(edtf))
    if earliest:
        yield Triple(node, KG.earliest, instant(earliest))
    if latest:
        yield Triple(node, KG.latest, instant(latest))


class _Writer:
    """Collects the triples of one annotation; every method adds those of one kind of thing."""

    def __init__(
        self, annotation: Annotation, iris: Iris, register: Callable[[str], NamedNode]
    ) -> None:
        self.annotation = annotation
        self.iris = iris
        self.register = register
        self.found: set[str] = set()
        self.dates: set[str] = set()
        self.text = iris.text(_known(annotation.text.sha256))
        self.key = short(_known(annotation.text.sha256))
        self.article = iris.thing("article", article_key(annotation))
        self.language = annotation.language or annotation.article.language
        self.claims = {
            id_: iris.thing("claim", name) for id_, name in claim_names(annotation).items()
        }
        self.things: dict[str, NamedNode] = {
            thing.id: iris.thing(thing.type, f"{self.key}-{thing.id}")
            for thing in annotation.things
        }

    def lines(self) -> ArticleLines:
        annotation = self.annotation
        self._article()
        self._things()
        for passage in annotation.passages:
            self._passage(passage.span, passage.sha256, passage.exact)
        for part in annotation.parts:
            node = self.iris.passage(self.text, located(part.span))
            self._add(node, KG.kind, concept("part", part.kind))
        for mention in annotation.mentions:
            node = self.iris.passage(self.text, located(mention.span))
            self._add(node, RDF.type, KG.Mention)
            self._add(node, KG.refersTo, self._resolve(mention.of))
        for event in annotation.events:
            self._event(event)
        for claim in annotation.claims:
            self._claim(claim)
        for judgement in annotation.judgements:
            self._judgement(judgement)
        name = self.iris.graph(f"article-{article_key(annotation)}")
        return ArticleLines(
            name,
            tuple(sorted(self.found)),
            tuple(self._provenance(name)),
            tuple(sorted(self.dates)),
        )

    def _add(self, subject: NamedNode, predicate: NamedNode, *objects: Node | None) -> None:
        head = f"{subject} {predicate} "
        self.found.update([f"{head}{node}" for node in objects if node is not None])

    def _resolve(self, ref: str) -> NamedNode:
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

    def _when(self, node: NamedNode, when: When | None) -> None:
        if when is not None:
            self._date(node, when.date)
            self._add(node, KG.basis, concept("basis", when.basis))

    def _date(self, node: NamedNode, edtf: str) -> None:
        self.dates.add(edtf)
        self._add(node, KG.when, self.iris.date(edtf))

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
        node = self.iris.text(_known(text.sha256))
        self._add(self.article, SCHEMA.encoding, node)
        self._add(node, RDF.type, KG.SourceText)
        self._add(node, SCHEMA.name, Literal(text.file))
        self._add(node, SCHEMA.sha256, Literal(_known(text.sha256)))
        self._add(node, OA.start, integer(0))
        self._add(node, OA.end, integer(_known(text.length)))
        self._add(node, SCHEMA.encodingFormat, _literal(text.format))
        self._when(node, text.retrieved)

    def _things(self) -> None:
        for thing in self.annotation.things:
            node = self.things[thing.id]
            self._add(node, RDF.type, CLASSES[thing.type])
            self._add(node, RDFS.label, self._words(thing.label, self.language))
            self._add(node, SKOS.altLabel, *(self._words(alt, self.language) for alt in thing.alt))
            self._add(node, KG.kind, thing.kind and concept(thing.type, thing.kind))

    def _passage(self, span: Span, sha256: str, exact: str | None) -> None:
        node = self.iris.passage(self.text, span)
        self._add(node, RDF.type, KG.Passage)
        self._add(node, KG.inText, self.text)
        self._add(node, OA.start, integer(span.start))
        self._add(node, OA.end, integer(span.end))
        self._add(node, SCHEMA.sha256, Literal(sha256))
        self._add(node, OA.exact, _literal(exact))

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
        node = self.claims[claim.id]
        self._add(node, RDF.type, KG.Claim)
        self._add(node, DCTERMS.identifier, Literal(claim.id))
        self._add(node, SCHEMA.appearance, self.article)
        self._add(node, SCHEMA.text, self._words(claim.text, self.language))
        self._add(node, KG.source, *map(self._resolve, claim.source))
        for predicate, places in (
            (KG.sourceSpan, claim.source_span),
            (KG.cue, claim.cue),
            (KG.evidence, claim.evidence),
        ):
            self._add(
                node,
                predicate,
                *(self.iris.passage(self.text, located(place)) for place in places),
            )
        self._add(node, KG.polarity, concept("polarity", claim.polarity))
        self._add(node, KG.certainty, concept("certainty", claim.certainty))
        self._add(node, KG.modality, concept("modality", claim.modality))
        self._add(node, KG.kind, claim.kind and concept("report", claim.kind))
        self._when(node, claim.when)
        self._add(node, SCHEMA.about, *map(self._resolve, claim.about))
        self._add(node, KG.asserts, *map(self._resolve, claim.asserts))
        self._add(node, KG.supports, *map(self._resolve, claim.supports))
        self._add(node, SCHEMA.citation, *map(NamedNode, claim.citation))
        for stance in claim.stances:
            self._stance(node, stance)
        for quantity in claim.quantities:
            self._quantity(node, quantity)

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
        values = {
            SCHEMA.value: quantity.value,
            SCHEMA.minValue: quantity.min,
            SCHEMA.maxValue: quantity.max,
        }
        # The first number stands bare, a further bound with its name. Points part the parts, so
        # inside of them something else stands for a point.
        figures: list[str] = []
        for name, value in zip(("value", "min", "max"), values.values(), strict=True):
            if value is not None:
                figure = number(value).value.replace(".", "_")
                figures.append(f"{name}{figure}" if figures else figure)
        parts = [self._local(claim), self._local(counted, kind=True), quantity.quantifier, *figures]
        unit = escape(quantity.unit).replace(".", "%2E")
        node = self.iris.thing("quantity", ".".join([*parts, unit]))
        self._add(claim, KG.quantity, node)
        self._add(node, RDF.type, KG.Quantity)
        self._add(node, KG.population, counted)
        self._add(node, KG.quantifier, concept("quantifier", quantity.quantifier))
        self._add(node, SCHEMA.unitText, Literal(quantity.unit))
        for predicate, value in values.items():
            self._add(node, predicate, None if value is None else number(value))

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


def derive(triples: Iterable[Triple]) -> set[Triple]:
    """The triples of a register or analysis file, with the plain triple of every accepted judgement.

    Nobody should have to write those by hand, or could forget to take one away.
    """
    derived = set(triples)
    parts: dict[NamedNode, dict[NamedNode, NamedNode]] = defaultdict(dict)
    for triple in derived:
        if (
            triple.predicate in _JUDGED
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, NamedNode)
        ):
            parts[triple.subject][triple.predicate] = triple.object
    for part in parts.values():
        if part.get(KG.status) == _ACCEPTED and part.keys() >= _RELATES:
            derived.add(Triple(part[KG.from_], part[KG.relation], part[KG.to]))
    return derived


_RELATES = {KG.from_, KG.relation, KG.to}
_JUDGED = _RELATES | {KG.status}
_ACCEPTED = concept("status", "accepted")


def _literal(text: str | None) -> Literal | None:
    return None if text is None else Literal(text)


def _known(value: T | None) -> T:
    if value is None:
        raise TypeError("the annotation is not complete")
    return value
