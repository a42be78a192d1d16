"""`kg build`: bring the store up to date with the files of the workspace, as far as they changed.

Each source file makes one graph, and each graph is replaced in one step. Two graphs are shared: who
made the article graphs, and the descriptions of all time nodes. What the store was made from is
noted in .kg/built.jsonl, after the store has it; where the note is missing or older, a graph is made
once more, with the same result. What is about to change is struck from the note first: the file may
be put back after the store has taken it in. So a build that was cut off anywhere is mended by the
next one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Triple

from kg import annotation, note, rdf
from kg.errors import AnnotationError, InputError, KgError, Problem, ServiceError
from kg.files import read_file
from kg.gate import Gate, told
from kg.loading import marker, noted_lines
from kg.mapping.derived import derive
from kg.mapping.graphs import ArticleGraph, graph_of_file
from kg.mapping.iris import escape
from kg.mapping.times import date_triples, dates
from kg.register import Register
from kg.store import construct, insertion, is_mark, named_graphs, removals, replacement, select
from kg.supply import Situation, Supply
from kg.supply.remaking import Standing
from kg.validate import shapes_of
from kg.validate.finding import SEVERITIES
from kg.vocab import ONTOLOGY, PROV, RDF, SKOS, TIME
from kg.workspace import ANALYSIS, ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from kg.loading import Loading
    from kg.mapping.iris import Iris
    from kg.model import Annotation, Text
    from kg.store import GraphStore
    from kg.workspace import Workspace

ANNOTATION_LIMIT = 10_000_000
"""The most bytes an annotation may have: a hundred times that of a long article, read in some 20 s."""
DATES = 1_000
"""Time nodes that are described by one update, and so wholly or not at all."""


@dataclass(slots=True)
class Report:
    """What a build or an addition did, by the names of files; `problems` are those of files that failed.

    `all_failed` says that nothing which was to be added could be. `refused` are the files whose
    changes did not pass the gate; their problems are among the others. `checked` counts what was
    found at the lenient gate by severity, in all the graph where `checked_all`. `remote` says that
    some server failed. `graphs` is what the
    store now holds and what each graph was made from, as `kg.note` has it; `supplied` counts the
    articles beside them that came by the bulk road and that the store was given now, and their quads.
    """

    made: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    checked: Mapping[str, int] = field(default_factory=dict)
    checked_all: bool = False
    all_failed: bool = False
    remote: bool = False
    supplied: tuple[int, int] = (0, 0)
    graphs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 if all went well, 1 if some files failed, 3 if all did."""
        if not self.problems:
            return 0
        if self.all_failed:
            return (ServiceError if self.remote else InputError).exit_code
        return 1

    def fail(self, name: str, error: KgError) -> None:
        """Note that a file failed, with all that is wrong with it."""
        if isinstance(error, AnnotationError):
            self.problems += error.problems
        else:
            place = re.match(rf"{re.escape(name)}(?::(\d+))?(?::(\d+))?: ", str(error))
            message = str(error)[place.end() :] if place else str(error)
            line, column = (
                (int(n) if n else None for n in place.groups()) if place else (None, None)
            )
            problem = Problem(file=name, message=message, line=line, column=column, hint=error.hint)
            self.problems.append(problem)


