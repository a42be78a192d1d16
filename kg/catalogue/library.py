"""The stored queries as executables: text, prefixes, parameters, columns, and one to try."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from kg.catalogue.terms import CSVW, DOC, LANGUAGE, LIST, OWL, QUERIES, SDO, SH, SPEX
from kg.errors import ConfigError, InputError
from kg.mapping.iris import escape
from kg.query import bound, declarations
from kg.query.parameters import StoredQuery
from kg.sparql import tokens
from kg.sparql.structure import read
from kg.store import select
from kg.vocab import PREFIXES, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.query.parameters import Parameter, Variable
    from kg.store import GraphStore

_FORMS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "DESCRIBE": (SPEX.SPARQLDescribeExecutable, SPEX.describe),
}
_DATATYPES = {
    "text": XSD.string,
    "lang": XSD.string,
    "integer": XSD.integer,
    "decimal": XSD.decimal,
    "boolean": NamedNode(f"{XSD.base}boolean"),
    "date": XSD.dateTime,
}
_ENDS = {
    "earliest": "the first instant of a date",
    "latest": "the last instant of a date",
}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_EXAMPLE = NamedNode(f"{SKOS.base}example")
_ANY_URI = NamedNode(f"{XSD.base}anyURI")


def queries(
    store: GraphStore,
    library: Iterable[StoredQuery],
    base: str,
    prefixes: Mapping[str, str],
    endpoint: str | None = None,
) -> Iterator[Triple]:
    """The stored queries as executables, and with those that have parameters one to try each.

    A query has the text of its file without the header. Its parameters stay variables, which mean
    any, and have an sh:Parameter each, whose path ends in the variable's name. The one to try has
    example values in their place, and is an executable of its own: editors list executables, and
    testers run them. There is none where the store knows nothing by the names of the examples.

    `endpoint` is the address of a SPARQL endpoint that has the data.
    """
    for query in library:
        yield from _Described(store, query, base, prefixes, endpoint).triples()


class _Described:
    """Describes one query; IRIs of its parts are its own IRI with a fragment."""

    def __init__(
        self,
        store: GraphStore,
        query: StoredQuery,
        base: str,
        prefixes: Mapping[str, str],
        endpoint: str | None,
    ) -> None:
        self.store = store
        self.query = query
        self.prefixes = prefixes
        self.document = f"{base}{QUERIES}"
        self.node = NamedNode(f"{self.document}/{escape(query.name)}")
        self.target = query.endpoint or endpoint

    def triples(self) -> Iterator[Triple]:
        query = self.query
        sparql = whole(query.sparql, self.prefixes)
        yield from self._executable(self.node, sparql, query.summary)
        yield from self._declarations(sparql)
        places = [(p, variable) for p in query.parameters.values() for variable in p.variables]
        for order, (parameter, variable) in enumerate(places, start=1):
            yield from self._parameter(parameter, variable, order)
        yield from self._columns()
        tried = self._tried()
        if tried is not None:
            values = ", ".join(f"{name} {value}" for name, value in query.example.items())
            example = self._part("example")
            yield Triple(self.node, SDO.workExample, example)
            yield from self._executable(example, tried, f"{query.summary}: {values}")

    def _executable(self, node: NamedNode, sparql: str, label: str) -> Iterator[Triple]:
        class_, property_ = _FORMS[read(sparql).select.form]
        stop = "" if label.endswith((".", "!", "?")) else "."
        comment = f"{label}{stop} {self.query.description}".strip()
        yield Triple(node, RDF.type, SH.SPARQLExecutable)
        yield Triple(node, RDF.type, class_)
        yield Triple(node, RDFS.label, Literal(label, language=LANGUAGE))
        yield Triple(node, DOC.comment, Literal(comment, language=LANGUAGE))
        yield Triple(node, property_, Literal(sparql))
        yield Triple(node, SH.prefixes, self._part("prefixes"))
        for tag in self.query.tags:
            yield Triple(node, SDO.keywords, Literal(tag))
        if self.target is not None:
            yield Triple(node, SDO.target, NamedNode(self.target))

    def _declarations(self, sparql: str) -> Iterator[Triple]:
        """The prefixes that the query uses.

        Its text declares them too: the SIB's editor and tester send the text as it is, others put
        before it what it lacks, and SHACL puts all of them before it.
        """
        own = self._part("prefixes")
        yield Triple(own, RDF.type, OWL.Ontology)
        for prefix, namespace in sorted(namespaces(sparql).items()):
            if not _ABSOLUTE.match(namespace):
                continue  # it hangs on a BASE, and that stands in the text alone
            name = f"prefix-{prefix}"
            if PREFIXES.get(prefix) != namespace:  # in another query it may mean something else
                name += f"={escape(namespace)}"
            declaration = NamedNode(f"{self.document}#{name}")
            yield Triple(own, SH.declare, declaration)
            yield Triple(declaration, RDF.type, SH.PrefixDeclaration)
            yield Triple(declaration, SH.prefix, Literal(prefix))
            yield Triple(declaration, SH.namespace, Literal(namespace, datatype=_ANY_URI))

    def _parameter(self, parameter: Parameter, variable: Variable, order: int) -> Iterator[Triple]:
        name = f"parameter-{variable.name}"
        own = self._part(name)
        yield Triple(self.node, SH.parameter, own)
        yield Triple(own, RDF.type, SH.Parameter)
        yield Triple(own, SH.path, self._part(variable.name))
        yield Triple(own, SH.name, Literal(parameter.name))
        yield Triple(own, SH.order, Literal(order))
        about = "; ".join(filter(None, (parameter.help, _ENDS.get(variable.bound or ""))))
        if about:
            yield Triple(own, SH.description, Literal(about, language=LANGUAGE))
        if not parameter.required:
            yield Triple(own, SH.optional, Literal(True))
        if parameter.type == "iri":
            yield Triple(own, SH.nodeKind, SH.IRI)
        elif variable.language is not None:
            yield Triple(own, SH.datatype, LIST.langString)
            languages = [Literal(variable.language)]
            yield from self._list(own, SH.languageIn, f"{name}-languages", languages)
        else:
            datatype = NamedNode(variable.datatype) if variable.datatype else None
            yield Triple(own, SH.datatype, datatype or _DATATYPES[parameter.type])
        prefix, _, local = (parameter.class_ or "").partition(":")
        if prefix in self.prefixes:
            yield Triple(own, SH.class_, NamedNode(self.prefixes[prefix] + local))
        if parameter.enumeration:
            found = [self._term(parameter, variable, value) for value in parameter.enumeration]
            allowed = [term for term in found if term is not None]
            yield from self._list(own, SH.in_, f"{name}-values", allowed)
        if parameter.default is not None:
            default = self._term(parameter, variable, parameter.default)
            if default is not None:
                yield Triple(own, SH.defaultValue, default)
        if parameter.example is not None:  # as a person types it, which need not be the term
            yield Triple(own, _EXAMPLE, Literal(parameter.example))

    def _columns(self) -> Iterator[Triple]:
        """What the answer has as a table, its columns in order and by their names in CSV."""
        if not self.query.columns:
            return
        schema = self._part("columns")
        yield Triple(self.node, CSVW.tableSchema, schema)
        yield Triple(schema, RDF.type, CSVW.Schema)
        columns = []
        for name, title in self.query.columns.items():
            columns.append(column := self._part(f"column-{name}"))
            yield Triple(column, RDF.type, CSVW.Column)
            yield Triple(column, CSVW.name, Literal(name))
            yield Triple(column, CSVW.title, Literal(title, language=LANGUAGE))
        yield from self._list(schema, CSVW.column, "columns", columns)

    def _tried(self) -> str | None:
        """The query with its examples as values; None where it has none, or they name nothing here."""
        query = self.query
        if not query.example or query.endpoint is not None:
            return None
        try:
            return whole(bound(self.store, query, query.example, self.prefixes), self.prefixes)
        except (ConfigError, InputError):
            return None

    def _term(
        self, parameter: Parameter, variable: Variable, value: str
    ) -> NamedNode | Literal | None:
        """What stands for a value in the query; None for what names nothing, and for an open date."""
        alone = StoredQuery(
            name=self.query.name,
            summary=self.query.summary,
            sparql=f"SELECT ?x {{ VALUES ?x {{ ?{variable.name} }} }}",
            parameters={parameter.name: parameter},
        )
        try:
            sparql = bound(self.store, alone, {parameter.name: value}, self.prefixes)
            term = next(iter(select(self.store, sparql)))["x"]
        except (ConfigError, InputError):
            return None
        return term if isinstance(term, (NamedNode, Literal)) else None

    def _list(
        self, node: NamedNode, property_: NamedNode, name: str, items: Sequence[NamedNode | Literal]
    ) -> Iterator[Triple]:
        """A list as the value of a property, with IRIs for its links."""
        links = [self._part(f"{name}-{number}") for number in range(1, len(items) + 1)]
        ends = [*links, LIST.nil]
        yield Triple(node, property_, ends[0])
        for item, (link, rest) in zip(items, itertools.pairwise(ends), strict=True):
            yield Triple(link, LIST.first, item)
            yield Triple(link, LIST.rest, rest)

    def _part(self, name: str) -> NamedNode:
        return NamedNode(f"{self.node.value}#{name}")


def whole(sparql: str, prefixes: Mapping[str, str]) -> str:
    """A query that needs nothing around it: without our header, with the prefixes that it lacks.

    >>> whole("#+ summary: All\\nSELECT ?x { ?x a kg:Claim } # all", {"kg": "http://kg/"})
    'PREFIX kg: <http://kg/>\\nSELECT ?x { ?x a kg:Claim } # all\\n'
    """
    pieces = [
        token
        for token in tokens(sparql)
        if token.kind != "comment" or not token.text.startswith("#+")
    ]
    while pieces and pieces[-1].kind == "space":
        pieces.pop()
    text = "".join(token.text for token in pieces).lstrip()
    # Testers put a LIMIT behind it, and a comment would swallow that.
    end = "\n" if pieces and pieces[-1].kind == "comment" else ""
    return f"{declarations(text, prefixes)}{text}{end}"


def namespaces(sparql: str) -> dict[str, str]:
    """The namespaces that a query declares and uses, by their prefixes.

    >>> namespaces("PREFIX a: <http://a/> PREFIX b: <http://b/> SELECT ?x { ?x a a:B } # b:c")
    {'a': 'http://a/'}
    """
    pieces = [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]
    declared: dict[str, str] = {}
    used: set[str] = set()
    for before, token, after in zip([None, *pieces], pieces, [*pieces[1:], None], strict=False):
        prefix, colon, _ = token.text.partition(":")
        if token.kind != "word" or not colon:
            continue
        if before and before.text.upper() == "PREFIX" and after and after.kind == "iri":
            declared[prefix] = after.text[1:-1]
        else:
            used.add(prefix)
    return {prefix: iri for prefix, iri in declared.items() if prefix in used}
