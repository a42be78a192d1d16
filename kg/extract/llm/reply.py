"""What a model replies: its form, the form's JSON Schema, and the reading of what came.

The words of the fields are those of the annotation (`kg.model`), but a model gives no offsets and
no ids of the register: it points by words, which are looked up in the text afterwards.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from kg.annotation.check import QUOTE_LIMIT, TEXT_LIMIT
from kg.model import (
    ActorKind,
    Certainty,
    EventKind,
    Modality,
    Polarity,
    Record,
    Role,
    StanceValue,
    Words,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NameKind = Literal[ActorKind, "place", "topic"]

MOST: Final = 1_000
"""Entries that a list of a reply may have: no window has so many claims, but a broken reply may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Record):
    """An actor, a place or a topic that the article names or describes."""

    name: Words
    kind: NameKind
    also: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Record):
    """The part of an actor in an event."""

    actor: Words
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Record):
    """An event that the article tells of."""

    id: Words
    words: Words
    kind: EventKind
    when: Words | None = None
    where: tuple[Words, ...] = ()
    participants: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker(Record):
    """Who a claim is attributed to, and the words that say so."""

    words: Words
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(Record):
    """A position that a claim lets somebody take."""

    actor: Words
    issue: Words
    stance: StanceValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Record):
    """A claim."""

    id: Words
    source: tuple[Speaker, ...]
    cue: tuple[Words, ...] = ()
    quotes: tuple[Words, ...]
    text: Words
    polarity: Polarity
    certainty: Certainty
    modality: Modality
    about: tuple[Words, ...] = ()
    reports: tuple[Words, ...] = ()
    stances: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Record):
    """All that was found in one window of an article."""

    names: tuple[Named, ...] = ()
    events: tuple[Told, ...] = ()
    claims: tuple[Said, ...] = ()


FIELDS: Final[dict[str, dict[str, str]]] = {
    "Reply": {
        "names": "Every actor, place and topic that the article names, and every source.",
        "events": "What the article says happened, happens or may happen.",
        "claims": "Who says what.",
    },
    "Named": {
        "name": "Its fullest name, exactly as it stands in the article, without a title before it.",
        "kind": "What it is; unidentified for a source without a name.",
        "also": "Other names for it that stand in the article, exactly so; no pronouns.",
    },
    "Told": {
        "id": "e1, e2 and so on.",
        "words": f"The few words of the article that tell of it, {QUOTE_LIMIT} characters at most.",
        "kind": "What it is.",
        "when": "The words of the article that say when; null where there are none.",
        "where": "Names of the places.",
        "participants": "Who took part.",
    },
    "Part": {"actor": "A name out of names.", "role": "The part that it had."},
    "Speaker": {
        "words": "The words that name the source there: a name with its title, or a pronoun.",
        "name": "Who that is: a name out of names.",
    },
    "Said": {
        "id": "c1, c2 and so on.",
        "source": "Who says it; several only where they speak together.",
        "cue": "The words that signal the attribution, such as said or according to: "
        f"{QUOTE_LIMIT} characters at most.",
        "quotes": "The shortest words of the article that express the content, without the cue.",
        "text": f"What is claimed, in your own words: {TEXT_LIMIT} characters at most.",
        "polarity": "negative where the source says that something is not so or should not be.",
        "certainty": "How sure the source is, by its own words.",
        "modality": "What kind of speech act it is.",
        "about": "Names out of names that it is about.",
        "reports": "Ids of the events that it says happened, and of claims of others in it.",
        "stances": "The positions that it lets somebody take.",
    },
    "Side": {
        "actor": "Whose position: a name out of names.",
        "issue": "On what: a name out of names.",
        "stance": "The position.",
    },
}
"""What each field is for: a model reads it in the schema."""


@cache
def _adapter() -> TypeAdapter[Reply]:
    from pydantic import TypeAdapter

    return TypeAdapter(Reply)


@cache
def schema() -> dict[str, Any]:
    """The form of a reply, in the part of JSON Schema that servers can hold a model to.

    All keys are required and there are no others; patterns and lengths are left to the reading.
    """
    made = _adapter().json_schema()
    definitions: dict[str, Any] = {**made["$defs"], "Reply": made}
    plain = {name: _object(name, definitions[name]) for name in FIELDS}
    root = plain.pop("Reply")
    return {**root, "$defs": plain}


def _object(name: str, made: dict[str, Any]) -> dict[str, Any]:
    properties = {
        key: _plain(part) | {"description": FIELDS[name][key]}
        for key, part in made["properties"].items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """The type alone."""
    kept = {key: value for key, value in part.items() if key in {"type", "enum", "items", "$ref"}}
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    if "anyOf" in part:
        kept["anyOf"] = [_plain(choice) for choice in part["anyOf"]]
    return kept


class WrongReplyError(ValueError):
    """A reply that is not of the form; its message can be told to the model."""


def read(content: str) -> Reply:
    """The reply in what a model wrote, which may stand in a fence of Markdown.

    Raises WrongReplyError, which says what is wrong.
    """
    from pydantic import ValidationError

    try:
        data = json.loads(_bare(content), parse_constant=_refuse)
        json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise WrongReplyError(f"the reply is not JSON: {error}") from None
    try:
        reply = _adapter().validate_python(data)
    except ValidationError as error:
        raise WrongReplyError(_faults(error.errors(include_url=False))) from None
    except RecursionError:
        raise WrongReplyError("the reply is nested too deep") from None
    for part in fields(Reply):
        if len(getattr(reply, part.name)) > MOST:
            raise WrongReplyError(f"{part.name} has more than {MOST:,} entries")
    return reply


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_FENCED: Final = re.compile(r"```[A-Za-z]*\s*\n")


def _bare(content: str) -> str:
    """The JSON without what some models put around it: their thoughts before it, and a fence."""
    content = content.strip()
    if content.startswith("<think>"):
        content = content.partition("</think>")[2].strip()
    opening = _FENCED.match(content)
    if opening and content.endswith("```"):
        return content[opening.end() : -3]
    return content


def _faults(details: list[Any]) -> str:
    """The first faults of a reply, in one line."""
    shown = []
    for detail in details[:5]:
        place = ".".join(str(step) for step in detail["loc"]) or "the reply"
        fault = f"{place}: {detail['msg']}"  # the place may be a key that the model made up
        shown.append("".join(c if c.isprintable() else " " for c in fault)[:200])
    more = f"; and {len(details) - 5} more" if len(details) > 5 else ""
    return f"the reply does not have the form of the schema: {'; '.join(shown)}{more}"
