"""The extractor over a parser: trees made by hand with both sets of labels, and a pipeline at hand."""

from __future__ import annotations

import random
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, example, find, given, settings
from hypothesis import strategies as st

from kg.config import Settings
from kg.document import Document
from kg.errors import ConfigError
from kg.extract.attribution import Attribution
from kg.extract.attribution import attributions as by_rules
from kg.extract.gazetteer import Gazetteer
from kg.extract.parsed import attributions, make
from kg.extract.parsed.merge import as_attributions, merged
from kg.extract.parsed.reading import frames_of
from kg.extract.parsed.tree import Piece, Tree, pieces
from kg.extract.prose import Prose
from kg.model import Span
from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc

spacy = pytest.importorskip("spacy", reason="spaCy is not installed")

CASES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("trees.yaml").read_text(encoding="utf-8")
)
CLEARNLP: dict[str, dict[str, Any]] = CASES["ClearNLP"]
UNIVERSAL: dict[str, dict[str, Any]] = CASES["Universal Dependencies"]
SENTENCES: dict[str, list[str]] = {case["text"]: case["found"] for case in CASES["sentences"]}


def test_the_tables_are_whole() -> None:
    assert (len(CLEARNLP), len(UNIVERSAL), len(SENTENCES)) == (19, 12, 16)


@pytest.mark.parametrize("name", CLEARNLP)
def test_trees_with_the_labels_of_clearnlp_are_read(name: str) -> None:
    case = CLEARNLP[name]
    assert _read(_built(case["tree"])) == case["found"]


@pytest.mark.parametrize("name", UNIVERSAL)
def test_trees_with_universal_dependencies_are_read(name: str) -> None:
    case = UNIVERSAL[name]
    assert _read(_built(case["tree"])) == case["found"]


def test_a_negated_cue_is_not_a_negated_content() -> None:
    negated = {
        ("auxiliaries, an adverb and a negation", "confirm"): True,
        ("a clause with that", "say"): False,
    }
    for (name, verb), expected in negated.items():
        (found,) = _attributions(_built(CLEARNLP[name]["tree"]))
        assert (found.verb, found.negated) == (verb, expected)
    (found,) = _attributions(_built(UNIVERSAL["a refusal to say"]["tree"]))
    assert (found.verb, found.negated) == ("say", True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“It broke,” said Lee.", "direct"),
        ("Lee said it was “broken.”", "mixed"),
        ("Lee said it broke.", "indirect"),
    ],
)
def test_the_kind_of_a_report_is_that_of_its_quotation_marks(text: str, kind: str) -> None:
    tagged = {
        "“It broke,” said Lee.": "“/``/punct/3 It/PRP/nsubj/3 broke/VBD/ccomp/6 ,/,/punct/6"
        " ”/''/punct/6 said/VBD/ROOT/6 Lee/NNP/nsubj/6 ././punct/6",
        "Lee said it was “broken.”": "Lee/NNP/nsubj/2 said/VBD/ROOT/2 it/PRP/nsubj/4"
        " was/VBD/ccomp/2 “/``/punct/6 broken/JJ/acomp/4 ././punct/2 ”/''/punct/2",
        "Lee said it broke.": "Lee/NNP/nsubj/2 said/VBD/ROOT/2 it/PRP/nsubj/4 broke/VBD/ccomp/2"
        " ././punct/2",
    }
    doc = _built(tagged[text])
    assert doc.text == text
    assert [one.kind for one in _attributions(doc)] == [kind]


# ---------------------------------------------------------------------------- both readings


def test_quotations_are_left_to_the_rules_and_clauses_to_the_tree() -> None:
    tree = _tree(_built(CLEARNLP["a clause with that"]["tree"]))
    found = frames_of(tree)
    (parsed,) = as_attributions(tree, found)
    for kind, expected in {"indirect": parsed, "mixed": None, "direct": None}.items():
        ruled = _ruled(cue=parsed.cue, kind=kind)
        assert merged(tree, [ruled], found) == [expected or ruled]


def test_of_what_only_the_rules_found_quotations_and_labels_stay() -> None:
    tree = _tree(_built(CLEARNLP["a clause with that"]["tree"]))
    for one in (_ruled(kind="direct"), _ruled(verb=":"), _ruled(verb="according")):
        assert merged(tree, [one], []) == [one]
    assert merged(tree, [_ruled()], []) == []


def test_of_what_only_the_tree_found_clauses_stay() -> None:
    for name, stays in {"a clause with that": True, "an infinitive of one's own": False}.items():
        tree = _tree(_built(CLEARNLP[name]["tree"]))
        found = frames_of(tree)
        assert len(found) == 1
        assert bool(merged(tree, [], found)) is stays


