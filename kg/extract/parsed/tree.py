"""A text as its pipeline parsed it: one tree of numbers over all paragraphs, one set of labels."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.extract.prose import Prose

_LABELS: Final = {
    "ROOT": "root",
    "acomp": "attr",
    "attr": "attr",
    "auxpass": "aux:pass",
    "csubjpass": "nsubj:pass",
    "csubj:pass": "nsubj:pass",
    "csubj": "nsubj",
    "dative": "iobj",
    "dobj": "obj",
    "neg": "advmod",
    "npadvmod": "obl",
    "nsubjpass": "nsubj:pass",
    "oprd": "xcomp",
    "poss": "nmod:poss",
    "predet": "det",
    "prt": "compound:prt",
    "quantmod": "advmod",
    "relcl": "acl:relcl",
}
"""ClearNLP's labels as those of Universal Dependencies, where the two mean the same."""
_KEPT: Final = frozenset({"acl:relcl", "aux:pass", "compound:prt", "nmod:poss", "nsubj:pass"})
"""Subtypes that say more than the label before their colon."""
_SPOKEN: Final = 3
"""Words that a quotation must have to be taken for speech."""
_NOMINAL: Final = frozenset("NN NNS NNP NNPS PRP CD DT EX WP FW".split())


_LONGEST: Final = 100_000
"""Characters that are parsed in one go: a pipeline takes about a gigabyte for a million."""


_GLUED: Final = 1000
"""Characters without white space that are parsed in one go; no word of a language has as many."""


class Piece(NamedTuple):
    """A parsed stretch of the text, with where each of its tokens starts in the whole text."""

    doc: Doc
    starts: Sequence[int]


def pieces(nlp: Language, prose: Prose) -> list[Piece]:
    """Parse a text, a paragraph at a time; a longer one than the pipeline takes is cut at sentences.

    The ends of sentences are those of the prose: a parser takes a full stop inside a quotation
    for less than it is. White space is no token, for it upsets a parser that never saw it.
    """
    from spacy.tokens import Doc

    docs: list[Doc] = []
    starts: list[list[int]] = []
    for (first, last), sentences in _stretches(prose, min(nlp.max_length, _LONGEST)):
        offset, end = prose.starts[first], prose.ends[last - 1]
        tokens = [token for token in nlp.make_doc(prose.text[offset:end]) if not token.is_space]
        if not tokens:
            continue
        places = [offset + token.idx for token in tokens]
        heads = {prose.starts[word] for word in sentences}
        docs.append(
            Doc(
                nlp.vocab,
                words=[token.text for token in tokens],
                spaces=[bool(token.whitespace_) for token in tokens],
                sent_starts=[not i or place in heads for i, place in enumerate(places)],
            )
        )
        starts.append(places)
    return list(map(Piece, nlp.pipe(docs), starts))


def _stretches(prose: Prose, limit: int) -> Iterator[tuple[tuple[int, int], list[int]]]:
    """Ranges of words to be parsed in one go, with the words that start their sentences.

    What the prose does not read breaks a paragraph, and so does its length. So do many characters
    without white space, for the time that spaCy takes to split them grows with their square; a
    word longer than anything that is parsed in one go is left out.
    """
    heads_of = {first for first, _ in prose.sentences}
    for first, end in prose.paragraphs:
        start, glued = first, first
        heads: list[int] = []
        for i in range(first, end):
            if i > start:
                gap = prose.text[prose.ends[i - 1] : prose.starts[i]]
                if gap:
                    glued = i
                full = prose.ends[i] - prose.starts[start] > limit
                if full and len(heads) > 1:
                    # The last sentence does not fit any more.
                    yield (start, heads[-1]), heads[:-1]
                    start, heads = heads[-1], [heads[-1]]
                elif (
                    full
                    or (gap and not gap.isspace())
                    or prose.ends[i] - prose.starts[glued] > _GLUED
                ):
                    if prose.ends[i - 1] - prose.starts[start] <= limit:
                        yield (start, i), heads
                    start, glued, heads = i, i, []
            if i in heads_of:
                heads.append(i)
        if prose.ends[end - 1] - prose.starts[start] <= limit:
            yield (start, end), heads


