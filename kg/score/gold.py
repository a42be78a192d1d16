"""Gold standards: annotations of kg with their texts, or JSON Lines of attributions with offsets."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import annotation as format_
from kg.annotation.seal import untouched
from kg.document import Document
from kg.document import read as read_document
from kg.edtf import Edtf
from kg.errors import InputError
from kg.files import read_file
from kg.model import Span, When, standing
from kg.register import Register
from kg.register import read as read_register
from kg.score.measure import Attributed, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.mapping.iris import Iris
    from kg.model import Annotation, Place, Text

CLASSES: Mapping[str, str] = {
    "person": "person",
    "organization": "organisation",
    "organisation": "organisation",
    "place": "place",
    "location": "place",
    "state": "place",
    "topic": "topic",
    "event": "event",
}
"""What a mention may name; where states are places as well as actors, they count as places."""


class _UnfinishedError(InputError):
    """What a machine wrote, and nobody has read in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One article of a standard: its document as kg reads it, and what is to be found in it.

    With `outermost`, the standard marks no report inside a report.
    """

    name: str
    document: Document
    reading: Reading
    outermost: bool
    register: Register


def read(paths: Sequence[Path], texts: Sequence[Path], iris: Iris) -> list[Gold]:
    """The articles of a standard, in files or folders.

    Annotations look for their texts beside themselves and in `texts`, and for a register beside
    themselves or, in a workspace, above. What is as a machine left it, or reviewed in part, is no
    standard: in a folder it is passed over. Raises InputError where one cannot be read, or there is
    none.
    """
    found: list[Gold] = []
    for path in paths:
        if path.is_dir():
            before = len(found)
            for file in sorted(path.rglob("*.yaml")):
                with contextlib.suppress(_UnfinishedError):
                    found.append(_annotation(file, texts, iris))
            if len(found) == before:
                raise InputError(f"{path}: no annotation by a person in this folder")
        elif path.suffix.lower() in {".jsonl", ".ndjson"}:
            lines = list(_lines(path, iris))
            if not lines:
                raise InputError(f"{path}: no article in this file")
            found += lines
        else:
            found.append(_annotation(path, texts, iris))
    return found


def of_annotation(annotation: Annotation, register: Register) -> Reading:
    """What of an annotation is scored; its references lead to its own things or to the register."""
    known = {str(thing.id): _class(thing.type, thing.kind) for thing in annotation.things}
    for ref in {mention.of for mention in annotation.mentions} - known.keys():
        known[ref] = _class(register.kinds[ref], register.kind(ref))
    authors = set(annotation.article.author)
    return Reading(
        attributions=tuple(
            Attributed(
                source=_spans(claim.source_span),
                cue=_spans(claim.cue),
                content=_spans(claim.evidence),
            )
            for claim in annotation.claims
            if claim.cue or claim.source_span or not authors & {*claim.source}
        ),
        mentions=frozenset(
            (mention.span, known[mention.of])
            for mention in annotation.mentions
            if isinstance(mention.span, Span)
        ),
        dates=Counter(
            [event.when.date for event in annotation.events if event.when]
            + [claim.when.date for claim in annotation.claims if claim.when]
        ),
        numbers=Counter(
            " ".join(str(part) for part in (q.quantifier, q.value, q.min, q.max))
            for claim in annotation.claims
            for q in claim.quantities
        ),
        metadata=_metadata(annotation, register),
    )


def _class(type_: str, kind: str | None) -> str:
    """What a mention names: person, organisation, place, topic, event."""
    return CLASSES.get(kind or "", "organisation" if type_ == "actor" else type_)


def _metadata(annotation: Annotation, register: Register) -> dict[str, str]:
    article = annotation.article
    published = article.published
    own = {str(thing.id): thing for thing in annotation.things}

    def named(refs: Sequence[str]) -> str:
        """The names; nothing for those that are known to be unknown."""
        stated = (ref for ref in refs if ref not in own or own[ref].kind != "unidentified")
        return ", ".join(own[ref].label if ref in own else register.label(ref) for ref in stated)

    return {
        "headline": article.headline or "",
        "author": named(article.author),
        "publisher": named(article.publisher),
        # A date that somebody worked out is not the article's own: no reader is asked for it.
        "published": published.date if published and published.basis == "stated" else "",
        "section": article.section or "",
        "language": article.language or "",
    }


def _annotation(file: Path, texts: Sequence[Path], iris: Iris) -> Gold:
    document: Document | None = None

    def find(text: Text) -> str:
        nonlocal document
        name = Path(text.file).name
        for candidate in (
            *(folder / name for folder in (file.parent, *texts)),
            file.with_suffix(".txt"),
        ):
            if candidate.is_file():
                document = read_document(candidate)
                return document.text
        raise InputError(
            f"{file}: its text {text.file!r} is not at hand",
            hint="put it beside the annotation, or name its folder with --texts",
        )

    content = read_file(file)
    if untouched(content):
        raise _UnfinishedError(
            f"{file}: is as a machine left it, and no standard",
            hint="read it and mend it: a change makes it yours",
        )
    near = [folder / "entities.ttl" for folder in (file.parent, file.parent.parent)]
    beside = next((path for path in near if path.is_file()), None)
    triples = read_register(read_file(beside), beside.name, iris) if beside is not None else ()
    register = Register(triples, iris, str(beside))
    annotation = format_.read(content, str(file), text=find, kinds=register.kinds)
    if document is None:
        raise TypeError("an annotation is read with its text")
    waiting = sum(claim.review is None for claim in annotation.claims)
    if 0 < waiting < len(annotation.claims):
        raise _UnfinishedError(
            f"{file}: {waiting} of its claims wait for review, so it is no standard",
            hint="kg review claims",
        )
    return Gold(
        name=file.stem,
        document=document,
        reading=of_annotation(standing(annotation), register),
        outermost=False,
        register=register,
    )


def _lines(file: Path, iris: Iris) -> Iterator[Gold]:
    """Articles with attributions by offsets: `text`, `attributions` (source, cue, content), `entities`."""
    for number, line in enumerate(read_file(file).splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            yield _line(data, iris)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else error
            what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else what
            raise InputError(
                f"{file}:{number}: not an article with attributions: {what}",
                hint="a line has text, and attributions with source, cue, content as lists of [start, end]",
            ) from error


def _line(data: dict[str, Any], iris: Iris) -> Gold:
    text = str(data["text"])
    attributions = tuple(
        Attributed(
            source=_pairs(one["source"], text),
            cue=_pairs(one["cue"], text),
            content=_pairs(one["content"], text),
        )
        for one in data["attributions"]
    )
    mentions = None
    if "entities" in data:
        mentions = frozenset(
            (span, CLASSES.get(one["type"], "other"))
            for one in data["entities"]
            for span in _pairs([(one["start"], one["end"])], text)
            if one.get("kind", "named") == "named"
        )
    date = data.get("date")
    return Gold(
        name=str(data.get("id", "article")),
        document=Document(
            name=str(data.get("id", "article")),
            text=text,
            format="text/plain; charset=utf-8",
            headline=data.get("title"),
            published=When(date=Edtf(date)) if date else None,
            language="en",
        ),
        reading=Reading(attributions=attributions, mentions=mentions),
        outermost=True,
        register=Register((), iris),
    )


def _pairs(pairs: Any, text: str) -> tuple[Span, ...]:
    spans = tuple(Span(int(start), int(end)) for start, end in pairs)
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"[{start}, {end}] lies outside of the text")
    return spans


def _spans(places: Sequence[Place]) -> tuple[Span, ...]:
    return tuple(place for place in places if isinstance(place, Span))
