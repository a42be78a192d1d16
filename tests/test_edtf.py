"""EDTF strings: what is one, and which instants it spans."""

from __future__ import annotations

import calendar
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.edtf import PATTERN, Bounds, Edtf, Instant, bounds

XSD_DATETIME = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
SHAPES = Path(__file__).parents[1] / "shapes" / "newskg.ttl"

# A date, its first instant and its last one; `-` is an open end. A date without a clock time
# stands for 00:00:00 and 23:59:59.
LEVEL_0 = """
    1985-04-12                    1985-04-12            1985-04-12
    1985-04                       1985-04-01            1985-04-30
    1985                          1985-01-01            1985-12-31
    1985-04-12T23:20:30           1985-04-12T09:20:30Z  1985-04-13T11:20:30Z
    1985-04-12T23:20:30Z          1985-04-12T23:20:30Z  1985-04-12T23:20:30Z
    1985-04-12T23:20:30-04        1985-04-13T03:20:30Z  1985-04-13T03:20:30Z
    1985-04-12T23:20:30+04:30     1985-04-12T18:50:30Z  1985-04-12T18:50:30Z
    1964/2008                     1964-01-01            2008-12-31
    2004-06/2006-08               2004-06-01            2006-08-31
    2004-02-01/2005-02-08         2004-02-01            2005-02-08
    2004-02-01/2005-02            2004-02-01            2005-02-28
    2004-02-01/2005               2004-02-01            2005-12-31
    2005/2006-02                  2005-01-01            2006-02-28
    0000                          0000-01-01            0000-12-31
    2004-02                       2004-02-01            2004-02-29
    2000-02                       2000-02-01            2000-02-29
    1900-02                       1900-02-01            1900-02-28
    2000-02-29                    2000-02-29            2000-02-29
    9999-12-31T23:59:59-14:00     10000-01-01T13:59:59Z 10000-01-01T13:59:59Z
    0001-01-01T00:00:00+14        0000-12-31T10:00:00Z  0000-12-31T10:00:00Z
    0000-01-01T00:00:00+00:01     -0001-12-31T23:59:00Z -0001-12-31T23:59:00Z
    2000-03-01T00:30:00+01        2000-02-29T23:30:00Z  2000-02-29T23:30:00Z
    2004-06/2004                  2004-06-01            2004-12-31
    2004/2004-06                  2004-01-01            2004-06-30
"""
LEVEL_1 = """
    Y170000002                    170000002-01-01       170000002-12-31
    Y-170000002                   -170000002-01-01      -170000002-12-31
    Y-17000                       -17000-01-01          -17000-12-31
    Y999999999999                 999999999999-01-01    999999999999-12-31
    Y-17000/-9000                 -17000-01-01          -9000-12-31
    2001-21                       2001-03-01            2001-05-31
    2001-22                       2001-06-01            2001-08-31
    2001-23                       2001-09-01            2001-11-30
    2001-24                       2001-12-01            2002-02-28
    2003-24                       2003-12-01            2004-02-29
    2001-21~                      2001-03-01            2001-05-31
    2001-24/2002-21               2001-12-01            2002-05-31
    1984?                         1984-01-01            1984-12-31
    2004-06~                      2004-06-01            2004-06-30
    2004-06-11%                   2004-06-11            2004-06-11
    201X                          2010-01-01            2019-12-31
    20XX                          2000-01-01            2099-12-31
    197X~                         1970-01-01            1979-12-31
    2004-XX                       2004-01-01            2004-12-31
    1985-04-XX                    1985-04-01            1985-04-30
    2004-02-XX                    2004-02-01            2004-02-29
    1985-XX-XX                    1985-01-01            1985-12-31
    1985-04-12/..                 1985-04-12            -
    1985-04/..                    1985-04-01            -
    1985/..                       1985-01-01            -
    ../1985-04-12                 -                     1985-04-12
    ../1985-04                    -                     1985-04-30
    ../1985                       -                     1985-12-31
    1985-04-12/                   1985-04-12            -
    1985-04/                      1985-04-01            -
    1985/                         1985-01-01            -
    /1985-04-12                   -                     1985-04-12
    /1985-04                      -                     1985-04-30
    /1985                         -                     1985-12-31
    1984~/2004-06                 1984-01-01            2004-06-30
    1984/2004-06~                 1984-01-01            2004-06-30
    1984~/2004~                   1984-01-01            2004-12-31
    1984?/2004%                   1984-01-01            2004-12-31
    1984-06-02?/2004-08-08~       1984-06-02            2004-08-08
    1984-06-02?/                  1984-06-02            -
    2004-06-XX/2004-07-03         2004-06-01            2004-07-03
    199X/200X                     1990-01-01            2009-12-31
    -1985                         -1985-01-01           -1985-12-31
    -0044-03-15                   -0044-03-15           -0044-03-15
    -0004-02                      -0004-02-01           -0004-02-29
    -001X                         -0019-01-01           -0010-12-31
    -000X                         -0009-01-01           -0001-12-31
    -00XX                         -0099-01-01           -0001-12-31
    -0044/0014                    -0044-01-01           0014-12-31
    -0044-03-15T12:00:00Z         -0044-03-15T12:00:00Z -0044-03-15T12:00:00Z
"""
ACCEPTED = [line.split() for line in (LEVEL_0 + LEVEL_1).splitlines() if line]

