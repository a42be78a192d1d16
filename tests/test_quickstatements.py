"""`kg export -f quickstatements`: what is offered to Wikidata, what is left out and why."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import NamedNode

from kg.analysis import Judge, Judgement
from kg.build import build
from kg.link import quickstatements
from kg.link.enrich import enrich
from kg.link.quickstatements import Commands, commands
from kg.link.sparql_service import Facts, Statement
from kg.vocab import SKOS, WIKIDATA
from kg.workspace import Workspace
from tests.conftest import ROOT, copied, files, make

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.conftest import Run

ITEM = "Q900000001"
OTHER = "Q900000002"
PREFIXES = """\
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix schema: <http://schema.org/> .
@prefix event: <id/event/> .
@prefix date: <id/date/> .
"""
URL = "https://courier.example/collision"


class Told:
    """A source that knows of every item its name in English, and what it is given."""

    source = "https://facts.example/sparql"
    as_of = "2031-04-01"

    def __init__(self, label: str | None = "it", date: str | None = None) -> None:
        self.label, self.date = label, date

    def facts(self, ids: Iterable[str], _languages: Sequence[str], /) -> Mapping[str, Facts]:
        stated = [Statement(id="", property="P625", value="1.5,2.5")]
        if self.date:
            stated.append(Statement(id="", property="P585", value=self.date))
        labels = {"en": self.label} if self.label else {}
        return {id_: Facts(item=id_, labels=labels, statements=tuple(stated)) for id_ in ids}

    def texts(
        self, ids: Sequence[str], _languages: Sequence[str], /
    ) -> Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]:
        return {id_: ({}, {}) for id_ in ids}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The register of the newsroom, and none of its articles."""
    root = tmp_path_factory.mktemp("commands") / "desk"
    make(root, ROOT / "examples" / "newsroom" / "entities.ttl")
    with (root / "kg.toml").open("a") as file:
        file.write('gate = "off"\n')
    return Workspace.open(root)


@pytest.fixture
def desk(built: Workspace, tmp_path: Path) -> Workspace:
    return copied(built, tmp_path / "desk")


def made(
    desk: Workspace,
    links: Mapping[str, str],
    told: Told | None,
    *graphs: str,
    languages: Sequence[str] = ("en",),
) -> Commands:
    """The commands that come of links, of what is known of their items, and of what articles say."""
    analysis = desk.analysis()
    for thing, item in links.items():
        analysis.decide(
            Judgement(from_=desk.iris.thing(*thing.split("/")), relation=SKOS.exactMatch,
                      to=NamedNode(WIKIDATA + item), confidence=Decimal(1), status="accepted",
                      by=Judge(name="Mira"), method="review", when="2031-04-02")
        )  # fmt: skip
    for number, says in enumerate(graphs):
        (desk.graphs / f"{number}.ttl").write_text(
            PREFIXES + says.replace("<#", f"<id/x/{number}-")
        )
    with desk.writing() as store:
        desk.keep(analysis)
        assert build(desk, store).problems == []
        if told is not None:
            enrich(desk, store, told, languages)
            assert build(desk, store).problems == []
        return commands(store, desk.iris)


def article(
    date: str,
    *,
    basis: str = "stated",
    url: str | None = URL,
    retrieved: str | None = None,
    again: str | None = None,
    certainty: str = "certain",
    polarity: str = "positive",
) -> str:
    """An article that says when the collision was."""
    address = f" ; schema:url <{url}>" if url else ""
    text = f" <#t> a kg:SourceText ; kg:when <id/date/{retrieved}> ." if retrieved else ""
    if again:
        text += f" <#a> schema:encoding <#u> . <#u> a kg:SourceText ; kg:when <id/date/{again}> ."
    return (
        f"<#a> a kg:Article ; schema:encoding <#t>{address} .{text}"
        f" event:amaranta-collision kg:when <id/date/{date}> ; kg:basis kgs:basis-{basis} ."
        f" <#c> a kg:Claim ; kg:asserts event:amaranta-collision ;"
        f" kg:certainty kgs:certainty-{certainty} ; kg:polarity kgs:polarity-{polarity} ."
    )


class Case(NamedTuple):
    """Articles, and the columns behind the item of the commands that come of them, or why none do."""

    articles: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...] = ()
    left_out: str | None = None
    date: str | None = None


