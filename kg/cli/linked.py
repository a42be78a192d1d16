"""What `kg link` prints: what came of each thing, and which ones may be one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.cli.app import width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyoxigraph import NamedNode

    from kg.link.merging import Merging
    from kg.link.outcome import Outcome, Report


def as_table(report: Report, prefixes: Mapping[str, str]) -> str:
    """What came of each thing, as a table for people."""
    rows = [
        [
            outcome.thing.label,
            short(outcome.item, prefixes) if outcome.item is not None else "",
            outcome.label,
            outcome.description or outcome.reason,
            f"{outcome.score:.2f}" if outcome.score else "",
            _WORDS.get(outcome.happened, outcome.happened),
        ]
        for outcome in report.outcomes
    ]
    return table(("thing", "item", "label", "description", "score", "outcome"), rows)


_WORDS = {"absent": "no item", "open": "no item?", "decided": "decided before"}


def as_json(report: Report, prefixes: Mapping[str, str]) -> str:
    """What came of each thing, with all its candidates and what spoke for them."""
    return as_text([_outcome(outcome, prefixes) for outcome in report.outcomes])


def _outcome(outcome: Outcome, prefixes: Mapping[str, str]) -> dict[str, Any]:
    from kg.analysis import feature_word

    return {
        "thing": short(outcome.thing.node, prefixes),
        "label": outcome.thing.label,
        "outcome": outcome.happened,
        "item": outcome.item.value if outcome.item is not None else None,
        "itemLabel": outcome.label,
        "description": outcome.description,
        "score": outcome.score,
        "reason": outcome.reason,
        "candidates": [
            {
                "item": candidate.item.iri,
                "label": candidate.item.label(outcome.thing.language, "en"),
                "description": candidate.item.description(outcome.thing.language, "en"),
                "score": round(candidate.score, 3),
                "features": {feature_word(k): round(v, 3) for k, v in candidate.features.items()},
            }
            for candidate in outcome.candidates
        ],
    }


_MERGE = ("thing", "goes", "into", "id", "score", "outcome", "why")


def merges_as_table(found: Merging, prefixes: Mapping[str, str]) -> str:
    """The merges that were found, as a table for people."""
    return table(_MERGE, _merges(found, prefixes))


def merges_as_json(found: Merging, prefixes: Mapping[str, str]) -> str:
    """The merges that were found, under the same names."""
    return as_text([dict(zip(_MERGE, row, strict=True)) for row in _merges(found, prefixes)])


def _merges(found: Merging, prefixes: Mapping[str, str]) -> list[list[Any]]:
    return [
        [
            p.gone.label, short(p.gone.node, prefixes), p.kept.label, short(p.kept.node, prefixes),
            round(p.score, 3), "accepted" if p.accepted else "proposed", p.reason,
        ]
        for p in found.proposals
    ]  # fmt: skip


def as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as JSON."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a table, nothing where there are none."""
    from kg.table import table as drawn

    if not rows:
        return ""
    return drawn(columns, [[str(cell) for cell in row] for row in rows], width())


def short(node: NamedNode, prefixes: Mapping[str, str]) -> str:
    """An IRI as people write it."""
    from kg.names import curie

    return curie(node, prefixes)
