"""One thing that waits, as lines for a terminal of any width.

Labels and texts may be anyone's: what would move the cursor or turn the line around is shown by a
sign or a number instead of being sent to the terminal.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.analysis import FEATURES, feature_word
from kg.names import curie
from kg.review.queue import Link, Pair, Said, Thing
from kg.table import length, table, wrap
from kg.vocab import DCTERMS, KG, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import NamedNode

    from kg.analysis import Judgement
    from kg.model import Claim
    from kg.review.queue import Item

OPEN, CLOSE = "⟦", "⟧"
"""What stands around the words in question, for terminals without bold letters as well."""
_AROUND: Final = 120
"""Characters of context on either side: about two lines, a sentence more often than not."""
_LONGEST: Final = 1200
"""Characters of a text that are shown in one piece: about a screen."""
_COLUMN: Final = 22
"""Cells that a candidate needs for its bars, its id and some words a line."""
_BAR: Final = 8
_DROPPED: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""What is in innocent texts and has no width: hyphens that may be, and joiners."""


class Texts(NamedTuple):
    """Where a page finds words: the text with an IRI if it is at hand, and the headline of its article."""

    text: Callable[[NamedNode], str | None]
    headline: Callable[[NamedNode], str]


def visible(text: str) -> str:
    """A text on one line, with a sign for what terminals take for an order.

    >>> visible("a\\x1b[2Jb")
    'a␛[2Jb'
    """
    return " ".join("".join(map(_sign, text)).split())


def _sign(character: str) -> str:
    code = ord(character)
    if character.isspace():
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if character in _DROPPED:
        return ""
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return f"<U+{code:04X}>"
    return character


def page(
    item: Item,
    texts: Texts,
    prefixes: Mapping[str, str],
    width: int,
    *,
    chosen: int = 0,
    claim: Claim | None = None,
) -> list[str]:
    """The lines that show an item: the words in context, and what is proposed with what speaks for it.

    `chosen` is the candidate of a link that a key would accept; `claim` is all that the annotation
    has of a claim.
    """
    width = max(width, 20)
    match item:
        case Link():
            lines = _link(item, texts, prefixes, width, chosen)
        case Pair():
            lines = _pair(item, texts, prefixes, width)
        case Said():
            lines = _claim(item, texts, prefixes, width, claim)
    return [line.rstrip() for line in lines]


