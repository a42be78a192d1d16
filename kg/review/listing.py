"""What waits as rows, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.analysis import called, feature_word
from kg.names import curie
from kg.review.page import relation_words, visible
from kg.review.queue import LINKS, PARTS, Link, Pair, Said
from kg.table import wrap
from kg.vocab import DCTERMS, KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import NamedNode

    from kg.analysis import Judgement
    from kg.mapping.iris import Iris
    from kg.review.queue import Item, Part, Thing


def rows(
    items: Iterable[Item], prefixes: Mapping[str, str], iris: Iris
) -> Iterator[dict[str, Any]]:
    """All that waits, a row for each decision: `id` is what `--accept` and `--reject` take."""

    def short(key: str) -> str:
        return curie(iris.thing("judgement", key), prefixes)

    for item in items:
        match item:
            case Link(thing=thing):
                judged = [*item.choices, *filter(None, [item.absent])]
                for key, judgement in judged:
                    if judgement.status != "proposed":
                        continue  # it is shown beside the others, and does not wait itself
                    found = item.items.get(judgement.to)
                    to = curie(judgement.to, prefixes)
                    none = judgement.relation == KG.absentFrom
                    name = found.name if found is not None else ""
                    yield {
                        "id": short(key),
                        "part": item.part,
                        "what": f"{thing.name} ({curie(thing.node, prefixes)})",
                        "proposal": "no item" if none else f"{to} {name}".strip(),
                        "description": found.description if found is not None else "",
                        "mentions": thing.mentions,
                        **_judged(judgement, prefixes),
                    }
            case Pair(key=key, judgement=judgement, left=left, right=right):
                relation = relation_words(judgement.relation, prefixes)
                yield {
                    "id": short(key),
                    "part": item.part,
                    "what": f"{left.name} ({curie(left.node, prefixes)})",
                    "proposal": f"{relation} {right.name} ({curie(right.node, prefixes)})",
                    "description": right.description,
                    "mentions": left.mentions + right.mentions,
                    **_judged(judgement, prefixes),
                }
            case Said():
                yield {
                    "id": curie(item.node, prefixes),
                    "part": item.part,
                    "what": f"{'; '.join(item.sources)}: {item.text}",
                    "proposal": "",
                    "article": item.article,
                    "file": item.file,
                    "by": item.by,
                }


def settled(
    judged: Mapping[str, Judgement],
    known: Mapping[NamedNode, Thing],
    prefixes: Mapping[str, str],
    iris: Iris,
) -> Iterator[dict[str, Any]]:
    """What was accepted and rejected, in each part first by people, the latest first.

    `--withdraw` takes the `id`.
    """
    latest = sorted(judged.items(), key=lambda pair: pair[1].when)
    latest.reverse()  # of one day the last of the file first
    for key, judgement in sorted(
        latest, key=lambda pair: (PARTS.index(_part(pair[1])), pair[1].by.is_program)
    ):
        name, to = known[judgement.from_].name, known[judgement.to].name
        other = f"{to} ({curie(judgement.to, prefixes)})".strip()
        proposal = f"{relation_words(judgement.relation, prefixes)} {other}"
        if judgement.relation == KG.absentFrom:
            proposal = f"no item in {called(judgement.to)}"
        yield {
            "id": curie(iris.thing("judgement", key), prefixes),
            "part": _part(judgement),
            "what": f"{name} ({curie(judgement.from_, prefixes)})".strip(),
            "proposal": proposal,
            **_judged(judgement, prefixes),
        }


def _part(judgement: Judgement) -> Part:
    if judgement.relation in LINKS | {KG.absentFrom}:
        return "links"
    return "merges" if judgement.relation == DCTERMS.isReplacedBy else "judgements"


def _judged(judgement: Judgement, prefixes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "thing": curie(judgement.from_, prefixes),
        "relation": curie(judgement.relation, prefixes),
        "to": curie(judgement.to, prefixes),
        "confidence": float(judgement.confidence),
        "status": judgement.status,
        "by": str(judgement.by),
        "when": judgement.when,
        "note": judgement.note,
        "features": {feature_word(name): value for name, value in judgement.features.items()},
    }


def as_text(found: Iterable[Mapping[str, Any]], width: int) -> Iterator[str]:
    """The rows for people: what is proposed, under the id of the decision, which stays whole."""
    part = ""
    for row in found:
        if row["part"] != part:
            if part:
                yield ""
            part = row["part"]
            yield part.capitalize()
        notes = [row["id"], f"{row['confidence']:.2f}" if "confidence" in row else "", row["by"]]
        if row.get("status", "proposed") != "proposed":
            notes = [row["id"], f"{row['status']} by {row['by']}, {row['when']}", row["note"] or ""]
        yield "  " + "  ".join(visible(note) for note in notes if note)
        words = f"{row['what']} → {row['proposal']}" if row["proposal"] else row["what"]
        yield from (f"    {line}" for line in wrap(visible(words), max(width - 4, 16)))
