"""Dates in a text: which words are one, what EDTF they make, and how it is known."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from kg.edtf import Edtf
from kg.extract.dates import dates, time_expressions
from kg.extract.prose import Prose
from kg.model import When

if TYPE_CHECKING:
    from kg.model import Basis

PUBLISHED = When(date=Edtf("2018-06-20"))  # a Wednesday

# A sentence, and its dates as "words: EDTF".
STATED = [
    ("The ferry sank on 3 March 2009.", ["3 March 2009: 2009-03-03"]),
    ("The ferry sank on March 3, 2009, off Oban.", ["March 3, 2009: 2009-03-03"]),
    ("It was signed on the 3rd of March, 2009.", ["3rd of March, 2009: 2009-03-03"]),
    ("Filed 2009-03-03, mended 2009-03.", ["2009-03-03: 2009-03-03", "2009-03: 2009-03"]),
    ("Due on 23/03/2009 or 03/23/2009.", ["23/03/2009: 2009-03-23", "03/23/2009: 2009-03-23"]),
    ("Stamped 2009/03/23 and 23.03.2009.", ["2009/03/23: 2009-03-23", "23.03.2009: 2009-03-23"]),
    ("Due on 03/04/2009, they say.", []),
    ("In March 2009 the mill shut.", ["March 2009: 2009-03"]),
    ("In March of 2009 the mill shut.", ["March of 2009: 2009-03"]),
    ("The mill shut on Sept. 9, 2001.", ["Sept. 9, 2001: 2001-09-09"]),
    ("In early June 2011 it snowed.", ["early June 2011: 2011-06-01/2011-06-10~"]),
    ("In mid-June 2011 it snowed.", ["mid-June 2011: 2011-06-11~/2011-06-20~"]),
    ("In late February 2012 it snowed.", ["late February 2012: 2012-02-21~/2012-02-29"]),
    ("At the end of 2011 it snowed.", ["end of 2011: 2011-09~/2011-12"]),
    ("Early in 2011 it snowed.", ["Early in 2011: 2011-01/2011-04~"]),
    ("In mid-2011 it snowed.", ["mid-2011: 2011-05~/2011-08~"]),
    ("The 1970s were loud.", ["1970s: 197X"]),
    ("In the 1970s and 1980s they left.", ["1970s and 1980s: 197X/198X"]),
    ("In the mid-1990s they left.", ["mid-1990s: 1994~/1996~"]),
    ("In the late 1990s they left.", ["late 1990s: 1997~/1999"]),
    ("Back in the '90s they left.", ["'90s: 199X"]),
    ("Fashion of the sixties came back.", ["sixties: 196X"]),
    ("She is in her sixties.", []),
    ("A chapel of the 12th century.", ["12th century: 11XX"]),
    ("An early nineteenth-century mill.", ["early nineteenth-century: 1800/1833~"]),
    ("In the 19th and 20th centuries.", ["19th and 20th centuries: 18XX/19XX"]),
    ("They came in spring 2014.", ["spring 2014: 2014-21"]),
    ("They came in the autumn of 2014.", ["autumn of 2014: 2014-23"]),
    ("Prices fall 2014 points short.", []),
    ("Between 2003 and 2009 it grew.", ["Between 2003 and 2009: 2003/2009"]),
    ("From 2003 to 2009 it grew.", ["From 2003 to 2009: 2003/2009"]),
    ("From May to July 2014 it grew.", ["From May to July 2014: 2014-05/2014-07"]),
    ("From November to March 2014 it grew.", ["From November to March 2014: 2013-11/2014-03"]),
    ("Open from 30 May to 2 June 2014.", ["from 30 May to 2 June 2014: 2014-05-30/2014-06-02"]),
    ("Held on June 12-14, 2014.", ["June 12-14, 2014: 2014-06-12/2014-06-14"]),
    ("Held on 12–14 June 2014.", ["12–14 June 2014: 2014-06-12/2014-06-14"]),
    ("Held on June 12 and 13, 2014.", ["June 12 and 13, 2014: 2014-06-12/2014-06-13"]),
    ("The 2003-2009 plan failed.", ["2003-2009: 2003/2009"]),
    ("The 2008-09 season and 2018/19.", ["2008-09: 2008/2009", "2018/19: 2018/2019"]),
    ("He ruled (1990–1994) alone.", ["1990–1994: 1990/1994"]),
    ("Open since 2007, shut until 2016.", ["since 2007: 2007/..", "until 2016: ../2016"]),
    ("Around 1950 the well dried up.", ["Around 1950: 1950~"]),
    ("The well (c. 1950) dried up.", ["c. 1950: 1950~"]),
    ("In the first quarter of 2010.", ["first quarter of 2010: 2010-01/2010-03"]),
    ("In the second half of 2010.", ["second half of 2010: 2010-07/2010-12"]),
    ("The 2014 Oslo accord held.", ["2014: 2014"]),
    ("Norway's 2014 budget held.", ["2014: 2014"]),
    ("The Olympics 2012 were fun.", ["2012: 2012"]),
    ("He fell in 44 BC, she in AD 79.", ["44 BC: -0043", "AD 79: 0079"]),
    ("A temple of the 5th century BC.", ["5th century BC: -04XX"]),
    ("On Tuesday, June 12, 2018, it rained.", ["Tuesday, June 12, 2018: 2018-06-12"]),
    ("On Monday, June 12, 2018, it rained.", ["Monday, June 12, 2018: 2018-06-12?"]),
    ("On 31 June 2018 it rained.", []),
    ("On 29 February 2015 it rained.", []),
]

NO_DATES = [
    "She may come, and they march on.",
    "May Hill said she may march.",
    "April Stone and June Field met August Lake.",
    "He is 24 and works 24/7 since 9/11.",
    "It ended 3-1; call 555-1234 at 18:41.",
    "It cost $2000 for 2,014 men and 1999.5 tonnes.",
    "In 2000 villages about 2000 people heard it.",
    "Good Friday was wet, and so was Black Friday.",
    "The Sunday Times and The Mail on Sunday wrote.",
    "They meet on Sundays and every Monday.",
    "At 1900 GMT the lights went out.",
    "Under Resolution 1874 of the council.",
    "A 2000 year old olive tree.",
    "That took years, and for decades nobody cared.",
    "They marched 12 miles and sat down.",
    "The second reading and the third half.",
    "He will sing on 15 June.",
    "I went back the next Tuesday.",
]

# Sentences that lean on the day of publication, with the basis `computed`.
COMPUTED = [
    ("He left yesterday.", ["yesterday: 2018-06-19"]),
    ("He left the day before yesterday.", ["day before yesterday: 2018-06-18"]),
    ("Today's vote is close.", ["Today: 2018-06-20"]),
    ("He left on Sunday.", ["Sunday: 2018-06-17"]),
    ("He left on Wednesday.", ["Wednesday: 2018-06-20"]),
    ("He left last Wednesday.", ["last Wednesday: 2018-06-13"]),
    ("Talks will go on next Wednesday.", ["next Wednesday: 2018-06-27"]),
    ("Talks will go on on Monday.", ["Monday: 2018-06-25"]),
    (
        "She said Monday that they will meet Thursday.",
        ["Monday: 2018-06-18", "Thursday: 2018-06-21"],
    ),
    ("He left on Monday last week.", ["Monday last week: 2018-06-11"]),
    ("Oslo has invited Peru to talks on 4 July.", ["4 July: 2018-07-04"]),
    ("A vote is to be held on 9 March.", ["9 March: 2019-03-09"]),
    (
        "Votes are to be held between 20 November and 11 December.",
        ["between 20 November and 11 December: 2018-11-20/2018-12-11"],
    ),
    (
        "It is to run from 2 June through 9 August.",
        ["from 2 June through 9 August: 2018-06-02/2018-08-09"],
    ),
    ("Hill said Peru would shut its ports on 1 April.", ["1 April: 2019-04-01"]),
    ("Hill agreed to meet Lake on 1 April.", ["1 April: 2019-04-01"]),
    ("Hill went to Oslo on 9 August.", ["9 August: 2017-08-09"]),
    ("The law expires on 30 December.", ["30 December: 2018-12-30"]),
    ("The reef was shelled on 30 December.", ["30 December: 2017-12-30"]),
    ("Talks on 5 October: a diary.", ["5 October: 2018-10-05"]),
    ("Talks on 5 March: a diary.", ["5 March: 2018-03-05"]),
    ("The crew must be free by 1 July.", ["1 July: 2018-07-01"]),
    ("He was a guest this weekend.", ["this weekend: 2018-06-16/2018-06-17"]),
    ("Friday's fire is out.", ["Friday: 2018-06-15"]),
    ("It ran from Friday to Sunday.", ["from Friday to Sunday: 2018-06-15/2018-06-17"]),
    ("He left this morning.", ["this morning: 2018-06-20"]),
    ("He left last night.", ["last night: 2018-06-19"]),
    ("He left last week.", ["last week: 2018-06-11/2018-06-17"]),
    ("He left last month.", ["last month: 2018-05"]),
    ("He left late last month.", ["late last month: 2018-05-21~/2018-05-31"]),
    ("It will open next year.", ["next year: 2019"]),
    ("It shut earlier this year.", ["this year: 2018"]),
    ("It shut in the last century.", ["last century: 19XX"]),
    ("He left three days ago.", ["three days ago: 2018-06-17"]),
    ("He left three weeks ago.", ["three weeks ago: 2018-05-30~"]),
    ("He left a year ago.", ["a year ago: 2017"]),
    ("He left almost 30 years ago.", ["30 years ago: 1988~"]),
    ("He left two decades ago.", ["two decades ago: 1998~"]),
    ("It grew over the last 30 years.", ["last 30 years: 1988/2018"]),
    ("It grew in the past two months.", ["past two months: 2018-04/2018-06"]),
    ("It grew over the past year.", ["past year: 2017/2018"]),
    ("It will grow over the next five years.", ["next five years: 2018/2023"]),
    ("It grew in the last 24 hours.", ["last 24 hours: 2018-06-19/2018-06-20"]),
    ("He left on June 12.", ["June 12: 2018-06-12"]),
    ("He left on 12 November.", ["12 November: 2017-11-12"]),
    ("The fair will open on 12 November.", ["12 November: 2018-11-12"]),
    ("Tickets for July 2 at the door.", ["July 2: 2018-07-02"]),
    ("He left on Friday, 29 June.", ["Friday, 29 June: 2018-06-29"]),
    ("He left in March.", ["March: 2018-03"]),
    ("He left in early March.", ["early March: 2018-03-01/2018-03-10~"]),
    ("Last August it burned.", ["Last August: 2017-08"]),
    ("Shut since last August.", ["since last August: 2017-08/.."]),
    ("Last summer it burned.", ["Last summer: 2017-22"]),
    ("The fair shut on May 9 this year.", ["May 9 this year: 2018-05-09"]),
]


def found(text: str, published: When | None) -> list[tuple[str, str, Basis]]:
    return [
        (text[slice(*date.span)], str(date.edtf), date.basis)
        for date in dates(Prose(text), published)
    ]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_what_the_words_hold_is_stated_and_needs_no_publication_date(
    text: str, expected: list[str]
) -> None:
    for published in (None, PUBLISHED):
        assert [f"{words}: {edtf}" for words, edtf, _ in found(text, published)] == expected
        assert {basis for *_, basis in found(text, published)} <= {"stated"}


@pytest.mark.parametrize(("text", "expected"), COMPUTED)
def test_what_leans_on_the_publication_date_is_computed_and_absent_without_one(
    text: str, expected: list[str]
) -> None:
    assert [f"{words}: {edtf}" for words, edtf, _ in found(text, PUBLISHED)] == expected
    assert {basis for *_, basis in found(text, PUBLISHED)} == {"computed"}
    assert found(text, None) == []


@pytest.mark.parametrize("text", NO_DATES)
def test_words_that_only_look_like_dates_are_none(text: str) -> None:
    assert found(text, PUBLISHED) == []


def test_the_tables_are_whole() -> None:
    assert (len(STATED), len(COMPUTED), len(NO_DATES)) == (54, 54, 18)


def test_a_date_reckoned_from_an_inferred_day_is_inferred() -> None:
    published = When(date=Edtf("2018-06-20"), basis="inferred")
    assert found("He left yesterday.", published) == [("yesterday", "2018-06-19", "inferred")]


def test_what_differs_within_the_days_of_publication_is_no_date() -> None:
    published = When(date=Edtf("2018-06-17/2018-07"), basis="inferred")
    text = "On Sunday, after the June 12 summit, as last year, he spoke."
    assert found(text, published) == [
        ("June 12", "2018-06-12", "inferred"),
        ("last year", "2017", "inferred"),
    ]


def test_a_clock_time_of_publication_counts_by_the_day_that_it_shows() -> None:
    published = When(date=Edtf("2007-12-11T07:18:00"))
    assert found("This week it rained.", published) == [
        ("This week", "2007-12-10/2007-12-16", "computed")
    ]


@pytest.mark.parametrize("date", ["2018/..", "../2018", "-0043", "197X", "Y12345"])
def test_publication_dates_that_say_little_do_no_harm(date: str) -> None:
    text = "Yesterday, on Monday, in May, on June 3, last week, a century ago and in 2003."
    assert ("2003", "2003", "stated") in found(text, When(date=Edtf(date)))


def test_expressions_of_two_paragraphs_are_not_joined() -> None:
    assert found("We open in June\n\n2018 people came", None) == []
    assert [date for _, date, _ in found("Between 2003\nand 2009", None)] == ["2003", "2009"]


WORDS = (
    "in on the of from to until since between and early mid late end last this next past around about"
    " 3 12 31 30 99 2003 2009 1066 0 1970s 90s '90s 12th first 2007-12-11 2007-13-41 12/31/1999 31/02/2000"
    " 12-14 May June february Sept . , – - / ( ) ’s BC AD century centuries quarter half spring winter"
    " Monday Friday Sundays today yesterday tomorrow week weekend month year decade days years ago"
    " three a will was 2018-06 mid-June mid-1990s \n 日本 \u200b ½ ² ٣ 1999999999999999999999 𝟗𝟖"
).split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
DAYS = st.dates().map(lambda day: When(date=Edtf(day.isoformat())))


@given(TEXTS | st.text(), DAYS | st.none())
def test_every_date_lies_in_the_text_and_is_one(text: str, published: When | None) -> None:
    prose = Prose(text)
    end = 0
    for date in dates(prose, published):
        assert end <= date.span.start < date.span.end <= len(text)
        assert text[slice(*date.span)].strip() == text[slice(*date.span)]
        assert Edtf(date.edtf) == date.edtf
        end = date.span.end
    assert dates(prose, published) == dates(prose, published, time_expressions(prose))


def test_the_texts_of_the_law_hold_intervals_and_computed_dates() -> None:
    def some(text: str, mark: str) -> bool:
        return any(mark in edtf for _, edtf, _ in found(text, None))

    find(TEXTS, lambda text: some(text, "/"))
    find(TEXTS, lambda text: some(text, ".."))
    find(TEXTS, lambda text: any(basis == "computed" for *_, basis in found(text, PUBLISHED)))


@pytest.mark.parametrize(
    "unit",
    ["in 2018 ", "2003-", "between 2003 and ", "from May to ", "June 12 to ", "1,111,", "12/"],
)
def test_reading_takes_linear_time(unit: str) -> None:
    prose = Prose((unit * (200_000 // len(unit) + 1))[:200_000])
    begin = time.process_time()
    dates(prose, PUBLISHED)
    assert time.process_time() - begin < 5
