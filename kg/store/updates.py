"""Updates taken apart: which may be sent twice, and how those are cut that are too long for a server.

What adds many triples comes from `kg.store.insertion`, a line for each triple. Such blocks are told by
their lines, so that a hundred megabytes are not read token by token; all else is short.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from kg.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Triple

_BLOCK: Final = re.compile(
    r"^INSERT DATA \{ GRAPH (?P<graph><[^<>\s]*>) \{\n(?P<data>(?:[<_].* \.\n)*)\} \}", re.MULTILINE
)
"""What `insertion` makes: no line of N-Triples is a closing brace, and none begins like the first."""
_HARMLESS: Final = frozenset("DROP CLEAR SILENT GRAPH ALL NAMED DEFAULT PREFIX BASE".split())
_LONGEST: Final = 1_000_000
"""Characters beside the blocks that are read token by token: more is not looked into."""


class Block(NamedTuple):
    """Triples that one operation adds to a graph, as lines of N-Triples without their ends."""

    graph: str
    lines: Sequence[str]

    def __str__(self) -> str:
        data = "\n".join(self.lines)
        return f"INSERT DATA {{ GRAPH {self.graph} {{\n{data}\n}} }}"


def pieces(sparql: str) -> Iterator[str | Block]:
    """An update as the blocks of triples that it adds, and what is between them.

    >>> list(pieces("DROP SILENT GRAPH <a:g>;\\nINSERT DATA { GRAPH <a:g> {\\n<a:s> <a:p> <a:o> .\\n} }"))
    ['DROP SILENT GRAPH <a:g>;\\n', Block(graph='<a:g>', lines=['<a:s> <a:p> <a:o> .'])]
    """
    end = 0
    for found in _BLOCK.finditer(sparql):
        if found.start() > end:
            yield sparql[end : found.start()]
        yield Block(found["graph"], found["data"].split("\n")[:-1])
        end = found.end()
    if end < len(sparql):
        yield sparql[end:]


def repeatable(sparql: str) -> bool:
    """Whether an update has the same outcome when it is carried out twice.

    So it is where each operation adds or takes away quads that it names: of each quad, the last
    operation about it decides, whichever was there before. A blank node would be another one each
    time, and what WHERE finds may be something else the second time. Nobody else writes meanwhile:
    the workspace has one writer.

    >>> repeatable("DROP SILENT GRAPH <a:g> ; INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 1 } }")
    True
    >>> repeatable("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"), repeatable("INSERT DATA { _:b <a:p> 1 }")
    (False, False)
    """
    rest = []
    for piece in pieces(sparql):
        if isinstance(piece, Block):
            if any(_has_blank_node(line) for line in piece.lines):
                return False
            piece = "INSERT DATA { }"
        rest.append(piece)
    text = "".join(rest)
    return len(text) < _LONGEST and _is_harmless(text)


def _is_harmless(sparql: str) -> bool:
    depth = 0
    words = [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]
    for i, token in enumerate(words):
        if token.text in {"{", "}"}:
            depth += 1 if token.text == "{" else -1
        elif (
            token.text in {"[", "(", "_"} or token.text.startswith("_:") or token.kind == "variable"
        ):
            return False
        elif depth == 0 and token.kind == "word" and ":" not in token.text:
            word = token.text.upper()
            following = words[i + 1].text.upper() if i + 1 < len(words) else ""
            adds = word in {"INSERT", "DELETE"} and following == "DATA"
            after = word == "DATA" and i > 0 and words[i - 1].text.upper() in {"INSERT", "DELETE"}
            if not (adds or after or word in _HARMLESS):
                return False
    return True


def _has_blank_node(line: str) -> bool:
    """Whether a line may have a blank node: one whose text only looks so is treated alike."""
    return line.startswith("_:") or " _:" in line


def cut(block: Block, triples: int, size: int) -> Iterator[Block]:
    """A block as several, of so many triples and bytes at most; blank nodes stay together.

    A single triple may be longer, and so may those with blank nodes be: a label means one node within
    one operation only.
    """
    bound = [line for line in block.lines if _has_blank_node(line)]
    if bound:
        yield Block(block.graph, bound)
    for lines in packed((line for line in block.lines if not _has_blank_node(line)), triples, size):
        yield Block(block.graph, lines)


def packed(lines: Iterable[str], number: int, size: int) -> Iterator[list[str]]:
    """Lines, as many at a time as have so many bytes together."""
    batch: list[str] = []
    room = size
    for line in lines:
        needed = len(line.encode()) + 1
        if batch and (len(batch) >= number or needed > room):
            yield batch
            batch, room = [], size
        batch.append(line)
        room -= needed
    if batch:
        yield batch


def spread(sparql: str, triples: int) -> str:
    """An update whose blocks have so many triples at most, carried out by as many operations as it takes."""
    return "".join(
        " ;\n".join(map(str, cut(piece, triples, len(sparql) * 4)))
        if isinstance(piece, Block) and len(piece.lines) > triples
        else str(piece)
        for piece in pieces(sparql)
    )


def blocks(quads: bytes) -> Iterator[Block]:
    """The graphs of N-Quads, each as a block; triples of the default graph are left out.

    Raises SyntaxError where they are damaged.
    """
    graphs: dict[str, list[Triple]] = {}
    for quad in parse(quads, format=RdfFormat.N_QUADS):
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(str(quad.graph_name), []).append(quad.triple)
    for graph, triples in graphs.items():
        text = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
        yield Block(graph, text.split("\n")[:-1])


def requests(found: Iterable[Block], triples: int, size: int) -> Iterator[str]:
    """Updates that add all blocks, each with as many operations as fit into a request."""
    waiting: list[str] = []
    room, left = size, triples * OPERATIONS
    for block in found:
        for part in cut(block, triples, size):
            text = str(part)
            if waiting and (len(text.encode()) > room or len(part.lines) > left):
                yield ";\n".join(waiting)
                waiting, room, left = [], size, triples * OPERATIONS
            waiting.append(text)
            room -= len(text.encode()) + 2
            left -= len(part.lines)
    if waiting:
        yield ";\n".join(waiting)


OPERATIONS: Final = 5
"""Full operations in one request: Virtuoso takes 5 of 1,000 triples in 0.25 s, and 20 in 1.7 s."""
