"""An annotation for the tools of linguists: brat's standoff format, and columns as of CoNLL.

Offsets count code points in the text as read, as those of annotations do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.extract.prose import Prose
from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.model import Annotation, Place

_BREAKS: Final = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def to_brat(annotation: Annotation, text: str, kinds: Mapping[str, str]) -> str:
    """The annotation as a .ann file, to lie beside its text; `kinds` has those of the register's ids.

    Mentions are entities with the type of what they name and a note with its id; each claim is an
    event of type Claim, triggered by its cue, with the arguments Source and Content.
    """
    types = dict(kinds) | {str(thing.id): thing.type for thing in annotation.things}
    lines: list[str] = []
    numbers: dict[tuple[str, tuple[Span, ...]], str] = {}
    notes: list[str] = []

    def entity(type_: str, spans: Sequence[Span]) -> str:
        key = (type_, tuple(spans))
        if key not in numbers:
            numbers[key] = f"T{len(numbers) + 1}"
            pieces = [piece for span in spans for piece in _on_one_line(span, text)]
            offsets = ";".join(f"{start} {end}" for start, end in pieces)
            words = " ".join(text[start:end] for start, end in pieces)
            lines.append(f"{numbers[key]}\t{type_} {offsets}\t{words}")
        return numbers[key]

    for mention in annotation.mentions:
        name = entity(types.get(mention.of, "thing").capitalize(), _spans((mention.span,)))
        notes.append(f"#{len(notes) + 1}\tAnnotatorNotes {name}\t{mention.of}")
    for number, claim in enumerate(annotation.claims, 1):
        content = entity("Content", _spans(claim.evidence))
        trigger = entity("Claim", _spans(claim.cue)) if claim.cue else None
        arguments = [f"Content:{content}"]
        if claim.source_span:
            arguments.insert(0, f"Source:{entity('Source', _spans(claim.source_span))}")
        if trigger is not None:
            lines.append(f"E{number}\tClaim:{trigger} {' '.join(arguments)}")
        features = ("polarity", "certainty", "modality")
        for feature in features:
            about = f"E{number}" if trigger is not None else content
            value = getattr(claim, feature)
            lines.append(
                f"A{_number(number, features.index(feature))}\t{feature.capitalize()} {about} {value}"
            )
    return "".join(f"{line}\n" for line in [*lines, *notes])


def to_conll(annotation: Annotation, text: str, kinds: Mapping[str, str]) -> str:
    """The annotation as columns: number, word, start, end, mention, source, cue, content of claims.

    A sentence ends with an empty line. The columns have IOB tags: of the mention with the type and
    the id of what it names; of the first claim that has the word, with the id of that claim.
    """
    types = dict(kinds) | {str(thing.id): thing.type for thing in annotation.things}
    prose = Prose(text)
    columns = [["O"] * len(prose.words) for _ in range(4)]
    longest = sorted(annotation.mentions, key=lambda mention: _length(mention.span))
    for mention in reversed(longest):
        _tag(
            prose,
            columns[0],
            _spans((mention.span,)),
            f"{types.get(mention.of, 'thing')}:{mention.of}",
        )
    for claim in annotation.claims:
        for column, places in zip(
            columns[1:], (claim.source_span, claim.cue, claim.evidence), strict=True
        ):
            _tag(prose, column, _spans(places), str(claim.id))
    lines = ["# newskg columns: id form start end mention source cue content"]
    for first, end in prose.sentences:
        lines += [
            "\t".join(
                [
                    str(i - first + 1),
                    prose.words[i],
                    str(prose.starts[i]),
                    str(prose.ends[i]),
                    *(column[i] for column in columns),
                ]
            )
            for i in range(first, end)
        ]
        lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _tag(prose: Prose, column: list[str], spans: Iterable[Span], tag: str) -> None:
    for start, end in spans:
        begin = True
        for i in range(prose.word_at(start), len(prose.words)):
            if prose.starts[i] >= end:
                break
            if column[i] == "O":
                column[i] = f"{'B' if begin else 'I'}-{tag}"
            begin = False


def _number(claim: int, feature: int) -> int:
    return (claim - 1) * 3 + feature + 1


def _on_one_line(span: Span, text: str) -> Iterator[Span]:
    """The pieces of a span between the ends of lines, which brat does not allow within one."""
    start = span.start
    for gap in _BREAKS.finditer(text, span.start, span.end):
        if gap.start() > start:
            yield Span(start, gap.start())
        start = gap.end()
    if start < span.end:
        yield Span(start, span.end)


def _spans(places: Iterable[Place]) -> tuple[Span, ...]:
    return tuple(place for place in places if isinstance(place, Span))


def _length(place: Place) -> int:
    return place.end - place.start if isinstance(place, Span) else 0
