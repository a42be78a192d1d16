"""Enriching: the part of `kg link` that brings facts about items."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kg.cli.app import progress, say, width
from kg.errors import ConfigError

if TYPE_CHECKING:
    from kg.link.enrich import Enriched, FactSource
    from kg.store import GraphStore
    from kg.workspace import Workspace

COLUMNS = ("thing", "item", "label", "when", "offices")


def languages_of(given: str | None, settings: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a flag, or those of the settings. Raises ConfigError where one is no code.

    >>> languages_of("en, ja", ("de",))
    ('en', 'ja')
    """
    if given is None:
        return settings
    found = tuple(dict.fromkeys(code.strip() for code in given.split(",")))
    for code in found:
        if not re.fullmatch("[a-z]{2,3}(-[a-z0-9]{1,8})*", code):
            raise ConfigError(f"--languages {given}: {code!r} is no code such as en or pt-br")
    return found


def enrich(
    workspace: Workspace,
    store: GraphStore,
    source: FactSource,
    languages: tuple[str, ...],
    *,
    dry_run: bool,
    form: str,
) -> tuple[int, str]:
    """Bring the facts, and tell what came: the exit code and a table or JSON."""
    from kg.link.enrich import enrich as enriching

    with progress("items") as advance:
        found = enriching(workspace, store, source, languages, dry_run=dry_run, progress=advance)
    _say(found, dry_run=dry_run)
    rows = _rows(found, languages)
    if form == "json":
        content = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    else:
        from kg.table import table

        cells = [[_cell(row[name]) for name in COLUMNS] for row in rows]
        content = table(COLUMNS, cells, width()) if cells else ""
    return (1 if found.unknown else 0), content


def _rows(found: Enriched, languages: tuple[str, ...]) -> list[dict[str, Any]]:
    from kg.link.enrich import when

    def label(id_: str) -> str:
        called = found.called.get(id_, {})
        return next((called[code] for code in languages if code in called), id_)

    return [
        {
            "thing": ", ".join(found.labels[id_]),
            "item": f"wd:{id_}",
            "label": label(id_) if id_ not in found.unknown else None,
            "when": when(facts),
            "offices": [label(office.value) for office in facts.of("P39")],
        }
        for id_, facts in found.facts.items()
    ]


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def _say(found: Enriched, *, dry_run: bool) -> None:
    from kg.status import counted

    if not found.facts:
        say("Nothing is linked to Wikidata yet; kg link proposes links")
    known = len(found.facts) - len(found.unknown)
    say(f"Facts about {counted(known, 'item')} from {found.source} as of {found.as_of}")
    for id_ in found.unknown:
        labels = ", ".join(found.labels[id_])
        say(f"kg: warning: {labels}: {found.source} tells nothing of wd:{id_}; merged or deleted?")
    if dry_run:
        say("Nothing was written")
    elif known:
        say("kg query checks compares them with what the articles say")
