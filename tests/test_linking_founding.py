"""The founding corpus, linked with an index of all that the lists in ../shared know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from kg.build import build
from kg.link.item import Item
from kg.link.linking import link
from kg.vocab import WIKIDATA
from tests.conftest import make
from tests.link_lists import Memory, evidence, items

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.outcome import Report
    from kg.workspace import Workspace


@pytest.fixture(scope="module")
def founding(tmp_path_factory: pytest.TempPathFactory, corpus: Path, seeds: Path) -> Workspace:
    """The founding corpus with its texts, without what people decided about its items."""
    workspace = make(tmp_path_factory.mktemp("founding") / "abductions", corpus, texts=seeds)
    file = workspace.root / "analysis.ttl"
    statement = re.compile(
        r"^judgement:\w+ a kg:Judgement ;\n(?: +[^\n]+\n)* +kg:relation skos:exactMatch ;\n(?: +[^\n]+\n)*",
        re.MULTILINE,
    )
    content, number = statement.subn("", file.read_text())
    assert number == 19
    file.write_text(content)
    with workspace.writing() as store:
        build(workspace, store)
    return workspace


@pytest.fixture(scope="module")
def founding_report(founding: Workspace, shared: Path) -> Report:
    data = shared / "data"
    known = items(data)
    for name, id_ in evidence(data).items():
        if id_ is not None and id_ not in known:
            label = re.sub(r"\s*\(.*", "", name)
            known[id_] = Item(id=id_, iri=WIKIDATA + id_, labels={"en": label})
    # Namesakes under numbers that are nobody's: the traps are no traps without them.
    for number, (label, description) in enumerate(NAMESAKES, start=900000090):
        known[f"Q{number}"] = Item(
            id=f"Q{number}",
            iri=f"{WIKIDATA}Q{number}",
            labels={"en": label},
            descriptions={"en": description},
            classes=("person",),
            sitelinks=4,
        )
    with founding.reading() as store:
        return link(founding, store, Memory(known.values()), dry_run=True)


NAMESAKES = (
    ("David Sneddon", "Scottish singer and songwriter"),
    ("Malcolm Cook", "English footballer"),
    ("Kang Kyung-ho", "South Korean bobsledder"),
)
LINKED = """japan north-korea south-korea united-states kim-jong-il kim-jong-un junichiro-koizumi
    shinzo-abe taro-kono mike-pompeo tokyo sydney pyongyang us-state-department hankook-ilbo""".split()
TRAPS = """kang-kyung-wha david-sneddon malcolm-cook yomiuri-shimbun""".split()


@pytest.mark.parametrize("id_", LINKED)
def test_every_entity_with_evidence_is_linked_to_its_item(
    founding: Workspace, founding_report: Report, shared: Path, id_: str
) -> None:
    by_name = {slug(name): item for name, item in evidence(shared / "data").items()}
    names = {"us-state-department": "u-s-department-of-state"}
    expected = by_name[names.get(id_, id_)]
    found = {o.thing.node: o for o in founding_report.outcomes}[founding.register().iri(id_)]
    assert (found.happened, found.item) == ("accepted", NamedNode(f"{WIKIDATA}{expected}"))


@pytest.mark.parametrize("id_", TRAPS)
def test_every_trap_is_left_alone(founding: Workspace, founding_report: Report, id_: str) -> None:
    found = {o.thing.node: o for o in founding_report.outcomes}[founding.register().iri(id_)]
    assert found.happened in {"absent", "open", "proposed"}
    assert found.reason


def test_nothing_else_of_the_founding_corpus_is_accepted(
    founding_report: Report, shared: Path
) -> None:
    known = {id_ for id_ in evidence(shared / "data").values() if id_}
    known |= {"Q46"}  # Europe, by the table of titles
    wrong = {
        outcome.thing.label: outcome.item
        for outcome in founding_report.outcomes
        if outcome.happened == "accepted"
        and outcome.item is not None
        and outcome.item.value.removeprefix(WIKIDATA) not in known
    }
    assert wrong == {}
    assert founding_report.count("accepted") == len(LINKED) + 1


def test_the_cases_are_counted() -> None:
    assert (len(LINKED), len(TRAPS), len(NAMESAKES)) == (15, 4, 3)


def slug(name: str) -> str:
    """A name as an id.

    >>> slug("U.S. Department of State")
    'u-s-department-of-state'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
