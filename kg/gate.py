"""The gate: what a build changes is checked before it counts.

Changes are carried out in the store, and the focus nodes that they can affect are checked in the
context of the whole graph. With the strict gate, a change that brings a violation is taken back: one
without which the violation would not be there. Until all is decided, the undo file says how to take
every change back; a build that was cut off is taken back by the next one.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import NamedNode

from kg import shacl
from kg.errors import KgError, StoreError
from kg.files import reporting
from kg.names import curie
from kg.shacl.terms import SH
from kg.store import select
from kg.validate import check
from kg.validate.finding import finding, severity_of
from kg.vocab import KG, PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Triple

    from kg.shacl import Result
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore
    from kg.validate import Finding, ValidationReport
    from kg.workspace import Workspace

UNDO = "undo.jsonl"
BUDGET = 200_000
"""Changed triples that are kept in mind; when there are more, everything is checked."""
SHARE = 25
"""To check what a triple can affect takes as long as to check so many triples on the way (measured)."""
_Key: TypeAlias = "tuple[object, ...]"

_SHAPES = "https://w3id.org/newskg/shapes#"
WHOLE_GRAPH = NamedNode(f"{_SHAPES}whole-graph")
_ASKED = {
    NamedNode(f"{_SHAPES}{name}")
    for name in ("known-properties", "known-classes", "one-schema-org")
}
_DEFINED = "<http://www.w3.org/2000/01/rdf-schema#isDefinedBy> ?by"
_IS_CLASS = f"{RDF.type} <http://www.w3.org/2002/07/owl#Class>"

LISTED = 100
"""Results of a shape that are listed where they only need to be counted."""
SHOWN = 3
"""Findings that are told of a refused file."""


class Gate:
    """The changes of one build, by the names of the sources that they come from."""

    def __init__(self, workspace: Workspace, store: GraphStore, shapes: Sequence[Triple]) -> None:
        self.workspace = workspace
        self.store = store
        self.shapes = shapes
        self.strict = workspace.settings.gate == "strict"
        self.whole = False
        self._log = _Log(workspace)
        self._deltas: dict[str, set[Triple]] = defaultdict(set)
        self._graphs: dict[str, set[NamedNode]] = defaultdict(set)
        self._new: set[str] = set()
        self._known = 0
        self._focus: Mapping[Node, Iterable[Term] | None] | None = None

    @staticmethod
    def recover(workspace: Workspace, store: GraphStore) -> None:
        """Take back what a build that was cut off had not decided on.

        Raises StoreError where the store does not take it.
        """
        log = _Log(workspace)
        try:
            for undo in reversed(list(log.left())):
                store.update(undo)
        except KgError as error:
            raise StoreError(
                f"{log.file}: a build that was cut off cannot be taken back: {error}",
                hint="delete .kg, and kg build makes the store anew",
            ) from error
        if log.file.exists():
            store.flush()
            log.close()

    def before(
        self,
        name: str,
        graph: NamedNode,
        undo: str,
        redo: str,
        changed: Iterable[Triple],
        *,
        new: bool = False,
    ) -> None:
        """Take note of a change before it is made, with the updates that take it back and make it.

        `new` says that the graph was not there before.
        """
        self._graphs[name].add(graph)
        if new:
            self._new.add(name)
        if self._known <= BUDGET:
            known = len(self._deltas[name])
            self._deltas[name] |= set(changed)
            self._known += len(self._deltas[name]) - known
        if self.strict:
            self._log.write(name, undo, redo)

    def loaded(self, changed: Iterable[Triple], number: int) -> None:
        """Take note of new graphs that the store has been given many at a time; `changed` may be cut off.

        They cannot be taken back one by one, so this is not for the strict gate.
        """
        self._deltas[""] |= set(changed)
        self._known += number

    def check(self, more: Iterable[Triple], size: int) -> ValidationReport | None:
        """The report on what the changes can affect; None where nothing has changed.

        `more` has the types of dates that came or went; `size` is how many triples there are. What reads
        a date that came or went is linked to it by a triple that came or went with it, so that only
        the nodes themselves have to be looked at.
        """
        changed = set(more).union(*self._deltas.values())
        if not changed:
            return None
        self.whole = self._known > BUDGET or len(changed) * SHARE >= size
        if not self.whole:
            focus = shacl.affected(self.store, self.shapes, changed, PREFIXES)
            if WHOLE_GRAPH in focus and self._in_known_terms(changed):
                del focus[WHOLE_GRAPH]
            self._focus = focus
        limit = None if self.strict else LISTED
        return check(self.store, self.shapes, focus=self._focus, limit=limit)

    def _in_known_terms(self, changed: Collection[Triple]) -> bool:
        """Whether a check of which terms are in use at all surely finds nothing new after a change.

        That check reads the whole store, however little has changed. It asks that our terms are in
        the ontology, and that those of schema.org are written with http.
        """
        asked = {
            t.object for t in self.shapes if (t.subject, t.predicate) == (WHOLE_GRAPH, SH.sparql)
        }
        properties = {str(triple.predicate) for triple in changed}
        classes = {str(triple.object) for triple in changed if triple.predicate == RDF.type}
        subjects = {str(triple.subject) for triple in changed}
        terms = properties | classes
        if asked != _ASKED or any(term.startswith("<https://schema.org/") for term in terms):
            return False
        ours = f"<{KG.base}"
        if any(subject.startswith(ours) for subject in subjects):  # the ontology itself
            return False
        wanted = {
            f"VALUES ?term {{ {' '.join(sorted(named))} }} FILTER NOT EXISTS {{ ?term {test} }}"
            for test, found in ((_DEFINED, properties), (_IS_CLASS, classes))
            if (named := {term for term in found if term.startswith(ours)})
        }
        return not any(
            True for query in wanted for _ in select(self.store, f"SELECT * {{ {query} }}")
        )

    def refuse(self, report: ValidationReport) -> dict[str, list[Finding]]:
        """Take those changes back that bring a violation, with what was found of each.

        Where it takes several changes to bring a violation, all that are left are taken back.
        """
        bad = _violations(report.shacl)
        if not bad:
            return {}
        names = [*self._graphs]
        for name in reversed(names):
            self._log.undo(name, self.store)
        old = self._violations().keys()
        for name in names:
            self._log.redo(name, self.store)

        def brought(found: dict[_Key, Result]) -> dict[_Key, Result]:
            return {key: result for key, result in found.items() if key not in old}

        bad = brought(bad)
        refused: dict[str, list[Finding]] = defaultdict(list)
        # A new graph that alone describes a focus node is the one, and there may be many of these.
        for result in sorted(bad.values(), key=shacl.Result.order):
            describing = self._describing(result)
            if len(describing) == 1 and describing <= self._new:
                refused[describing.pop()].append(finding(result, str(result.shape), None))
        self._give_up(refused)
        if refused:
            bad = brought(self._violations())
        while bad:
            culprits = self._culprits(min(bad, key=lambda key: bad[key].order()))
            left = brought(self._violations())
            cured = sorted((bad[key] for key in bad.keys() - left.keys()), key=shacl.Result.order)
            for name in culprits:
                refused[name] += [finding(result, str(result.shape), None) for result in cured]
                del self._graphs[name]
            bad = left
        return refused

    def _give_up(self, names: Iterable[str]) -> None:
        """Take changes back for good."""
        for name in names:
            self._log.undo(name, self.store)
            del self._graphs[name]

    def _violations(self) -> dict[_Key, Result]:
        """The violations of the focus nodes that the changes can affect, as the store is now."""
        found = shacl.validate(self.store, self.shapes, focus=self._focus, prefixes=PREFIXES)
        return _violations(found)

    def _culprits(self, key: _Key) -> list[str]:
        """Take back the change without which a violation is gone, or if there is none all of them."""
        describing = self._describing(self._violations()[key])
        names = sorted(self._graphs, key=lambda name: name not in describing)
        for name in names:
            self._log.undo(name, self.store)
            if key not in self._violations():
                return [name]
            self._log.redo(name, self.store)
        for name in reversed(names):
            self._log.undo(name, self.store)
        return names

    def _describing(self, result: Result) -> set[str]:
        """The changes to graphs that say something of a focus node."""
        if not isinstance(result.focus, NamedNode):
            return set()
        query = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {result.focus} ?p ?o }} }}"
        graphs = {row["g"] for row in select(self.store, query)}
        return {name for name, own in self._graphs.items() if own & graphs}

    def close(self) -> None:
        """Have the changes count."""
        if self.strict:
            self.store.flush()
            self._log.close()


class _Log:
    """How changes are taken back and made again, in a file until they count.

    A workspace in memory has no file, and no build of it that could be cut off.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.file = workspace.derived / UNDO
        self.in_memory = workspace.in_memory
        self._lines: dict[str, list[bytes | tuple[int, int]]] = defaultdict(list)

    def write(self, name: str, undo: str, redo: str) -> None:
        """Add a change, before it is made."""
        line = json.dumps({"undo": undo, "redo": redo}).encode() + b"\n"
        if self.in_memory:
            self._lines[name].append(line)
            return
        with reporting(self.file), self.file.open("ab") as log:
            self._lines[name].append((log.tell(), len(line)))
            log.write(line)
            log.flush()
            os.fsync(log.fileno())

    def left(self) -> Iterator[str]:
        """The updates that take back what a build that was cut off has left, as far as they are whole."""
        if self.in_memory or not self.file.exists():
            return
        with reporting(self.file):
            lines = self.file.read_bytes().split(b"\n")
        for line in lines:
            try:
                yield str(json.loads(line)["undo"])
            except (ValueError, KeyError, TypeError):
                return  # cut off while it was written, and so before the change

    def undo(self, name: str, store: GraphStore) -> None:
        """Take the changes of a source back."""
        for line in reversed(self._lines[name]):
            store.update(self._at(line)["undo"])

    def redo(self, name: str, store: GraphStore) -> None:
        """Make the changes of a source again."""
        for line in self._lines[name]:
            store.update(self._at(line)["redo"])

    def _at(self, line: bytes | tuple[int, int]) -> dict[str, str]:
        if isinstance(line, tuple):
            with reporting(self.file), self.file.open("rb") as log:
                log.seek(line[0])
                line = log.read(line[1])
        found: dict[str, str] = json.loads(line)
        return found

    def close(self) -> None:
        """Have nothing to take back any more."""
        if not self.in_memory:
            self.file.unlink(missing_ok=True)


def told(findings: Sequence[Finding], prefixes: Mapping[str, str]) -> list[str]:
    """What is wrong with a refused file, in a few lines."""
    lines = []
    for found in findings[:SHOWN]:
        try:
            focus = curie(NamedNode(found.focus), prefixes)
        except ValueError:
            focus = repr(found.focus)
        lines.append(f"refused: {found.message} ({focus})")
    if len(findings) > SHOWN:
        lines.append(f"refused: and {len(findings) - SHOWN} more violations")
    return lines


def _violations(report: shacl.Report) -> dict[_Key, Result]:
    """The violations of a report by what tells them apart: not their messages, which quote the data."""
    return {
        (
            found.shape,
            found.component,
            found.focus,
            found.path,
            found.value,
            found.constraint,
        ): found
        for found in report.results
        if severity_of(found.severity) == "Violation"
    }