S854 = ("S854", f'"{URL}"')
OTHER_URL = "https://wire.example/collision"
DATES = {
    "a day": Case((article("2031-03-03"),), (("P585", "+2031-03-03T00:00:00Z/11", *S854),)),
    "a month": Case((article("2031-03"),), (("P585", "+2031-03-00T00:00:00Z/10", *S854),)),
    "a year": Case((article("2031"),), (("P585", "+2031-00-00T00:00:00Z/9", *S854),)),
    "an interval": Case(
        (article("2031-03-03%2F2031-03-04"),),
        (
            ("P580", "+2031-03-03T00:00:00Z/11", *S854),
            ("P582", "+2031-03-04T00:00:00Z/11", *S854),
        ),
    ),
    "worked out": Case(
        (article("2031-03-03", basis="computed"),), (("P585", "+2031-03-03T00:00:00Z/11", *S854),)
    ),
    "retrieved": Case(
        (article("2031-03-03", retrieved="2031-04-05T09:12:00Z"),),
        (("P585", "+2031-03-03T00:00:00Z/11", *S854, "S813", "+2031-04-05T00:00:00Z/11"),),
    ),
    "retrieved twice": Case(
        (article("2031-03-03", retrieved="2031-04-05", again="2031-05"),),
        (("P585", "+2031-03-03T00:00:00Z/11", *S854, "S813", "+2031-05-00T00:00:00Z/10"),),
    ),
    "two articles": Case(
        (article("2031-03-03"), article("2031-03-03", url=OTHER_URL)),
        (
            ("P585", "+2031-03-03T00:00:00Z/11", *S854),
            ("P585", "+2031-03-03T00:00:00Z/11", "S854", f'"{OTHER_URL}"'),
        ),
    ),
    "one of two has an address": Case(
        (article("2031-03-03"), article("2031-03-03", url=None)),
        (("P585", "+2031-03-03T00:00:00Z/11", *S854),),
    ),
    "two dates": Case(
        (article("2031-03-03"), article("2031-03-04", url=OTHER_URL)),
        left_out=quickstatements.DIFFERENT,
    ),
    "no address": Case((article("2031-03-03", url=None),), left_out=quickstatements.NO_ADDRESS),
    "about then": Case((article("2031-03~"),), left_out=quickstatements.UNSURE),
    "some day of it": Case((article("203X"),), left_out=quickstatements.UNSURE),
    "an open end": Case((article("2031-03-03%2F.."),), left_out=quickstatements.UNSURE),
    "before Gregory": Case((article("1066-10-14"),), left_out=quickstatements.UNSURE),
    "inferred": Case((article("2031-03-03", basis="inferred"),), left_out=quickstatements.UNSURE),
    "perhaps": Case(
        (article("2031-03-03", certainty="possible"),), left_out=quickstatements.UNASSERTED
    ),
    "denied": Case(
        (article("2031-03-03", polarity="negative"),), left_out=quickstatements.UNASSERTED
    ),
    "known": Case((article("2031-03-03"),), left_out=quickstatements.KNOWN, date="2031-03-03"),
    "known otherwise": Case((article("2031-03-03"),), left_out=quickstatements.KNOWN, date="2030"),
}


@pytest.mark.parametrize("name", DATES)
def test_the_date_of_an_event_is_offered_with_the_article_that_says_it(
    name: str, desk: Workspace
) -> None:
    case = DATES[name]
    links = {"event/amaranta-collision": ITEM}
    found = made(desk, links, Told(date=case.date), *case.articles)
    assert found.lines == tuple("\t".join((ITEM, *columns)) for columns in case.expected)
    assert found.left_out == ({case.left_out: 1} if case.left_out else {})


def test_the_cases_are_counted() -> None:
    assert len(DATES) == 20
    assert {case.left_out for case in DATES.values()} == {
        *(None, quickstatements.KNOWN, quickstatements.UNSURE, quickstatements.DIFFERENT),
        *(quickstatements.UNASSERTED, quickstatements.NO_ADDRESS),
    }


def test_a_name_is_offered_where_the_item_lacks_it(desk: Workspace) -> None:
    links = {"actor/haldria": ITEM, "place/brennick": OTHER}
    assert made(desk, links, Told(label=None)).lines == (
        f'{ITEM}\tLen\t"Haldria"',
        f'{OTHER}\tLen\t"Brennick"',
    )


