"""The `rules` extractor as a whole: whatever the text, its spans, its file, its graph and its time hold.

The clocks run over small texts here. KG_SLOW=1 runs them over 1.25, 2.5 and 5 million characters
each, which takes about an hour of one core.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

import kg.document
import kg.extract
import kg.intake
from kg import annotation, document
from kg.annotation.seal import sealed, untouched
from kg.errors import InputError
from kg.extract import annotate
from kg.extract.gazetteer import Gazetteer
from kg.extract.rules import Rules
from kg.loading import article_quads
from kg.mapping.iris import Iris
from kg.mapping.read import from_graph
from kg.mapping.write import article_key, date_triples
from kg.model import Span, ordered
from kg.register import Register, read
from kg.store.embedded import EmbeddedStore
from kg.validate import check, shapes_of
from tests.hostile_texts import ODD, PIECES, PROSE, REPEATS, crowd, repeated, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.document import Document
    from kg.model import Annotation, Claim

ROOT = Path(__file__).parents[1]
IRIS = Iris("https://example.org/kg/")
REGISTER = Register(
    read((ROOT / "examples" / "newsroom" / "entities.ttl").read_bytes(), "entities.ttl", IRIS), IRIS
)
NOBODY = Gazetteer(())
KNOWN = Gazetteer.of(REGISTER)
NODES = {id_: REGISTER.iri(id_).value for id_ in REGISTER.kinds}
NEWSROOM = sorted(
    path for path in (ROOT / "examples" / "newsroom").iterdir() if path.suffix in {".txt", ".html"}
)
SLOW = os.environ.get("KG_SLOW") == "1"
timed = pytest.mark.skipif(not SLOW, reason="hangs on the clock: KG_SLOW=1 runs it")
LAW = settings(
    deadline=None,
    max_examples=2000 if SLOW else 250,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FINDING = settings(LAW, max_examples=6000, phases=[Phase.generate], database=None)


class Read(NamedTuple):
    """A text that was read, what was found in it, and the names that were known."""

    document: Document
    annotation: Annotation
    known: Gazetteer

    @property
    def text(self) -> str:
        return self.document.text


def reading(text: str, *, own: bool, known: Gazetteer) -> Read:
    """What the rules make of a text, from its bytes on."""
    found = document.parse(text.encode(), "hostile.txt", encoding="utf-8", limit=10**8)
    return Read(found, annotate(found, Rules(own=own), known), known)


@st.composite
def readings(draw: st.DrawFn) -> Read:
    text = draw(texts())
    try:
        return reading(text, own=draw(st.booleans()), known=draw(st.sampled_from([NOBODY, KNOWN])))
    except InputError as error:
        # A pile of control characters is no text. All else is our fault, a failing extractor too.
        assume("binary" not in str(error))
        raise


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
from tests.test_rules import IRIS, KNOWN, NODES, PIECES, ODD, reading
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


# ------------------------------------------------------------------------ time

SIZES = (1_250_000, 2_500_000, 5_000_000) if SLOW else (18_000, 72_000)
GROWTH = 2.6
"""What a text twice as long may take at most: twice, and some for the caches that overflow."""
FLOOR = 0.5 if SLOW else 0.15
"""Seconds below which a measurement says nothing of growth."""
MOST = 120.0
"""Seconds that a text of any size up to 5 million characters may take."""


def seconds(text: str) -> float:
    """What reading a text takes of the processor, files and graph left out."""
    began = time.process_time()
    reading(text, own=True, known=KNOWN)
    return time.process_time() - began


def assert_grows_no_faster(measure: Callable[[int], float], sizes: tuple[int, ...]) -> None:
    """Measure at growing sizes; only the biggest where that took no time worth looking at."""
    last = measure(sizes[-1])
    assert last < MOST
    if last < FLOOR:
        return
    found = [*map(measure, sizes[:-1]), last]
    if _steep(found, sizes):  # others use this machine, too
        found = [min(one, measure(size)) for one, size in zip(found, sizes, strict=True)]
    assert not _steep(found, sizes), found


def _steep(found: list[float], sizes: tuple[int, ...]) -> bool:
    """Whether some step takes more than GROWTH for each doubling; what is below FLOOR counts as that."""
    steps = zip(pairwise(found), pairwise(sizes), strict=True)
    return any(b > max(a, FLOOR) * GROWTH ** log2(n / m) for (a, b), (m, n) in steps)


def names_of(unit: str) -> str:
    return repr(unit[:24])


@timed
@pytest.mark.parametrize("unit", REPEATS, ids=names_of)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    assert_grows_no_faster(lambda size: seconds(repeated(unit, size)), SIZES)


@timed
def test_time_does_not_grow_with_how_many_names_there_are() -> None:
    sizes = (150_000, 300_000, 600_000) if SLOW else SIZES
    assert_grows_no_faster(lambda size: seconds(crowd(size)), sizes)


def test_one_line_holds_as_much_as_there_is_memory_for() -> None:
    assert len(REPEATS) == 94
    text = repeated(PROSE, 5_000_000 if SLOW else 500_000)
    assert "\n" not in text
    made = reading(text, own=False, known=NOBODY)
    assert len(made.annotation.claims) > len(text) // 120


# ------------------------------------------------------------------------ patterns

_METHODS = {
    "match": "match",
    "fullmatch": "fullmatch",
    **dict.fromkeys(("search", "sub", "subn", "split", "findall", "finditer"), "finditer"),
}


class Used(NamedTuple):
    """A pattern, where it is, and in which ways it is used there."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def within(value: object, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value: itself, or those in the tables that it is made of."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        for one in (*value, *value.values()):
            yield from within(one, depth - 1)
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from within(one, depth - 1)


