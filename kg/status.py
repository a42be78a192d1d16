"""Bare `kg`: what is in the workspace, what needs attention, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.mapping.iris import short
from kg.note import Note, changes, digest
from kg.store import select
from kg.vocab import KG, SCHEMA, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    # An unlikely item does not wait where it has been accepted that there is none.
    "judgement to review": (
        f"?x {KG.status} {concept('status', 'proposed')} FILTER NOT EXISTS {{"
        f" ?x {KG.relation} {SKOS.exactMatch} ; {KG.from_} ?thing ; {KG.confidence} ?sure ."
        f" ?none {KG.from_} ?thing ; {KG.relation} {KG.absentFrom} ;"
        f" {KG.status} {concept('status', 'accepted')} FILTER(?sure < 0.5) }}"
    ),
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
    known = {entry.get("text") for entry in Note.read(workspace).values()}
    copies = {name for name in unread if _key(workspace.articles / name) in known}
    if copies:
        lines.append(f"copies of texts that articles/ has already: {_some(sorted(copies))}")
    unread = [name for name in unread if name not in copies]
    if unread:
        lines.append(
            f"in articles/ and not read (kg build reads texts, kg add all else): {_some(unread)}"
        )
    if store is not None:
        for word, pattern in _ATTENTION.items():
            number = _count(store, pattern)
            if number:
                lines.append(counted(number, word))
    return lines


def _key(file: Path) -> str | None:
    """The digits by which the note knows a text."""
    found = digest(file)
    return short(found) if found else None


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
