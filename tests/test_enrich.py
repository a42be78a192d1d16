"""`kg link --enrich`: facts about linked items, in a graph of their own that says where they are from."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from kg.analysis import Judge, Judgement
from kg.build import build
from kg.cli.enriching import languages_of
from kg.edtf import bounds
from kg.errors import ConfigError
from kg.link.enrich import IndexFacts, enrich, linked_items, span, when
from kg.link.item import Item
from kg.link.sparql_service import Facts, Statement
from kg.vocab import DCTERMS, KG, PROV, RDF, RDFS, SCHEMA, SKOS, WIKIDATA, concept
from kg.workspace import FACTS, Workspace
from tests.conftest import copied, files
from tests.wikidata_items import (
    ANSGAR_TVELD,
    BRENNICK,
    DELETED,
    EDRIN_VASK,
    FOREIGN_MINISTER,
    HALDRIA,
    LUCO_MARADI,
    MAYOR,
    MERGED,
    MINISTER_OF_FISHERIES,
    PELLOVIA,
    SINKING,
    world,
)
from tests.wikidata_server import Wikidata, page, wikidata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.conftest import NewWorkspace, Run

EPOCH = {"SOURCE_DATE_EPOCH": "1932800000"}  # 2031-04-01
LINKED = {
    "actor/haldria": HALDRIA,
    "place/brennick": BRENNICK,
    "actor/edrin-vask": EDRIN_VASK,
    "actor/luco-maradi": LUCO_MARADI,
    "actor/ansgar-tveld": ANSGAR_TVELD,
    "event/amaranta-collision": SINKING,
}
SPANS = [
    (["1850"], ["1912-03"], "1850/1912-03"),
    (["1984-02-29"], [], "1984-02-29/"),
    ([], ["1912"], "/1912"),
    (["2031-03-03"], ["2031-03-03"], "2031-03-03"),
    ([], [], None),
    (["1912"], ["1850"], None),  # it would end before it began
    (["1851", "1850-06"], ["1912"], "1850-06/1912"),  # whoever is right, it lies within
    (["1850"], ["1912", "1911-12-31"], "1850/1912"),
    (["1801/1900"], ["1901/2000"], "1801/2000"),  # centuries
    (["197X"], ["200X"], "197X/200X"),
    (["-0043"], ["0014-08-19"], "-0043/0014-08-19"),
    (["1582-10~"], ["1601"], "1582-10~/1601"),
    (["Y-13000"], [], "Y-13000/"),
]
TIMES = [
    ({"P569": "1850", "P570": "1912"}, "1850/1912"),
    ({"P569": "1850", "P580": "1870"}, "1850/"),  # a person's own time, and not that of a reign
    ({"P585": "2031-03-03"}, "2031-03-03"),
    ({"P580": "2031-03", "P582": "2031-04"}, "2031-03/2031-04"),
    ({"P580": "2031-03", "P585": "2031-03-03"}, "2031-03/"),
    ({"P625": "1.5,2.5"}, None),
]


@pytest.fixture(scope="module")
def linked_newsroom(
    ungated_newsroom: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """The newsroom with some things linked by a person."""
    root = tmp_path_factory.mktemp("enrich") / "newsroom"
    copied(ungated_newsroom, root)
    with (root / "kg.toml").open("a") as file:
        file.write('contact = "desk@newsroom.example"\n')
    workspace = Workspace.open(root)
    for thing, item in LINKED.items():
        decided(workspace, thing, item)
    return workspace


@pytest.fixture
def server() -> Iterator[Wikidata]:
    with wikidata() as server:
        yield server


@pytest.fixture
def newsroom(linked_newsroom: Workspace, tmp_path: Path, server: Wikidata) -> Workspace:
    workspace = copied(linked_newsroom, tmp_path / "newsroom")
    with (workspace.root / "kg.toml").open("a") as file:
        file.write(f'wikidata_url = "{server.api}"\nwikidata_sparql_url = "{server.sparql}"\n')
    return Workspace.open(workspace.root)


def decided(workspace: Workspace, thing: str, item: str, status: Any = "accepted") -> None:
    analysis = workspace.analysis()
    assert analysis.decide(
        Judgement(from_=workspace.iris.thing(*thing.split("/")), relation=SKOS.exactMatch,
                  to=NamedNode(WIKIDATA + item), confidence=Decimal(1), status=status,
                  by=Judge(name="Mira"), method="review", when="2031-04-02")
    )  # fmt: skip
    with workspace.writing():
        workspace.keep(analysis)


def wd(id_: str) -> NamedNode:
    return NamedNode(WIKIDATA + id_)


def graph(workspace: Workspace) -> set[Triple]:
    """What the store has of it."""
    with workspace.reading() as store:
        return set(store.get(workspace.iris.graph("wikidata")))


def objects(triples: set[Triple], subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {
        f"{t.object.value}@{t.object.language}"
        if isinstance(t.object, Literal) and t.object.language
        else t.object.value  # type: ignore[union-attr]
        for t in triples
        if t.subject == subject and t.predicate == predicate
    }


@pytest.mark.parametrize(("starts", "ends", "expected"), SPANS)
def test_a_span_is_as_long_as_any_source_allows(
    starts: list[str], ends: list[str], expected: str | None
) -> None:
    assert span(starts, ends) == expected
    if expected is not None:
        bounds(expected)


@pytest.mark.parametrize(("dates", "expected"), TIMES)
def test_the_time_of_an_item_is_that_in_which_it_was(
    dates: dict[str, str], expected: str | None
) -> None:
    stated = tuple(Statement(id="", property=known, value=date) for known, date in dates.items())
    assert when(Facts(item="Q900000001", statements=stated)) == expected


def test_the_cases_are_counted() -> None:
    assert (len(SPANS), len(TIMES)) == (13, 6)


def test_facts_make_a_graph_of_their_own(newsroom: Workspace, server: Wikidata, run: Run) -> None:
    answer = run("link", "--enrich", "--languages", "en,ja", cwd=newsroom.root)
    assert answer.code == 0
    assert f"Facts about 6 items from {server.sparql} as of " in answer.err
    assert "Luco Maradi" in answer.out
    found = graph(newsroom)
    date = newsroom.iris.date
    assert objects(found, wd(HALDRIA), RDFS.label) == {"Haldria@en", "ハルドリア@ja"}
    assert objects(found, wd(HALDRIA), SCHEMA.latitude) == {"61.5"}
    assert objects(found, wd(HALDRIA), SCHEMA.longitude) == {"4.25"}
    assert objects(found, wd(BRENNICK), SCHEMA.addressCountry) == {wd(HALDRIA).value}
    assert objects(found, wd(EDRIN_VASK), SCHEMA.nationality) == {wd(HALDRIA).value}
    assert objects(found, wd(EDRIN_VASK), SCHEMA.birthDate) == {"1981-04-12"}
    assert objects(found, wd(EDRIN_VASK), KG.when) == {date("1981-04-12/").value}
    assert objects(found, wd(EDRIN_VASK), KG.basis) == {concept("basis", "external").value}
    assert objects(found, wd(SINKING), KG.when) == {date("2031-03-03").value}
    # The country of somebody and an office are called something, though nothing here is linked to them.
    assert objects(found, wd(PELLOVIA), RDFS.label) == {"Pellovia@en", "ペロヴィア@ja"}
    assert objects(found, wd(MAYOR), RDFS.label) == {"mayor of Sant Orel@en"}


def test_an_office_has_the_time_in_which_it_was_held(newsroom: Workspace, run: Run) -> None:
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    found = graph(newsroom)
    held = {
        office: objects(found, NamedNode(statement), KG.when)
        for person in (LUCO_MARADI, ANSGAR_TVELD)
        for statement in objects(found, wd(person), SCHEMA.hasOccupation)
        for office in objects(found, NamedNode(statement), SCHEMA.hasOccupation)
        if objects(found, NamedNode(statement), RDF.type) == {SCHEMA.OrganizationRole.value}
    }
    date = newsroom.iris.date
    assert held == {
        wd(MAYOR).value: {date("2021/2027-06-30").value},
        wd(MINISTER_OF_FISHERIES).value: {date("2029-05-02/").value},
        wd(FOREIGN_MINISTER).value: {date("2027-10/").value},
    }


def test_a_number_of_deaths_is_a_quantity_of_the_event(newsroom: Workspace, run: Run) -> None:
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    found = graph(newsroom)
    (count,) = {t.subject for t in found if t.predicate == KG.population}
    assert isinstance(count, NamedNode)
    assert objects(found, count, KG.population) == {wd(SINKING).value}
    assert objects(found, count, SCHEMA.value) == {"3"}
    assert objects(found, count, SCHEMA.unitText) == {"deaths"}


def test_the_graph_says_what_it_is_and_where_it_is_from(
    newsroom: Workspace, server: Wikidata, run: Run
) -> None:
    assert run("link", "--enrich", cwd=newsroom.root, env=EPOCH).code == 0
    found, name = graph(newsroom), newsroom.iris.graph("wikidata")
    assert objects(found, name, DCTERMS.license) == {
        "https://creativecommons.org/publicdomain/zero/1.0/"
    }
    assert objects(found, name, PROV.wasDerivedFrom) == {server.sparql}
    assert objects(found, name, PROV.generatedAtTime) == {"2031-04-01T08:53:20Z"}
    assert len(objects(found, name, KG.when)) == 1
    assert objects(found, name, SCHEMA.inLanguage) == {"en"}
    (activity,) = objects(found, name, PROV.wasGeneratedBy)
    assert objects(found, NamedNode(activity), KG.kind) == {concept("method", "import").value}
    assert objects(found, NamedNode(activity), PROV.used) == {server.sparql}
    for thing in LINKED:
        assert not objects(found, newsroom.iris.thing(*thing.split("/")), RDFS.label)


def test_the_same_answers_make_the_same_file(newsroom: Workspace, run: Run) -> None:
    file = newsroom.root / FACTS
    assert run("link", "--enrich", cwd=newsroom.root, env=EPOCH).code == 0
    first = file.read_bytes()
    assert run("link", "--enrich", "--offline", cwd=newsroom.root, env=EPOCH).code == 0
    assert file.read_bytes() == first
    read = rdflib.Graph().parse(data=first.decode(), format="turtle", publicID=newsroom.iris.base)
    assert len(read) == len(graph(newsroom))


def test_what_articles_say_otherwise_leads_back_to_their_words(
    newsroom: Workspace, run: Run
) -> None:
    """The interview has a speaker for either day: after midnight, he says, and it was the day before."""
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    (row,) = newsroom.query("checks", why=True)
    assert [getattr(row[name], "value", None) for name in ("check", "says", "itemSays", "source")] == [
        "date of an event", "2031-03-04", "2031-03-03", newsroom.settings.wikidata_sparql_url
    ]  # fmt: skip
    assert {support.start for support in row.why} == {1104, 1148}


def test_the_graph_conforms_to_the_shapes(newsroom: Workspace, run: Run) -> None:
    before = json.loads(run("validate", "-f", "json", cwd=newsroom.root).out)
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    after = json.loads(run("validate", "-f", "json", cwd=newsroom.root).out)
    assert after == before
    exported = run("export", "-f", "jsonld", "--graph", "wikidata", cwd=newsroom.root)
    assert exported.code == 0
    assert '"birthDate": "1981-04-12"' in exported.out


def test_things_are_still_found_by_the_names_that_their_items_share(
    newsroom: Workspace, run: Run
) -> None:
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    assert "Haldria" in run("show", "Haldria", cwd=newsroom.root).out
    card = json.loads(run("show", "Edrin Vask", "-f", "json", cwd=newsroom.root).out)
    assert card["iri"] == newsroom.iris.thing("actor", "edrin-vask").value


def test_a_service_that_fails_leaves_the_file_as_it_was(
    newsroom: Workspace, server: Wikidata, run: Run
) -> None:
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    before = files(newsroom)
    server.fail(page(times=50))
    shutil.rmtree(newsroom.derived / "cache")
    answer = run("link", "--enrich", cwd=newsroom.root, env={"KG_SERVICE_DEADLINE": "2"})
    assert answer.code == 5
    assert "127.0.0.1" in answer.err
    assert files(newsroom) == before


def test_a_dry_run_writes_nothing(newsroom: Workspace, run: Run) -> None:
    assert run("build", cwd=newsroom.root).code == 0
    before = files(newsroom)
    answer = run("link", "--enrich", "-n", "-f", "json", cwd=newsroom.root)
    assert answer.code == 0
    rows = {row["item"]: row for row in json.loads(answer.out)}
    assert len(rows) == len(LINKED)
    assert rows[f"wd:{LUCO_MARADI}"]["when"] == "1968-01-01/"
    assert rows[f"wd:{LUCO_MARADI}"]["offices"] == [
        "mayor of Sant Orel", "Minister of Fisheries of Pellovia"
    ]  # fmt: skip
    assert files(newsroom) == before


@pytest.mark.parametrize("item", [DELETED, MERGED])
def test_an_item_of_which_nothing_is_known_is_told(
    newsroom: Workspace, run: Run, item: str
) -> None:
    decided(newsroom, "actor/tilda-rosk", item)
    answer = run("link", "--enrich", cwd=newsroom.root)
    assert answer.code == 1
    assert f"tells nothing of wd:{item}; merged or deleted?" in answer.err
    assert "Facts about 6 items" in answer.err
    assert not {t for t in graph(newsroom) if t.subject == wd(item)}


def test_a_link_that_is_taken_back_takes_its_facts_with_it(newsroom: Workspace, run: Run) -> None:
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    assert {t for t in graph(newsroom) if t.subject == wd(SINKING)}
    decided(newsroom, "event/amaranta-collision", SINKING, "rejected")
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    assert not {t for t in graph(newsroom) if t.subject == wd(SINKING)}
    (newsroom.root / FACTS).unlink()
    assert run("build", cwd=newsroom.root).code == 0
    assert graph(newsroom) == set()


def test_the_file_can_be_added_to_another_workspace(
    newsroom: Workspace, new: NewWorkspace, run: Run
) -> None:
    assert run("link", "--enrich", cwd=newsroom.root).code == 0
    other = new("other")
    assert run("add", newsroom.root / FACTS, cwd=other.root).code == 0
    assert graph(other) == graph(newsroom)
    assert not any(other.graphs.iterdir())


def test_without_links_there_are_no_facts(new: NewWorkspace, run: Run, server: Wikidata) -> None:
    workspace = new("empty")
    with (workspace.root / "kg.toml").open("a") as file:
        file.write(f'contact = "desk@newsroom.example"\nwikidata_sparql_url = "{server.sparql}"\n')
    answer = run("link", "--enrich", cwd=workspace.root)
    assert answer.code == 0
    assert "Nothing is linked to Wikidata yet" in answer.err
    assert server.asked == []


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["haldria", "--enrich"], "all items"),
        (["--enrich", "--accept", "0.5"], "all items"),
        (["--enrich", "--merge-suggestions"], "all items"),
        (["--enrich", "--source", "register"], "tells no facts"),
        (["--enrich", "--source", "https://reconcile.example/en"], "tells no facts"),
        (["--enrich", "--source", "missing.kgi"], "no such index file"),
        (["--enrich", "--languages", "en,English"], "'English' is no code"),
        (["--languages", "en"], "goes with --enrich"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(
    newsroom: Workspace, run: Run, flags: list[str], said: str
) -> None:
    before = files(newsroom)
    answer = run("link", *flags, cwd=newsroom.root)
    assert answer.code == 2
    assert said in answer.err
    assert files(newsroom) == before


def test_languages_are_codes_each_once() -> None:
    assert languages_of("en, ja,en,pt-br", ("de",)) == ("en", "ja", "pt-br")
    assert languages_of(None, ("de",)) == ("de",)
    with pytest.raises(ConfigError):
        languages_of("", ("de",))


def test_an_index_file_tells_what_its_items_have(
    newsroom: Workspace, server: Wikidata, run: Run, tmp_path: Path
) -> None:
    dump, index = tmp_path / "wikidata-20310301-all.json", tmp_path / "items.kgi"
    lines = ",\n".join(json.dumps(entity) for entity in world())
    dump.write_text(f"[\n{lines}\n]\n")
    roots = ["states=Q6256", "places=Q515", "events=Q1190554"]
    flags = [word for root in roots for word in ("--type-root", root)]
    assert run("index", dump, "-o", index, *flags, cwd=newsroom.root).code == 0
    answer = run("link", "--enrich", "--source", index, cwd=newsroom.root)
    assert answer.code == 0
    assert server.asked == []
    found = graph(newsroom)
    assert objects(found, wd(EDRIN_VASK), KG.when) == {newsroom.iris.date("1981-04-12/").value}
    assert objects(found, wd(SINKING), KG.when) == {newsroom.iris.date("2031-03-03").value}
    assert objects(found, wd(HALDRIA), SCHEMA.latitude) == {"61.5"}
    name = newsroom.iris.graph("wikidata")
    (origin,) = objects(found, name, PROV.wasDerivedFrom)
    assert objects(found, NamedNode(origin), RDFS.label) == {"wikidata-20310301-all.json"}
    assert objects(found, name, KG.when) == {newsroom.iris.date("2031-03-01").value}


class _Index:
    """An index that knows one item, with a label that Turtle must take care of, for any other too."""

    source = "dump\nof a <day>"
    as_of = "2031-03-01"
    item = Item(
        id=HALDRIA,
        iri=WIKIDATA + HALDRIA,
        labels={"en": 'The "old"\n\\Haldria\\ .', "de": "Haldrien"},
        descriptions={"en": "country; on <the> sea"},
        began="1701/1800",
        ended="2031-03",
        coordinates=(-0.0, 1e-7),
    )

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        return {name: [self.item][:limit] for name in names}

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        return dict.fromkeys(ids, self.item)


def test_strange_words_and_numbers_survive(newsroom: Workspace) -> None:
    with newsroom.writing() as store:
        build(newsroom, store)
        assert set(linked_items(store)) == set(LINKED.values())
        told = enrich(newsroom, store, IndexFacts(_Index()), ["en"])
        assert build(newsroom, store).problems == []
    # The index gives the same item for all: those asked for by another id were merged into it.
    assert set(told.unknown) == set(LINKED.values()) - {HALDRIA}
    found = graph(newsroom)
    assert objects(found, wd(HALDRIA), RDFS.label) == {'The "old"\n\\Haldria\\ .@en'}
    assert objects(found, wd(HALDRIA), SCHEMA.longitude) == {"0.0000001"}
    assert objects(found, wd(HALDRIA), SCHEMA.latitude) == {"0"}
    assert objects(found, wd(HALDRIA), KG.when) == {newsroom.iris.date("1701/2031-03").value}
