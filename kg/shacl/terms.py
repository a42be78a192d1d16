"""The vocabulary of SHACL, and the names that its pages have for RDF terms."""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.vocab import Vocabulary

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal


class SH(metaclass=Vocabulary, base="http://www.w3.org/ns/shacl#"):
    """SHACL Core and SHACL-SPARQL."""

    BlankNode: NamedNode
    BlankNodeOrIRI: NamedNode
    BlankNodeOrLiteral: NamedNode
    ConstraintComponent: NamedNode
    IRI: NamedNode
    IRIOrLiteral: NamedNode
    Info: NamedNode
    Literal: NamedNode
    NodeShape: NamedNode
    PropertyShape: NamedNode
    SPARQLConstraintComponent: NamedNode
    ValidationReport: NamedNode
    ValidationResult: NamedNode
    Violation: NamedNode
    Warning: NamedNode
    alternativePath: NamedNode
    and_: NamedNode
    ask: NamedNode
    class_: NamedNode
    closed: NamedNode
    conforms: NamedNode
    datatype: NamedNode
    deactivated: NamedNode
    declare: NamedNode
    description: NamedNode
    disjoint: NamedNode
    equals: NamedNode
    expression: NamedNode
    flags: NamedNode
    focusNode: NamedNode
    hasValue: NamedNode
    ignoredProperties: NamedNode
    in_: NamedNode
    inversePath: NamedNode
    js: NamedNode
    languageIn: NamedNode
    lessThan: NamedNode
    lessThanOrEquals: NamedNode
    maxCount: NamedNode
    maxExclusive: NamedNode
    maxInclusive: NamedNode
    maxLength: NamedNode
    message: NamedNode
    minCount: NamedNode
    minExclusive: NamedNode
    minInclusive: NamedNode
    minLength: NamedNode
    namespace: NamedNode
    node: NamedNode
    nodeKind: NamedNode
    nodeValidator: NamedNode
    not_: NamedNode
    oneOrMorePath: NamedNode
    optional: NamedNode
    or_: NamedNode
    parameter: NamedNode
    path: NamedNode
    pattern: NamedNode
    prefix: NamedNode
    prefixes: NamedNode
    property: NamedNode
    propertyValidator: NamedNode
    qualifiedMaxCount: NamedNode
    qualifiedMinCount: NamedNode
    qualifiedValueShape: NamedNode
    qualifiedValueShapesDisjoint: NamedNode
    result: NamedNode
    resultMessage: NamedNode
    resultPath: NamedNode
    resultSeverity: NamedNode
    rule: NamedNode
    select: NamedNode
    severity: NamedNode
    sourceConstraint: NamedNode
    sourceConstraintComponent: NamedNode
    sourceShape: NamedNode
    sparql: NamedNode
    target: NamedNode
    targetClass: NamedNode
    targetNode: NamedNode
    targetObjectsOf: NamedNode
    targetSubjectsOf: NamedNode
    uniqueLang: NamedNode
    validator: NamedNode
    value: NamedNode
    xone: NamedNode
    zeroOrMorePath: NamedNode
    zeroOrOnePath: NamedNode


RDF_FIRST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
RDF_REST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
RDF_NIL = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")
SUB_CLASS_OF = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
CLASSES = (
    NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"),
    NamedNode("http://www.w3.org/2002/07/owl#Class"),
)
IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")


def component(parameter: NamedNode) -> NamedNode:
    """The constraint component that goes by a parameter of SHACL Core.

    >>> component(SH.minCount).value.partition("#")[2]
    'MinCountConstraintComponent'
    """
    name = parameter.value.removeprefix(SH.base)
    return NamedNode(f"{SH.base}{name[0].upper()}{name[1:]}ConstraintComponent")
