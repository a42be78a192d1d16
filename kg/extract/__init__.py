"""From a text to its annotation: extractors behind one protocol, and what all of them share.

An extractor is found by its name among the entry points of the group `kg.extractors`; those that
come with kg are registered in the same way as anybody else's.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.metadata import entry_points
from inspect import signature
from typing import TYPE_CHECKING, Final, cast

from kg import moment
from kg.annotation.check import complete
from kg.edtf import Instant
from kg.errors import AnnotationError, ConfigError, InputError, KgError, Problem
from kg.extract.extraction import AUTHOR
from kg.extract.names import names
from kg.extract.prose import Prose
from kg.model import (
    ActorKind,
    Annotation,
    Article,
    Hash,
    Iri,
    Language,
    Made,
    Ref,
    Slug,
    Text,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.config import Settings
    from kg.document import Document
    from kg.extract.extraction import Extraction, Extractor
    from kg.extract.gazetteer import Gazetteer
    from kg.model import Claim

GROUP: Final = "kg.extractors"


def extractor(
    settings: Settings, *, exchanges: Path | None = None, replay: bool = False
) -> Extractor:
    """The extractor that the settings name.

    One that asks a service keeps its exchanges in the folder `exchanges`, or with `replay` uses
    those that were kept and asks nobody. Raises ConfigError where there is no such extractor, or it
    lacks what it needs.
    """
    name = settings.extractor
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        import difflib

        close = difflib.get_close_matches(name, found, n=1)
        known = ", ".join(sorted(found))
        hint = f"did you mean {close[0]}?" if close else f"known: {known}"
        raise ConfigError(f"there is no extractor {name!r}", hint=hint)
    try:
        make = found[name].load()
    except ImportError as error:
        raise ConfigError(
            f"the extractor {name} cannot be loaded: {error}", hint=f"pip install 'newskg[{name}]'"
        ) from error
    keeps = "replay" in signature(make).parameters
    if replay and not keeps:
        raise ConfigError(f"the extractor {name} asks nobody, so there is nothing to replay")
    made: Extractor = make(
        settings, **({"exchanges": exchanges, "replay": replay} if keeps else {})
    )
    return made


def annotate(document: Document, reader: Extractor, known: Gazetteer) -> Annotation:
    """The complete annotation of a document by an extractor, checked like any other.

    Raises AnnotationError where the extractor says what the text does not bear out: a span outside
    of it, a reference to nothing. That is a fault of the extractor, and nothing of it is kept.
    """
    try:
        found = reader.extract(document, known)
    except KgError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError(
            f"{document.name}: the extractor {reader.name} failed: {what}",
            hint="that is a fault of the extractor; KG_DEBUG=1 kg extract shows where",
        ) from error
    annotation = _joined(outline(document, known, by=reader, besides=found), found)
    whole, faults = complete(annotation, lambda _: document.text, known.kinds, set())
    if faults:
        raise AnnotationError(
            [
                Problem(file=document.name, message=f"{reader.name}: {_spell(path)}: {message}")
                for path, message, _ in faults
            ]
        )
    return whole


def outline(
    document: Document,
    known: Gazetteer,
    *,
    by: Extractor | None = None,
    besides: Extraction | None = None,
) -> Annotation:
    """The annotation of a document that nobody has read yet: its text, and what is stated about it.

    An author or publisher that is not stated is a thing of kind unidentified, so that unknown can
    be told from forgotten. One that the register has by that name is the register's.
    """
    name = document.name.encode(errors="replace").decode()  # not every file name is Unicode
    things: list[Thing] = []
    taken = {*known.kinds, *(thing.id for thing in (besides.things if besides else ()))}

    def actors(names: Sequence[str], role: str) -> tuple[Ref, ...]:
        refs = []
        for number, stated in enumerate(names or [""], 1):
            entry = known.named(stated) if stated else None
            if entry is not None and entry.type == "actor":
                refs.append(entry.ref)
                continue
            id_ = role if len(names) < 2 else f"{role}-{number}"
            while id_ in taken:
                id_ += "-here"
            kind: ActorKind = "unidentified"
            if stated:
                kind = "person" if role == "author" else _publishing(stated, known)
            label = " ".join((stated or f"unnamed {role} of {name}").split())
            things.append(Thing(id=Slug(id_), type="actor", kind=kind, label=label))
            refs.append(Ref(id_))
        return tuple(refs)

    article = Article(
        headline=document.headline,
        language=Language(document.language) if document.language else None,
        author=actors(document.author, "author"),
        publisher=actors([document.publisher] if document.publisher else [], "publisher"),
        published=document.published,
        section=document.section,
        url=Iri(document.url) if document.url else None,
    )
    text = Text(
        file=name,
        sha256=Hash(hashlib.sha256(document.text.encode()).hexdigest()),
        length=len(document.text),
        retrieved=document.retrieved,
        format=document.format,
    )
    at = getattr(by, "at", None) or Instant(moment.instant())
    made = Made(by="kg add", method="import", at=at)
    if by is not None:
        made = Made(by=by.name, version=by.version, method=by.method, at=at)
    return Annotation(
        article=article, text=text, made=made, parts=document.parts, things=tuple(things)
    )


def _publishing(name: str, known: Gazetteer) -> ActorKind:
    """What kind of body a publisher is by its name: a ministry publishes, too."""
    found = names(Prose(f"The {name} said so."), known).entities
    kind = found[0].kind if len(found) == 1 and found[0].type == "actor" else None
    return cast("ActorKind", kind) if kind not in {None, "person", "group", "state"} else "media"


def _joined(annotation: Annotation, found: Extraction) -> Annotation:
    """The outline with what was found; whoever stands for the author becomes the author stated."""

    def named(claim: Claim) -> Claim:
        if AUTHOR not in claim.source:
            return claim
        others = tuple(ref for ref in claim.source if ref != AUTHOR)
        return replace(claim, source=(*annotation.article.author, *others))

    return replace(
        annotation,
        things=(*annotation.things, *found.things),
        mentions=found.mentions,
        events=found.events,
        claims=tuple(map(named, found.claims)),
    )


def _spell(path: tuple[str | int, ...]) -> str:
    return " ".join(str(step + 1 if isinstance(step, int) else step) for step in path)