def patterns() -> list[Used]:
    """Every pattern of what reads texts: those that modules keep, and those that stand in a call."""
    found: dict[tuple[Any, int], Used] = {}

    def add(where: str, pattern: re.Pattern[Any], methods: frozenset[str]) -> None:
        key = pattern.pattern, pattern.flags
        known = found[key].methods if key in found else frozenset[str]()
        found[key] = Used(where, pattern, known | methods)

    for package in (kg.extract, kg.document, kg.intake):
        within_it = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name in (package.__name__, *(module.name for module in within_it)):
            module = importlib.import_module(name)
            source = Path(str(module.__file__)).read_text(encoding="utf-8")
            for label, value in vars(module).items():
                calls = re.findall(rf"(?<![A-Za-z0-9_]){label}\.([a-z]+)\(", source)
                used = frozenset(_METHODS[call] for call in calls if call in _METHODS)
                for pattern in within(value):
                    add(f"{name}.{label}", pattern, used or frozenset(_METHODS.values()))
            for node in ast.walk(ast.parse(source)):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="re"), attr=attr),
                        args=[ast.Constant(value=str() | bytes() as words), *_],
                    ) if attr in _METHODS:
                        add(f"{name}:{node.lineno}", re.compile(words), frozenset({_METHODS[attr]}))
    return list(found.values())


PATTERNS = patterns()
TIMES = 40_000 if SLOW else 10_000
LINE = 2_000
"""Characters of a line longer than any that is looked at as a part of a head, or as noise."""
BY_LINE = tuple(
    f"kg.document.{name}"
    for name in ("heading", "labels", "lines", "moment", "noise", "people", "stated")
)
"""The modules whose patterns see short lines only; how they take long ones has tests of its own."""
LEADS = (
    *("", "Talks resume", "By Anna Lee", "By ", "Reporting by Anna Lee", "Photo: ", "Credit: "),
    *("March 3, 2020", "Published: ", "OSLO, March 3", "Home | ", "Anna Lee, ", "Author: Anna"),
    *("Category: ", "Correction: ", "Publisher: ", "MS. LEE"),
)
FILLING = (
    " ",
    "\t",
    "a@",
    " - ",
    "a ",
    ", ",
    " and ",
    "| ",
    "–",
    ".",
    "on ",
    "A. ",
    "(a",
    "<a",
    ">",
)
TAGS = {
    "linked data": '<script type="application/ld+json">{"@type":"NewsArticle",%s"a":1}</script>',
    "author": '<meta name="author" content="Anna%sx">',
    "site": '<meta property="og:site_name" content="Anna%sx">',
    "date": '<meta property="article:published_time" content="2020%sx">',
    "title": '<meta property="og:title" content="Talks%sx">',
}
PAGE = (
    "<html><head><title>Talks</title>{head}</head><body><article><h1>Talks</h1><p>{body}</p>"
    "<p>{body}</p></article></body></html>"
)


