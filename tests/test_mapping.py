"""Annotations become quads and quads annotations, by one policy of IRIs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import event, given

from kg import annotation, rdf, register
from kg.edtf import Edtf, Instant
from kg.mapping.derived import derive
from kg.mapping.iris import Iris
from kg.mapping.keys import claim_names
from kg.mapping.read import from_graph
from kg.mapping.times import date_triples, dates
from kg.mapping.write import to_graph
from kg.model import (
    Annotation,
    Article,
    Claim,
    Hash,
    Judgement,
    Made,
    Part,
    Passage,
    Quantity,
    Quote,
    Ref,
    Slug,
    Span,
    Text,
    Thing,
    ordered,
)
from kg.register import Register
from kg.vocab import KG, KGS, OA, PREFIXES, RDF, SCHEMA, SKOS, TIME, XSD
from tests.strategies import LAW, REGISTER, Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.mapping.graphs import ArticleGraph

BASE = "https://example.org/kg/"
IRIS = Iris(BASE)
GOLDEN = Path(__file__).with_name("golden")
H = "2c324b263058"
SHA256 = Hash(H + "0" * 52)


def resolve(id_: str, iris: Iris = IRIS) -> ox.NamedNode:
    return iris.thing(REGISTER[id_], id_)


def graph(found: Annotation) -> ArticleGraph:
    return to_graph(found, IRIS, resolve)


def small(*claims: Claim, **more: Any) -> Annotation:
    made = Made(by="me", at=Instant("2026-11-21T12:00:00Z"))
    text = Text(file="a.txt", sha256=SHA256, length=100)
    spans = sorted({place for one in claims for place in one.evidence if isinstance(place, Span)})
    passages = tuple(Passage(span=span, sha256=SHA256) for span in spans)
    return Annotation(
        article=Article(), text=text, made=made, claims=claims, passages=passages, **more
    )


def claim(id_: str = "c1", *evidence: tuple[int, int], **more: Any) -> Claim:
    return Claim(
        id=Slug(id_),
        source=(Ref("japan"),),
        evidence=tuple(Span(*span) for span in evidence or ((0, 5),)),
        text="x",
        certainty="certain",
        **more,
    )


def value(term: object) -> str:
    """The words of a node or a literal."""
    assert isinstance(term, (ox.NamedNode, ox.Literal))
    return term.value


def subjects(found: Iterable[ox.Triple], class_: ox.NamedNode) -> set[str]:
    return {
        str(t.subject.value)
        for t in found
        if isinstance(t.subject, ox.NamedNode) and (t.predicate, t.object) == (RDF.type, class_)
    }


@LAW
@given(cases())
def test_a_graph_gives_its_annotation_back(case: Case) -> None:
    found = graph(case.complete)
    event(f"hundreds of triples: {len(found.content) // 100}")
    assert from_graph(found.content, found.provenance, IRIS) == ordered(case.complete)


@LAW
@given(cases())
def test_the_order_of_an_annotation_leaves_no_trace_in_its_graph(case: Case) -> None:
    found = graph(case.complete)
    assert graph(case.complete) == found
    assert graph(ordered(case.complete)) == found
    again = from_graph(found.content, found.provenance, IRIS)
    assert graph(again) == found


@LAW
@given(cases())
def test_a_graph_has_no_blank_nodes_and_says_everything_as_stores_do(case: Case) -> None:
    found = graph(case.complete)
    triples = found.content | found.provenance
    assert not [t for t in triples for term in t if isinstance(term, ox.BlankNode)]
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    assert {quad.triple for quad in store} == triples


@LAW
@given(cases())
def test_rdflib_gives_the_triples_back_as_they_are(case: Case) -> None:
    found = graph(case.complete)
    content = rdf.write(found.content | found.provenance, ox.RdfFormat.N_TRIPLES, {})
    with pytest.MonkeyPatch.context() as patch:  # as `kg` makes its terms
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        lines = rdflib.Graph().parse(data=content, format="nt").serialize(format="nt11")
    assert set(rdf.read(lines.encode(), "a.nt", base=BASE)) == set(
        rdf.read(content, "a.nt", base=BASE)
    )


@LAW
@given(cases())
def test_every_passage_is_proved_by_its_words_or_its_hash(case: Case) -> None:
    found = graph(case.complete).content
    values = {(t.subject, t.predicate): t.object for t in found}
    passages = subjects(found, KG.Passage) | subjects(found, KG.Mention)
    assert len(passages) == len(case.complete.passages)
    assert not subjects(found, KG.Passage) & subjects(found, KG.Mention)
    for passage in passages:
        node = ox.NamedNode(passage)
        start, end = (values[node, p] for p in (OA.start, OA.end))
        proof, exact = (values.get((node, p)) for p in (SCHEMA.sha256, OA.exact))
        assert passage.endswith(f"#char={value(start)},{value(end)}")
        words = case.text[int(value(start)) : int(value(end))]
        event(f"its words: {exact is not None}, its hash: {proof is not None}")
        assert exact is None or value(exact) == " ".join(words.split())
        if exact is not None and value(exact) == words:
            assert proof is None
        else:
            assert proof is not None
            assert value(proof) == hashlib.sha256(words.encode()).hexdigest()


@LAW
@given(cases())
def test_a_graph_that_calls_its_mentions_passages_and_gives_every_hash_is_read_alike(
    case: Case,
) -> None:
    found = graph(case.complete)
    wordy = {
        ox.Triple(passage, predicate, term)
        for one in case.complete.passages
        for passage in [IRIS.passage(IRIS.text(str(case.complete.text.sha256)), one.span)]
        for predicate, term in ((RDF.type, KG.Passage), (SCHEMA.sha256, ox.Literal(one.sha256)))
    }
    again = from_graph(found.content | wordy, found.provenance, IRIS)
    assert again == ordered(case.complete)


SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
DIGITS = "[0-9a-f]{12}"
KINDS = {
    "article": DIGITS,
    "text": f"{DIGITS}(#char=[0-9]+,[0-9]+)?",
    "claim": f"{DIGITS}-[0-9]+-[0-9]+(-[0-9]+)?",
    **dict.fromkeys(["actor", "place", "topic", "event"], SLUG),
    "date": "[A-Za-z0-9._~%-]+",
    "judgement": "[0-9a-f]{16}",
    "activity": f"article-{DIGITS}|[0-9a-f]{{16}}",
    "agent": "[A-Za-z0-9._~%-]+(/[A-Za-z0-9._~%-]+)?",
    "participation": rf"{DIGITS}\.{SLUG}\.{SLUG}\.[a-z]+",
    "stance": rf"{DIGITS}\.{SLUG}\.{SLUG}\.[a-z]+(\.[A-Za-z0-9._~%-]+\.[a-z]+)?",
    "quantity": rf"{DIGITS}-[0-9-]+\.{SLUG}\.[a-z-]+(\.(min|max)?-?[0-9_]+){{1,3}}\.[A-Za-z0-9_~%-]+",
}


def test_a_part_is_a_passage_with_a_kind_and_a_span_may_be_several() -> None:
    spans = Span(0, 5), Span(0, 12), Span(20, 30)
    parts = (
        Part(span=spans[1], kind="headline"),
        Part(span=spans[1], kind="joint"),
        Part(span=spans[2], kind="caption"),
    )
    passages = tuple(Passage(span=span, sha256=SHA256) for span in spans)
    found = replace(small(claim()), parts=parts, passages=passages)
    content = graph(found).content
    kinds = {
        (value(t.subject).partition("#")[2], value(t.object).removeprefix(KGS))
        for t in content
        if t.predicate == KG.kind and "#" in value(t.subject)
    }
    assert kinds == {
        ("char=0,12", "part-headline"),
        ("char=0,12", "part-joint"),
        ("char=20,30", "part-caption"),
    }
    again = from_graph(content, graph(found).provenance, IRIS)
    assert again.parts == ordered(found).parts
    assert len(again.parts) == 3


def test_a_long_source_is_in_the_graph_by_its_offsets_alone() -> None:
    long, short = Span(0, 90), Span(0, 5)
    found = small(claim(source_span=(long,)))
    passages = (
        Passage(span=short, sha256=SHA256, exact="Japan"),
        Passage(span=long, sha256=SHA256),
    )
    content = graph(replace(found, passages=passages)).content
    node = IRIS.passage(IRIS.text(SHA256), long)
    assert {t.predicate for t in content if t.subject == node} == {
        RDF.type, KG.inText, OA.start, OA.end, SCHEMA.sha256,
    }  # fmt: skip
    again = from_graph(content, graph(found).provenance, IRIS)
    assert again.claims[0].source_span == (long,)


@LAW
@given(cases())
def test_iris_follow_the_policy(case: Case) -> None:
    found = graph(case.complete)
    key = case.complete.article.id or str(case.complete.text.sha256)[:12]
    assert found.name.value == f"{BASE}graph/article-{key}"
    for triple in found.content | found.provenance:
        for node in (triple.subject, triple.object):
            if not isinstance(node, ox.NamedNode) or not node.value.startswith(f"{BASE}id/"):
                continue
            kind, _, local = node.value.removeprefix(f"{BASE}id/").partition("/")
            assert re.fullmatch(KINDS[kind], local), node.value


@LAW
@given(cases())
def test_a_better_paraphrase_or_label_changes_no_iri(case: Case) -> None:
    better = replace(
        case.complete,
        claims=tuple(
            replace(c, text="Better.", certainty="possible", polarity="negative", modality="belief")
            for c in case.complete.claims
        ),
        things=tuple(replace(t, label="Better", alt=()) for t in case.complete.things),
        judgements=tuple(
            replace(j, confidence=Decimal("0.5"), status="rejected", by="somebody else")
            for j in case.complete.judgements
        ),
    )
    before, after = graph(case.complete).content, graph(better).content
    for class_ in (KG.Claim, KG.Actor, KG.Event, SCHEMA.Place, SKOS.Concept, KG.Judgement):
        assert subjects(before, class_) == subjects(after, class_)
    for triple in before:
        if triple.predicate in {KG.asserts, KG.supports, KG.evidence, KG.refersTo, KG.source}:
            assert triple in after


@LAW
@given(cases())
def test_another_base_moves_every_iri_and_nothing_else(case: Case) -> None:
    other = Iris("http://localhost:8000/news/")
    found = to_graph(case.complete, other, lambda id_: resolve(id_, other))
    moved = rdf.write(found.content | found.provenance, ox.RdfFormat.N_TRIPLES, {}).decode()
    here = graph(case.complete)
    judgements = re.compile("(id/(?:judgement|activity)/)[0-9a-f]{16}>")
    lines = rdf.write(here.content | here.provenance, ox.RdfFormat.N_TRIPLES, {}).decode()
    assert set(moved.split("\n")) == set(lines.replace(f"<{BASE}", f"<{other.base}").split("\n"))
    assert len(judgements.findall(moved)) == len(judgements.findall(lines))


def test_claims_are_named_by_their_first_passage_and_numbered_as_they_stand() -> None:
    found = graph(
        small(
            claim("z", (10, 20)),
            claim("b", (0, 5), (10, 20)),
            claim("a", (10, 20), (0, 5)),
            claim("m", (10, 20)),
        )
    )
    names = {
        value(t.object): t.subject
        for t in found.content
        if t.predicate.value == "http://purl.org/dc/terms/identifier"
    }
    assert {
        id_: IRIS.local(node) for id_, node in names.items() if isinstance(node, ox.NamedNode)
    } == {
        "z": ("claim", f"{H}-10-20"),
        "a": ("claim", f"{H}-10-20-2"),
        "m": ("claim", f"{H}-10-20-3"),
        "b": ("claim", f"{H}-0-5"),
    }
    # A further claim on the same passage renames none that comes before it.
    more = graph(small(claim("a", (10, 20)), claim("n", (10, 20)), claim("b", (0, 5))))
    assert subjects(more.content, KG.Claim) < subjects(found.content, KG.Claim)


def test_a_thing_of_one_article_is_named_by_the_text() -> None:
    thing = Thing(id=Slug("unnamed-author"), type="actor", kind="unidentified", label="x")
    found = graph(small(claim(), things=(thing,)))
    assert subjects(found.content, KG.Actor) == {f"{BASE}id/actor/{H}-unnamed-author"}


def test_a_judgement_is_named_by_what_it_relates() -> None:
    judgement = Judgement(
        from_=Ref("c1"),
        relation="exact-match",
        to=Ref("wd:Q17"),
        confidence=Decimal("0.90"),
        status="accepted",
        when=Edtf("2026"),
        by="me",
    )
    found = graph(small(claim(), judgements=(judgement,)))
    words = f"id/claim/{H}-0-5 {SKOS.exactMatch.value} http://www.wikidata.org/entity/Q17"
    key = hashlib.sha256(words.encode()).hexdigest()[:16]
    assert subjects(found.content, KG.Judgement) == {f"{BASE}id/judgement/{key}"}
    node = IRIS.thing("judgement", key)
    assert ox.Triple(node, KG.confidence, ox.Literal("0.9", datatype=XSD.decimal)) in found.content
    plain = ox.Triple(
        IRIS.thing("claim", f"{H}-0-5"),
        SKOS.exactMatch,
        ox.NamedNode("http://www.wikidata.org/entity/Q17"),
    )
    assert plain in found.content
    proposed = small(claim(), judgements=(replace(judgement, status="proposed"),))
    assert plain not in graph(proposed).content


def quantity(quantifier: Any, unit: str = "km", **numbers: str) -> Quantity:
    given = {name: Decimal(number) for name, number in numbers.items()}
    return Quantity(of=Ref("trade"), quantifier=quantifier, unit=unit, **given)


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (quantity("exactly", value="5"), "exactly.5.km"),
        (quantity("about", value="1500.0"), "about.1500.km"),
        (quantity("exactly", value="-5.40"), "exactly.-5_4.km"),
        (quantity("at-least", min="5"), "at-least.5.km"),
        (quantity("at-least", min="5", max="9"), "at-least.5.max9.km"),
        (quantity("at-most", max="9"), "at-most.9.km"),
        (quantity("exactly", value="5", min="4"), "exactly.5.min4.km"),
        (quantity("exactly", value="5", max="5"), "exactly.5.max5.km"),
        (quantity("exactly", value="5", min="4.5", max="6"), "exactly.5.min4_5.max6.km"),
        (quantity("exactly", "US dollar", value="5"), "exactly.5.US%20dollar"),
        (quantity("exactly", "4.km", value="5"), "exactly.5.4%2Ekm"),
    ],
)
def test_quantities_are_named_by_their_parts(one: Quantity, name: str) -> None:
    found = graph(small(claim(quantities=(one,)))).content
    assert subjects(found, KG.Quantity) == {f"{BASE}id/quantity/{H}-0-5.topic-trade.{name}"}


def test_quantities_that_differ_have_names_that_differ() -> None:
    numbers = ["5", "4", "5.4", "54", "-5"]
    many = [
        quantity("exactly", unit, value=value, **bound)
        for unit in ("km", "4.km", "min4", "4")
        for value in numbers
        for bound in ({}, *({name: n} for name in ("min", "max") for n in numbers))
    ]
    found = graph(small(claim(quantities=tuple(many)))).content
    assert len(subjects(found, KG.Quantity)) == len(many) == 220


@pytest.mark.parametrize(
    ("number", "words", "datatype"),
    [
        (Decimal(5), "5", XSD.integer),
        (Decimal("5.00"), "5", XSD.integer),
        (Decimal("1E+20"), "100000000000000000000", XSD.integer),
        (Decimal("-0.0"), "0", XSD.integer),
        (Decimal("0.50"), "0.5", XSD.decimal),
        (Decimal("1E-7"), "0.0000001", XSD.decimal),
        (Decimal("-1.10"), "-1.1", XSD.decimal),
    ],
)
def test_numbers_have_one_form(number: Decimal, words: str, datatype: ox.NamedNode) -> None:
    one = Quantity(of=Ref("trade"), value=number, unit="x")
    found = graph(small(claim(quantities=(one,)))).content
    values = {t.object for t in found if t.predicate == SCHEMA.value}
    assert values == {ox.Literal(words, datatype=datatype)}


def test_what_is_not_an_article_graph_is_refused() -> None:
    found = graph(small(claim()))
    with pytest.raises(ValueError, match="an article graph holds exactly one article"):
        from_graph([], [], IRIS)
    with pytest.raises(ValueError, match="not one"):
        from_graph(found.content, [], IRIS)
    without = [t for t in found.content if t.predicate != OA.start]
    with pytest.raises(ValueError, match=r"0 values of <http://www.w3.org/ns/oa#start>, not one"):
        from_graph(without, found.provenance, IRIS)


def test_provenance_of_other_articles_does_no_harm() -> None:
    one = small(claim())
    other = replace(
        one, text=replace(one.text, sha256=Hash("f" * 64)), made=replace(one.made, by="x")
    )
    both = graph(one).provenance | graph(other).provenance
    assert from_graph(graph(one).content, both, IRIS) == one


def test_an_annotation_that_is_not_complete_is_a_bug() -> None:
    quoted = replace(claim(), evidence=(Quote(quote="x"),))
    with pytest.raises(TypeError, match="has not been located"):
        graph(small(quoted))
    with pytest.raises(TypeError, match="not complete"):
        graph(replace(small(), text=Text(file="a.txt")))


ANALYSIS = """
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix j: <id/judgement/> .
j:a kg:from <id/actor/a> ; kg:relation kg:contradicts ; kg:to <id/actor/b> ;
    kg:status kgs:status-accepted ; kg:when <id/date/2018~> .
