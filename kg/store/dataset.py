"""Which graphs and columns the text of a query names, as its tokens tell."""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.sparql import names_graphs, tokens


def dataset(sparql: str) -> list[tuple[str, str]]:
    """The graphs that a query names, as parameters of the SPARQL Protocol.

    They say the same as its FROM clauses, which Oxigraph's server passes over when its default graph
    is the union. None where a name cannot be made out; the server then reads the query by itself.

    >>> dataset("PREFIX g: <http://example.org/g/> ASK FROM g:1 FROM NAMED <http://example.org/h> { }")
    [('default-graph-uri', 'http://example.org/g/1'), ('named-graph-uri', 'http://example.org/h')]
    >>> dataset("SELECT * { ?s ?from 'FROM' }")
    []
    """
    if not names_graphs(sparql):
        return []
    words = [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]
    keywords = [
        (i, token.text.upper())
        for i, token in enumerate(words)
        if token.kind == "word" and ":" not in token.text
    ]
    head = next((words[i].start for i, text in keywords if text not in {"BASE", "PREFIX"}), 0)
    lines = []
    for i, text in keywords:
        if text == "FROM" and words[i - 1].text != "@":  # "de"@from
            named = [word.text.upper() for word in words[i + 1 : i + 2]] == ["NAMED"]
            start = next((word.start for word in words[i + 1 + named :]), len(sparql))
            name = re.split(r"(?<=>)|[\s{]", sparql[start:], maxsplit=1)[0]
            lines.append(f"{name} <a:{'named' if named else 'default'}-graph-uri> 0 .\n")
    try:  # what a name stands for is the same in Turtle, and prefixes are declared the same way
        found = list(ox.parse(sparql[:head] + "".join(lines), format=ox.RdfFormat.TURTLE))
    except SyntaxError:
        return []
    return [(quad.predicate.value.removeprefix("a:"), quad.subject.value) for quad in found]


def columns(sparql: str) -> set[str]:
    """The variables that the rows of a SELECT have in any case.

    >>> sorted(columns("PREFIX a: <a:> SELECT DISTINCT ?x (COUNT(?y) AS ?n) FROM a:g { ?x a:p ?y }"))
    ['n', 'x']
    >>> columns("SELECT * { ?s ?p ?o }")
    set()
    """
    found: set[str] = set()
    depth, inside, before = 0, False, ""
    for token in tokens(sparql):
        if token.kind in {"space", "comment"}:
            continue
        word = token.text.upper() if token.kind == "word" else ""
        if not inside:
            inside = word == "SELECT"
        elif token.text == "{" or (not depth and word in {"WHERE", "FROM"}):
            break
        elif token.text in {"(", ")"}:
            depth += 1 if token.text == "(" else -1
        elif token.kind == "variable" and (not depth or (depth == 1 and before == "AS")):
            found.add(token.text[1:])
        before = word
    return found


def names_graph(sparql: str) -> bool:
    """Whether a query asks named graphs by GRAPH."""
    return any(token.kind == "word" and token.text.upper() == "GRAPH" for token in tokens(sparql))