def provocations(pattern: re.Pattern[Any]) -> list[str]:
    """What is repeated to provoke a pattern: its own characters and words, alone and with spaces."""
    source = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    plain = re.sub(r"\\[A-Za-z]", "", source)
    words = sorted(set(re.findall("[A-Za-z]{2,}", plain)))[:12]
    shapes = [
        "a ",
        "A ",
        "1 ",
        "1-",
        "a.",
        "A-",
        "a\n",
        " \n",
        "\n1",
        ": ",
        "a: ",
        "A, ",
        "<a ",
        "\r\n",
    ]
    found = [*sorted(set(plain) | set('a1A .,-"\n\t<')), *words, *(f"{word} " for word in words)]
    return list(dict.fromkeys([*found, *shapes]))


def taken(used: Used, method: str, text: str) -> float:
    data: Any = text if isinstance(used.pattern.pattern, str) else text.encode()
    apply = getattr(used.pattern, method)
    began = time.process_time()
    if method == "finditer":
        deque(apply(data), maxlen=0)
    else:
        apply(data)
    return time.process_time() - began


@timed
@pytest.mark.parametrize(
    "number", range(len(PATTERNS)), ids=lambda number: f"{number} {PATTERNS[number].where}"
)
def test_no_pattern_takes_more_than_linear_time(number: int) -> None:
    used = PATTERNS[number]
    for unit in provocations(used.pattern):
        for end in ("", "\x01"):
            for method in sorted(used.methods):
                short = (unit * LINE)[:LINE] + end
                assert taken(used, method, short) < 0.1, (method, unit, end)
                if used.where.startswith(BY_LINE):
                    continue
                twice = taken(used, method, unit * 2 * TIMES + end)
                if twice > 0.1:
                    once = taken(used, method, unit * TIMES + end)
                    twice = min(twice, taken(used, method, unit * 2 * TIMES + end))
                    assert twice < max(0.1, GROWTH * once), (method, unit, end)


def test_all_patterns_are_tried() -> None:
    assert len(PATTERNS) >= 110
    assert sum(not used.where.startswith(BY_LINE) for used in PATTERNS) >= 50
    assert sum(len(provocations(used.pattern)) * len(used.methods) for used in PATTERNS) > 4000


@timed
@pytest.mark.parametrize("lead", LEADS, ids=repr)
def test_a_long_line_in_the_head_takes_linear_time(lead: str) -> None:
    def measure(size: int) -> float:
        whole = 0.0
        for unit in FILLING:
            line = lead + (unit * size)[:size] + "x"
            text = f"{line}\n\nTalks resume\n\n{line}\n\n{PROSE}\n\n{PROSE}"
            began = time.process_time()
            document.parse(text.encode(), "long.txt", encoding="utf-8", limit=10**8)
            whole += time.process_time() - began
        return whole

    assert_grows_no_faster(measure, (8_000, 24_000))


@timed
@pytest.mark.parametrize("unit", [" ", "<", "- ", "a ", "& ", ",", "]]>", "//", "<!--"])
@pytest.mark.parametrize("tag", TAGS)
def test_a_long_value_in_the_head_of_a_page_takes_linear_time(tag: str, unit: str) -> None:
    def measure(size: int) -> float:
        page = PAGE.format(head=TAGS[tag] % (unit * size)[:size], body=PROSE)
        began = time.process_time()
        document.parse(page.encode(), "long.html", limit=10**8)
        return time.process_time() - began

    measure(1000)  # what has to be imported, is
    assert_grows_no_faster(measure, (5_000, 12_000))