class Tree:
    """Parallel lists by the number of the token; heads and children are such numbers too.

    `relations` has labels of Universal Dependencies whatever the pipeline gives, without the
    subtypes that nobody here asks for. `lefts` and `rights` are the outermost tokens of what hangs
    on a token. `quotes` says in which quotation of the prose a token is, or -1, and `quotations`
    has their tokens; `sentences` are half-open ranges of tokens, those of the prose as far as they
    lie in one piece, and `sentence` says in which of them a token is.
    """

    def __init__(self, prose: Prose, parts: Sequence[Piece]) -> None:
        self.prose = prose
        self.words: list[str] = []
        self.lower: list[str] = []
        self.tags: list[str] = []
        self.relations: list[str] = []
        self.heads: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sentence: list[int] = []
        self.sentences: list[tuple[int, int]] = []
        pieces = set()
        for doc, starts in parts:
            offset = len(self.words)
            pieces.add(offset)
            for token, start in zip(doc, starts, strict=True):
                text = token.text
                self.words.append(text)
                self.lower.append(text.lower().replace("’", "'"))
                self.tags.append(token.tag_)
                self.relations.append(_relation(token.dep_))
                self.heads.append(offset + token.head.i)
                self.starts.append(start)
                self.ends.append(start + len(text))
        self._places(pieces)
        self._yields()

    def __len__(self) -> int:
        return len(self.words)

    def _places(self, pieces: Container[int]) -> None:
        """Put the tokens into the quotations and sentences of the prose."""
        prose = self.prose
        self.quotes = [-1] * len(self)
        last = len(prose.words) - 1
        number, word = 0, 0
        starts = [first for first, _ in prose.sentences]
        self.quotations: dict[int, tuple[int, int]] = {}
        spoken: dict[int, int] = {}
        for i, start in enumerate(self.starts):
            while word < last and prose.ends[word] <= start:
                word += 1
            quote = self.quotes[i] = prose.inside[word]
            if quote >= 0:
                self.quotations[quote] = (self.quotations.get(quote, (i, i))[0], i + 1)
                if self.words[i][0].isalnum():
                    spoken[quote] = spoken.get(quote, 0) + 1
            begins = i in pieces
            while number + 1 < len(starts) and word >= starts[number + 1]:
                number += 1
                begins = True
            if begins:
                self.sentences.append((i, i + 1))
            else:
                self.sentences[-1] = (self.sentences[-1][0], i + 1)
            self.sentence.append(len(self.sentences) - 1)
        self._spoken = frozenset(
            quote for quote, count in spoken.items() if count >= _SPOKEN or self._closed(quote)
        )

    def _closed(self, quote: int) -> bool:
        """Whether even a short quotation is speech by its punctuation: `“No,” he said`."""
        first, end = self.quotations[quote]
        last = self.words[end - 2][-1] if end - 2 > first else ""
        led = first == 0 or self.words[first - 1] in {":", ","}
        return last in {",", "?", "!"} or (last == "." and led)

    def _yields(self) -> None:
        """Children, and the ends of what hangs on each token, as far as its own sentence goes."""
        self.children: list[list[int]] = [[] for _ in self.words]
        self.lefts = list(range(len(self)))
        self.rights = list(range(len(self)))
        for i, head in enumerate(self.heads):
            if head != i:
                self.children[head].append(i)
        for first, end in self.sentences:
            # Leaves first: a token is done when all that hangs on it is.
            order = [i for i in range(first, end) if not first <= self.heads[i] < end]
            order += [i for i in range(first, end) if self.heads[i] == i]
            at = 0
            while at < len(order):
                order += [child for child in self.children[order[at]] if first <= child < end]
                at += 1
            for i in reversed(order):
                head = self.heads[i]
                if head != i and first <= head < end:
                    self.lefts[head] = min(self.lefts[head], self.lefts[i])
                    self.rights[head] = max(self.rights[head], self.rights[i])

    def child(self, i: int, *relations: str) -> int | None:
        """The first child with one of the relations, in the order of the relations."""
        for relation in relations:
            for child in self.children[i]:
                if self.relations[child] == relation:
                    return child
        return None

    def speech(self, quote: int) -> bool:
        """Whether a quotation is long enough to be speech, not a title or a word held at arm's length."""
        return quote in self._spoken

    def parted(self, i: int, k: int) -> bool:
        """Whether a line ends between two tokens."""
        return any(map(str.isspace, self.prose.text[self.ends[i] : self.starts[k]].strip(" ")))

    def at(self, offset: int) -> int:
        """The number of the token that an offset in the text lies in, or of the one before it."""
        return bisect_right(self.starts, offset) - 1

    def span(self, tokens: tuple[int, int]) -> Span:
        """The stretch of the text that a range of tokens covers."""
        return Span(self.starts[tokens[0]], self.ends[tokens[1] - 1])

    def nominal(self, i: int) -> bool:
        """Whether a token can be the head of a noun phrase."""
        return self.tags[i] in _NOMINAL

    def verbal(self, i: int) -> bool:
        """Whether a token is a verb in any form."""
        return self.tags[i].startswith("VB")

    def finite(self, i: int) -> bool:
        """Whether a token shows that its clause has a finite verb."""
        return self.tags[i] in {"VBD", "VBZ", "VBP", "MD"}


def _relation(label: str) -> str:
    label = _LABELS.get(label, label)
    return label if label in _KEPT else label.split(":")[0]
