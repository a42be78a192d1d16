"""How a judgement, its judge and its method stand in the file."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from kg.analysis.judgement import FEATURES, TOLD, Judge, Judgement
from kg.errors import InputError
from kg.mapping.iris import escape
from kg.vocab import KG, PROV, RDF, RDFS, SKOS, XSD, concept, concept_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.mapping.iris import Iris
    from kg.mapping.nodes import Node, Nodes, Properties
    from kg.model import MethodKind, Status

OWN: Final = frozenset(
    {
        KG.from_,
        KG.relation,
        KG.to,
        KG.confidence,
        KG.status,
        KG.when,
        PROV.wasAttributedTo,
        PROV.wasGeneratedBy,
        SKOS.changeNote,
        *FEATURES.values(),
    }
)
"""What a judgement says of itself, and says anew when it changes; all else that stands there stays."""
_CALLED: Final = {"string-match": "linking", "identifier-lookup": "look-up"}
"""What the activities of some methods are called; those of the others as the method is."""


def properties(judgement: Judgement, iris: Iris) -> Properties:
    """What is said of a judgement, in the order in which it is written."""
    found: Properties = {
        RDF.type: [KG.Judgement],
        KG.from_: [judgement.from_],
        KG.relation: [judgement.relation],
        KG.to: [judgement.to],
        KG.confidence: [number(judgement.confidence)],
    }
    for name, value in judgement.features.items():
        found[FEATURES[name]] = [number(value)]
    found[KG.status] = [concept("status", judgement.status)]
    found[KG.when] = [iris.date(judgement.when)]
    found[PROV.wasAttributedTo] = [agent(judgement.by, iris)]
    found[PROV.wasGeneratedBy] = [activity(judgement, iris)]
    if judgement.note:
        found[SKOS.editorialNote] = [text(judgement.note)]
    if judgement.changes:
        found[SKOS.changeNote] = [text(line) for line in judgement.changes]
    return found


def agent(judge: Judge, iris: Iris) -> NamedNode:
    """The IRI of a judge."""
    return iris.agent(judge.name, judge.version)


def agent_properties(judge: Judge) -> Properties:
    """What is said of a judge."""
    class_ = PROV.SoftwareAgent if judge.is_program else PROV.Agent
    return {RDF.type: [class_], RDFS.label: [text(str(judge))]}


def activity(judgement: Judgement, iris: Iris) -> NamedNode:
    """The IRI of what a judgement came out of: one for all of a day that were made in the same way."""
    made = (judgement.method, iris.relative(agent(judgement.by, iris)), judgement.source or "")
    mark = hashlib.sha256("\n".join(made).encode())
    local = f"{_called(judgement)}-{escape(judgement.when)}-{mark.hexdigest()[:8]}"
    return iris.thing("activity", local)


def activity_properties(judgement: Judgement, iris: Iris) -> Properties:
    """What is said of what a judgement came out of."""
    label = f"{_called(judgement)} by {judgement.by}"
    found: Properties = {
        RDF.type: [PROV.Activity],
        RDFS.label: [text(label)],
        KG.kind: [concept("method", judgement.method)],
        PROV.wasAssociatedWith: [agent(judgement.by, iris)],
    }
    if judgement.source:
        found[RDFS.label] = [text(f"{label}, with {judgement.source}")]
        found[PROV.used] = [_source(judgement.source, iris)]
    return found


def read(node: NamedNode, nodes: Nodes) -> Judgement | None:
    """The judgement that a node is; None where it is none, or lacks its ends or its status."""
    found = nodes[node]
    if KG.Judgement not in found.get(RDF.type, ()):
        return None
    from_, relation = _one(found, KG.from_), _one(found, KG.relation)
    to, status = _one(found, KG.to), _one(found, KG.status)
    if from_ is None or relation is None or to is None or status is None:
        return None
    when = _one(found, KG.when)
    made = nodes[_one(found, PROV.wasGeneratedBy) or node]
    used = _one(made, PROV.used)
    judges = [_judge(value, nodes) for value in found.get(PROV.wasAttributedTo, ())]
    return Judgement(
        from_=from_,
        relation=relation,
        to=to,
        confidence=_decimal(_words(found, KG.confidence)),
        status=cast("Status", concept_value("status", status)),
        by=min(judges, key=lambda judge: judge.is_program, default=Judge(name="somebody")),
        method=_method(made),
        when=(when and nodes.iris.edtf(when)) or "",
        features={
            name: float(_decimal(values))
            for name, predicate in FEATURES.items()
            if (values := _words(found, predicate))
        },
        source=_sourced(used, nodes.iris) if used else None,
        note=next(iter(_words(found, SKOS.editorialNote)), None),
        changes=tuple(_words(found, SKOS.changeNote)),
    )


def proposal(judgement: Judgement, nodes: Nodes) -> Judgement | None:
    """A judgement as the last program proposed it, going by its changes; None where none did."""
    programs = {
        str(judge): judge
        for node in nodes
        if PROV.SoftwareAgent in nodes[node].get(RDF.type, ())
        and (judge := _judge(node, nodes)).is_program
    }
    for line in reversed(judgement.changes):
        told = TOLD.fullmatch(line)
        if told is not None and told["by"] in programs:
            judge = programs[told["by"]]
            made = _activity_of(agent(judge, nodes.iris), told["when"], nodes)
            return replace(
                judgement,
                status="proposed",
                by=judge,
                confidence=Decimal(told["confidence"]),
                note=told["note"],
                method=made[0],
                source=made[1],
            )
    return None


def _activity_of(judge: NamedNode, when: str, nodes: Nodes) -> tuple[MethodKind, str | None]:
    """The method of what a judge did on a day, and the source; where it did much, of the first."""
    for node in nodes:
        found = nodes[node]
        if judge in found.get(PROV.wasAssociatedWith, ()) and f"-{escape(when)}-" in node.value:
            used = _one(found, PROV.used)
            return _method(found), _sourced(used, nodes.iris) if used else None
    return "string-match", None


def number(value: Decimal | float) -> Literal:
    """A decimal of up to four places, in the form that Turtle has without quotation marks.

    >>> number(1.0).value, number(0.97).value
    ('1.0', '0.97')
    """
    written = f"{value:.4f}".rstrip("0")
    return Literal(written + "0" if written.endswith(".") else written, datatype=XSD.decimal)


def text(words: str) -> Literal:
    """Words as a literal. Raises InputError where they are not Unicode."""
    try:
        return Literal(words)
    except ValueError:
        raise InputError(f"{words!a}: not Unicode") from None


def texts(words: Mapping[str, str]) -> list[Node]:
    """Words by language as literals; what RDF takes for no language is left out."""
    found: list[Node] = []
    for language, value in words.items():
        with contextlib.suppress(ValueError):
            found.append(Literal(value, language=language))
    return found


def _called(judgement: Judgement) -> str:
    return _CALLED.get(judgement.method, judgement.method)


def _source(source: str, iris: Iris) -> NamedNode:
    if "://" in source:
        with contextlib.suppress(ValueError):  # the name of a file may look like that as well
            return NamedNode(source)
    return iris.thing("source", escape(source))


def _sourced(node: NamedNode, iris: Iris) -> str:
    local = iris.local(node)
    return unquote(local[1]) if local and local[0] == "source" else node.value


def _judge(node: Node, nodes: Nodes) -> Judge:
    """A judge by the IRI; a program is what the file calls one, all else is a person."""
    if not isinstance(node, NamedNode):
        return Judge(name=node.value)
    local = nodes.iris.local(node)
    name, _, version = local[1].partition("/") if local else (node.value, "", "")
    program = PROV.SoftwareAgent in nodes[node].get(RDF.type, ())
    return Judge(name=unquote(name), version=unquote(version) if program else None)


def _method(activity: Mapping[NamedNode, list[Node]]) -> MethodKind:
    kind = _one(activity, KG.kind)
    return cast("MethodKind", concept_value("method", kind) if kind else "manual")


def _one(found: Mapping[NamedNode, list[Node]], predicate: NamedNode) -> NamedNode | None:
    return next((n for n in found.get(predicate, ()) if isinstance(n, NamedNode)), None)


def _words(found: Mapping[NamedNode, list[Node]], predicate: NamedNode) -> list[str]:
    return [n.value for n in found.get(predicate, ()) if isinstance(n, Literal)]


def _decimal(words: list[str]) -> Decimal:
    """The first number of some; 0 where there is none."""
    try:
        return Decimal(words[0])
    except (IndexError, ArithmeticError):
        return Decimal(0)
