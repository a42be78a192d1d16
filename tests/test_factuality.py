"""Polarity, certainty and modality of a claim, read off its words and the verb that reports it."""

from __future__ import annotations

import ast
import inspect
import time
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import hedges
from kg.extract.factuality import _TELLING as TELLING
from kg.extract.factuality import Factuality, factuality
from kg.extract.factuality import _Clause as Clause
from kg.extract.factuality import _mark as marking
from kg.extract.lexicon import NOUNS, VERBS
from kg.extract.prose import Prose
from kg.model import Certainty, Modality, Polarity, Span
from tests.conftest import ROOT, SHARED

if TYPE_CHECKING:
    from kg.extract.attribution import Attribution

# A sentence of an author, and what it is: + or -, certainty, modality.
OWN = """
    The bridge is open.                                              + certain assertion
    The bridge is not open.                                          - certain assertion
    The bridge isn't open.                                           - certain assertion
    The bridge was never open.                                       - certain assertion
    Nobody crossed the bridge.                                       - certain assertion
    No driver crossed the bridge.                                    - certain assertion
    Neither Hill nor Lake crossed it.                                - certain assertion
    The firm has no plans for a bridge.                              - certain assertion
    The firm failed to mend the bridge.                              - certain assertion
    The firm refused to mend the bridge.                             - certain assertion
    The firm was unable to mend the bridge.                          - certain assertion
    The firm was not unable to mend the bridge.                      + certain assertion
    The firm did not fail to mend the bridge.                        + certain assertion
    The bridge is not only old.                                      + certain assertion
    No fewer than nine cars crossed it.                              + certain assertion
    There is no doubt it was mended.                                 + certain assertion
    The man who did not pay was arrested.                            + certain assertion
    The bridge, which is not old, was mended.                        + certain assertion
    The bridge was shut because it was not safe.                     + certain assertion
    The road is shut but the bridge is not.                          + certain assertion
    Although it was not old, the bridge fell.                        + certain assertion
    Hill said the bridge may not be open.                            + certain assertion
    The bridge is said to be unsafe.                                 + certain assertion
    No plumber can mend the bridge.                                  - certain assertion
    The firm cannot mend it.                                         - certain assertion
    The bridge may have fallen.                                      + possible assertion
    The bridge may be open.                                          + possible assertion
    The bridge might not be open.                                    - possible assertion
    The bridge could fall.                                           + possible prediction
    The flood may reach the town.                                    + possible prediction
    Perhaps the bridge fell.                                         + possible assertion
    The bridge allegedly fell.                                       + possible assertion
    The flood threatens to reach the town.                           + possible prediction
    The flood has the potential to reach the town.                   + possible prediction
    The bridge has probably fallen.                                  + probable assertion
    The bridge has likely fallen.                                    + probable assertion
    The bridge appears to be open.                                   + probable assertion
    The mayor appeared in court.                                     + certain assertion
    The bridge must have fallen.                                     + probable assertion
    The bridge is believed to be open.                               + probable assertion
    It is unlikely that the bridge fell.                             - probable assertion
    The bridge will open on Monday.                                  + certain prediction
    The bridge won't open on Monday.                                 - certain prediction
    The bridge is going to open.                                     + certain prediction
    The bridge is set to open.                                       + certain prediction
    The bridge is expected to open.                                  + probable prediction
    The firm should mend the bridge.                                 + certain recommendation
    The firm should not mend the bridge.                             - certain recommendation
    The firm must mend the bridge.                                   + certain recommendation
    The firm ought to mend the bridge.                               + certain recommendation
    We need to mend the bridge.                                      + certain recommendation
    The bridge should be ready by noon.                              + probable prediction
    If it rains, the bridge will fall.                               + certain conditional
    The bridge will fall if it rains.                                + certain conditional
    Unless it rains, the bridge stays open.                          + certain conditional
    Had it rained, the bridge would have fallen.                     + certain conditional
    Will the bridge fall?                                            + unspecified question
    Who broke the bridge?                                            + unspecified question
    The bridge is dangerous.                                         + certain evaluation
    The plan is not a good idea.                                     - certain evaluation
    The bridge is too narrow.                                        + certain evaluation
    Unfortunately the bridge fell.                                   + certain evaluation
"""