# ---------------------------------------------------------------------------- making the extractor


def test_without_spacy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ConfigError, match="spaCy is not installed") as caught:
        make(Settings(spacy_pipeline="en_core_web_sm"))
    assert caught.value.hint == "pip install 'newskg[spacy]'"


def test_a_missing_pipeline_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy.util, "get_installed_models", lambda: ["xx_one", "en_two"])
    with pytest.raises(ConfigError, match="no spaCy pipeline 'en_no_such'") as caught:
        make(Settings(spacy_pipeline="en_no_such"))
    assert caught.value.hint == "python -m spacy download en_no_such (installed: en_two, xx_one)"


def test_a_module_that_is_no_pipeline_is_an_error_of_the_settings() -> None:
    with pytest.raises(ConfigError, match="'hypothesis' cannot be loaded"):
        make(Settings(spacy_pipeline="hypothesis"))


def test_a_missing_folder_is_named_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no spaCy pipeline") as caught:
        make(Settings(spacy_pipeline=str(tmp_path / "none")))
    assert str(caught.value.hint).startswith("python -m spacy download en_core_web_sm ")


def test_a_pipeline_that_does_not_parse_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ConfigError, match="has no tagger and no parser") as caught:
        make(Settings(spacy_pipeline=str(tmp_path / "blank")))
    assert "en_core_web_sm" in str(caught.value.hint)


def test_a_broken_pipeline_is_an_error_of_the_settings(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    spacy.blank("en").to_disk(folder)
    (folder / "config.cfg").write_text("[nlp\n")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        make(Settings(spacy_pipeline=str(folder)))


def test_spacy_is_not_loaded_before_it_is_needed() -> None:
    program = "import sys, kg.extract.parsed; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# ---------------------------------------------------------------------------- any tree, any text


WORDS = [
    *'the army said that it will fall , . “ ” " according to Lee told who is accused of as'.split(),
    *"put it and adding by was confident made clear ( ) : ; — … 日本 שלום e\u0301 \u200b".split(),
    *["\U0001f469\u200d\U0001f467", "\u2028", "\r\n", "\t", "\x0c", "\u00a0"],
]
FRAGMENTS = [
    *("Lee said that it will fall .", "“ It fell , ” said Lee .", "according to Lee"),
    *("The dam , Lee said , will fall .", "Lee is accused of it .", "as Lee put it ,"),
]
TAGS = "NN NNP VBD VBZ VBN VBG VB MD IN DT PRP WP WDT CC RB JJ TO , . `` '' POS XX".split()
LABELS = (
    "nsubj nsubjpass nsubj:pass ccomp xcomp conj cc advcl acl acl:relcl relcl obj dobj obl prep pobj"
    " agent mark aux auxpass cop appos parataxis punct det attr acomp case odd"
).split()


TEXTS = st.lists(st.sampled_from(WORDS + FRAGMENTS), max_size=40).map(" ".join)
SEEDS = st.integers(0, 2**32)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, SEEDS)
@example("according to", 0)
@example("said " * 60, 1)
@example('" ' * 60, 2)
@example("", 3)
def test_whatever_the_tree_every_span_is_in_the_text(text: str, seed: int) -> None:
    prose = Prose(text)
    parts = pieces(_random(seed), prose)
    for one in attributions(prose, parts):
        for spans in (one.source, one.cue, one.content):
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert list(spans) == sorted(spans)
        assert one.cue
        assert one.content


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, SEEDS)
def test_whatever_the_tree_source_cue_and_content_lie_apart(text: str, seed: int) -> None:
    for one in _by_tree(text, seed):
        assert not _meet(one.cue, one.content)
        assert not _meet(one.source, one.content)
        assert not _meet(one.source, one.cue)
        for this, following in pairwise(one.content):
            assert this.end < following.start


@pytest.mark.parametrize(
    ("verb", "stretches"), [("say", 2), ("according", 1), ("put it", 1), ("accuse", 1)]
)
def test_the_texts_of_these_properties_attribute(verb: str, stretches: int) -> None:
    def shows(case: tuple[str, int]) -> bool:
        return any(one.verb == verb and len(one.content) >= stretches for one in _by_tree(*case))

    often = settings(max_examples=20_000, derandomize=True)
    assert shows(find(st.tuples(TEXTS, SEEDS), shows, settings=often))


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@example("a  b\u00a0\u00a0c\u200bd e\u0301\r\nf\u2028g \x0c\x1f h")
@example("«שלום» said 👩‍👧‍👦 عليكم, “ok”")
def test_tokens_stand_where_the_tree_says(text: str) -> None:
    prose = Prose(text)
    tree = Tree(prose, pieces(_blank(), prose))
    for word, start, end in zip(tree.words, tree.starts, tree.ends, strict=True):
        assert text[start:end] == word
        assert not word.isspace()
    # Nothing but white space is left out.
    assert "".join(tree.words) == "".join(
        text[a:b] for a, b in zip(tree.starts, tree.ends, strict=True)
    )
    assert sum(map(len, tree.words)) == sum(len("".join(word.split())) for word in prose.words)


