"""The `rules` extractor as a whole: whatever the text, its spans, its file and its graph hold."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from kg import annotation, document
from kg.annotation.seal import sealed, untouched
from kg.extract import annotate
from kg.extract.rules import Rules
from kg.loading import article_quads
from kg.mapping.keys import article_key
from kg.mapping.read import from_graph
from kg.mapping.times import date_triples
from kg.model import Span, ordered
from kg.store.embedded import EmbeddedStore
from kg.validate import check, shapes_of
from tests.conftest import SLOW
from tests.hostile_readings import (
    IRIS,
    KNOWN,
    LAW,
    NOBODY,
    NODES,
    REGISTER,
    ROOT,
    Read,
    reading,
    readings,
)
from tests.hostile_texts import ODD, PIECES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.model import Annotation, Claim

NEWSROOM = sorted(
    path for path in (ROOT / "examples" / "newsroom").iterdir() if path.suffix in {".txt", ".html"}
)
FINDING = settings(LAW, max_examples=6000, phases=[Phase.generate], database=None)


def places(found: Annotation) -> Iterator[Any]:
    """All places of an annotation."""
    yield from (part.span for part in found.parts)
    yield from (mention.span for mention in found.mentions)
    for claim in found.claims:
        yield from (*claim.source_span, *claim.cue, *claim.evidence)


# ------------------------------------------------------------------------ what is in the text


@LAW
@given(readings())
def test_every_span_lies_in_the_text_and_every_proof_is_of_its_words(made: Read) -> None:
    assert made.annotation.text.length == len(made.text)
    proven = {passage.span: passage for passage in made.annotation.passages}
    for place in places(made.annotation):
        assert isinstance(place, Span)
        assert 0 <= place.start < place.end <= len(made.text)
        words = made.text[slice(*place)]
        assert not words.isspace()
        assert proven[place].sha256 == hashlib.sha256(words.encode()).hexdigest()
    for mention in made.annotation.mentions:
        assert isinstance(mention.span, Span)
        exact = proven[mention.span].exact
        assert exact is not None
        assert exact.split() == made.text[slice(*mention.span)].split()


@LAW
@given(readings())
def test_every_label_is_on_one_line(made: Read) -> None:
    for thing in made.annotation.things:
        for label in (thing.label, *thing.alt):
            assert label
            assert label == " ".join(label.split())


def test_a_file_name_with_a_line_break_breaks_no_label() -> None:
    found = document.parse(b"He said that it was over.", "two\nlines.txt")
    labels = [thing.label for thing in annotate(found, Rules(own=True), NOBODY).things]
    assert "unnamed author of two lines.txt" in labels


@LAW
@given(readings())
def test_the_text_that_was_read_is_read_again_as_the_same(made: Read) -> None:
    again = document.parse(made.text.encode(), "hostile.txt", encoding="utf-8")
    assert again == made.document


@LAW
@given(readings())
def test_claims_are_told_by_no_circle_and_events_are_at_hand(made: Read) -> None:
    claims: dict[str, Claim] = {claim.id: claim for claim in made.annotation.claims}
    things = {str(thing.id) for thing in made.annotation.things}
    for claim in made.annotation.claims:
        assert claim.source
        assert claim.text.strip()
        for ref in (*claim.source, *claim.about):
            assert ref in things or ref in made.known.kinds
        seen = set[str]()
        ahead: list[str] = [*claim.asserts]
        while ahead:
            told = ahead.pop()
            assert told != str(claim.id)
            if told in claims and told not in seen:
                seen.add(told)
                ahead += claims[told].asserts


@LAW
@given(readings())
def test_the_file_says_the_same_as_the_annotation(made: Read) -> None:
    content = sealed(made.annotation, made.text)
    assert untouched(content)
    again = annotation.read(
        content, "hostile.yaml", text=lambda _: made.text, kinds=made.known.kinds
    )
    assert again.made.sha256 is not None
    assert replace(again, made=replace(again.made, sha256=None)) == made.annotation


@LAW
@given(readings())
def test_the_graph_says_the_same_as_the_annotation(made: Read) -> None:
    quads = list(ox.parse(article_quads(made.annotation, IRIS, NODES).quads, ox.RdfFormat.N_QUADS))
    graphs = {quad.graph_name for quad in quads}
    assert len(graphs) == 2
    assert IRIS.provenance in graphs
    again = from_graph(
        [quad.triple for quad in quads if quad.graph_name != IRIS.provenance],
        [quad.triple for quad in quads if quad.graph_name == IRIS.provenance],
        IRIS,
    )
    assert again == ordered(made.annotation)


def _in(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def violations(found: list[Annotation]) -> list[str]:
    """What the shapes find wrong with the graphs of some annotations, in one store with the register."""
    with EmbeddedStore() as store:
        store.engine.load(path=ROOT / "ontology" / "newskg.ttl", format=ox.RdfFormat.TURTLE)
        store.engine.extend(_in(triple, IRIS.graph("register")) for triple in REGISTER.triples)
        dates = set[str]()
        for one in found:
            quads = article_quads(one, IRIS, NODES)
            store.load(quads.quads)
            dates.update(quads.entry["dates"])
        for edtf in sorted(dates):
            store.engine.extend(_in(triple, IRIS.dates) for triple in date_triples(edtf, IRIS))
        report = check(store, shapes_of(None))
    # A line or two has no headline and no language that can be told, and nobody makes them up.
    excused = {
        (shape, IRIS.thing("article", article_key(one)).value)
        for one in found
        for shape, stated in (
            ("article-headline", one.article.headline),
            ("article-language", one.article.language),
        )
        if not stated
    }
    return [
        f"{finding.shape} {finding.focus} {finding.message}"
        for finding in report.findings
        if "Violation" in str(finding.severity)
        and (finding.shape.partition("#")[2], str(finding.focus).strip("<>")) not in excused
    ]


@settings(LAW, max_examples=40 if SLOW else 3, phases=[Phase.explicit, Phase.generate])
@given(st.lists(readings(), min_size=4, max_size=8, unique_by=lambda made: made.text))
def test_no_graph_violates_a_shape(several: list[Read]) -> None:
    assert violations([made.annotation for made in several]) == []


def test_no_graph_of_all_the_pieces_violates_a_shape() -> None:
    whole = "\n\n".join(PIECES)
    odd = " ".join(piece + one for piece, one in zip(PIECES * 20, ODD, strict=False))
    files = [document.read(path) for path in NEWSROOM]
    found = [annotate(one, Rules(own=True), KNOWN) for one in files]
    found += [reading(text, own=True, known=KNOWN).annotation for text in (whole, odd)]
    assert len(found) == 8
    assert sum(len(one.claims) for one in found) > 250
    assert violations(found) == []


# ------------------------------------------------------------------------ the laws see something


MATTERS: dict[str, Callable[[Read], bool]] = {
    "broken content": lambda made: any(len(c.evidence) > 1 for c in made.annotation.claims),
    "numbers": lambda made: any(claim.quantities for claim in made.annotation.claims),
    "times of saying": lambda made: any(claim.when for claim in made.annotation.claims),
    "mixed quotations": lambda made: any(c.kind == "mixed" for c in made.annotation.claims),
    "assertions": lambda made: any(claim.kind is None for claim in made.annotation.claims),
    "several sources": lambda made: len({claim.source for claim in made.annotation.claims}) > 2,
    "speakers": lambda made: any(part.kind == "speaker" for part in made.annotation.parts),
    "events": lambda made: bool(made.annotation.events),
    "known names": lambda made: made.known is KNOWN and len(made.annotation.mentions) > 5,
    "direction": lambda made: (
        bool({*made.text} & {*"\u200f\u202b\u202e"}) and bool(made.annotation.claims)
    ),
    "old line ends": lambda made: "\r" in made.text and len(made.annotation.claims) > 1,
}


@pytest.mark.parametrize("what", MATTERS)
def test_the_laws_are_tried_on_what_matters(what: str) -> None:
    assert find(readings(), MATTERS[what], settings=FINDING)


# ------------------------------------------------------------------------ the same bytes

_AGAIN = """
import hashlib, sys
from kg.annotation.seal import sealed
from kg.loading import article_quads
from tests.hostile_readings import IRIS, KNOWN, NODES, reading
from tests.hostile_texts import ODD, PIECES
for text in ("\\n\\n".join(PIECES), " ".join(p + o for p, o in zip(PIECES * 20, ODD))):
    made = reading(text, own=True, known=KNOWN)
    data = sealed(made.annotation, text) + article_quads(made.annotation, IRIS, NODES).quads
    print(len(made.annotation.claims), hashlib.sha256(data).hexdigest())
"""


def test_the_bytes_do_not_hang_on_the_seed_of_hashes() -> None:
    said = set()
    for seed in ("0", "1", "4242"):
        env = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1700000000"}
        found = subprocess.run(
            [sys.executable, "-c", _AGAIN], cwd=ROOT, env=env, capture_output=True, check=True
        )
        said.add(found.stdout.decode())
    assert len(said) == 1
    lines = said.pop().splitlines()
    assert len(lines) == 2
    assert all(int(line.split()[0]) > 15 for line in lines)


@settings(LAW, max_examples=25)
@given(readings())
def test_a_text_is_read_twice_in_the_same_way(made: Read) -> None:
    own = any(claim.kind is None for claim in made.annotation.claims)
    one, other = (reading(made.text, own=own, known=made.known).annotation for _ in range(2))
    assert replace(one, made=other.made) == other