FORM = "expected a date in EDTF form"
REFUSED = {
    **dict.fromkeys(
        [
            *("", " ", "x", "yesterday", "2007-12-11 ", " 2007", "2007\n", "２００７", "٢٠٠٧"),
            *("198", "19850412", "85", "1985-4", "1985-04-1", "1985-4-12", "1985/04/12"),
            *("2001-00", "2001-13", "2001-20", "2001-01-00", "2001-01-32", "2001-21-01"),
            *("11.12.2007", "2007–2009", "2007-12-11T10:00", "2007-12-11 10:00:00"),
            *("2007-12-11T24:00:00Z", "2016-12-31T23:59:60Z", "2007-12-11T10:60:00Z"),
            *("2007-12-11T10:00:00z", "2007-12-11T10:00:00.5Z", "2007-12-11T10:00:00+15"),
            *("2007-12-11T10:00:00+14:30", "2007-12-11T10:00:00+0900", "2007-12T10:00:00Z"),
            *("2007-12-11T10:00:00Z/2008", "2007-12-11T10:00:00Z?", "2007-12-XXT10:00:00Z"),
            *("+2007", "--2007", "2007?~", "?", "~2007", "2007-?12", "Y2007", "Y02007", "Y-0", "Y"),
            *("X", "XXXX", "1XXX", "19X5", "X985", "201x", "2004-1X", "2004-XX-12", "2004-12-1X"),
            *("20XX-01", "201X-01", "2004-X1"),
            *("/", "..", "../", "/..", "../..", "2007//2008", "2007/2008/2009", "2007/..2008"),
            *("2007/...", "2007..", "2007..2008", "open/2007", "unknown/2007", "2007/P1Y"),
            # Level 2 and what came before it.
            *("Y-17E7", "Y171010000S3", "1950S2", "2001-34", "2001-25", "2001-41"),
            *("[1667,1668]", "{1960,1961-12}", "[..1760-12-03]", "2004-06?-11", "2004?-06-11"),
            *("?2004-06-~11", "2004-06-(01)~", "156X-12-25", "15XX-12-XX", "1560-XX-25", "156u"),
        ],
        FORM,
    ),
    "2007-02-30": "there is no day 30 in February 2007, which has 28 days",
    "2004-02-30": "there is no day 30 in February 2004, which has 29 days",
    "1900-02-29": "there is no day 29 in February 1900, which has 28 days",
    "2007-04-31?": "there is no day 31 in April 2007, which has 30 days",
    "-0001-02-29": "there is no day 29 in February -0001, which has 28 days",
    "2007-06-31T10:00:00Z": "there is no day 31 in June 2007, which has 30 days",
    "2007-01-01/2007-09-31": "there is no day 31 in September 2007, which has 30 days",
    "2008/2007": "the interval 2008/2007 ends before it starts",
    "2007-06/2007-05-31": "the interval 2007-06/2007-05-31 ends before it starts",
    "0014/-0044": "the interval 0014/-0044 ends before it starts",
    "200X/199X": "the interval 200X/199X ends before it starts",
    "-0000": "the year 0000 has no sign",
    "-0000-01-01T00:00:00Z": "the year 0000 has no sign",
    "Y1234567890123": "the year has more than 12 digits",
    "Y-1234567890123?/2007": "the year has more than 12 digits",
}


