"""Bare `kg`: what is in the workspace, what needs attention, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.note import changes
from kg.store import select
from kg.vocab import KG, SCHEMA, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store import GraphStore
    from kg.workspace import Workspace

_COUNTS = {
    "article": f"?x a {KG.Article}",
    "claim": f"?x a {KG.Claim}",
    "event": f"?x a {KG.Event}",
    "actor": f"?x a {KG.Actor}",
    "topic": f"?x a {SKOS.Concept} FILTER NOT EXISTS {{ ?x {SKOS.inScheme} ?scheme }}",
    "judgement": f"?x a {KG.Judgement}",
}
_ATTENTION = {
    "judgement to review": f"?x {KG.status} {concept('status', 'proposed')}",
    "article without a headline": (
        f"?x a {KG.Article} FILTER NOT EXISTS {{ ?x {SCHEMA.headline} ?any }}"
    ),
    "article without a claim": (
        f"?x a {KG.Article} FILTER NOT EXISTS {{ ?claim {SCHEMA.appearance} ?x }}"
    ),
}


def contents(store: GraphStore) -> list[str]:
    """What the graph holds, a line each: `2 articles`."""
    return [counted(_count(store, pattern), word) for word, pattern in _COUNTS.items()]


def attention(workspace: Workspace, store: GraphStore | None) -> list[str]:
    """What a person should look at, a line each; `store` is None where there is none yet."""
    lines = []
    changed = [] if workspace.in_memory else changes(workspace)
    if changed:
        lines.append(f"not yet in the store: {_some(changed)}")
    missing = [
        path.name
        for path in sorted(workspace.articles.glob("[!.]*.yaml"))
        if not workspace.text(path).exists()
    ]
    if missing:
        lines.append(f"{counted(len(missing), 'text')} not at hand: {_some(missing)}")
    unread = sorted(
        path.name
        for path in workspace.articles.glob("[!.]*")
        if not path.with_suffix(".yaml").exists()
    )
    if unread:
        lines.append(f"in articles/ and not taken in (kg add does that): {_some(unread)}")
    if store is not None:
        for word, pattern in _ATTENTION.items():
            number = _count(store, pattern)
            if number:
                lines.append(counted(number, word))
    return lines


def _some(names: Sequence[str]) -> str:
    """The first few of many names."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if names[5:] else "")


def counted(number: int, word: str) -> str:
    """A number with its word in the plural where it needs it.

    >>> counted(2, "judgement to review")
    '2 judgements to review'
    """
    first, *rest = word.split(" ")
    return " ".join([str(number), first if number == 1 else f"{first}s", *rest])


def _count(store: GraphStore, pattern: str) -> int:
    rows = select(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
    return next(int(n.value) for row in rows if isinstance(n := row["n"], Literal))