j:b kg:from <id/actor/b> ; kg:relation kg:contradicts ; kg:to <id/actor/a> ;
    kg:status kgs:status-rejected .
j:c kg:from <id/actor/c> ; kg:to <id/actor/a> ; kg:status kgs:status-accepted .
<id/event/e> kg:when <id/date/..%2F2016>, <http://elsewhere.example/2016> .
"""


def test_accepted_relations_follow_from_what_people_write() -> None:
    written = register.read(ANALYSIS.encode(), "analysis.ttl", IRIS)
    found = derive(written)
    relation = ox.Triple(IRIS.thing("actor", "a"), KG.contradicts, IRIS.thing("actor", "b"))
    assert found == written | {relation}
    assert derive(found) == found


def test_times_are_described_by_their_names() -> None:
    written = register.read(ANALYSIS.encode(), "analysis.ttl", IRIS)
    assert dates(written, IRIS) == {"2018~", "../2016"}
    node = IRIS.date("../2016")
    assert node.value == f"{BASE}id/date/..%2F2016"
    assert set(date_triples("../2016", IRIS)) == {
        ox.Triple(node, RDF.type, TIME.TemporalEntity),
        ox.Triple(node, SKOS.notation, ox.Literal("../2016")),
        ox.Triple(node, KG.latest, ox.Literal("2016-12-31T23:59:59Z", datatype=XSD.dateTime)),
    }
    with pytest.raises(ValueError, match="EDTF form"):
        list(date_triples("June", IRIS))


@LAW
@given(cases())
def test_every_time_can_be_told_from_its_name(case: Case) -> None:
    found = graph(case.complete)
    for edtf in dates(found.content, IRIS):
        store = ox.Store()
        triples = set(date_triples(edtf, IRIS))
        store.extend(ox.Quad(*triple) for triple in triples)
        assert {quad.triple for quad in store} == triples
        notation = [t.object for t in triples if t.predicate == SKOS.notation]
        assert notation == [ox.Literal(edtf)]
        assert IRIS.edtf(IRIS.date(edtf)) == edtf


ARTICLES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


def test_there_are_as_many_golden_articles_as_there_were() -> None:
    assert len(ARTICLES) == 3


@pytest.mark.parametrize("name", ARTICLES)
def test_the_golden_articles_have_the_graphs_that_they_had(name: str) -> None:
    """Delete a .trig file to have it written anew, then read the difference."""
    entities = register.read((GOLDEN / "entities.ttl").read_bytes(), "entities.ttl", IRIS)
    entries = Register(entities, IRIS)
    text = (GOLDEN / f"{name}.txt").read_bytes().decode()
    content = (GOLDEN / f"{name}.yaml").read_bytes()
    found = annotation.read(content, f"{name}.yaml", text=lambda _: text, kinds=entries.kinds)
    quads = to_graph(found, IRIS, entries.iri)
    dataset = {
        ox.Quad(t.subject, t.predicate, t.object, name)
        for name, triples in ((quads.name, quads.content), (IRIS.provenance, quads.provenance))
        for t in triples
    }
    trig = rdf.write(dataset, ox.RdfFormat.TRIG, IRIS.prefixes() | PREFIXES)
    file = GOLDEN / f"{name}.trig"
    if not file.exists():
        file.write_bytes(trig)
    assert file.read_bytes() == trig
    assert set(rdf.read(trig, file.name, base=BASE)) == dataset
    again = from_graph(quads.content, quads.provenance, IRIS)
    assert to_graph(again, IRIS, entries.iri) == quads


def test_the_words_of_schemes_are_the_same_in_model_and_graph() -> None:
    found = graph(small(claim()))
    concepts = {value(t.object) for t in found.content if value(t.object).startswith(KGS)}
    assert concepts == {
        f"{KGS}{v}" for v in ("polarity-positive", "certainty-certain", "modality-assertion")
    }


def test_a_claim_added_below_changes_no_name() -> None:
    def claim(name: str) -> Claim:
        return Claim(
            id=Slug(name),
            source=(Ref("ann"),),
            evidence=(Span(0, 3),),
            text=name,
            certainty="certain",
        )

    def annotation(*names: str) -> Annotation:
        return Annotation(
            article=Article(),
            text=Text(file="a.txt", sha256=Hash("0" * 64), length=9),
            made=Made(by="Ann", at=Instant("2026-11-21T12:00:00Z")),
            claims=tuple(map(claim, names)),
        )

    before = claim_names(annotation("b", "c"))
    after = claim_names(annotation("b", "c", "a"))
    assert {name: after[name] for name in before} == before
    assert after["a"] == "000000000000-0-3-3"
    back = ordered(annotation("b", "c", "a"))
    assert claim_names(back) == after
