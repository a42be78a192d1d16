"""The W3C's SHACL suite through `kg.shacl`: all of core and sparql, whole reports compared as graphs.

The suite is not part of the repository: `KG_SUITES` names the folder that holds `shacl/tests`.
Nothing is fetched for an owl:imports. What a report may leave out (sh:sourceConstraint and
sh:resultMessage) is compared where the expected report has it. `kg` keeps the labels of blank nodes,
so a shape without a name must be the very one that the suite means, where the suite says so.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from kg.errors import InputError
from tests import shacl_peers as peers
from tests.conftest import SHARED

SUITES = Path(os.environ.get("KG_SUITES", SHARED / "suites")) / "shacl" / "tests"
COUNTS = {"core": 98, "sparql": 23}
DIFFERENT = {
    "core/property/datatype-ill-formed": (
        "Section 4.1.2 has a result for each literal whose datatype is not the very one asked for. "
        "The store keeps what was written as an xsd:byte as the xsd:integer that it is, so 55 may "
        "have been one: of the types derived from xsd:integer, the range alone is checked"
    ),
}
"""Tests that `kg` does not pass, by name: why, and what the specification says about it."""

needs_suite = pytest.mark.skipif(
    not SUITES.is_dir(), reason="the W3C suites are not here; KG_SUITES names their folder"
)


@cache
def suite(part: str) -> dict[str, peers.Case]:
    if not SUITES.is_dir():
        return {}
    return {f"{part}/{case.name}": case for case in peers.cases(SUITES / part)}


def parameters() -> list[object]:
    """The names of all tests; those that are known to fail must fail."""
    found: list[object] = []
    for part in COUNTS:
        for name in suite(part):
            known = DIFFERENT.get(name)
            marks = [pytest.mark.xfail(reason=known, strict=True)] if known else []
            found.append(pytest.param(name, marks=marks, id=name))
    return found


def found(case: peers.Case, validate: peers.Validator) -> peers.Triples | None:
    try:
        return validate(case.data, case.shapes, case.prefixes)
    except InputError:
        return None


@needs_suite
@pytest.mark.parametrize("part", COUNTS)
def test_the_number_of_tests_is_known(part: str) -> None:
    assert len(suite(part)) == COUNTS[part]
    failures = sum(case.expected is None for case in suite(part).values())
    assert failures == {"core": 0, "sparql": 7}[part]


@needs_suite
def test_the_known_differences_are_tests_of_the_suite() -> None:
    assert DIFFERENT.keys() <= {name for part in COUNTS for name in suite(part)}


@pytest.mark.parametrize("name", parameters())
def test_the_report_is_the_one_that_the_suite_expects(name: str) -> None:
    case = suite(name.partition("/")[0])[name]
    if case.expected is None:
        with pytest.raises(InputError):
            peers.with_kg(case.data, case.shapes)
        return
    wanted, got = peers.difference(case, peers.with_kg(case.data, case.shapes))
    assert got == wanted


@needs_suite
def test_the_comparison_misses_no_result() -> None:
    """Otherwise nothing above would prove anything: a report with a result less is another report."""
    taken = 0
    for case in (case for part in COUNTS for case in suite(part).values()):
        if case.expected is None:
            assert not peers.passes(case, [])
            continue
        assert peers.passes(case, case.expected)
        for triple in case.expected:
            if triple.predicate == peers.sh("result"):
                assert not peers.passes(case, [other for other in case.expected if other != triple])
                taken += 1
    assert taken == 235


@needs_suite
def test_what_others_miss_is_known() -> None:
    """The figures of the README, and one more proof that the comparison can fail and can pass."""
    missed = {part: missed_by(peers.with_pyshacl, part, blank=False) for part in COUNTS}
    assert missed == {
        "core": {"core/property/uniqueLang-002"},
        "sparql": {"sparql/pre-binding/shapesGraph-001"},
    }


@needs_suite
def test_what_rudof_misses_is_known() -> None:
    pytest.importorskip("pyrudof")
    missed = {part: missed_by(peers.with_pyrudof, part, blank=True) for part in COUNTS}
    assert {part: len(names) for part, names in missed.items()} == {"core": 1, "sparql": 22}
    assert missed["core"] == {"core/misc/message-001"}


def missed_by(validate: peers.Validator, part: str, *, blank: bool) -> set[str]:
    return {
        name
        for name, case in suite(part).items()
        if not peers.passes(case, found(case, validate), blank=blank)
    }
