"""RDF files in and out: errors that name the place, and the same bytes for the same graph."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from kg.errors import InputError
from kg.files import read_file
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")
S = TypeVar("S", ox.Triple, ox.Quad)

FORMATS: dict[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""The RDF formats by file extension."""

GRAPHS: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""The formats of one graph that `write` knows, by the names that `-f` takes."""


LIMIT: int = 100_000_000
"""The most bytes that a file of RDF may have: one file is one graph, checked and replaced as a whole.

With 100 MB of N-Quads that takes 2.3 GB of memory, and twenty times as much as the file with any other.
"""


def content_of(file: Path, name: str | None = None) -> bytes:
    """What is in a file of RDF; `name` is for messages. Raises InputError where it is too big for a graph."""
    advice = "make several files of it"
    if file.suffix.lower() in {".nt", ".nq"}:
        advice = f"split -C {LIMIT} --additional-suffix={file.suffix.lower()} makes several of it"
    return read_file(file, name, limit=LIMIT, advice=f"{advice}, each a graph of its own")


def read(content: bytes, name: str, *, base: str) -> list[ox.Quad]:
    """The quads of a file, its format told by its extension; relative IRIs count from `base`.

    Nothing is fetched: a JSON-LD file that names a remote context is refused. Raises InputError
    with line and column where the file is not in its format.
    """
    form = FORMATS[PurePath(name).suffix.lower()]
    content = content.removeprefix(b"\xef\xbb\xbf")  # the mark that some editors put first
    try:
        quads = list(ox.parse(content, format=form, base_iri=base))
    except SyntaxError as error:
        place = ":".join(str(part) for part in (name, error.lineno, error.offset) if part)
        message = re.sub(r"^Parser error at .*?: ", "", error.msg.splitlines()[0])
        hint = None
        if "LoadDocumentCallback" in message:
            message = "names a JSON-LD context on the web, and nothing is fetched"
            hint = "write the context into the file"
        raise InputError(f"{place}: not {form.name}: {message}", hint=hint) from error
    except ValueError as error:
        raise InputError(f"{name}: not {form.name}: {error}") from error
    except MemoryError as error:
        raise InputError(f"{name}: a name or a value in it is too long: {error}") from error
    for quad in quads:
        if isinstance(quad.object, ox.Triple) or getattr(quad.object, "direction", None):
            hint = "write statements about statements as nodes of their own"
            raise InputError(f"{name}: RDF 1.2, which not all tools here can read", hint=hint)
    return quads


def apart(quads: Iterable[ox.Quad], prefix: str) -> Iterator[ox.Quad]:
    """Quads with a prefix before the labels of blank nodes, to be told from those of other files."""

    def renamed(term: T) -> T | ox.BlankNode:
        return ox.BlankNode(f"{prefix}{term.value}") if isinstance(term, ox.BlankNode) else term

    for subject, predicate, object_, graph in quads:
        yield ox.Quad(renamed(subject), predicate, renamed(object_), renamed(graph))


def skolemize(quads: Iterable[ox.Quad], prefix: str) -> list[ox.Triple]:
    """The triples of a dataset with an IRI in the place of each blank node (RDF 1.1, 3.5).

    The IRIs are `prefix` and the canonical label of RDFC-1.0, so that the same file gives the same
    IRIs every time.
    """
    dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in quads)
    if any(isinstance(term, ox.BlankNode) for quad in dataset for term in quad.triple):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    def named(term: T) -> T | ox.NamedNode:
        return ox.NamedNode(prefix + term.value) if isinstance(term, ox.BlankNode) else term

    return [ox.Triple(named(quad.subject), quad.predicate, named(quad.object)) for quad in dataset]


def write(
    items: Iterable[S],
    form: ox.RdfFormat,
    prefixes: Mapping[str, str],
) -> bytes:
    """Triples or quads in a format, sorted, with those prefixes that something needs.

    Raises InputError where a literal holds a character that RDF/XML has no way to write.
    """
    ordered = sorted(set(items), key=_key)
    text = "\n".join(map(str, ordered))
    used = {name: iri for name, iri in sorted(prefixes.items()) if f"<{iri}" in text}
    body = ox.serialize(ordered, format=form, prefixes=used) or b""
    if form == ox.RdfFormat.RDF_XML:
        return _xml(body)
    if form not in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG}:
        return body
    # The engine writes prefixes in no fixed order. (Not splitlines: literals may hold U+2028.)
    lines = [
        line for line in body.decode().rstrip("\n").split("\n") if not line.startswith("@prefix ")
    ]
    head = [f"@prefix {name}: <{iri}> ." for name, iri in used.items()]
    apart = [f"\n{line}" if line[:1] not in {"\t", "}", ""} else line for line in lines]
    return ("\n".join(head + apart) + "\n").encode()


def _xml(body: bytes) -> bytes:
    """RDF/XML that others read as well: a bare carriage return would come back as a line feed."""
    found = _NOT_XML.search(body.decode())
    if found:
        raise InputError(
            f"RDF/XML cannot hold the character U+{ord(found[0]):04X}, which is in the data",
            hint="all other formats can",
        )
    return body.replace(b"\r", b"&#xD;")


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, production 2


def _key(item: ox.Triple | ox.Quad) -> tuple[str, str, bool, str, str]:
    graph = str(item.graph_name) if isinstance(item, ox.Quad) else ""
    predicate = str(item.predicate)
    return graph, str(item.subject), item.predicate != RDF.type, predicate, str(item.object)


def preference(label: ox.Literal) -> tuple[int, str, str]:
    """What the labels of a thing are sorted by: English first, then those of no language."""
    language = label.language or ""
    rank = 0 if language == "en" else 1 if language.startswith("en-") else 3 if language else 2
    return rank, language, label.value
