"""A validation report for people and programs to read: text, table, JSON, Turtle."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import rdf
from kg.names import curie
from kg.shacl.terms import SH
from kg.table import table
from kg.validate.finding import SEVERITIES, clip
from kg.vocab import KGSH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.validate.finding import Finding, Severity, ValidationReport


SHOWN = 10
"""Places with the same fault that the text shows of an article."""


def shorten(shape: str) -> str:
    """The short name of a shape, for people to look up."""
    return f"kgsh:{shape.removeprefix(KGSH)}" if shape.startswith(KGSH) else shape


def as_json(report: ValidationReport, fail_on: Severity = "Violation") -> str:
    """The report as JSON: conforms, counts, and one object per finding.

    `omitted` counts by shape what is not listed, and `warnings` are about the shapes; both are
    absent where there is nothing to say.
    """
    counts = report.counts()
    results = [
        {key: value for key, value in asdict(finding).items() if value is not None}
        for finding in report.findings
    ]
    data: dict[str, object] = {"conforms": report.conforms(fail_on), "counts": counts}
    data |= {"omitted": report.omitted} if report.omitted else {}
    data |= {"warnings": report.warnings} if report.warnings else {}
    data["results"] = results
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_table(report: ValidationReport, prefixes: Mapping[str, str]) -> str:
    """The report as a table, a line per finding."""
    columns = ["severity", "check", "article", "focus", "at", "message"]
    rows = [
        [
            finding.severity,
            shorten(finding.shape).removeprefix("kgsh:"),
            finding.article or "",
            _short(finding.focus, prefixes),
            f"{finding.start}-{finding.end}" if finding.start is not None else "",
            finding.message,
        ]
        for finding in report.findings
    ]
    return table(columns, rows)


def as_text(report: ValidationReport, prefixes: Mapping[str, str], limit: int = SHOWN) -> str:
    """The report for an analyst: by article, the worst first, and how to mend each kind of fault.

    Of the places with the same fault, `limit` are shown and the rest is counted.
    """
    lines: list[str] = []
    by_article: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_article[_heading(finding)].append(finding)
    ranked = sorted(by_article.items(), key=lambda item: (min(_rank(f) for f in item[1]), item[0]))
    for article, findings in ranked:
        lines += [article, "=" * len(article)]
        kinds: dict[tuple[int, str, str], list[Finding]] = defaultdict(list)
        for finding in findings:
            kinds[_rank(finding), finding.shape, finding.message].append(finding)
        for (_, shape, message), same in sorted(kinds.items()):
            times = f" ({len(same)} times)" if len(same) > 1 else ""
            lines += ["", f"{same[0].severity.upper()}: {message}{times}"]
            for finding in same[:limit]:
                lines.append(f"  - {_where(finding, prefixes)}")
                if finding.words:
                    lines.append(f"    “{finding.words}”")
            if len(same) > limit:
                lines.append(f"  - and {len(same) - limit} more")
            if same[0].mend:
                lines.append(f"  To mend: {same[0].mend}")
            lines.append(f"  Check: {shorten(shape)}")
        lines.append("")
    for shape, number in report.omitted.items():
        lines.append(f"{shorten(shape)}: {number} more that are counted and not listed")
    return "".join(f"{_printable(line)}\n" for line in lines)


def _printable(line: str) -> str:
    """A line without what would move the cursor or the line: texts and shapes may be anyone's."""
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _heading(finding: Finding) -> str:
    """What an article goes by: its headline, and the file of its text."""
    if finding.article is None:
        return "not in one article"
    return f"{finding.headline} ({finding.article})" if finding.headline else finding.article


def _where(finding: Finding, prefixes: Mapping[str, str]) -> str:
    name = _short(finding.focus, prefixes)
    offsets = f" [{finding.start}, {finding.end}]" if finding.start is not None else ""
    value = f", value {_short(finding.value, prefixes)}" if finding.value else ""
    named = f"{clip(finding.label)} ({name})" if finding.label else name
    return f"{named}{offsets}{value}"


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    try:
        return curie(ox.NamedNode(term), prefixes)
    except ValueError:
        return repr(clip(term))


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def as_turtle(report: ValidationReport) -> bytes:
    """The report of SHACL as Turtle, the same bytes for the same findings."""
    prefixes = PREFIXES | {"sh": SH.base, "kgsh": KGSH}
    return rdf.write(report.shacl.triples(), ox.RdfFormat.TURTLE, prefixes)