def test_there_are_as_many_cases_as_there_were() -> None:
    assert len(ACCEPTED) == 74
    assert len({date for date, _, _ in ACCEPTED}) == 74
    assert len(REFUSED) == 106


@pytest.mark.parametrize(("date", "earliest", "latest"), ACCEPTED)
def test_a_date_has_the_bounds_worked_out_by_hand(date: str, earliest: str, latest: str) -> None:
    def instant(text: str, clock: str) -> str | None:
        return None if text == "-" else text if "T" in text else f"{text}T{clock}Z"

    assert bounds(date) == Bounds(instant(earliest, "00:00:00"), instant(latest, "23:59:59"))
    assert Edtf(date) == date


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_what_is_no_date_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        Edtf(text)
    with pytest.raises(ValueError, match=re.escape(reason)):
        bounds(text)


# ----------------------------------------------------------------------------- laws

years = st.integers(0, 9999).map("{:04}".format)
negative_years = st.integers(1, 9999).map("-{:04}".format)
months = st.integers(1, 12).map("{:02}".format)


@st.composite
def days(draw: st.DrawFn) -> str:
    year, month = draw(st.integers(1, 9999)), draw(st.integers(1, 12))
    day = draw(st.integers(1, calendar.monthrange(year, month)[1]))
    return f"{year:04}-{month:02}-{day:02}"


@st.composite
def date_times(draw: st.DrawFn) -> str:
    clock = draw(st.times()).strftime("%H:%M:%S")
    zones = st.sampled_from(["", "Z", "+09", "-03:30", "+14:00", "-12", "+00:00"])
    return f"{draw(days())}T{clock}{draw(zones)}"


long_years = st.integers(10_000, 999_999_999_999).flatmap(
    lambda year: st.sampled_from([f"Y{year}", f"Y-{year}"])
)
simple_dates = st.one_of(
    years,
    negative_years,
    long_years,
    days(),
    st.builds("{}-{}".format, years, months),
    st.builds("{}-{}".format, years, st.integers(21, 24)),
    years.map(lambda year: year[:3] + "X"),
    years.map(lambda year: year[:2] + "XX"),
    years.map("{}-XX".format),
    years.map("{}-XX-XX".format),
    st.builds("{}-{}-XX".format, years, months),
)
dates = st.builds("{}{}".format, simple_dates, st.sampled_from(["", "?", "~", "%"]))
intervals = st.builds("{}/{}".format, dates | st.just(".."), dates | st.sampled_from(["..", ""]))
edtf = st.one_of(dates, date_times(), intervals)
# What is nearly one: the same signs in any order, and dates with one sign changed.
near = st.one_of(
    st.text("0123456789X-/.T:Z+?~%Y", max_size=24),
    st.builds(
        lambda date, at, sign: (
            date[: at % (len(date) + 1)] + sign + date[at % (len(date) + 1) + 1 :]
        ),
        edtf,
        st.integers(0, 40),
        st.text("0123456789X-/.T:Z+?~%Y ", max_size=2),
    ),
)


def sortable(instant: str) -> tuple[int, str]:
    year, rest = re.fullmatch(r"(-?\d+)(-\d\d-\d\dT.*)", instant).groups()  # type: ignore[union-attr]
    return int(year), rest


def accepts(text: str) -> bool:
    try:
        Edtf(text)
    except ValueError:
        return False
    return True


@given(edtf)
def test_the_first_instant_is_not_after_the_last(text: str) -> None:
    if accepts(text):
        earliest, latest = bounds(text)
        assert earliest or latest
        if earliest and latest:
            assert sortable(earliest) <= sortable(latest)


@given(dates | date_times())
def test_a_date_by_itself_is_never_refused_and_has_both_ends(text: str) -> None:
    assert all(bounds(text))


@given(dates, dates)
def test_an_interval_is_refused_only_if_it_ends_before_it_starts(start: str, end: str) -> None:
    earliest, latest = bounds(start).earliest, bounds(end).latest
    assert earliest
    assert latest
    if sortable(earliest) <= sortable(latest):
        assert bounds(f"{start}/{end}") == (earliest, latest)
    else:
        assert not accepts(f"{start}/{end}")


