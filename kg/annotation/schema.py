"""The annotation format as JSON Schema (2020-12), with a word on every field.

The schema is what people's editors complete and check by, and what a language model is told to
answer in, so it says all that can be said without the text at hand. `kg/annotation.schema.json` is
this schema, written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg import model
from kg.annotation.check import QUOTE_LIMIT, TEXT_LIMIT
from kg.edtf import Edtf, Instant

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "https://w3id.org/newskg/annotation.schema.json"

_HEAD = """\
Who says what in one article, how surely, and in which words of its text. Every span is \
[start, end]: offsets in code points of the text as stored, half open, so that text[start:end] is \
the passage; a span may also be given by its words as {"quote": "few words"}. Claims are \
paraphrased, never copied. References are ids: of a claim or a thing of this annotation, or of an \
entry of the register (actors, places, topics, events). What is unknown is left out."""

FIELDS: dict[str, dict[str, str]] = {
    "Annotation": {
        "kg": "The version of this format.",
        "language": "The language of paraphrases and labels, where it is not the article's.",
        "article": "The article itself.",
        "text": "The copy of the article's text that all spans count in.",
        "made": "Who made this annotation, how and when.",
        "parts": "What is not running text: headline, byline, captions, and the noise of a page.",
        "things": "What only this article knows, such as its unnamed author.",
        "mentions": "The places in the text that name an actor, a place, a topic or an event.",
        "events": "What the article says of events: when, where, who took part, what led to them.",
        "claims": "Every statement of the article, with its source: the author's own as well.",
        "judgements": "Relations between claims or things that somebody judged to hold.",
        "passages": "Proof of the spans, for use without the text; filled in where the text is.",
    },
    "Article": {
        "id": "Only where the article was first registered under another copy of its text.",
        "headline": "The headline as printed.",
        "language": "The language of the article, such as en or ja.",
        "author": "Ids of the authors; an unnamed author is a thing of kind unidentified.",
        "publisher": "Ids of the publishers; an unnamed one is a thing of kind unidentified.",
        "published": "When the article was published: not when the copy was fetched.",
        "section": "The section of the publication in which it stands.",
        "url": "Where it was published.",
        "other_texts": "Further copies of its text, each with sha256 and length.",
    },
    "Text": {
        "file": "The name of the file with the text.",
        "sha256": "The SHA-256 of the text in UTF-8; worked out where the text is at hand.",
        "length": "The length of the text in code points; worked out where the text is at hand.",
        "retrieved": "When this copy was fetched.",
        "format": "Media type and encoding of what was read, as text/plain; charset=utf-8.",
    },
    "When": {
        "date": "A date as precise as it is known, in EDTF: 2007-12-11, 2007-12, 2002~, ../2016.",
        "basis": "How the date is known: stated in the text, computed or inferred from it, external.",
    },
    "Made": {
        "by": "The person, or the extractor.",
        "version": "The version of the extractor; a person has none.",
        "method": "How it was made.",
        "at": "When it was made: date and time with time zone.",
        "licence": "The licence of the annotation, as an IRI; CC0 where nothing is said.",
        "sha256": "The seal of a program: the SHA-256 of the file without this line. A person leaves it.",
    },
    "Part": {"span": "The stretch of the text.", "kind": "What it is."},
    "Thing": {
        "id": "An id of your choice that is not in the register.",
        "type": "What it is.",
        "kind": "The kind of an actor or event; places and topics have none.",
        "label": "Its name, in the language of the paraphrases.",
        "alt": "Other names for it.",
    },
    "Mention": {
        "span": f"The words that name it, {QUOTE_LIMIT} characters at most.",
        "of": "The id of what they name.",
    },
    "Event": {
        "id": "The id of the event; each event has one entry.",
        "when": "When it happened, according to the article.",
        "at": "Ids of the places, or of states that are places, where it happened.",
        "part_of": "Ids of the events that it was a part of.",
        "caused_by": "Ids of the events that led to it.",
        "participants": "Who took part.",
    },
    "Participant": {"actor": "The id of the actor.", "role": "The part of the actor in the event."},
    "Claim": {
        "id": "An id of your choice, unique in this annotation.",
        "source": "Ids of the actors who say it; the author where the article says it itself.",
        "source_span": "The words that name the source, where it is not the author; they may be many.",
        "cue": "The words that signal the attribution: said, according to, denied.",
        "evidence": "The passages that express the claim; the first names it and never changes.",
        "text": f"What is claimed, in your own words: {TEXT_LIMIT} characters at most, no quotation.",
        "polarity": "negative where the source says that something is not so.",
        "certainty": "How sure the source is, by its own words; unspecified where it does not say.",
        "modality": "What kind of speech act it is.",
        "kind": "How the speech of a source other than the author is reported.",
        "when": "When the claim was made, if not with the article.",
        "about": "Ids of what the claim is about.",
        "asserts": "Ids of events that it says happened, and of claims that it reports others make.",
        "stances": "Positions that, by this claim, actors hold.",
        "quantities": "Numbers in the claim.",
        "supports": "Ids of claims of this annotation for which this one is given as a reason.",
        "citation": "Addresses of documents that the claim points to.",
        "review": "What a person decided on a claim that a program found; programs leave it out.",
    },
    "Review": {
        "status": "rejected keeps the claim in this file and out of the graph.",
        "by": "The person who decided.",
        "when": "When, as a date in EDTF.",
        "because": "Why.",
    },
    "Stance": {
        "actor": "The id of the actor whose position it is.",
        "issue": "The id of what the position is on.",
        "stance": "The position.",
        "when": "When the actor holds it.",
    },
    "Quantity": {
        "of": "The id of what is counted or measured.",
        "quantifier": "How the number is meant: exactly and about go with value, "
        "at-least and more-than with min, at-most and less-than with max.",
        "value": "The number, where it is exact or approximate.",
        "min": "The number as a lower bound.",
        "max": "The number as an upper bound.",
        "unit": "What is counted, in the singular: person, year, US dollar.",
    },
    "Judgement": {
        "from": "The id of a claim or a thing; also an address (claim/…) or a Wikidata item (wd:Q17).",
        "relation": "The relation in which the first stands to the second.",
        "to": "The id of the second, written as the first.",
        "confidence": "How sure the judge is, from 0 to 1.",
        "status": "Whether the judgement was reviewed, and how.",
        "when": "When it was judged, as a date in EDTF.",
        "by": "Who judges.",
        "method": "How it was judged.",
        "note": "Why it was judged so.",
    },
    "Passage": {
        "span": "The span, by offsets.",
        "sha256": "The SHA-256 of the passage in UTF-8.",
        "exact": f"Its words, {QUOTE_LIMIT} characters at most: of mentions and cues, and of sources "
        "that are no longer.",
    },
    "Quote": {
        "quote": "Words as they stand in the text.",
        "nth": "Which one, counting from 1, where the text says them more than once.",
    },
}
"""What each field of each record is for."""

_LIMITS: dict[tuple[str, str], dict[str, Any]] = {
    ("Claim", "source"): {"minItems": 1},
    ("Claim", "evidence"): {"minItems": 1},
    ("Claim", "text"): {"maxLength": TEXT_LIMIT},
    ("Judgement", "confidence"): {"minimum": 0, "maximum": 1},
    ("Passage", "exact"): {"maxLength": QUOTE_LIMIT},
    ("Quote", "quote"): {"pattern": r"\S"},
    ("Quote", "nth"): {"minimum": 1},
    ("Text", "length"): {"minimum": 1},
}
"""What `kg.annotation.check` asks of single fields, beyond their types."""

_NAMED: dict[str, tuple[Any, str]] = {
    "Id": (model.Slug, "An id: small letters, digits and single hyphens."),
    "Reference": (model.Ref, "The id of a claim, a thing or an entry of the register."),
    "Hash": (model.Hash, "A SHA-256 in lower-case hexadecimal."),
    "Language": (model.Language, "A language code (BCP 47)."),
    "Iri": (model.Iri, "An absolute IRI."),
    "Instant": (Instant, "Date and time with time zone."),
    "Date": (Edtf, "A date in EDTF, levels 0 and 1."),
    "Span": (model.Span, "Start and end of a passage, in code points of the text, half open."),
    "Place": (model.Place, "A passage, by its offsets or by its words."),
}
"""What fields of several records share, by the name that it has in the schema."""


def described(schema: dict[str, Any], of: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The schema that pydantic makes, with a word on every field and each type written out once.

    `of` gives the schema of a single type.
    """
    definitions = dict(schema["$defs"])
    definitions["Annotation"] = {k: v for k, v in schema.items() if k != "$defs"}
    for name, definition in definitions.items():
        definition.pop("title", None)
        definition["description"] = " ".join(definition["description"].split())
        for key, part in definition["properties"].items():
            part.pop("title", None)
            if part.get("default", ...) is None:
                del part["default"]
            limits = _LIMITS.get((name, key), {})
            (part["anyOf"][0] if "anyOf" in part else part).update(limits)
            part["description"] = FIELDS[name][key]
    root = definitions.pop("Annotation")
    shared: dict[str, dict[str, Any]] = {}
    for name, (kind, _) in _NAMED.items():
        shared[name] = {k: v for k, v in of(kind).items() if k not in {"$defs", "title"}}
    named = {
        name: {"description": about} | _refer(shared[name], shared, but=name)
        for name, (_, about) in _NAMED.items()
    }
    # YAML takes a bare year for a number, and so may a JSON file.
    year = {"type": "integer", "minimum": 1000, "maximum": 9999}
    description = named["Date"].pop("description")
    named["Date"] = {"description": description, "anyOf": [named["Date"], year]}
    root = _refer(root, shared)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Annotation of one article",
        "description": _HEAD,
        **{key: value for key, value in root.items() if key != "description"},
        "$defs": dict(sorted((_refer(definitions, shared) | named).items())),
    }


def _refer(tree: Any, shared: dict[str, dict[str, Any]], but: str = "") -> Any:
    """The schema with a reference in the place of what is defined elsewhere."""
    if isinstance(tree, list):
        return [_refer(item, shared) for item in tree]
    if not isinstance(tree, dict):
        return tree
    for name, definition in shared.items():
        if name != but and definition.items() <= tree.items():
            rest = {key: value for key, value in tree.items() if key not in definition}
            return {"$ref": f"#/$defs/{name}"} | rest
    return {key: _refer(value, shared) for key, value in tree.items()}
