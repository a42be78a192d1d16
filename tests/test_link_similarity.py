"""Likeness of names: which law holds for which names, and what all laws keep."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from kg.link.similarity import (
    ABBREVIATED,
    ARTICLE,
    BARE,
    INITIALLED,
    INITIALS,
    MIDDLE,
    NATIONAL,
    NEARLY,
    ORDER,
    PART,
    PLAIN,
    QUALIFIED,
    SHORTENED,
    SPELLING,
    SURNAME,
    WORDING,
    names_alike,
    normal,
)

NORMAL = [
    ("Kōno Tarō", "kono taro"),
    ("  Kim\tJong-un ", "kim jong un"),
    ("U. S. A.", "usa"),
    ("J.D. Dorrian", "jd dorrian"),
    ("O’Brenn & Sons", "obrenn and sons"),
    ("Cook_(surname)", "cook surname"),
    ("Straße", "strasse"),
    ("Æthelvik", "aethelvik"),
    ("МОРАВ", "morav"),
    ("İzmir", "izmir"),
    ("…", ""),
]
BARED = [
    ("The Haldria Post", "haldria post"),
    ("President Edrin Vask", "edrin vask"),
    ("US President Edrin Vask", "edrin vask"),
    ("Mr. Vask", "vask"),
    ("Deputy Prime Minister Orla Brenn", "orla brenn"),
    ("Ferrol Co., Ltd.", "ferrol"),
    ("General Ada Morav", "ada morav"),
    ("General Motors", "general motors"),
    ("Prime Minister of Haldria", "prime minister of haldria"),
    ("Secretary of State", "secretary of state"),
    ("the", "the"),
    ("Limited", "limited"),
]
LAWS = [
    ("Edrin Vask", "edrin  vask", 1.0),
    ("Tarō Kōno", "Taro Kono", PLAIN),
    ("Kim Jong-un", "Kim Jong Un", PLAIN),
    ("Морав", "Morav", PLAIN),
    ("The Diplomat", "Diplomat", ARTICLE),
    ("Kim Jong Un", "Jong-un Kim", ORDER),
    ("Kōno Tarō", "Taro Kono", ORDER),
    ("Kim Jongun", "Kim Jong Un", ORDER),
    ("Vask, Edrin", "Edrin Vask", ORDER),
    ("President Vask", "Vask", BARE),
    ("Ferrol Fisheries Ltd", "Ferrol Fisheries", BARE),
    ("State Department", "Department of State", WORDING),
    ("University of Arvena", "Arvena University", WORDING),
    ("US Navy", "United States Navy", NATIONAL),
    ("U.S. State Department", "United States Department of State", NATIONAL),
    ("KCNA Arvena", "Korean Central News Agency Arvena", ABBREVIATED),
    ("Arvena", "Arvena (Haldria)", QUALIFIED),
    ("Arvena, Haldria", "Arvena", QUALIFIED),
    ("Edrin Vask", "Edrin Paul Vask", MIDDLE),
    ("J. Koizumi", "Junichiro Koizumi", INITIALS),
    ("J.D. Dorrian", "John Dean Dorrian", INITIALS),
    ("J. D. Dorrian", "John Dean Dorrian", INITIALS),
    ("John D. Dorrian", "John Dean Dorrian", INITIALS),
    ("KCNA", "Korean Central News Agency", SHORTENED),
    ("DPRK", "Democratic People's Republic of Korea", SHORTENED),
    ("LA", "Los Angeles", INITIALLED),
    ("Koizumi", "Junichiro Koizumi", SURNAME),
    ("Haldria", "Haldria Post Office", PART),
]
APART = [
    ("Kim Jong-il", "Kim Jong Un", 0.2),
    ("Kim Il Sung", "Kim Jong Il", 0.2),
    ("The Diplomat", "The Diplomatic Courier", 0.2),
    ("North Korea", "South Korea", 0.2),
    ("Iran", "Iraq", 0.2),
    ("Austria", "Australia", NEARLY),
    ("Stockholm Agreement", "Stockholm", PART),
    ("2031 Haldrian election", "2027 Haldrian election", 0.2),
    ("Secretary of State", "Secretary of Defense", 0.2),
    ("K. Koizumi", "Junichiro Koizumi", SURNAME),
    ("Georgia (state)", "Georgia (country)", 0.2),
]
words = st.sampled_from(
    "Kim Jong Un Il the The of Haldria Haldrian Post U.S. US J. J.D. Vask Vásk Orla Brenn, Ltd (city)"
    " President 2031 KCNA Korean Central News Agency Koizumi Koidzumi ー 朝鮮 … -".split()
)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


def test_the_tables_are_whole() -> None:
    assert (len(NORMAL), len(BARED), len(LAWS), len(APART)) == (11, 12, 28, 11)


@pytest.mark.parametrize(("name", "plain"), NORMAL)
def test_a_name_has_one_plain_form(name: str, plain: str) -> None:
    assert normal(name) == plain


@pytest.mark.parametrize(("name", "bare"), BARED)
def test_titles_and_legal_forms_are_dropped_but_never_all(name: str, bare: str) -> None:
    assert normal(name, bare=True) == bare


@pytest.mark.parametrize(("one", "other", "degree"), LAWS)
def test_a_law_gives_its_degree(one: str, other: str, degree: float) -> None:
    assert names_alike(one, other) == degree


@pytest.mark.parametrize(("one", "other", "most"), APART)
def test_other_names_stay_apart(one: str, other: str, most: float) -> None:
    assert names_alike(one, other) <= most


def test_spellings_of_one_name_are_alike_and_less_so_without_a_word_in_common() -> None:
    assert SPELLING * 0.9 < names_alike("Junichiro Koizumi", "Junichiro Koidzumi") < SPELLING
    assert NEARLY * 0.9 < names_alike("Koizumi", "Koidzumi") < NEARLY


@given(names)
def test_the_plain_form_of_a_plain_form_is_itself(name: str) -> None:
    assert normal(normal(name)) == normal(name)


@given(names)
def test_a_bare_name_has_the_words_of_the_name_and_at_least_one(name: str) -> None:
    plain, bare = normal(name).split(), normal(name, bare=True).split()
    assert bool(plain) == bool(bare)
    assert " ".join(bare) in " ".join(plain)


@settings(max_examples=500)
@given(names, names)
def test_likeness_is_the_same_both_ways_and_between_nothing_and_all(one: str, other: str) -> None:
    assert names_alike(one, other) == names_alike(other, one)
    assert 0.0 <= names_alike(one, other) <= 1.0


@given(names)
def test_a_name_is_itself(name: str) -> None:
    assert names_alike(name, name) == 1.0


def test_generated_names_reach_the_laws() -> None:
    both = st.tuples(names, names)
    assert find(both, lambda pair: names_alike(*pair) == ORDER)
    assert find(both, lambda pair: names_alike(*pair) == INITIALS)
    assert find(both, lambda pair: 0 < names_alike(*pair) < PART)
