"""What an extractor is, and what it gives back: the seam that plug-ins fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from kg.model import Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.document import Document
    from kg.extract.gazetteer import Gazetteer
    from kg.model import Claim, Event, Mention, MethodKind, Thing

AUTHOR: Final = Ref("the-author")
"""Stands for whoever wrote the document, as the source of a claim that an extractor gives back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was found in a text: the parts of an annotation that a reader adds to its metadata.

    All places are spans. References are ids of `things`, of claims, or of entries in the register.
    """

    things: tuple[Thing, ...] = ()
    mentions: tuple[Mention, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()


class Extractor(Protocol):
    """Reads a text for what it says; found by its name among the entry points `kg.extractors`.

    An entry point is a function that takes the settings (`kg.config.Settings`) and gives an
    extractor; it raises ConfigError where something is missing. One that also takes the keywords
    `exchanges` (a folder) and `replay` can be run again from what it kept. An extractor may have
    `in_turn` (one process is to read all articles, one after the other), `at` (when the last
    extraction was made, where that is not now) and `shortcomings` (lines on the last one: what was
    not believed, what could not be read). `name` and `version` go into the
    annotation, `method` says what kind of reader it is.
    """

    name: str
    version: str
    method: MethodKind

    def extract(self, document: Document, known: Gazetteer, /) -> Extraction:
        """What the document says; `known` has the names of the register."""
        ...


def shortcomings(extractor: Extractor) -> Sequence[str]:
    """What an extractor has to say about its last extraction, in lines."""
    found: Sequence[str] = getattr(extractor, "shortcomings", ())
    return found
