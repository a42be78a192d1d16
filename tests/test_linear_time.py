"""The time that reading takes: it grows with the text, and with no text, page or pattern any faster.

The clocks run over small texts here. KG_SLOW=1 runs them over 1.25, 2.5 and 5 million characters
each, which takes about an hour of one core.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections import deque
from collections.abc import Mapping
from itertools import pairwise
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import kg.document
import kg.extract
import kg.intake
from kg import document
from tests.conftest import SLOW, timed
from tests.hostile_readings import KNOWN, NOBODY, reading
from tests.hostile_texts import PROSE, REPEATS, crowd, repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
    for _ in range(3):
        if not _steep(found, sizes):
            break
        # Others use this machine, too.
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
