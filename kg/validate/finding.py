"""What a validation found, with the place in the text to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg.shacl.terms import SH
from kg.store import batches, select
from kg.vocab import KG, OA, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.shacl import Report, Result
    from kg.store import GraphStore

Severity = Literal["Violation", "Warning", "Info"]
SEVERITIES: tuple[Severity, ...] = ("Violation", "Warning", "Info")
WORDS = 60
"""Characters of the text that a finding shows around its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of a validation, in the words of SHACL; `mend` is the shape's sh:description.

    `constraint` is the source constraint, which tells the checks of one shape apart.
    `article`, `headline`, `label`, `start`, `end` and `words` say where to look: the file of the
    article's text and its headline, the name of the focus node, its offsets and what the text says
    there. They are absent where they are not known.
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    message: str
    constraint: str | None = None
    mend: str | None = None
    article: str | None = None
    headline: str | None = None
    label: str | None = None
    start: int | None = None
    end: int | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All findings, worst first; `shacl` is the report as SHACL has it, and `warnings` is about the shapes.

    Where the results of a shape were too many to list, `findings` has some of them, `omitted` says
    by shape how many more there are, and the counts have all.
    """

    findings: tuple[Finding, ...]
    shacl: Report
    omitted: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """The number of results by severity, the worst first."""
        counted = Counter(severity_of(result.severity) for result in self.shacl.results)
        for (_, severity), number in self.shacl.omitted.items():
            counted[severity_of(severity)] += number
        return {severity: counted[severity] for severity in SEVERITIES}

    def conforms(self, fail_on: Severity = "Violation") -> bool:
        """Whether nothing of that severity or a worse one was found."""
        counts = self.counts()
        return not any(counts[bad] for bad in SEVERITIES[: SEVERITIES.index(fail_on) + 1])


def severity_of(node: NamedNode) -> Severity:
    """The severity that a node stands for; one that SHACL does not have counts as a violation."""
    name = node.value.removeprefix(SH.base)
    return next((severity for severity in SEVERITIES if severity == name), "Violation")


def finding(result: Result, shape: str, mend: str | None) -> Finding:
    """A result as a finding, with the name of its shape and what that says of mending it."""
    # Of several languages English, which is that of all other words here.
    messages = sorted(
        result.messages, key=lambda message: (message.language or "") not in {"", "en"}
    )
    path = result.path
    return Finding(
        severity=severity_of(result.severity),
        focus=result.focus.value,
        path=(path.iri.value if path.iri is not None else str(path)) if path is not None else None,
        value=result.value.value if result.value is not None else None,
        shape=shape,
        component=result.component.value,
        constraint=result.constraint.value if isinstance(result.constraint, NamedNode) else None,
        message=messages[0].value
        if messages
        else "This does not have the shape that it should have.",
        mend=mend,
    )


def order(finding: Finding) -> tuple[int, str, str, str, str]:
    """What findings are sorted by."""
    return (
        SEVERITIES.index(finding.severity),
        finding.shape,
        finding.focus,
        finding.value or "",
        finding.message,
    )


def clip(text: str, length: int = 80) -> str:
    """The beginning of a text, up to the end of a word."""
    if len(text) <= length:
        return text
    return f"{text[:length].rpartition(' ')[0] or text[:length]} …"


_PLACES = f"""
SELECT ?focus ?graph (SAMPLE(?name) AS ?label) (SAMPLE(?file) AS ?article) (SAMPLE(?title) AS ?headline)
       (SAMPLE(?text) AS ?in) (MIN(?from) AS ?start) (MIN(?until) AS ?end) WHERE {{
  VALUES ?focus {{ FOCUS }}
  GRAPH ?graph {{ ?focus ?any ?thing }}
  OPTIONAL {{ ?focus {RDFS.label}|{SCHEMA.headline}|{SCHEMA.text}|{OA.exact}|{SKOS.notation} ?name }}
  OPTIONAL {{
    GRAPH ?graph {{
      ?a a {KG.Article} ; {SCHEMA.encoding}/{SCHEMA.name} ?file .
      OPTIONAL {{ ?a {SCHEMA.headline} ?title }}
    }}
  }}
  OPTIONAL {{
    ?focus {KG.evidence}? ?passage .
    ?passage {KG.inText} ?text ; {OA.start} ?from ; {OA.end} ?until
  }}
}} GROUP BY ?focus ?graph ORDER BY ?focus ?graph
"""


def located(
    findings: Iterable[Finding], store: GraphStore, texts: Mapping[str, Path]
) -> Iterator[Finding]:
    """Findings with the article, the label and the words to look at.

    `texts` has the files of the texts that are at hand, by the IRI of the text.
    """
    findings = tuple(findings)
    focuses = {ox.NamedNode(f.focus) for f in findings if "://" in f.focus}
    places: dict[str, dict[str, str]] = {}
    for nodes in batches(focuses):
        for row in select(store, _PLACES.replace("FOCUS", nodes)):
            names = ("label", "article", "headline", "in", "start", "end")
            found = {name: str(row[name].value) for name in names if row[name] is not None}
            iri = str(row["focus"].value)
            if iri not in places or ("article" in found and "article" not in places[iri]):
                places[iri] = found

    @cache
    def text(iri: str) -> str | None:
        file = texts.get(iri)
        return file.read_bytes().decode() if file is not None and file.exists() else None

    for finding in findings:
        place = places.get(finding.focus, {})
        start = int(place["start"]) if "start" in place else None
        end = int(place["end"]) if "end" in place else None
        whole = text(place["in"]) if "in" in place else None
        words = None
        if whole is not None and start is not None and end is not None:
            words = clip(" ".join(whole[start:end].split()), WORDS)
        yield replace(
            finding,
            label=place.get("label"),
            article=place.get("article"),
            headline=place.get("headline"),
            start=start,
            end=end,
            words=words,
        )