@given(days())
def test_a_day_lies_in_its_month_its_year_its_decade_and_its_century(day: str) -> None:
    spans = [bounds(text) for text in (day, day[:7], day[:4], f"{day[:3]}X", f"{day[:2]}XX")]
    for (inner_first, inner_last), (first, last) in pairwise(spans):
        assert first
        assert inner_first
        assert inner_last
        assert last
        assert first <= inner_first <= inner_last <= last


@given(years)
def test_the_months_and_the_seasons_of_a_year_leave_no_gap(year: str) -> None:
    months_of_year = [bounds(f"{year}-{month:02}") for month in range(1, 13)]
    assert months_of_year[0].earliest == bounds(year).earliest
    assert months_of_year[-1].latest == bounds(year).latest
    for season, first, last in ((21, 3, 5), (22, 6, 8), (23, 9, 11)):
        span = bounds(f"{year}-{season}")
        assert span == (months_of_year[first - 1].earliest, months_of_year[last - 1].latest)
    assert bounds(f"{year}-24").earliest == months_of_year[11].earliest


@given(simple_dates, st.sampled_from("?~%"))
def test_a_qualifier_widens_nothing(date: str, qualifier: str) -> None:
    assert bounds(date + qualifier) == bounds(date)


@given(days(), st.times(), st.integers(-12 * 60, 14 * 60))
def test_a_date_time_without_a_zone_covers_every_zone(day: str, clock: object, east: int) -> None:
    local = f"{day}T{clock:%H:%M:%S}"
    zone = f"{'-' if east < 0 else '+'}{abs(east) // 60:02}:{abs(east) % 60:02}"
    (at, same), (earliest, latest) = bounds(local + zone), bounds(local)
    assert at == same
    assert at
    assert earliest
    assert latest
    assert sortable(earliest) <= sortable(at) <= sortable(latest)


@given(edtf)
def test_bounds_are_what_oxigraph_keeps_and_computes_with(text: str) -> None:
    if not accepts(text):
        return
    for instant in filter(None, bounds(text)):
        store = Store()
        subject = NamedNode("https://example.org/kg/id/date/x")
        literal = Literal(instant, datatype=XSD_DATETIME)
        store.add(Quad(subject, NamedNode("https://example.org/p"), literal, DefaultGraph()))
        (kept,) = store
        assert kept.object == literal
        year = sortable(instant)[0]
        assert store.query(f"ASK {{ ?s ?p ?o FILTER(YEAR(?o) = {year}) }}")


@given(days().map(bounds))
def test_bounds_are_what_rdflib_reads_and_keeps(span: Bounds) -> None:
    for instant in span:
        literal = rdflib.Literal(instant, datatype=rdflib.XSD.dateTime, normalize=False)
        assert str(literal) == instant
        assert not literal.ill_typed


# ------------------------------------------------------------- the shape `time-edtf`


@cache
def pattern_of_the_shape() -> re.Pattern[str]:
    shapes = rdflib.Graph().parse(SHAPES)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    named = [s for s in shapes.subjects(sh.pattern) if str(s).endswith("time-edtf")]
    assert len(named) == 1
    return re.compile(str(shapes.value(named[0], sh.pattern)))


def test_the_shape_has_the_pattern_of_the_code() -> None:
    assert pattern_of_the_shape().pattern == f"^({PATTERN})$"


@given(edtf | near)
def test_the_shape_and_the_code_agree_on_the_form(text: str) -> None:
    try:
        bounds(text)
    except ValueError as error:
        right_form = not str(error).startswith((FORM, "the year has more than 12 digits"))
        assert bool(pattern_of_the_shape().search(text)) == right_form
    else:
        assert pattern_of_the_shape().search(text)


@given(st.from_regex(PATTERN, fullmatch=True))
def test_what_the_pattern_matches_is_refused_for_its_sense_only(text: str) -> None:
    try:
        bounds(text)
    except ValueError as error:
        assert re.match("there is no day|the interval|the year 0000", str(error))  # noqa: PT017


@given(edtf | near)
def test_oxigraph_reads_the_pattern_as_python_does(text: str) -> None:
    query = f'ASK {{ FILTER(REGEX("{text}", "{pattern_of_the_shape().pattern}")) }}'
    assert bool(Store().query(query)) == bool(pattern_of_the_shape().search(text))