def test_another_name_is_offered_as_another_name(desk: Workspace) -> None:
    links = {"actor/haldria": ITEM, "place/brennick": OTHER}
    assert made(desk, links, Told(label="HALDRIA")).lines == (f'{OTHER}\tAen\t"Brennick"',)


def test_a_label_that_was_not_asked_for_is_not_taken_for_missing(desk: Workspace) -> None:
    found = made(desk, {"actor/haldria": ITEM}, Told(label=None), languages=["ja"])
    assert found.lines == ()
    assert found.left_out == {quickstatements.UNASKED: 1}


def test_of_an_item_that_nobody_asked_about_nothing_is_said(desk: Workspace) -> None:
    found = made(desk, {"actor/haldria": ITEM}, None)
    assert found.lines == ()
    assert found.left_out == {quickstatements.UNKNOWN: 1}


def test_what_an_event_is_called_here_is_no_name(desk: Workspace) -> None:
    assert made(desk, {"event/amaranta-collision": ITEM}, Told(label=None)).lines == ()


def test_a_link_that_waits_or_was_refused_gives_nothing(desk: Workspace) -> None:
    made(desk, {"actor/haldria": ITEM}, Told(label=None))
    analysis = desk.analysis()
    ((_, judged),) = analysis.about(desk.iris.thing("actor", "haldria"))
    analysis.decide(
        Judgement(from_=judged.from_, relation=judged.relation, to=judged.to, confidence=Decimal(0),
                  status="rejected", by=Judge(name="Mira"), method="review", when="2031-04-03")
    )  # fmt: skip
    with desk.writing() as store:
        desk.keep(analysis)
        assert build(desk, store).problems == []
        assert commands(store, desk.iris) == Commands()


COLUMN = re.compile(r'"[^\t\n]*"|\+[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z/(9|10|11)')
"""The values that we write, as the importer reads them: a text goes to the last quotation mark."""


def test_every_line_is_one_that_the_importer_reads(desk: Workspace) -> None:
    labels = 'actor:haldria rdfs:label "The \\"old\\"\\tHaldria /* or\\nso */"@de .'
    with (desk.root / "entities.ttl").open("a") as file:
        file.write(f"{labels}\n")
    links = {"actor/haldria": ITEM, "event/amaranta-collision": OTHER}
    told = Told(label=None)
    found = made(
        desk, links, told, article("2031-03-03", retrieved="2031-04"), languages=["en", "de"]
    )
    assert len(found.lines) == 3
    assert f'{ITEM}\tLde\t"The "old" Haldria / * or so */"' in found.lines
    assert found.content.decode() == "".join(f"{line}\n" for line in found.lines)
    for line in found.lines:
        item, what, value, *references = line.split("\t")
        assert re.fullmatch("Q[0-9]+", item)
        assert re.fullmatch("P[0-9]+|[LA][a-z-]+", what)
        assert COLUMN.fullmatch(value)
        assert len(references) % 2 == 0
        assert not references or what.startswith("P")
        for known, cell in zip(references[::2], references[1::2], strict=True):
            assert known in {"S854", "S813"}
            assert COLUMN.fullmatch(cell)
        # A comment at the end of a line would become the summary of the edit.
        assert not re.fullmatch(r".*? */\* *.*? *\*/ *", line)


def test_the_command_line_writes_the_file_and_tells_what_it_lacks(
    desk: Workspace, run: Run, tmp_path: Path
) -> None:
    links = {"actor/haldria": ITEM, "event/amaranta-collision": OTHER}
    made(desk, links, Told(label=None), article("2031-03-03", url=None))
    before = files(desk)
    answer = run("export", "-f", "quickstatements", cwd=desk.root)
    assert answer.code == 0
    assert answer.out == f'{ITEM}\tLen\t"Haldria"\n'
    assert f"1 left out: {quickstatements.NO_ADDRESS}" in answer.err
    assert "1 command, for a person" in answer.err
    output = tmp_path / "out.txt"
    assert run("export", "-f", "quickstatements", "-o", output, cwd=desk.root).code == 0
    assert output.read_text() == answer.out
    assert files(desk) == before


@pytest.mark.parametrize(
    "flags", [["haldria"], ["--graph", "entities"], ["--void"], ["--queries"], ["--ontology"]]
)
def test_it_goes_with_nothing_else(desk: Workspace, run: Run, flags: list[str]) -> None:
    answer = run("export", "-f", "quickstatements", *flags, cwd=desk.root)
    assert answer.code == 2
    assert "about all that is linked" in answer.err