# The lemma of a cue, what it reports, and what that is. In brackets: the cue itself is negated.
REPORTED = """
    say        | the bridge is open                                  | + certain assertion
    say        | it will mend the bridge                             | + certain commitment
    say        | it would not mend the bridge                        | - certain commitment
    say        | the bridge would open on Monday                     | + certain prediction
    say        | it would be a long day                              | + certain prediction
    say        | the firm must mend the bridge                       | + certain demand
    say        | the firm should mend the bridge                     | + certain recommendation
    say        | We urge the firm to mend the bridge                 | + certain recommendation
    say        | I think the bridge is open                          | + probable assertion
    claim      | that the bridge is open                             | + certain assertion
    deny       | that the bridge is open                             | - certain assertion
    deny       | breaking the bridge                                 | - certain assertion
    deny       | that the bridge is not open                         | + certain assertion
    reject     | the charge of theft                                 | - certain assertion
    doubt      | that the bridge is open                             | - probable belief
    think      | the bridge is open                                  | + probable belief
    [think]    | the bridge is open                                  | - probable belief
    [think]    | the bridge will open                                | - probable prediction
    believe    | the bridge is not open                              | - probable belief
    suspect    | that the bridge fell                                | + probable belief
    fear       | the bridge has fallen                               | + possible belief
    expect     | the bridge to open                                  | + probable prediction
    predict    | a long flood                                        | + certain prediction
    hope       | the bridge opens                                    | + possible prediction
    [say]      | the bridge is open                                  | + unspecified assertion
    [confirm]  | the bridge is open                                  | + unspecified assertion
    demand     | that the bridge be mended                           | + certain demand
    insist     | that the bridge be mended                           | + certain demand
    insist     | that the bridge is open                             | + certain assertion
    order      | the firm to mend the bridge                         | + certain demand
    order      | the firm not to mend the bridge                     | - certain demand
    ask        | the firm to mend the bridge                         | + certain demand
    ask        | whether the bridge is open                          | + unspecified question
    wonder     | why the bridge fell                                 | + unspecified question
    call for   | a new bridge                                        | + certain demand
    call on    | the firm to mend the bridge                         | + certain recommendation
    urge       | the firm to mend the bridge                         | + certain recommendation
    recommend  | closing the bridge                                  | + certain recommendation
    warn against | crossing the bridge                               | - certain recommendation
    promise    | to mend the bridge                                  | + certain commitment
    vow        | never to mend the bridge                            | - certain commitment
    refuse     | to mend the bridge                                  | - certain commitment
    threaten   | to close the bridge                                 | + certain commitment
    agree      | to mend the bridge                                  | + certain commitment
    praise     | the new bridge                                      | + certain evaluation
    suggest    | the bridge fell in the night                        | + probable assertion
    suggest    | nine cars may be missing                            | + possible assertion
    according  | the bridge fell                                     | + certain assertion
"""

own = [line.rsplit(None, 3) for line in OWN.strip().splitlines()]
reported = [[part.strip() for part in line.split("|")] for line in REPORTED.strip().splitlines()]


def sense(marks: str) -> Factuality:
    polarity, certainty, modality = marks.split()
    return Factuality(
        "positive" if polarity == "+" else "negative",
        cast("Certainty", certainty),
        cast("Modality", modality),
    )


def cue(
    verb: str, *, negated: bool = False, spans: tuple[Span, ...] = (), kind: str = "indirect"
) -> Attribution:
    return cast(
        "Attribution",
        SimpleNamespace(source=(), cue=spans, content=(), verb=verb, negated=negated, kind=kind),
    )


@pytest.mark.parametrize("line", own, ids=lambda line: line[0].strip())
def test_what_an_author_says(line: list[str]) -> None:
    text = line[0].strip()
    assert factuality(Prose(text), None, (Span(0, len(text)),)) == sense(" ".join(line[1:]))


@pytest.mark.parametrize(("verb", "text", "marks"), reported)
def test_what_a_verb_reports(verb: str, text: str, marks: str) -> None:
    attribution = cue(verb.strip("[]"), negated=verb.startswith("["))
    assert factuality(Prose(text), attribution, (Span(0, len(text)),)) == sense(marks)


def test_the_tables_are_whole() -> None:
    assert (len(own), len(reported)) == (62, 48)


