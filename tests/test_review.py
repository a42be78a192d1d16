"""The queue, the desk and the pages of `kg review`, on articles that the rules read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from kg.analysis import Judge, Judgement
from kg.annotation.seal import untouched
from kg.build import build
from kg.errors import InputError, NotFoundError
from kg.mapping.keys import claim_names
from kg.review.annotations import Annotations
from kg.review.deciding import Desk
from kg.review.listing import as_text, rows
from kg.review.log import LOG
from kg.review.page import CLOSE, OPEN, Texts, page, visible
from kg.review.queue import Link, Pair, Said, Thing, still, waiting
from kg.review.session import Session
from kg.table import length
from kg.vocab import DCTERMS, KG, SKOS, WIKIDATA
from kg.workspace import Workspace
from tests.conftest import ROOT, copied, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.model import Status
    from kg.review.queue import Item

NEWSROOM = ROOT / "examples" / "newsroom"
TRAWLER = "articles/2031-03-05-trawler-sinks.yaml"
PROGRAM = Judge(name="newskg", version="0.1.0")
OFFICER, SINGER, STATE = (NamedNode(f"{WIKIDATA}Q90000000{n}") for n in (1, 2, 3))
HOSTILE = "Vask\x1b[31m \u202eksaV \x07\x9b2J"


@dataclass(slots=True)
class Proposals:
    """What a program proposed in a workspace, by the keys of the judgements."""

    workspace: Workspace
    keys: dict[str, str] = field(default_factory=dict)

    def propose(
        self,
        name: str,
        from_: str,
        relation: NamedNode,
        to: NamedNode | str,
        confidence: str,
        features: Mapping[str, float] | None = None,
        *,
        status: Status = "proposed",
    ) -> None:
        analysis = self.workspace.analysis()
        node = to if isinstance(to, NamedNode) else self.node(to)
        judgement = Judgement(
            from_=self.node(from_),
            relation=relation,
            to=node,
            confidence=Decimal(confidence),
            status=status,
            by=PROGRAM,
            method="string-match",
            when="2031-04-01",
            features=features or {},
            source="http://127.0.0.1/items",
        )
        assert analysis.decide(judgement)
        self.keys[name] = self.workspace.iris.judgement_key(*judgement.parts)
        for item, label in ((OFFICER, "Edrin Vask"), (SINGER, HOSTILE), (STATE, "Haldria")):
            analysis.describe(item.value, {"en": label}, {"en": f"{label}, as described"})
        with self.workspace.locked():
            self.workspace.keep(analysis)

    def node(self, local: str) -> NamedNode:
        kind, _, id_ = local.partition("/")
        return self.workspace.iris.thing(kind, id_)


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Proposals:
    """Two articles that the rules read, with links, a merge and a contradiction that wait."""
    workspace = Workspace.create(tmp_path_factory.mktemp("review") / "news")
    (workspace.root / "entities.ttl").write_bytes((NEWSROOM / "entities.ttl").read_bytes())
    for name in ("2031-03-05-trawler-sinks", "2031-03-06-correction"):
        text = (NEWSROOM / f"{name}.txt").read_bytes()
        (workspace.articles / f"{name}.txt").write_bytes(text)
    from kg.add import take_up

    with workspace.writing() as store:
        assert not take_up(workspace, store).problems
    found = Proposals(workspace)
    found.propose(
        "officer", "actor/edrin-vask", SKOS.exactMatch, OFFICER, "0.81",
        {"name": 0.98, "type": 1, "context": 0.4, "dates": 1, "popularity": 0.2, "rivals": 0.6},
    )  # fmt: skip
    found.propose("singer", "actor/edrin-vask", SKOS.exactMatch, SINGER, "0.12", {"name": 0.9})
    found.propose("state", "actor/haldria", SKOS.exactMatch, STATE, "0.9")
    found.propose("merge", "actor/haldria", DCTERMS.isReplacedBy, "actor/pellovia", "0.3")
    one, other = claims(workspace)[:2]
    found.propose("against", one, KG.contradicts, other, "0.6")
    return found


@pytest.fixture
def proposals(proposed: Proposals, tmp_path: Path) -> Proposals:
    """A copy of them, to decide on."""
    return Proposals(copied(proposed.workspace, tmp_path / "news"), dict(proposed.keys))


def claims(workspace: Workspace) -> list[str]:
    """The addresses of the claims of the first article, in the order of the text."""
    names = claim_names(Annotations(workspace).read(TRAWLER)).values()
    in_order = sorted(names, key=lambda name: [int(part) for part in name.split("-")[1:]])
    return [f"claim/{name}" for name in in_order]


def at(workspace: Workspace, by: str = "Mira Vonn") -> tuple[Desk, list[Item]]:
    """A desk with a person at it, and what waits."""
    with workspace.writing() as store:
        report = build(workspace, store)
        assert not report.problems
        texts = {e["text"]: e["file"] for e in report.graphs.values() if e.get("text")}
        graphs = {graph: entry["file"] for graph, entry in report.graphs.items()}
        desk = Desk(workspace, by, "2031-04-02", Annotations(workspace, texts), graphs)
        items = waiting(store, desk.analysis, graphs, workspace.iris)
    desk.articles.judged = {
        i.key: i.file for i in items if isinstance(i, Pair) and i.file is not None
    }
    return desk, items


def statuses(desk: Desk) -> dict[str, str]:
    return {key: judgement.status for key, judgement in desk.analysis.judgements.items()}


def test_the_queue_has_links_first_and_claims_in_the_order_of_their_texts(
    proposals: Proposals,
) -> None:
    _, items = at(proposals.workspace)
    links = [item for item in items if isinstance(item, Link)]
    assert [link.thing.name for link in links] == ["Haldria", "Edrin Vask"]
    assert links[0].thing.mentions > links[1].thing.mentions == 2
    assert [judgement.to for _, judgement in links[1].choices] == [OFFICER, SINGER]
    assert links[1].items[OFFICER].description == "Edrin Vask, as described"
    parts = [item.part for item in items]
    assert parts == sorted(parts, key=("links", "merges", "judgements", "claims").index)
    assert (parts.count("links"), parts.count("merges"), parts.count("judgements")) == (2, 1, 1)
    said = [item for item in items if isinstance(item, Said)]
    own = [item for item in said if item.file == TRAWLER]
    assert [f"claim/{item.node.value.rpartition('/')[2]}" for item in own] == claims(
        proposals.workspace
    )
    assert said[0].file == TRAWLER
    assert said[-1].file != TRAWLER
    assert {item.by for item in said} == {"rules 0.1.0"}


def test_claims_of_people_do_not_wait(fresh_sample: Workspace) -> None:
    _, items = at(fresh_sample)
    assert items == []


def test_a_link_that_a_program_accepted_comes_after_those_that_nobody_has(
    proposals: Proposals,
) -> None:
    proposals.propose("state", "actor/haldria", SKOS.exactMatch, STATE, "0.97", status="accepted")
    proposals.propose("wrong", "actor/haldria", SKOS.exactMatch, SINGER, "0.01")
    _, items = at(proposals.workspace)
    links = [item for item in items if isinstance(item, Link)]
    assert [link.thing.name for link in links] == ["Edrin Vask", "Haldria"]
    assert [judgement.status for _, judgement in links[1].choices] == ["accepted", "proposed"]


def test_that_a_thing_has_no_item_can_be_proposed_alone_and_comes_last(
    proposals: Proposals,
) -> None:
    site = NamedNode("http://www.wikidata.org/")
    proposals.propose("absent", "actor/pellovia", KG.absentFrom, site, "0.7")
    desk, items = at(proposals.workspace)
    links = [item for item in items if isinstance(item, Link)]
    assert [link.thing.name for link in links] == ["Haldria", "Edrin Vask", "Pellovia"]
    assert links[2].choices == ()
    shown = page(links[2], texts_of(desk), {}, 80)
    assert shown[-1] == "  No item, proposed by newskg 0.1.0"
    terminal = Keys(["n", "r", "q"])
    session = Session(desk, terminal, texts_of(desk), links[2:])
    session.run()
    assert statuses(desk)[proposals.keys["absent"]] == "accepted"
    desk.undo()
    assert statuses(desk)[proposals.keys["absent"]] == "proposed"
    Session(desk, Keys(["r"]), texts_of(desk), links[2:]).run()
    assert statuses(desk)[proposals.keys["absent"]] == "rejected"


def test_a_link_of_which_nothing_is_proposed_does_not_wait(proposals: Proposals) -> None:
    desk, items = at(proposals.workspace)
    link = items[0]
    desk.decide(proposals.node(f"judgement/{proposals.keys['state']}"), "rejected")
    assert still(link, desk.analysis) is None
    again = [item for item in at(proposals.workspace)[1] if isinstance(item, Link)]
    assert [other.thing.name for other in again] == ["Edrin Vask"]


def test_to_accept_an_item_is_to_reject_the_others(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    keys = proposals.keys
    node = proposals.node(f"judgement/{keys['officer']}")
    deeds = desk.decide(node, "accepted", "He spoke for the coast guard.")
    assert [deed.status for deed in deeds] == ["accepted", "rejected"]
    again = proposals.workspace.analysis().judgements
    officer, singer = again[keys["officer"]], again[keys["singer"]]
    assert (officer.status, officer.by, officer.confidence) == (
        "accepted",
        Judge(name="Mira Vonn"),
        Decimal(1),
    )
    assert (officer.note, officer.when) == ("He spoke for the coast guard.", "2031-04-02")
    assert officer.features["name"] == 0.98
    assert officer.changes == (
        "2031-04-01: proposed by newskg 0.1.0, confidence 0.81",
        "2031-04-02: accepted by Mira Vonn: He spoke for the coast guard.",
    )
    assert (singer.status, singer.note) == ("rejected", "wd:Q900000001 was accepted instead")
    assert again[keys["state"]].status == "proposed"


def test_a_person_may_change_their_mind_and_a_program_may_not(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    keys = proposals.keys
    desk.decide(proposals.node(f"judgement/{keys['officer']}"), "accepted")
    machine = replace(desk.analysis.judgements[keys["singer"]], by=PROGRAM, status="accepted")
    assert not desk.analysis.decide(machine)
    desk.decide(proposals.node(f"judgement/{keys['singer']}"), "accepted")
    found = statuses(desk)
    assert (found[keys["officer"]], found[keys["singer"]]) == ("rejected", "accepted")


def test_none_of_these_rejects_them_and_says_that_there_is_no_item(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    vask = proposals.node("actor/edrin-vask")
    deeds = desk.none(vask, "Too little known.")
    assert [deed.status for deed in deeds] == ["accepted", "rejected", "rejected"]
    absent = desk.analysis.decided(vask, KG.absentFrom)
    assert absent is not None
    assert absent.to == NamedNode("http://www.wikidata.org/")
    assert desk.analysis.decided(vask, SKOS.exactMatch) is None
    desk.decide(proposals.node(f"judgement/{proposals.keys['officer']}"), "accepted")
    assert desk.analysis.decided(vask, KG.absentFrom) is None


def test_a_link_that_nobody_proposed_can_be_made_and_refused(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    thing, item = proposals.node("place/brennick"), NamedNode(f"{WIKIDATA}Q900000009")
    desk.relate(thing, SKOS.exactMatch, item, "rejected", "That is a ship.")
    assert desk.analysis.vetoed(thing, SKOS.exactMatch, item)
    desk.relate(thing, SKOS.exactMatch, item, "accepted")
    decided = desk.analysis.decided(thing, SKOS.exactMatch)
    assert decided is not None
    assert decided.to == item


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_a_review_is_a_line_of_its_claim_and_nothing_else_changes(
    proposals: Proposals, verdict: str
) -> None:
    desk, _ = at(proposals.workspace)
    before = files(proposals.workspace)
    claim = proposals.node(claims(proposals.workspace)[2])
    desk.decide(claim, "accepted" if verdict == "accepted" else "rejected", 'He says: "so".')
    after = files(proposals.workspace)
    assert {name for name in after if after[name] != before[name]} == {TRAWLER}
    line = f"  review: {{status: {verdict}, by: Mira Vonn, when: '2031-04-02', because: 'He says: \"so\".'}}\n"
    assert after[TRAWLER].decode().count(line) == 1
    assert after[TRAWLER].replace(line.encode(), b"") == before[TRAWLER]
    assert untouched(before[TRAWLER])
    assert not untouched(after[TRAWLER])
    found = desk.claim(claim)
    assert found is not None
    assert found.review is not None
    assert (found.review.status, found.review.because) == (verdict, 'He says: "so".')


def test_what_was_judged_of_a_rejected_claim_is_rejected_with_it(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    claim = proposals.node(claims(proposals.workspace)[1])
    deeds = desk.decide(claim, "rejected")
    name = claims(proposals.workspace)[1].replace("/", ":")
    assert [deed.because for deed in deeds] == [None, f"{name} was rejected"]
    assert statuses(desk)[proposals.keys["against"]] == "rejected"
    desk.undo()
    assert statuses(desk)[proposals.keys["against"]] == "proposed"
    assert len(desk.decide(claim, "accepted")) == 1


def test_what_is_withdrawn_waits_again_as_before(proposals: Proposals) -> None:
    desk, items = at(proposals.workspace)
    before = files(proposals.workspace)
    claim = proposals.node(claims(proposals.workspace)[2])
    desk.decide(claim, "rejected")
    assert [deed.status for deed in desk.withdraw(claim)] == ["proposed"]
    assert files(proposals.workspace) == before
    node = proposals.node(f"judgement/{proposals.keys['state']}")
    desk.decide(node, "accepted")
    desk.withdraw(node, "Not so fast.")
    found = desk.analysis.judgements[proposals.keys["state"]]
    assert (found.status, found.by, found.confidence) == ("proposed", PROGRAM, Decimal("0.9"))
    assert found.changes[-1] == "2031-04-02: withdrawn by Mira Vonn: Not so fast."
    assert [item.about for item in at(proposals.workspace)[1]] == [item.about for item in items]


def test_undoing_goes_back_one_decision_at_a_time_over_sessions(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    keys, annotation = proposals.keys, files(proposals.workspace)[TRAWLER]
    claim = proposals.node(claims(proposals.workspace)[0])
    desk.decide(proposals.node(f"judgement/{keys['officer']}"), "accepted")
    desk.decide(claim, "rejected")
    desk.decide(claim, "accepted", "After all.")
    later, _ = at(proposals.workspace, by="Bo Lind")
    assert [deed.status for deed in later.undo()] == ["rejected"]
    found = later.claim(claim)
    assert found is not None
    assert found.review is not None
    assert (found.review.status, found.review.by) == ("rejected", "Mira Vonn")
    later.undo()
    assert files(proposals.workspace)[TRAWLER] == annotation
    assert [deed.status for deed in later.undo()] == ["proposed", "proposed"]
    assert statuses(later)[keys["singer"]] == "proposed"
    assert "withdrawn by Bo Lind" in later.analysis.judgements[keys["officer"]].changes[-1]
    assert later.undo() == []


def test_undoing_brings_back_what_a_program_had_accepted(proposals: Proposals) -> None:
    proposals.propose(
        "singer", "actor/edrin-vask", SKOS.exactMatch, SINGER, "0.96", status="accepted"
    )
    desk, _ = at(proposals.workspace)
    desk.decide(proposals.node(f"judgement/{proposals.keys['officer']}"), "accepted")
    assert statuses(desk)[proposals.keys["singer"]] == "rejected"
    desk.undo()
    found = desk.analysis.judgements[proposals.keys["singer"]]
    assert (found.status, found.by, found.confidence) == ("accepted", PROGRAM, Decimal("0.96"))
    assert statuses(desk)[proposals.keys["officer"]] == "proposed"


def test_a_lost_or_torn_log_only_costs_the_undoing(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    claim = proposals.node(claims(proposals.workspace)[2])
    log = proposals.workspace.derived / LOG
    desk.decide(claim, "rejected")
    log.write_bytes(log.read_bytes() + b'[{"node": "https://exa')
    assert [deed.node for deed in desk.undo()] == [claim]
    desk.decide(claim, "rejected")
    log.unlink()
    assert desk.undo() == []
    found = desk.claim(claim)
    assert found is not None
    assert found.review is not None


def test_what_an_editor_wrote_meanwhile_is_kept(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    file = proposals.workspace.root / "analysis.ttl"
    desk.decide(proposals.node(f"judgement/{proposals.keys['state']}"), "accepted")
    file.write_bytes(file.read_bytes() + b"# a word of mine\n")
    desk.decide(proposals.node(f"judgement/{proposals.keys['officer']}"), "rejected")
    assert b"# a word of mine\n" in file.read_bytes()
    assert statuses(desk)[proposals.keys["state"]] == "accepted"
    annotation = proposals.workspace.root / TRAWLER
    annotation.write_bytes(b"# mine\n" + annotation.read_bytes())
    desk.decide(proposals.node(claims(proposals.workspace)[0]), "rejected")
    assert annotation.read_bytes().startswith(b"# mine\n")


def test_nothing_is_decided_on_what_is_not_there_or_cannot_be_read(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    before = files(proposals.workspace)
    for local in ("claim/000000000000-1-2", "judgement/0000000000000000", "actor/haldria"):
        with pytest.raises(NotFoundError, match="no claim or judgement goes by that name"):
            desk.decide(proposals.node(local), "accepted")
    address = claims(proposals.workspace)[0]
    with pytest.raises(NotFoundError, match="no claim or judgement"):
        desk.decide(proposals.node(f"{address}-7"), "accepted")
    assert files(proposals.workspace) == before
    file = proposals.workspace.root / TRAWLER
    broken = file.read_bytes().replace(b"certainty: certain", b"certainty: sure", 1)
    file.write_bytes(broken)
    with pytest.raises(InputError, match="expected certain"):
        desk.decide(proposals.node(address), "accepted")
    assert file.read_bytes() == broken


JUDGEMENTS = """\
judgements:
# what we think
- {from: stop, relation: contradicts, to: start, confidence: 0.7, when: 2031-04-01, by: A. Reader}  # see
"""


def test_a_judgement_of_an_annotation_is_decided_in_the_annotation(fresh_sample: Workspace) -> None:
    file = fresh_sample.articles / "ferry.yaml"
    desk, items = at(fresh_sample)
    assert items == []
    (first,) = [claim.id for claim in desk.articles.read("articles/ferry.yaml").claims]
    second = "claim/" + min(claim_names(desk.articles.read("articles/harbour.yaml")).values())
    added = JUDGEMENTS.replace("stop", first).replace("start", second)
    file.write_bytes(file.read_bytes().rstrip(b"\n") + b"\n" + added.encode())
    before = file.read_bytes()
    desk, (item,) = at(fresh_sample)
    assert isinstance(item, Pair)
    assert (item.part, item.file) == ("judgements", "articles/ferry.yaml")
    node = fresh_sample.iris.thing("judgement", item.key)
    assert desk.waits(item.key)
    desk.decide(node, "rejected", "Two other ferries.")
    assert not desk.waits(item.key)
    line = (
        f"- {{from: {first}, relation: contradicts, to: {second}, confidence: 0, when: '2031-04-02', "
        "by: Mira Vonn, status: rejected, method: review, note: Two other ferries.}  # see\n"
    )
    assert file.read_bytes().endswith(line.encode())
    assert at(fresh_sample)[1] == []
    desk.undo()
    assert desk.waits(item.key)
    found = desk.articles.read("articles/ferry.yaml").judgements[0]
    assert (found.by, found.confidence, found.note) == ("A. Reader", Decimal("0.7"), None)
    assert before.splitlines()[-2] in file.read_bytes().splitlines()


# ---- pages ---------------------------------------------------------------------------------------


def texts_of(desk: Desk) -> Texts:
    def words(text: NamedNode) -> str | None:
        name = desk.articles.files[text.value.rpartition("/")[2]]
        file = desk.workspace.text(desk.workspace.root / name)
        return file.read_text() if file.exists() else None

    return Texts(words, lambda _: "A trawler sinks")


def pages(proposals: Proposals, width: int, texts: Texts | None = None) -> dict[str, str]:
    desk, items = at(proposals.workspace)
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.part, item)
    first["links"] = next(i for i in items if isinstance(i, Link) and len(i.choices) > 1)
    return {
        part: "\n".join(
            page(
                item,
                texts or texts_of(desk),
                proposals.workspace.prefixes,
                width,
                claim=desk.claim(item.node) if isinstance(item, Said) else None,
            )
        )
        for part, item in first.items()
    }


def test_a_page_shows_the_words_and_what_speaks_for_each_candidate(proposals: Proposals) -> None:
    shown = pages(proposals, 80)
    link = shown["links"]
    assert "Edrin Vask (actor:edrin-vask, person, named 2 times)" in link
    assert f"{OPEN}Edrin Vask{CLOSE}" in link
    heads = next(line for line in link.splitlines() if "wd:Q900000001" in line)
    assert heads.split() == ["▸1", "wd:Q900000001", "2", "wd:Q900000002"]
    assert re.search(r"^score +██████░░ 0\.81 +█░░░░░░░ 0\.12$", link, re.MULTILINE)
    assert re.search(r"^context +███░░░░░ 0\.40 +–$", link, re.MULTILINE)
    assert "proposed by newskg 0.1.0" in link
    merge = shown["merges"]
    assert "Haldria (actor:haldria, state, named" in merge
    assert "is the same as, and goes into" in merge
    against = shown["judgements"]
    assert "contradicts" in against
    assert against.count(OPEN) == 2
    claim = shown["claims"]
    assert re.search(r"^Says +Haldrian Coast Guard$", claim, re.MULTILINE)
    assert re.search(r"^Cue +\S", claim, re.MULTILINE)
    assert OPEN in claim


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 119])
def test_no_line_of_a_page_is_longer_than_the_terminal_is_wide(
    proposals: Proposals, width: int
) -> None:
    shown = pages(proposals, width)
    assert len(shown) == 4
    for part, lines in shown.items():
        for line in lines.splitlines():
            assert length(line) <= width, (part, line)


def test_nothing_that_a_terminal_obeys_is_on_a_page(proposals: Proposals) -> None:
    shown = pages(proposals, 80)["links"]
    assert "␛[31m" in shown
    assert "<U+202E>" in shown
    assert "\x1b" not in shown
    with proposals.workspace.reading() as store:
        analysis = proposals.workspace.analysis()
        items = waiting(store, analysis, {}, proposals.workspace.iris)
    found = list(rows(items, proposals.workspace.prefixes, proposals.workspace.iris))
    assert any("\x1b" in str(row["proposal"]) for row in found)  # JSON has it as it is


VISIBLE = {
    "a\nb\tc  d": "a b c d",
    "\x1b[2J": "␛[2J",
    "a\x00\x7f": "a␀␡",
    "\x9b31m": "<U+009B>31m",
    "\u202eabc\u2066": "<U+202E>abc<U+2066>",
    "soft\u00adhyphen \u200bzero": "softhyphen zero",
    "\U0001f469\u200d\U0001f680 日本": "\U0001f469\U0001f680 日本",
    "e\u0301 ß İ": "e\u0301 ß İ",
    "\ud800": "<U+D800>",
    "\ue000": "<U+E000>",
    "a\u2028b": "a b",
    "\U000e0041": "<U+E0041>",
}


@pytest.mark.parametrize("text", VISIBLE)
def test_signs_stand_for_what_moves_the_cursor(text: str) -> None:
    assert len(VISIBLE) == 12
    assert visible(text) == VISIBLE[text]


def test_without_the_text_what_the_graph_quotes_is_shown(proposals: Proposals) -> None:
    shown = pages(proposals, 80, Texts(lambda _: None, lambda _: ""))
    assert f"{OPEN}Edrin Vask{CLOSE}" in shown["links"]
    assert "The text is not at hand." in shown["claims"]


def test_a_thing_without_a_name_and_a_place_far_apart_are_shown() -> None:
    node = NamedNode("https://example.org/kg/id/claim/a-1-2")
    text = "word " * 2000
    said = Said(
        node=node, text="It is so.", sources=(), article="", in_text=node, file="a.yaml",
        by="rules 0.1.0", about=frozenset(),
    )  # fmt: skip
    from kg.model import Claim, Slug, Span

    claim = Claim(
        id=Slug("c1"), source=(), evidence=(Span(5, 9), Span(5000, 9000)), text="It is so.",
        certainty="certain",
    )  # fmt: skip
    lines = page(said, Texts(lambda _: text, lambda _: ""), {}, 80, claim=claim)
    assert len(lines) < 60
    assert sum(line.count(OPEN) for line in lines) == 2
    thing = Thing(node=node, name="")
    link = Link(thing=thing, choices=(), items={})
    assert page(link, Texts(lambda _: None, lambda _: ""), {}, 80)[0].startswith("without a name (")


def test_the_list_has_a_row_for_each_decision(proposals: Proposals) -> None:
    workspace = proposals.workspace
    _, items = at(workspace)
    found = list(rows(items, workspace.prefixes, workspace.iris))
    assert len(found) == len(items) + 1  # two candidates of one link
    assert all({"id", "part", "what", "proposal", "by"} <= row.keys() for row in found)
    officer = next(row for row in found if row["id"] == f"judgement:{proposals.keys['officer']}")
    assert officer["thing"] == "actor:edrin-vask"
    assert (officer["to"], officer["confidence"]) == ("wd:Q900000001", 0.81)
    assert officer["features"]["name"] == 0.98
    lines = list(as_text(found, 40))
    assert lines[:4] == [
        "Links",
        f"  judgement:{proposals.keys['state']}  0.90  newskg 0.1.0",
        "    Haldria (actor:haldria) →",
        "    wd:Q900000003 Haldria",
    ]
    assert not re.search("[\x1b\u202e]", "".join(lines))


# ---- sessions ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Keys:
    """A terminal at which somebody presses some keys; what is in brackets is typed as a line."""

    keys: list[str]
    width: int = 80
    shown: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    then: Callable[[], None] | None = None

    def tell(self, lines: Iterable[str]) -> None:
        self.shown += lines

    def key(self, prompt: str) -> str:
        self.shown.append(prompt)
        assert length(prompt) <= self.width
        if self.then is not None and not self.keys:
            self.then()
        return self.keys.pop(0) if self.keys else ""

    def line(self, prompt: str) -> str:
        self.shown.append(prompt)
        return self.keys.pop(0)

    def open(self, address: str) -> bool:
        self.opened.append(address)
        return len(self.opened) < 2


def session(
    proposals: Proposals, keys: Sequence[str], part: str | None = None, width: int = 80
) -> tuple[Session, Keys]:
    desk, items = at(proposals.workspace)
    terminal = Keys(list(keys), width)
    items = [item for item in items if part is None or item.part == part]
    found = Session(desk, terminal, texts_of(desk), items)
    found.run()
    return found, terminal


def test_keys_accept_reject_and_skip(proposals: Proposals) -> None:
    found, terminal = session(proposals, ["s", "2", "b", "She  sings.", "a", "r", "a", "a", "q"])
    keys, got = proposals.keys, statuses(found.desk)
    assert got[keys["state"]] == "proposed"
    assert (got[keys["singer"]], got[keys["officer"]]) == ("accepted", "rejected")
    assert found.desk.analysis.judgements[keys["singer"]].note == "She sings."
    assert (got[keys["merge"]], got[keys["against"]]) == ("rejected", "accepted")
    claim = found.desk.claim(proposals.node(claims(proposals.workspace)[0]))
    assert claim is not None
    assert claim.review is not None
    assert (claim.review.status, claim.review.because) == ("accepted", None)
    assert found.decided == 4
    shown = "\n".join(terminal.shown)
    assert "── Link 2 of 2 " in shown
    assert "  Accepted: actor:edrin-vask is wd:Q900000002: She sings." in terminal.shown
    assert (
        "  Rejected: actor:edrin-vask is wd:Q900000001: wd:Q900000002 was accepted instead"
        in terminal.shown
    )
    assert "  Rejected: actor:haldria goes into actor:pellovia" in terminal.shown


def test_a_rejected_candidate_leaves_the_others_to_decide_on(proposals: Proposals) -> None:
    found, terminal = session(proposals, ["s", "r", "r"], "links")
    assert {statuses(found.desk)[proposals.keys[key]] for key in ("officer", "singer")} == {
        "rejected"
    }
    assert terminal.shown[-2:] == ["Nothing else waits; 1 skipped.", "u undo  q quit"]


def test_n_is_for_none_of_these(proposals: Proposals) -> None:
    found, terminal = session(proposals, ["n", "n"], "links")
    assert "  Accepted: actor:haldria has no item in Wikidata" in terminal.shown
    assert terminal.shown[-2:] == ["Nothing waits.", "u undo  q quit"]
    assert found.decided == 2
    assert [item.part for item in at(proposals.workspace)[1]][:1] == ["merges"]


def test_undo_goes_back_to_what_was_decided(proposals: Proposals) -> None:
    found, terminal = session(proposals, ["u", "a", "a", "u", "u", "q"], "links")
    assert (found.decided, found.undone) == (2, 2)
    assert set(statuses(found.desk).values()) == {"proposed"}
    heads = [line.split("─ ")[1].split(" ─")[0] for line in terminal.shown if "── Link" in line]
    assert heads == ["Link 1 of 2", "Link 2 of 2", "Link 2 of 2", "Link 1 of 2"]
    assert "There is nothing to undo." in terminal.shown


def test_keys_that_mean_nothing_at_the_end_do_not_quit(proposals: Proposals) -> None:
    found, terminal = session(proposals, ["n", "n", "x", "\x1b", "u", "q"], "links")
    assert (found.decided, found.undone) == (2, 1)
    assert terminal.shown.count("u undo  q quit") == 3


def test_one_key_decides_on_all_that_go_into_one_thing(proposals: Proposals) -> None:
    for thing in ("luco-maradi", "ilka-tarrock"):
        proposals.propose(thing, f"actor/{thing}", DCTERMS.isReplacedBy, "actor/edrin-vask", "0.6")
    names = ("luco-maradi", "ilka-tarrock")
    for keys, expected in ((["A", "u", "q"], "proposed"), (["R", "q"], "rejected")):
        desk, items = at(proposals.workspace)
        into = [i for i in items if isinstance(i, Pair) and i.right.name == "Edrin Vask"]
        assert len(into) == 2
        terminal = Keys(list(keys))
        found = Session(desk, terminal, texts_of(desk), into)
        found.run()
        assert {statuses(found.desk)[proposals.keys[name]] for name in names} == {expected}
        assert any("A R all 2" in line for line in terminal.shown)
    assert statuses(found.desk)[proposals.keys["merge"]] == "proposed"
    alone, terminal = session(proposals, ["A", "q"], "merges")
    assert statuses(alone.desk)[proposals.keys["merge"]] == "proposed"
    assert not any("A R all" in line for line in terminal.shown)


def test_what_goes_into_one_thing_stands_together(proposals: Proposals) -> None:
    for thing, into in (("luco-maradi", "edrin-vask"), ("pellovia", "lantern-sea-council"),
                        ("ilka-tarrock", "edrin-vask")):  # fmt: skip
        proposals.propose(thing, f"actor/{thing}", DCTERMS.isReplacedBy, f"actor/{into}", "0.6")
    _, items = at(proposals.workspace)
    hubs = [item.right.node for item in items if isinstance(item, Pair) and item.part == "merges"]
    assert len(hubs) == 4
    assert sum(one != other for one, other in pairwise(hubs)) == 2


def test_o_opens_the_page_of_the_chosen_item(proposals: Proposals) -> None:
    _, terminal = session(proposals, ["s", "2", "o", "o", "s", "o", "q"])
    assert terminal.opened == [SINGER.value, SINGER.value]
    assert f"No browser opened {SINGER.value}" in terminal.shown
    assert "There is no page to open." in terminal.shown


def test_a_question_mark_and_unknown_keys_explain_the_keys(proposals: Proposals) -> None:
    for key in ("?", "x", "9", "\x1b"):
        found, terminal = session(proposals, [key, "\x04"], "links")
        assert "  a    accept; of several candidates the chosen one" in terminal.shown
        assert found.decided == 0
    _, terminal = session(proposals, ["n", ""], "claims")
    assert "  n    none of these: it has no item" in terminal.shown


def test_narrow_terminals_get_short_prompts(proposals: Proposals) -> None:
    _, terminal = session(proposals, ["s", "s"], "links", width=30)
    assert "a r n s b u o q ?" in terminal.shown


def test_what_fails_is_told_and_can_be_tried_again(proposals: Proposals) -> None:
    desk, items = at(proposals.workspace)
    file = proposals.workspace.root / "analysis.ttl"
    whole = file.read_bytes()
    terminal = Keys([])
    terminal.then = lambda: None
    found = Session(desk, terminal, texts_of(desk), items)

    class Breaking(Keys):
        def key(self, prompt: str) -> str:
            key = Keys.key(self, prompt)
            file.write_bytes(b"this is no Turtle" if key == "a" and not self.opened else whole)
            self.opened.append("")
            return key

    found.terminal = Breaking(["a", "a", "q"])
    found.run()
    shown = found.terminal.shown
    assert sum("kg: error: analysis.ttl" in line for line in shown) == 1
    assert found.decided == 1


def test_what_is_decided_elsewhere_meanwhile_is_passed_over(proposals: Proposals) -> None:
    desk, items = at(proposals.workspace)
    other, _ = at(proposals.workspace, by="Bo Lind")
    other.decide(proposals.node(f"judgement/{proposals.keys['state']}"), "rejected")
    terminal = Keys(["a", "q"])
    Session(desk, terminal, texts_of(desk), items).run()
    assert "  Accepted: actor:edrin-vask is wd:Q900000001" in terminal.shown
    assert statuses(desk)[proposals.keys["state"]] == "rejected"


# ---- merges --------------------------------------------------------------------------------------


def own(workspace: Workspace, name: str, label: str) -> str:
    """The address of the thing with a label that only one article knows."""
    annotation = Annotations(workspace).read(name)
    (thing,) = (thing for thing in annotation.things if thing.label == label)
    return f"{thing.type}/{str(annotation.text.sha256)[:12]}-{thing.id}"


def test_two_things_of_articles_that_are_one_become_an_entry_of_the_register(
    proposals: Proposals,
) -> None:
    workspace = proposals.workspace
    gone = own(workspace, "articles/2031-03-06-correction.yaml", "crew members")
    kept = own(workspace, TRAWLER, "crew members")
    proposals.propose("own", gone, DCTERMS.isReplacedBy, kept, "0.9")
    before = files(workspace)
    desk, items = at(workspace)
    desk.ids = {"crew-members", "c1"}
    pair = next(i for i in items if isinstance(i, Pair) and i.key == proposals.keys["own"])
    deeds = desk.decide(workspace.iris.thing("judgement", pair.key), "accepted")
    assert [(deed.status, deed.because) for deed in deeds] == [
        ("accepted", None),
        ("accepted", "its entry in the register"),
    ]
    after = files(workspace)
    assert {name for name in after if after[name] != before[name]} == {
        "analysis.ttl",
        "entities.ttl",
    }
    assert after["entities.ttl"].startswith(before["entities.ttl"].rstrip(b"\n"))
    merges = desk.analysis.merges()
    assert len(set(merges.values())) == 1
    assert set(merges) == {proposals.node(gone).value, proposals.node(kept).value}
    entry = merges[proposals.node(gone).value].rpartition("/")[2]
    assert entry not in desk.ids
    assert workspace.register().label(entry) == pair.right.name
    assert [deed.status for deed in desk.undo()] == ["proposed", "proposed"]
    assert desk.analysis.merges() == {}


def test_a_merge_into_the_register_makes_no_entry(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    before = files(proposals.workspace)
    desk.decide(proposals.node(f"judgement/{proposals.keys['merge']}"), "accepted")
    after = files(proposals.workspace)
    assert {name for name in after if after[name] != before[name]} == {"analysis.ttl"}


def test_what_has_become_another_thing_waits_for_no_third(proposals: Proposals) -> None:
    proposals.propose(
        "third", "actor/haldria", DCTERMS.isReplacedBy, "actor/haldrian-coast-guard", "0.2"
    )
    desk, items = at(proposals.workspace)
    assert [item.part for item in items].count("merges") == 2
    third = next(i for i in items if isinstance(i, Pair) and i.key == proposals.keys["third"])
    desk.decide(proposals.node(f"judgement/{proposals.keys['merge']}"), "accepted")
    assert statuses(desk)[proposals.keys["third"]] == "proposed"
    assert still(third, desk.analysis) is None
    desk.undo()
    assert still(third, desk.analysis) is third


def test_a_merge_in_a_circle_is_refused_and_nothing_is_written(proposals: Proposals) -> None:
    desk, _ = at(proposals.workspace)
    desk.decide(proposals.node(f"judgement/{proposals.keys['merge']}"), "accepted")
    before = files(proposals.workspace)
    pellovia, haldria = proposals.node("actor/pellovia"), proposals.node("actor/haldria")
    with pytest.raises(InputError, match="replaced by itself"):
        desk.relate(pellovia, DCTERMS.isReplacedBy, haldria, "accepted")
    assert files(proposals.workspace) == before
    assert desk.analysis.merges() == {haldria.value: pellovia.value}
