"""Two things that are one: accepted merges replace the one by the other wherever a graph is built."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.add import add
from kg.analysis import Judge, Judgement
from kg.analysis.merging import Merges
from kg.build import build
from kg.errors import InputError
from kg.mapping.derived import derive
from kg.mapping.iris import Iris, wikidata
from kg.names import resolve
from kg.register import Register, add_entry
from kg.register import read as triples_of
from kg.status import attention
from kg.store import named_graphs
from kg.validate import check, shapes_of
from kg.vocab import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS
from tests.test_register import ENTRIES, HEAD, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.build import Report
    from kg.workspace import Workspace

IRIS = Iris("https://example.org/kg/")
MIRA = Judge(name="Mira Ost")
SHORT, LONG = IRIS.thing("actor", "i-calder"), IRIS.thing("actor", "ines-calder")
COMPANY = IRIS.thing("actor", "northline")
ITEM = wikidata("Q900000001")


def merge(gone: NamedNode, kept: NamedNode, **fields: Any) -> Judgement:
    return replace(
        Judgement(
            from_=gone,
            relation=DCTERMS.isReplacedBy,
            to=kept,
            confidence=Decimal("0.9"),
            status="accepted",
            by=MIRA,
            method="review",
            when="2024-05-07",
        ),
        **fields,
    )


def built(workspace: Workspace, *judgements: Judgement, unlike: bool = False) -> Report:
    """Decide and build; nothing may fail, but for what is told of things that are `unlike`."""
    with workspace.writing() as store:
        analysis = workspace.analysis()
        for judgement in judgements:
            assert analysis.decide(judgement)
        workspace.keep(analysis)
        report = build(workspace, store)
    assert all("is replaced by" in problem.message for problem in report.problems)
    assert bool(report.problems) == unlike
    return report


def own(workspace: Workspace, article: str, id_: str) -> NamedNode:
    """A thing of an article of the sample."""
    (text,) = [iri for iri, file in workspace.texts().items() if file.stem == article]
    return IRIS.thing("actor", f"{text.rpartition('/')[2]}-{id_}")


def quads(workspace: Workspace) -> set[Quad]:
    """All that the store holds, but for what was judged, and when."""
    with workspace.reading() as store:
        return {
            Quad(triple.subject, triple.predicate, triple.object, graph)
            for graph in named_graphs(store)
            if graph not in {IRIS.analysis, IRIS.dates}
            for triple in store.get(graph)
        }


def about(workspace: Workspace, node: NamedNode) -> set[Quad]:
    return {quad for quad in quads(workspace) if node in {quad.subject, quad.object}}


def replacements(workspace: Workspace) -> list[tuple[str, str]]:
    """What is said to be replaced, as often as it is said."""
    with workspace.reading() as store:
        said = [triple for graph in named_graphs(store) for triple in store.get(graph)]
    return sorted(
        (t.subject.value, t.object.value)
        for t in said
        if t.predicate == DCTERMS.isReplacedBy
        and isinstance(t.subject, NamedNode)
        and isinstance(t.object, NamedNode)
    )


def names(workspace: Workspace, node: NamedNode) -> set[tuple[str, str]]:
    return {
        (quad.predicate.value.rpartition("#")[2], quad.object.value)
        for quad in about(workspace, node)
        if isinstance(quad.object, Literal) and quad.predicate in {RDFS.label, SKOS.altLabel}
    }


def test_an_entry_is_replaced_in_the_register_and_in_the_articles_that_name_it(
    fresh_sample: Workspace, rebuilt: Callable[[Workspace], bytes], export_of: Any
) -> None:
    before = fresh_sample.root.joinpath("entities.ttl").read_bytes()
    assert about(fresh_sample, SHORT)
    report = built(fresh_sample, merge(SHORT, LONG))
    assert report.made == ["entities.ttl", "analysis.ttl", "articles/ferry.yaml"]
    assert report.unchanged == ["articles/harbour.yaml"]
    assert about(fresh_sample, SHORT) == set()
    assert names(fresh_sample, LONG) == {("label", "Ines Calder"), ("altLabel", "I. Calder")}
    assert replacements(fresh_sample) == [(SHORT.value, LONG.value)]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    assert fresh_sample.root.joinpath("entities.ttl").read_bytes() == before
    with fresh_sample.reading() as store:
        for name in ("i-calder", "I. Calder", "actor:i-calder", "ines-calder"):
            assert resolve(store, fresh_sample.prefixes, name) == LONG
    assert built(fresh_sample).made == []


def test_rejecting_a_merge_brings_everything_back(fresh_sample: Workspace) -> None:
    before = quads(fresh_sample)
    author = own(fresh_sample, "ferry", "author")
    built(fresh_sample, merge(SHORT, LONG), merge(author, COMPANY))
    assert quads(fresh_sample) != before
    report = built(
        fresh_sample,
        merge(SHORT, LONG, status="rejected"),
        merge(author, COMPANY, status="rejected"),
    )
    assert report.made == ["entities.ttl", "analysis.ttl", "articles/ferry.yaml"]
    assert quads(fresh_sample) == before
    assert replacements(fresh_sample) == []


def test_a_thing_of_an_article_is_replaced_by_an_entry(
    fresh_sample: Workspace, rebuilt: Callable[[Workspace], bytes], export_of: Any
) -> None:
    gone = own(fresh_sample, "ferry", "publisher")
    publishes = {quad for quad in about(fresh_sample, gone) if quad.object == gone}
    assert publishes
    report = built(fresh_sample, merge(gone, COMPANY))
    assert report.made == ["analysis.ttl", "articles/ferry.yaml"]
    assert report.unchanged == ["entities.ttl", "articles/harbour.yaml"]
    assert about(fresh_sample, gone) == set()
    for quad in publishes:
        moved = Quad(quad.subject, quad.predicate, COMPANY, quad.graph_name)
        assert moved in about(fresh_sample, COMPANY)
    assert names(fresh_sample, COMPANY) == {
        ("label", "Northline"),
        ("altLabel", "unnamed publisher of the ferry report"),
    }
    kinds = [q for q in about(fresh_sample, COMPANY) if q.predicate in {KG.kind, RDF.type}]
    assert {quad.graph_name for quad in kinds} == {IRIS.entities}
    assert replacements(fresh_sample) == [(gone.value, COMPANY.value)]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    assert built(fresh_sample).made == []


def test_a_thing_of_an_article_is_replaced_by_that_of_another(
    fresh_sample: Workspace, rebuilt: Callable[[Workspace], bytes], export_of: Any
) -> None:
    gone, kept = (own(fresh_sample, article, "publisher") for article in ("ferry", "harbour"))
    assert built(fresh_sample, merge(gone, kept)).made == ["analysis.ttl", "articles/ferry.yaml"]
    assert about(fresh_sample, gone) == set()
    assert names(fresh_sample, kept) == {
        ("label", "unnamed publisher of the harbour report"),
        ("altLabel", "unnamed publisher of the ferry report"),
    }
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_an_article_that_is_taken_in_again_is_merged_again(
    fresh_sample: Workspace, sample: Path
) -> None:
    gone = own(fresh_sample, "ferry", "publisher")
    built(fresh_sample, merge(gone, COMPANY), merge(SHORT, LONG))
    before = quads(fresh_sample)
    for file in fresh_sample.articles.glob("ferry.*"):
        file.unlink()
    assert built(fresh_sample).removed == ["articles/ferry.yaml"]
    assert quads(fresh_sample) != before
    with fresh_sample.writing() as store:
        assert add(fresh_sample, store, [sample / "ferry.yaml"]).problems == []
    assert quads(fresh_sample) == before
    assert built(fresh_sample).made == []


def test_a_text_that_is_taken_in_with_a_register_is_merged_as_well(
    fresh_sample: Workspace, sample: Path, tmp_path: Path
) -> None:
    for file in fresh_sample.articles.glob("ferry.*"):
        file.unlink()
    built(fresh_sample, merge(SHORT, LONG))
    entries = tmp_path / "entities.ttl"
    entries.write_text((sample / "entities.ttl").read_text() + "place:quay a schema:Place .\n")
    with fresh_sample.writing() as store:
        assert add(fresh_sample, store, [entries, sample / "ferry.txt"]).problems == []
    assert "of: i-calder" in (fresh_sample.articles / "ferry.yaml").read_text()
    assert about(fresh_sample, SHORT) == set()
    assert built(fresh_sample).made == []


def test_two_things_of_one_article_become_one(fresh_sample: Workspace) -> None:
    gone, kept = (own(fresh_sample, "ferry", id_) for id_ in ("publisher", "author"))
    file = fresh_sample.articles / "ferry.yaml"
    text = file.read_text().replace("unnamed publisher of the ferry", "unnamed author of the ferry")
    file.write_text(text)
    built(fresh_sample, merge(gone, kept))
    assert names(fresh_sample, kept) == {("label", "unnamed author of the ferry report")}
    assert about(fresh_sample, gone) == set()


def test_merges_are_followed_through_the_register(
    fresh_sample: Workspace, rebuilt: Callable[[Workspace], bytes], export_of: Any
) -> None:
    author = own(fresh_sample, "harbour", "author")
    report = built(fresh_sample, merge(author, SHORT), merge(SHORT, LONG))
    assert report.unchanged == []
    assert about(fresh_sample, author) == about(fresh_sample, SHORT) == set()
    assert ("altLabel", "unnamed author of the harbour report") in names(fresh_sample, LONG)
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    assert replacements(fresh_sample) == sorted(
        [(author.value, SHORT.value), (SHORT.value, LONG.value)]
    )
    report = built(fresh_sample, merge(SHORT, LONG, status="rejected"))
    assert report.made == [
        *("entities.ttl", "analysis.ttl", "articles/ferry.yaml", "articles/harbour.yaml")
    ]
    assert ("altLabel", "unnamed author of the harbour report") in names(fresh_sample, SHORT)


def test_two_things_at_home_in_articles_get_an_entry_that_both_become(
    fresh_sample: Workspace,
) -> None:
    things = [own(fresh_sample, article, "publisher") for article in ("ferry", "harbour")]
    file = fresh_sample.root / "entities.ttl"
    added, id_ = add_entry(
        file.read_bytes(), IRIS, "actor", "media", "Publisher", taken={"author", "publisher"}
    )
    assert id_ == "publisher-2"
    file.write_bytes(added)
    entry = IRIS.thing("actor", id_)
    report = built(fresh_sample, *(merge(thing, entry) for thing in things))
    assert report.unchanged == []
    assert len([q for q in about(fresh_sample, entry) if q.object == entry]) == 2
    with fresh_sample.reading() as store:
        for thing in things:
            local = thing.value.rpartition("/")[2]
            assert resolve(store, fresh_sample.prefixes, local) == entry


def test_other_judgements_have_no_article_built_again(fresh_sample: Workspace) -> None:
    built(fresh_sample, merge(SHORT, LONG))
    link = merge(LONG, ITEM, relation=SKOS.exactMatch)
    assert built(fresh_sample, link).made == ["analysis.ttl"]
    proposed = merge(COMPANY, LONG, status="proposed", by=Judge(name="newskg", version="0"))
    assert built(fresh_sample, proposed).made == ["analysis.ttl"]
    with fresh_sample.reading() as store:
        assert attention(fresh_sample, store)[-1] == "1 judgement to review"


def test_a_merge_that_is_taken_back_for_another_is_built_anew(fresh_sample: Workspace) -> None:
    built(fresh_sample, merge(SHORT, LONG))
    report = built(fresh_sample, merge(SHORT, COMPANY), unlike=True)
    assert report.made == ["entities.ttl", "analysis.ttl", "articles/ferry.yaml"]
    assert replacements(fresh_sample) == [(SHORT.value, COMPANY.value)]


def test_what_stays_takes_over_the_item_of_what_goes_and_the_shapes_agree(
    fresh_sample: Workspace,
) -> None:
    def findings() -> set[tuple[str, str]]:
        with fresh_sample.reading() as store:
            report = check(store, shapes_of(fresh_sample))
        return {(finding.shape, str(finding.focus)) for finding in report.findings}

    before = findings()
    author = own(fresh_sample, "ferry", "author")
    built(
        fresh_sample,
        merge(author, SHORT),
        merge(SHORT, LONG),
        merge(SHORT, ITEM, relation=SKOS.exactMatch),
    )
    with fresh_sample.reading() as store:
        assert store.query(f"ASK {{ {LONG} {SKOS.exactMatch} {ITEM} }}")
        assert resolve(store, fresh_sample.prefixes, "Q900000001") == LONG
    assert {shape for shape, _ in findings() - before} == set()


@pytest.mark.parametrize(
    ("judgements", "message"),
    [
        (
            lambda thing: [merge(COMPANY, thing)],
            "analysis.ttl: actor:northline is replaced by actor:[0-9a-f]{12}-author, which is not in",
        ),
        (
            lambda _: [merge(COMPANY, IRIS.thing("actor", "nobody"))],
            "analysis.ttl: actor:northline is replaced by actor:nobody, which is not in entities.ttl",
        ),
        (
            lambda _: [merge(COMPANY, IRIS.thing("place", "port-ellery"))],
            "analysis.ttl: actor:northline is replaced by place:port-ellery, which is of another kind",
        ),
    ],
    ids=["of an article", "not there", "of another kind"],
)
def test_a_merge_that_cannot_be_is_refused_with_what_to_do(
    fresh_sample: Workspace, judgements: Any, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        built(fresh_sample, *judgements(own(fresh_sample, "ferry", "author")))
    assert caught.value.hint is not None


def test_an_entry_that_the_file_merges_is_not_merged_into_another() -> None:
    entries = read(ENTRIES + "actor:jp dcterms:isReplacedBy actor:japan .")
    iri = f"{IRIS.base}id/actor/"
    merged = entries.merged({f"{iri}jp": f"{iri}japan", f"{iri}nippon": f"{iri}japan"})
    assert merged.iri("nippon") == merged.iri("jp") == IRIS.thing("actor", "japan")
    with pytest.raises(InputError, match="jp is replaced by actor:abe, but by actor:japan in"):
        entries.merged({f"{iri}jp": f"{iri}abe"}, "analysis.ttl")
    assert entries.merged({f"{iri}5bbbcd00fa76-x": f"{iri}abe"}).triples == entries.triples


def test_what_is_said_of_what_goes_is_said_of_what_stays_and_judgements_stay() -> None:
    gone, kept = (IRIS.thing("actor", id_) for id_ in ("nippon", "japan"))
    text = HEAD + (
        "<id/claim/x> schema:about actor:nippon .\n"
        "<id/judgement/a> kg:from actor:nippon ; kg:relation dcterms:isReplacedBy ;"
        " kg:to actor:japan ; kg:status kgs:status-accepted .\n"
        "<id/judgement/b> kg:from actor:nippon ; kg:relation skos:exactMatch ;"
        " kg:to <http://www.wikidata.org/entity/Q900000001> ; kg:status kgs:status-accepted .\n"
    )
    given = triples_of(text.encode(), "analysis.ttl", IRIS)
    merged = derive(given, {gone.value: kept.value})
    assert merged - derive(given) == {
        Triple(IRIS.thing("claim", "x"), SCHEMA.about, kept),
        Triple(kept, SKOS.exactMatch, ITEM),
    }
    assert derive(given) - merged == {Triple(IRIS.thing("claim", "x"), SCHEMA.about, gone)}
    assert Triple(gone, DCTERMS.isReplacedBy, kept) in merged
    assert Triple(gone, SKOS.exactMatch, ITEM) in merged


def test_merges_know_what_is_at_home_where() -> None:
    key = "5bbbcd00fa76"
    gone = [
        IRIS.thing("actor", "haldria"),
        IRIS.thing("actor", f"{key}-minister"),
        IRIS.thing("event", f"{key}-talks-of-march"),
        IRIS.thing("claim", f"{key}-1-2"),
        NamedNode("https://elsewhere.example/x"),
    ]
    merges = Merges({node.value: COMPANY.value for node in gone}, IRIS)
    assert set(merges.of_register({"haldria", "minister"})) == {gone[0].value}
    things = merges.of_article(key, ["minister", "talks-of-march", "1-2", "haldria"])
    assert things == dict.fromkeys([gone[1].value, gone[2].value], COMPANY.value)
    assert merges.of_article("fd4d1b7fe906", ["minister"]) == {}
    assert {t.subject for t in merges.plain()} == set(gone)


def test_a_workspace_without_merges_reads_nothing_to_know_that(fresh_sample: Workspace) -> None:
    (fresh_sample.root / "analysis.ttl").write_text("this is no Turtle")
    assert fresh_sample.merges() == {}
    assert isinstance(fresh_sample.register(), Register)
    (fresh_sample.root / "analysis.ttl").write_text("isReplacedBy is no Turtle")
    with pytest.raises(InputError, match=r"analysis\.ttl:1"):
        fresh_sample.register()