# ----------------------------------------------------------------- in YAML and JSON

EDTF = TypeAdapter(Edtf)
INSTANT = TypeAdapter(Instant)


def test_a_bare_year_is_read_from_yaml() -> None:
    assert EDTF.validate_python(2007) == "2007"
    assert type(EDTF.validate_python(2007)) is Edtf
    assert EDTF.validate_json("2007") == "2007"


@pytest.mark.parametrize("value", [True, 7, 999, 10_000, -44, 2007.0, None, ["2007"], b"\xff"])
def test_nothing_else_that_is_no_string_is_taken_for_a_date(value: object) -> None:
    with pytest.raises(ValidationError):
        EDTF.validate_python(value)


def test_a_wrong_date_says_its_reason_through_pydantic() -> None:
    with pytest.raises(ValidationError, match="there is no day 30 in February 2007"):
        EDTF.validate_python("2007-02-30")


@given(edtf.filter(accepts))
def test_a_date_comes_back_from_json_as_it_was(text: str) -> None:
    assert EDTF.validate_json(EDTF.dump_json(Edtf(text))) == text


def test_the_json_schema_has_the_pattern() -> None:
    assert EDTF.json_schema() == {"type": "string", "pattern": f"^(?:{PATTERN})$"}
    assert INSTANT.json_schema()["type"] == "string"
    assert re.search(INSTANT.json_schema()["pattern"], "2026-11-21T12:00:00Z")


# -------------------------------------------------------------------------- instants

INSTANTS = {
    "2026-11-21T12:00:00Z": "2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00+00:00": "2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00-00:00": "2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00+09:00": "2026-11-21T03:00:00Z",
    "2026-11-21T22:00:00-03:30": "2026-11-22T01:30:00Z",
    "2026-11-21T12:00:00.500Z": "2026-11-21T12:00:00.5Z",
    "2026-11-21T12:00:00.000Z": "2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00.120+01:00": "2026-11-21T11:00:00.12Z",
    "2026-11-21T12:00:00.123456789012345678Z": "2026-11-21T12:00:00.123456789012345678Z",
    "2024-02-29T23:30:00-01:00": "2024-03-01T00:30:00Z",
    "0001-01-01T00:00:00+14:00": "0000-12-31T10:00:00Z",
}
NO_INSTANTS = [
    *("2026-11-21", "2026-11-21T12:00:00", "2026-11-21T12:00Z", "2026-11-21 12:00:00Z", ""),
    *("2026-11-21T12:00:00z", "2026-11-21T12:00:00+09", "2026-11-21T12:00:00+0900"),
    *("2026-11-21T24:00:00Z", "2026-12-31T23:59:60Z", "2026-11-21T12:00:00.Z", "now"),
    *("2026-11-21T12:00:00+14:30", "2026-02-29T12:00:00Z", "-2026-11-21T12:00:00Z"),
    *("2026-11-21T12:00:00Z\n", "2026-11-21T12:00:00.1234567890123456789Z"),
]


@pytest.mark.parametrize(("written", "kept"), INSTANTS.items())
def test_an_instant_is_turned_to_utc_and_to_one_spelling(written: str, kept: str) -> None:
    assert Instant(written) == kept
    assert Instant(kept) == kept
    assert INSTANT.validate_python(written) == kept


@pytest.mark.parametrize("text", NO_INSTANTS)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a date and time|there is no day"):
        Instant(text)


@given(st.datetimes(), st.integers(0, 999_999), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_what_oxigraph_keeps(moment: object, micro: int, east: int) -> None:
    zone = f"{'-' if east < 0 else '+'}{abs(east) // 60:02}:{abs(east) % 60:02}"
    instant = Instant(f"{str(moment)[:10]}T{moment:%H:%M:%S}.{micro:06}{zone}")
    store = Store()
    node, literal = NamedNode("https://example.org/s"), Literal(instant, datatype=XSD_DATETIME)
    store.add(Quad(node, node, literal, DefaultGraph()))
    assert [quad.object for quad in store] == [literal]
    kept = rdflib.Literal(instant, datatype=rdflib.XSD.dateTime, normalize=False)
    assert str(kept) == instant