def build(
    workspace: Workspace,
    store: GraphStore,
    loaded: Loading | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring the store up to date; a file at fault is reported, and its graph stays as it was.

    `loaded` has the articles whose graphs the store was given when their files were written.
    `progress` is called with how many of how many articles of the bulk road have been seen to.
    Raises InputError where the register itself cannot be read: nothing can be built without it.
    """
    Gate.recover(workspace, store)
    return _Build(workspace, store, loaded, progress).run()


def dates_of(triples: Iterable[Triple], iris: Iris, name: str) -> list[str]:
    """The EDTF strings of the time nodes that the triples of a file point to.

    Raises InputError where the name of a time node is no EDTF date.
    """
    try:
        return sorted(dates(triples, iris))
    except ValueError as error:
        raise InputError(f"{name}: {error}") from error


def read_annotation(file: Path, name: str, text: Path | None, register: Register) -> Annotation:
    """The complete annotation in a file of the workspace, checked against its text where that is at hand."""

    def find(_: Text) -> str | None:
        if text is None or not text.exists():
            return None
        place = f"{PurePath(name).parent}/{text.name}"
        try:
            return read_file(text, place).decode()
        except UnicodeDecodeError as error:
            hint = "texts are kept in UTF-8 and never changed; take the original in again"
            raise AnnotationError([Problem(file=place, message="not UTF-8", hint=hint)]) from error

    content = read_file(file, name, limit=ANNOTATION_LIMIT)
    return annotation.read(content, name, text=find, kinds=register.kinds)


class _Build:
    def __init__(
        self,
        workspace: Workspace,
        store: GraphStore,
        loaded: Loading | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.workspace = workspace
        self.store = store
        self.loaded = loaded
        self.progress = progress
        self.iris = workspace.iris
        self.report = Report()
        self.before = self.noted = note.Note.read(workspace)
        self.vouched = note.holds(workspace, store)
        if not self.vouched:  # nor is it known what of bulk/ the store has
            self.before = self.before.doubted()
            (workspace.derived / note.STATE).unlink(missing_ok=True)
        self.present = {graph.value for graph in named_graphs(store)}
        self.after = note.Note()
        self.fresh = note.Note()
        self.given: set[str] = set()
        self.gate: Gate | None = None
        self.supply = Supply(workspace, store, vouched=bool(self.before) and self.vouched)

    def run(self) -> Report:
        self.standing = Standing.of(self.workspace)
        self.register, self.merges = self.standing.register, self.standing.merges
        self._report_unlike()
        gate = self.workspace.settings.gate
        if gate == "strict" or (gate == "lenient" and not self.workspace.in_memory):
            # A store in memory is built by every command: what it finds would be told every time.
            self.gate = Gate(self.workspace, self.store, shapes_of(self.workspace))
        if self.loaded is not None:
            self._take_loaded(self.loaded)
        elif marker(self.workspace).exists():
            self._mend()
        sources = list(note.sources(self.workspace))
        for name, path, _ in sources:
            self._freshen(name, path)
        self._strike()
        make: dict[str, Callable[[Path], tuple[NamedNode, set[Triple]]]] = {
            "ontology": self._ontology,
            "shared": self._shared,
            "graph": self._graph,
        }
        for name, path, kind in sources:
            try:
                if kind == "article":
                    self._article(name, path)
                else:
                    self._whole(name, path, make[kind])
            except InputError as error:
                self.report.fail(name, error)
                self._keep(name)
        self._remove()
        # What came by the bulk road was checked when it was made. Where none of it is in the store
        # yet, what files change is checked before it comes, and costs as much as there is in files.
        first = self.supply.is_apart(self.present)
        if first:
            self._check(self._dates(), self._size())
        self._supplied()
        if first:
            self._dates()
        else:
            self._check(self._dates(), self._size() + self.supply.size)
        self._count(apart=first)
        self.store.flush()
        if self.after != self.noted:
            note.mark(self.workspace, self.store)
        self._write_note(self.after)
        marker(self.workspace).unlink(missing_ok=True)
        self.report.graphs = self.after
        return self.report

    def _report_unlike(self) -> None:
        """Report merges by hand of entries that cannot be one: a state and a person."""
        if not self.merges.kept:
            return
        from kg.link.both import Sort, can_be_one

        before = self.workspace.register({})
        for gone, kept in self.merges.kept.items():
            ends = []
            for iri in (gone, kept):
                type_, local = self.iris.local(NamedNode(iri)) or ("", "")
                if local in before.kinds:
                    ends.append((NamedNode(iri), Sort(type_, before.kind(local))))
            if len(ends) == 2 and not can_be_one(*ends):
                (one, is_one), (other, is_other) = ends
                names = [":".join(self.iris.local(node) or ()) for node in (one, other)]
                problem = Problem(
                    file=ANALYSIS,
                    message=f"{names[0]}, {is_one}, is replaced by {names[1]}, {is_other}",
                    hint="reject the judgement, or correct what they are in entities.ttl",
                )
                self.report.problems.append(problem)

    def _take_loaded(self, loaded: Loading) -> None:
        """Count what the store has been given already as made."""
        loaded.flush()
        for name, graph in loaded.entries.files.items():
            # A register that was taken in with it may say otherwise.
            if self._agrees(name, loaded.entries[graph]):
                self.after.take(name, loaded.entries)
                self.report.made.append(name)
                self.given.add(name)
        if self.gate is not None:
            self.gate.loaded(loaded.changed, loaded.unchecked)

    def _mend(self) -> None:
        """Keep of the provenance only that of graphs which are noted.

        A loading that was cut off may have left any part of the rest, tied to nothing.
        """
        provenance = self.iris.provenance
        links = {PROV.wasGeneratedBy, PROV.wasAttributedTo}
        noted = {NamedNode(graph) for graph in self.before.keys() | self.supply.graphs}
        found: set[NamedNode] = set()
        whole: set[object] = {*noted}
        for triple in self.store.get(provenance):
            if isinstance(triple.subject, NamedNode):
                found.add(triple.subject)
            if triple.predicate in links and triple.subject in noted:
                whole.add(triple.object)
        for update in removals(provenance, found - whole):
            self.store.update(update)

    def _strike(self) -> None:
        """Have the note no longer vouch for graphs that are about to change."""
        vouched = self.before.doubted(but=self.fresh.files)
        self._write_note(vouched)
        if not vouched or not self.vouched:  # nor do we know, then, whose provenance the store has
            self.store.delete(self.iris.provenance)

    def _write_note(self, graphs: note.Note) -> None:
        if not self.workspace.in_memory and graphs != self.noted:
            graphs.write(self.workspace)
            self.noted = graphs

    def _keep(self, name: str) -> None:
        """Leave the graph of a file at fault as it was; the file will be read again next time."""
        graph = self.before.files.get(name)
        if graph is not None and graph not in self.after:
            self.after[graph] = {**self.before[graph], "stamps": {}}

    def _freshen(self, name: str, path: Path) -> None:
        """Note that neither a file nor what it refers to has changed, if that is so."""
        graph = self.before.files.get(name)
        if graph is None:
            return
        entry = self.before[graph]
        if graph not in self.present and not entry.get("empty"):
            return
        stamps = {}
        for key, part in note.parts(path).items():
            stamps[key] = note.stamp(part)  # taken before the file is read: a later change shows
            if note.differs(entry, key, part, stamps[key]):
                return
        if self._agrees(name, entry):
            if stamps == entry["stamps"]:
                self.fresh.take(name, self.before)
            else:
                self.fresh[graph] = entry | {"stamps": stamps}

    def _agrees(self, name: str, entry: Mapping[str, Any]) -> bool:
        """Whether what a graph was made from besides its file is what there is now."""
        return self.standing.knows(entry) and self._replaced(name, entry) == entry.get("merged", {})

    def _replaced(self, name: str, entry: Mapping[str, Any]) -> dict[str, str]:
        """What is replaced of the things at home in a file, and by what."""
        if name == ENTITIES:
            return self.merges.of_register(self.register.kinds)
        return self.standing.replaced(entry)

    def _unchanged(self, name: str) -> bool:
        graph = self.fresh.files.get(name)
        if graph is None or graph in self.after:
            return False
        self.after.take(name, self.fresh)
        if not self._as_made(name):
            self.report.unchanged.append(name)
        return True

    def _as_made(self, name: str) -> bool:
        """Whether this is ours: the ontology, or a shared file as empty as kg init makes it."""
        if name in {ENTITIES, ANALYSIS}:
            return bool(self.after[self.after.files[name]]["empty"])
        return name == note.ONTOLOGY_FILE

    def _whole(
        self, name: str, path: Path, make: Callable[[Path], tuple[NamedNode, set[Triple]]]
    ) -> None:
        if self._unchanged(name):
            return
        taken = note.taken(name, path)
        graph, triples = make(path)
        found = dates_of(triples, self.iris, name)
        self._change(name, ArticleGraph(graph, frozenset(triples), frozenset()))
        self.after[graph.value] = taken | {
            "merged": self._replaced(name, {}),
            "dates": found,
            "empty": not triples,
            "triples": len(triples),
        }
        if name in self.before.files or not self._as_made(name):
            self.report.made.append(name)

    def _ontology(self, path: Path) -> tuple[NamedNode, set[Triple]]:
        quads = rdf.read(path.read_bytes(), path.name, base=ONTOLOGY.value)
        return ONTOLOGY, set(rdf.skolemize(quads, f"{ONTOLOGY.value}/genid/"))

    def _shared(self, path: Path) -> tuple[NamedNode, set[Triple]]:
        triples: Iterable[Triple] = self.workspace.triples(path.name)
        kept = self.merges.kept
        if path.name == ENTITIES and kept:
            register = Register(triples, self.iris, path.name).merged(kept, ANALYSIS)
            # That something is replaced is said where it was judged: a union counts what is said twice.
            triples = register.triples - self.merges.plain()
        return self.iris.graph(path.stem), derive(triples, kept)

    def _graph(self, path: Path) -> tuple[NamedNode, set[Triple]]:
        content = rdf.content_of(path, f"graphs/{path.name}")
        quads = rdf.read(content, path.name, base=self.iris.base)
        genid = f"{self.iris.base}.well-known/genid/{escape(path.name)}/"
        graph = graph_of_file(path.name, quads, self.iris)
        if graph.value in self.after:
            other = self.after[graph.value]["file"]
            raise InputError(f"graphs/{path.name}: makes the same graph as {other}")
        if is_mark(graph):
            raise InputError(f"graphs/{path.name}: {graph.value} is made by kg itself")
        return graph, set(rdf.skolemize(quads, genid))

    def _article(self, name: str, path: Path) -> None:
        text = self.workspace.text(path)
        if not text.exists():
            self.report.without_text.append(name)
        if name in self.given:
            return
        if self._unchanged(name):
            return
        taken = note.taken(name, path)
        annotation = read_annotation(path, name, text, self.register)
        lines, entry = noted_lines(annotation, self.iris, self.register.iri, self.merges.kept)
        graph = lines.graph()
        if graph.name.value in self.after:
            other = self.after[graph.name.value]["file"]
            message = f"annotates the same article as {other}"
            hint = "one article has one annotation; give a new copy of its text as other_texts"
            raise AnnotationError([Problem(file=name, message=message, hint=hint)])
        self._change(name, graph)
        self.after[graph.name.value] = taken | entry | {"merged": self._replaced(name, entry)}
        self.report.made.append(name)

    def _change(self, name: str, graph: ArticleGraph) -> None:
        """Give a graph another content and provenance, in one step."""
        update = self._replacement(graph)
        if self.gate is not None:
            old = frozenset(self.store.get(graph.name))
            before = ArticleGraph(graph.name, old, self._provenance(graph.name))
            changed = (old ^ graph.content) | (before.provenance ^ graph.provenance)
            undo = self._replacement(before) if self.gate.strict else ""
            self.gate.before(name, graph.name, undo, update, changed, new=not old)
        self.store.update(update)

    def _provenance(self, graph: NamedNode) -> frozenset[Triple]:
        """What is said of a graph, of the activity that made it, and of those who did."""
        found = construct(
            self.store,
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {self.iris.provenance} {{"
            f" {graph} ({PROV.wasGeneratedBy}|{PROV.wasAttributedTo})? ?s . ?s ?p ?o }} }}",
        )
        return frozenset(found)

    def _supplied(self) -> None:
        """Give the store what came by the bulk road and is not there; it was checked when it was made."""
        now = Situation(
            files=self.after.keys(),
            present=self.present,
            standing=self.standing,
            forget=self._forget,
            progress=self.progress,
        )
        brought = self.supply.bring(now)
        for name, error in brought.failed:
            self.report.fail(name, error)
        self.report.supplied = (brought.articles, brought.quads)

    def _forget(self, graphs: Iterable[str]) -> None:
        """Take graphs away, with their provenance."""
        for graph in map(NamedNode, graphs):
            self.store.update(self._replacement(ArticleGraph(graph, frozenset(), frozenset())))

    def _check(self, dates: set[Triple], size: int) -> None:
        """Have the gate look at the changes, and take those back that it refuses."""
        if self.gate is None:
            return
        report = self.gate.check(dates, size)
        if report is not None and self.gate.strict:
            for name, findings in sorted(self.gate.refuse(report).items()):
                self._refused(name, told(findings, self.workspace.prefixes))
            self._dates()
        elif report is not None:
            self.report.checked = report.counts()
            self.report.checked_all = self.gate.whole
        self.gate.close()

    def _count(self, *, apart: bool) -> None:
        """Count what was found in new articles when they were made, besides what the gate has found.

        `apart` says that the gate has not seen those that came by the bulk road.
        """
        if self.gate is None:
            return
        if apart:
            self.report.checked_all = False
        others = self.supply.brought.found + (self.loaded.checked if self.loaded else Counter())
        if (others or self.loaded is not None) and not self.report.checked_all:
            found = Counter(self.report.checked) + others
            self.report.checked = {severity: found[severity] for severity in SEVERITIES}

    def _size(self) -> int:
        """How many triples the store has from files, but for those that are shared."""
        return sum(entry.get("triples", 0) for entry in self.after.values())

    def _refused(self, name: str, lines: list[str]) -> None:
        hint = "mend it, or have the gate lenient in kg.toml"
        for line in lines:
            self.report.problems.append(Problem(file=name, message=line))
        self.report.problems[-1] = replace(self.report.problems[-1], hint=hint)
        self.report.refused.append(name)
        for done in (self.report.made, self.report.removed):
            if name in done:
                done.remove(name)
        if name in self.after.files:
            del self.after[self.after.files[name]]
        self._keep(name)

    def _replacement(self, graph: ArticleGraph) -> str:
        updates = (
            replacement(graph.name, graph.content),
            self._forgetting(graph.name),
            insertion(self.iris.provenance, graph.provenance),
        )
        return ";\n".join(filter(None, updates))

    def _forgetting(self, graph: NamedNode) -> str:
        """The update that takes the provenance of a graph away, and agents with nothing left to their name."""
        inside = f"GRAPH {self.iris.provenance}"
        return (
            f"DELETE {{ {inside} {{ ?s ?p ?o }} }} WHERE {{ {inside} {{"
            f" {{ BIND({graph} AS ?s) ?s ?p ?o }}"
            f" UNION {{ {graph} {PROV.wasGeneratedBy} ?s . ?s ?p ?o }} }} }} ;\n"
            f"DELETE {{ {inside} {{ ?s ?p ?o }} }} WHERE {{ {inside} {{"
            f" VALUES ?class {{ {PROV.Agent} {PROV.SoftwareAgent} }} ?s a ?class ; ?p ?o ."
            f" FILTER NOT EXISTS {{ ?any {PROV.wasAttributedTo} ?s }} }} }}"
        )

    def _dates(self) -> set[Triple]:
        """Describe all time nodes that some graph points to, and no others; what that changes.

        What it changes for articles that were checked when they were made is left out: that was
        checked with them.
        """
        wanted, checked = self._dated()
        new, gone = set(wanted), set()
        query = f"SELECT * {{ GRAPH {self.iris.dates} {{ ?date {SKOS.notation} ?edtf }} }}"
        for row in select(self.store, query):
            edtf, date = row["edtf"], row["date"]
            if isinstance(edtf, Literal) and edtf.value in wanted:
                new.discard(edtf.value)
            elif isinstance(date, NamedNode):
                gone.add(date)
        for update in removals(self.iris.dates, gone):
            self.store.update(update)
        ordered = sorted(new)
        for first in range(0, len(ordered), DATES):
            some_new = ordered[first : first + DATES]
            triples = (triple for edtf in some_new for triple in date_triples(edtf, self.iris))
            self.store.update(insertion(self.iris.dates, triples))
        changed = gone | {self.iris.date(edtf) for edtf in new - checked}
        return {Triple(date, RDF.type, TIME.TemporalEntity) for date in changed}

    def _dated(self) -> tuple[set[str], set[str]]:
        """The dates that graphs point to, and those of articles that were checked when they were made."""
        checked = self.supply.dates()
        wanted = set(checked)
        screened = self.given if self.loaded is not None and self.loaded.screen is not None else ()
        for file, graph in self.after.files.items():
            dates = self.after[graph].get("dates", ())
            wanted.update(dates)
            if file in screened:
                checked.update(dates)
        return wanted, checked

    def _remove(self) -> None:
        """Delete the graphs of files that are no longer there, or make other graphs now.

        Those of others are theirs, in a store that is not ours alone.
        """
        kept = {*self.after, self.iris.provenance.value, self.iris.dates.value}
        there = {
            graph
            for graph in self.present
            if graph in self.before
            or (not self.supply.has(graph) and note.is_ours(self.workspace, graph, self.before))
        }
        for graph in sorted((there | self.before.keys()) - kept):
            node = NamedNode(graph)
            name = self.before[graph]["file"] if graph in self.before else graph
            self._change(name, ArticleGraph(node, frozenset(), frozenset()))
            self.present.discard(graph)
        self.report.removed += sorted(self.before.files.keys() - self.after.files.keys())