def _link(
    link: Link, texts: Texts, prefixes: Mapping[str, str], width: int, chosen: int
) -> Iterator[str]:
    yield from _thing(link.thing, texts, prefixes, width)
    at_once = max((width - 12) // (_COLUMN + 2), 1)
    for first in range(0, len(link.choices), at_once):
        yield ""
        yield from _candidates(link, prefixes, width, chosen, range(first, first + at_once))
    for number, (_, judgement) in enumerate(link.choices, 1):
        if judgement.note:
            yield from _wrapped(f"{number}: {visible(judgement.note)}", width, "  ")
    if link.absent is not None:
        judgement = link.absent[1]
        yield ""
        words = f"No item, {judgement.status} by {judgement.by}"
        words += f": {judgement.note}" if judgement.note else ""
        yield from _wrapped(visible(words), width, "  ")


def _candidates(
    link: Link, prefixes: Mapping[str, str], width: int, chosen: int, numbers: range
) -> Iterator[str]:
    """Some candidates side by side: what they are, and what speaks for each."""
    some = [(i, *link.choices[i]) for i in numbers if i < len(link.choices)]
    heads = [
        f"{'▸' if i == chosen else ' '}{i + 1} {visible(curie(j.to, prefixes))}" for i, _, j in some
    ]
    rows = [
        ["", *(visible(_item(link, j).name)[:200] for _, _, j in some)],
        ["", *(visible(_item(link, j).description)[:300] for _, _, j in some)],
        ["score", *(_bar(float(j.confidence)) for _, _, j in some)],
    ]
    rows += [
        [
            feature_word(name),
            *(_bar(j.features[name]) if name in j.features else "–" for _, _, j in some),
        ]
        for name in FEATURES
        if any(name in j.features for _, _, j in some)
    ]
    rows.append(["", *(_state(j) for _, _, j in some)])
    yield from table(["", *heads], [row for row in rows if any(row)], width).splitlines()


def _item(link: Link, judgement: Judgement) -> Thing:
    return link.items.get(judgement.to) or Thing(node=judgement.to, name="")


def _state(judgement: Judgement) -> str:
    relation = "close to it, " if judgement.relation.value.endswith("closeMatch") else ""
    return visible(f"{relation}{judgement.status} by {judgement.by}")


def _bar(value: float) -> str:
    """A number from 0 to 1 as a bar and in digits.

    >>> _bar(0.5)
    '████░░░░ 0.50'
    """
    full = round(min(max(value, 0.0), 1.0) * _BAR)
    return f"{'█' * full}{'░' * (_BAR - full)} {value:.2f}"


def _pair(pair: Pair, texts: Texts, prefixes: Mapping[str, str], width: int) -> Iterator[str]:
    judgement = pair.judgement
    yield from _thing(pair.left, texts, prefixes, width)
    yield ""
    yield from _wrapped(f"— {_relation(judgement, prefixes)} —", width, "")
    yield ""
    yield from _thing(pair.right, texts, prefixes, width)
    yield ""
    rows = [["score", _bar(float(judgement.confidence))]]
    rows += [[feature_word(name), _bar(value)] for name, value in judgement.features.items()]
    for name, value in rows:
        yield from _wrapped(
            f"{name.ljust(11) if width >= _COLUMN + 6 else name} {value}", width, "  "
        )
    words = f"{judgement.status} by {judgement.by}, {judgement.when}"
    words += f": {judgement.note}" if judgement.note else ""
    yield from _wrapped(visible(words), width, "  ")


def _relation(judgement: Judgement, prefixes: Mapping[str, str]) -> str:
    same = "is the same as, and " if judgement.relation == DCTERMS.isReplacedBy else ""
    return same + relation_words(judgement.relation, prefixes)


def relation_words(relation: NamedNode, prefixes: Mapping[str, str]) -> str:
    """What stands between the ends of a judgement when it is read out."""
    words = {
        SKOS.exactMatch: "is",
        SKOS.closeMatch: "is close to",
        DCTERMS.isReplacedBy: "goes into",
        DCTERMS.replaces: "replaces",
        KG.contradicts: "contradicts",
        KG.agreesWith: "agrees with",
    }
    return words.get(relation) or curie(relation, prefixes)


def _thing(thing: Thing, texts: Texts, prefixes: Mapping[str, str], width: int) -> Iterator[str]:
    """What a thing is called, and the words around the places that name it."""
    about = [curie(thing.node, prefixes), thing.description]
    if thing.mentions:
        about.append("named once" if thing.mentions == 1 else f"named {thing.mentions} times")
    name = visible(thing.name) or "without a name"
    yield from _wrapped(f"{name} ({visible(', '.join(filter(None, about)))})", width, "")
    for place in thing.places:
        words = _in_context([(place.start, place.end)], texts.text(place.text), place.exact)
        headline = visible(texts.headline(place.text))
        yield from _wrapped(f"{words} ({headline})" if headline else words, width, "  ")


def _claim(
    said: Said, texts: Texts, prefixes: Mapping[str, str], width: int, claim: Claim | None
) -> Iterator[str]:
    yield from _wrapped(visible(said.article) or said.file, width, "")
    yield ""
    rows: list[tuple[str, str]] = []
    if claim is not None:
        from kg.mapping.keys import located

        spans = [located(place) for place in claim.evidence]
        text = texts.text(said.in_text)
        yield from _wrapped(_in_context(spans, text, ""), width, "  ")
        yield ""
        quoted = [
            (name, [text[slice(*located(place))] for place in places] if text else [])
            for name, places in (("Source words", claim.source_span), ("Cue", claim.cue))
        ]
        rows += [(name, "; ".join(words)) for name, words in quoted]
        how = (claim.polarity, claim.certainty, claim.modality, claim.kind)
        rows.append(("How", ", ".join(filter(None, how))))
        rows.append(("About", ", ".join(claim.about)))
        rows.append(("Asserts", ", ".join(claim.asserts)))
        rows += [
            ("Stance", f"{stance.actor} {stance.stance} {stance.issue}") for stance in claim.stances
        ]
        rows += [
            ("Number", f"{q.quantifier} {_figures(q.value, q.min, q.max)} {q.unit} ({q.of})")
            for q in claim.quantities
        ]
    rows = [("Says", "; ".join(said.sources)), ("What", said.text), *rows]
    rows.append(("Id", curie(said.node, prefixes)))
    for name, value in rows:
        if value:
            yield from _labelled(name, visible(value), width)


def _figures(*numbers: object) -> str:
    return " to ".join(str(number) for number in numbers if number is not None)


def _in_context(spans: Sequence[tuple[int, int]], text: str | None, exact: str) -> str:
    """The passages in question, marked, with the words around them; without the text what is quoted."""
    if text is None:
        return f"{OPEN}{visible(exact)}{CLOSE}" if exact else "The text is not at hand."
    pieces: list[str] = []
    spans = sorted(spans)
    start = _word(text, max(spans[0][0] - _AROUND, 0))
    if start:
        pieces.append("… ")
    at = start
    for begin, end in spans:
        between = text[at:begin] if begin > at else ""
        if len(between) > 2 * _AROUND + 3 and at != start:
            between = f"{between[:_AROUND]} … {between[-_AROUND:]}"
        words = text[max(begin, at) : end]
        if len(words) > _LONGEST:
            words = f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"
        pieces.append(f"{between}{OPEN}{words}{CLOSE}")
        at = max(end, at)
    after = text[at : at + _AROUND]
    if at + _AROUND < len(text):
        after = f"{after.rpartition(' ')[0] or after} …"
    return visible("".join((*pieces, after)))


def _word(text: str, start: int) -> int:
    """Where the first whole word from an offset on starts."""
    if start == 0:
        return 0
    found = text.find(" ", start, start + 30)
    return found + 1 if found >= 0 else start


def _labelled(name: str, value: str, width: int) -> Iterator[str]:
    if width < 40:
        yield from _wrapped(f"{name}: {value}", width, "")
        return
    for number, line in enumerate(wrap(value, width - 14)):
        yield f"{'' if number else name}".ljust(14) + line


def _wrapped(text: str, width: int, indent: str) -> Iterable[str]:
    return (indent + line for line in wrap(text, max(width - length(indent), 8)))