def test_a_paragraph_longer_than_the_pipeline_takes_is_cut_at_sentences() -> None:
    nlp = spacy.blank("en")
    nlp.max_length = 60
    text = "It is a short sentence. " * 10
    prose = Prose(text)
    parts = pieces(nlp, prose)
    assert len(parts) > 1
    for doc, starts in parts:
        assert len(doc.text) <= 60
        assert doc.text.startswith("It is")
        assert text[starts[0] :].startswith("It is")
    assert sum(len(doc) for doc, _ in parts) == 60


def test_a_sentence_longer_than_the_pipeline_takes_is_cut_too() -> None:
    nlp = spacy.blank("en")
    nlp.max_length = 50
    prose = Prose("word " * 100)
    parts = pieces(nlp, prose)
    assert all(len(doc.text) <= 50 for doc, _ in parts)
    assert sum(len(doc) for doc, _ in parts) == 100


def test_what_the_prose_does_not_read_breaks_a_piece() -> None:
    text = "The dam held. Credit: Lee It broke."
    prose = Prose(text, [Span(14, 25)])
    assert [doc.text for doc, _ in pieces(spacy.blank("en"), prose)] == [
        "The dam held.",
        "It broke.",
    ]


@pytest.mark.parametrize("unit", ['"', "said ", ", who said ", "according to ", "he said, "])
def test_long_sentences_that_are_none_are_passed_over_in_no_time(unit: str) -> None:
    prose = Prose(unit * 20_000)
    parts = pieces(_random(1), prose)
    tree = Tree(prose, parts)
    assert len(tree) >= 20_000
    assert all(len(frame.content) < 1000 for frame in frames_of(tree))


# ---------------------------------------------------------------------------- over a real pipeline


@pytest.fixture(scope="module")
def folder() -> Path:
    path = SHARED / "data" / "parser-en-ud"
    if not path.is_dir():
        pytest.skip("../shared/data/parser-en-ud is not here; KG_SHARED names ../shared")
    return path


@pytest.fixture(scope="module")
def nlp(folder: Path) -> Any:
    return make(Settings(spacy_pipeline=str(folder))).nlp


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_of_the_news_are_read(nlp: Any, text: str) -> None:
    prose = Prose(text)
    assert _spelled(attributions(prose, pieces(nlp, prose)), text) == SENTENCES[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n \t\r\n",
        "\U0001f469\u200d\U0001f467 said “\U0001f600” according to \u200b\u200d\ufeff.",
        "قال الوزير إن السد سينهار. “שלום,” אמר לי. Lee said: “مرحبا”",
        "e\u0301\u0301\u0301 said that " + "a\u0300" * 200,
        "said " * 300 + '"' * 300 + "(" * 300,
        "x" * 5000 + " said that it fell.",
        "Lee said\x0c that\u2028it\x85 fell,\r\r\nAnn  said .",
    ],
)
def test_hostile_texts_are_read_without_a_slip(nlp: Any, text: str) -> None:
    prose = Prose(text)
    for one in attributions(prose, pieces(nlp, prose)):
        spans = (*one.source, *one.cue, *one.content)
        assert all(0 <= start < end <= len(text) for start, end in spans)


def test_the_version_names_spacy_and_the_pipeline(folder: Path) -> None:
    reader = make(Settings(spacy_pipeline=str(folder)))
    assert reader.name == "spacy"
    assert reader.method == "model"
    assert reader.version == f"{spacy.__version__} with en_core_ud_dev 0.0.0"
    assert "ner" not in reader.nlp.pipe_names


def test_a_document_becomes_claims(folder: Path) -> None:
    reader = make(Settings(spacy_pipeline=str(folder)))
    text = "The dam held.\n\nAnna Holt, a nurse, said the ferry had been warned twice."
    document = Document(name="a.txt", text=text, format="text/plain")
    found = reader.extract(document, Gazetteer(()))
    assert [claim.cue for claim in found.claims] == [(Span(35, 39),)]
    assert found == reader.extract(document, Gazetteer(()))