def test_words_in_quotation_marks_deny_by_themselves() -> None:
    text = "“The bridge is not open,”"
    found = factuality(Prose(text), cue("deny", kind="direct"), (Span(0, len(text)),))
    assert found.polarity == "negative"


def test_the_month_of_may_is_no_modal() -> None:
    text = "It opened in May and shut in June."
    assert factuality(Prose(text), None, (Span(0, len(text)),)).certainty == "certain"


def test_broken_content_is_read_as_one() -> None:
    text = "The bridge, Hill said, will not open."
    content = (Span(0, 10), Span(23, 36))
    assert factuality(Prose(text), cue("say"), content) == sense("- certain prediction")


WORDS = (
    "not no never n't without nobody fail to refuse may might could can will would should must be have if"
    " unless that who which the bridge , . ? ; : “ ” \n likely appears think we it open going had 日本 May"
    " ... whether why possible and but neither nor"
).split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text()
VERB = st.sampled_from(
    [*sorted({verb.lemma for verb in VERBS.values()}), "call for", ":", "", "x y"]
)


@given(
    TEXTS,
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 150)), max_size=4),
    VERB,
    st.booleans(),
)
def test_every_content_of_every_text_has_a_sense(
    text: str, pairs: list[tuple[int, int]], verb: str, negated: bool
) -> None:
    cut = [sorted(min(offset, len(text)) for offset in pair) for pair in pairs]
    content = tuple(Span(*pair) for pair in cut)
    for attribution in (None, cue(verb, negated=negated, spans=content)):
        found = factuality(Prose(text), attribution, content)
        assert found.polarity in get_args(Polarity)
        assert found.certainty in get_args(Certainty)
        assert found.modality in get_args(Modality)


def test_a_content_of_any_length_is_read_in_no_time() -> None:
    text = "the bridge, not " * 100_000
    prose = Prose(text)
    begin = time.process_time()
    for _ in range(1000):
        factuality(prose, None, (Span(0, len(text)),))
    assert time.process_time() - begin < 2


def test_words_that_are_passed_over_show_nothing() -> None:
    literals = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(marking)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    lists = {
        word
        for words in vars(hedges).values()
        if isinstance(words, frozenset)
        for word in words
        if isinstance(word, str)
    }
    passed = sorted((literals | lists) - TELLING)
    assert len(literals & TELLING) >= 20
    assert len(passed) >= 150
    for word in passed:
        for before, after in product(("", "is", "we", "seems"), ("", "to", "be", "than")):
            words = [before, word, after]
            clause = Clause(words)
            marking(clause, words, 1, 3)
            assert clause == Clause(words) or word.endswith("n't"), words


USUAL = {"polarity": "positive", "modality": "assertion"}
ARTICLES = {
    "2007-north-korea-abducting-the-alliance.yaml": "000_dfd6985768308075.txt",
    "2018-pompeo-visits-japan.yaml": "003_584a8cfb245f9747.txt",
}


def test_the_founding_claims_are_read_as_people_read_them() -> None:
    texts = SHARED / "seeds"
    if not texts.is_dir():
        pytest.skip("the texts of the founding articles are not at hand")
    hits = {"polarity": 0, "certainty": 0, "modality": 0}
    total = 0
    for name, text_name in ARTICLES.items():
        text = (texts / text_name).read_bytes().decode()
        prose = Prose(text)
        for claim in yaml.safe_load((ROOT / "examples" / "abductions" / name).read_text())[
            "claims"
        ]:
            attribution = None
            spans = tuple(Span(*span) for span in claim.get("cue", ()))
            if spans:
                words = " ".join(text[slice(*span)] for span in spans).lower().split()
                verbs = [VERBS[word].lemma for word in words if word in VERBS]
                verbs += [NOUNS[word] for word in words if word in NOUNS]
                attribution = cue((verbs or words)[0], negated="not" in words, spans=spans)
            found = factuality(prose, attribution, tuple(Span(*span) for span in claim["evidence"]))
            total += 1
            for part in hits:
                hits[part] += getattr(found, part) == claim.get(part, USUAL.get(part))
    assert total == 139
    # The commonest value alone has 87, 85 and 40 of a hundred.
    assert hits["polarity"] >= 0.95 * total
    assert hits["certainty"] >= 0.95 * total
    assert hits["modality"] >= 0.58 * total