def test_annotated_news_is_read_better_than_by_rules_alone(nlp: Any, folder: Path) -> None:
    import json

    rows = [
        json.loads(line)
        for line in (folder.parent / "wikinews" / "wikinews.jsonl").read_text().splitlines()
    ]
    gold = [row["attributions"] for row in rows]
    proses = [Prose(row["text"]) for row in rows]
    parsed = _relation([attributions(prose, pieces(nlp, prose)) for prose in proses], gold)
    ruled = _relation([by_rules(prose) for prose in proses], gold)
    assert sum(map(len, gold)) == 141
    assert parsed >= 0.66
    assert parsed > ruled


# ---------------------------------------------------------------------------- helpers


def _ruled(**parts: Any) -> Attribution:
    """What rules may have found in a tree of the table."""
    given = {"verb": "say", "kind": "indirect", "cue": (Span(0, 3),)} | parts
    return Attribution(source=(), content=(Span(18, 22),), **given)


def _built(spelled: str) -> Doc:
    """A tree from `word/tag/label/head …`, with white space where print has it."""
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    rows = [token.rsplit("/", 3) for token in spelled.split()]
    words = [row[0] for row in rows]
    spaces = [
        word != "“" and not (i + 1 < len(words) and words[i + 1] in {",", ".", "”"})
        for i, word in enumerate(words)
    ]
    spaces[-1] = False
    return Doc(
        Vocab(),
        words=words,
        spaces=spaces,
        tags=[row[1] for row in rows],
        deps=[row[2] for row in rows],
        heads=[int(row[3]) - 1 for row in rows],
    )


def _tree(doc: Doc) -> Tree:
    return Tree(Prose(doc.text), [Piece(doc, [token.idx for token in doc])])


def _attributions(doc: Doc) -> list[Attribution]:
    tree = _tree(doc)
    return as_attributions(tree, frames_of(tree))


def _by_tree(text: str, seed: int) -> list[Attribution]:
    """What is read off a random tree, without the rules."""
    prose = Prose(text)
    tree = Tree(prose, pieces(_random(seed), prose))
    return as_attributions(tree, frames_of(tree))


def _read(doc: Doc) -> list[str]:
    return _spelled(_attributions(doc), doc.text)


def _spelled(found: Iterable[Attribution], text: str) -> list[str]:
    return [
        " | ".join(
            " ... ".join(text[start:end] for start, end in spans)
            for spans in (one.source, one.cue, one.content)
        )
        for one in found
    ]


def _meet(some: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> bool:
    return any(one[0] < other[1] and other[0] < one[1] for one in some for other in others)


def _random(seed: int) -> Any:
    return _Random(seed)


@cache
def _blank() -> Any:
    return spacy.blank("en")


class _Random:
    """A pipeline that hangs every token anywhere in its text, under any label."""

    max_length = 1_000_000

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.vocab = _blank().vocab
        self.make_doc = _blank().make_doc

    def pipe(self, docs: Iterable[Doc]) -> Iterator[Doc]:
        from spacy.tokens import Doc

        chance = random.Random(self.seed)  # noqa: S311
        for doc in docs:
            order = list(range(len(doc)))
            chance.shuffle(order)
            heads = [0] * len(doc)
            for place, i in enumerate(order):  # each on one before it in the order: no circles
                heads[i] = order[chance.randrange(place)] if place else i
            yield Doc(
                doc.vocab,
                words=[token.text for token in doc],
                spaces=[bool(token.whitespace_) for token in doc],
                tags=chance.choices(TAGS, k=len(doc)),
                deps=chance.choices(LABELS, k=len(doc)),
                heads=heads,
            )


def _relation(
    found: Sequence[Sequence[Attribution]], gold: Sequence[Sequence[dict[str, Any]]]
) -> float:
    """F1 of pairs that share half of their content, and words of the source and of the cue.

    Attributions within others are left out, as they are in what was annotated.
    """
    hits = total = 0
    for ones, others in zip(found, gold, strict=True):
        outer = [
            one
            for one in ones
            if not any(
                other is not one
                and any(a <= start and end <= b for start, end in one.cue for a, b in other.content)
                for other in ones
            )
        ]
        total += len(outer) + len(others)
        inside = [{i for span in one.content for i in range(*span)} for one in outer]
        wanted = [{i for span in other["content"] for i in range(*span)} for other in others]
        pairs = sorted(
            (
                (len(have & want) / len(have | want), i, j)
                for j, want in enumerate(wanted)
                for i, have in enumerate(inside)
                if have & want
            ),
            reverse=True,
        )
        used: set[tuple[str, int]] = set()
        for share, i, j in pairs:
            if ("found", i) in used or ("gold", j) in used:
                continue
            used |= {("found", i), ("gold", j)}
            one, other = outer[i], others[j]
            source = _meet(one.source, other["source"]) or not (one.source or other["source"])
            hits += share >= 0.5 and source and _meet(one.cue, other["cue"])
    return 2 * hits / total
