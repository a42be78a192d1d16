"""From what people call a thing to its IRI: an id, a label, a CURIE, a Wikidata id, an IRI."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QueryBoolean

from kg.errors import ConfigError, NotFoundError
from kg.store import select
from kg.vocab import DCTERMS, RDFS, SCHEMA, SKOS, WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.store import GraphStore

_ABSOLUTE = re.compile(r"<?([A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+)>?")
_LABELS = f"{RDFS.label}|{SKOS.altLabel}|{SCHEMA.headline}"
_KINDS = ("actor", "place", "topic", "event", "article", "claim")


def resolve(
    store: GraphStore,
    prefixes: Mapping[str, str],
    name: str,
    class_: NamedNode | None = None,
) -> NamedNode:
    """The thing that goes by a name, of a class where one is given; merged things lead to the kept one.

    Raises ConfigError where several things go by the name, NotFoundError where none does.
    """
    what = curie(class_, prefixes) if class_ is not None else "thing"
    unfit: NamedNode | None = None
    for candidates in _candidates(store, prefixes, name):
        found = {_kept(store, node) for node in candidates}
        fitting = {node for node in found if _is_a(store, node, class_)}
        if len(fitting) == 1:
            return fitting.pop()
        if fitting:
            options = ", ".join(sorted(curie(node, prefixes) for node in fitting))
            raise ConfigError(
                f"{name!r} is the name of several: {options}", hint="name one of them"
            )
        unfit = min(found, key=str, default=None) if unfit is None else unfit
    if unfit is not None and _is_a(store, unfit, None):
        short = curie(unfit, prefixes)
        raise NotFoundError(
            f"{name} is no {what}" if name == short else f"{name!r} ({short}) is no {what}"
        )
    close = _nearest(store, name, class_)
    hint = f"did you mean {' or '.join(close)}?" if close else None
    raise NotFoundError(f"no {what} goes by the name {name!r}", hint=hint)


def curie(node: NamedNode, prefixes: Mapping[str, str]) -> str:
    """An IRI in its short form, with the longest prefix that fits; the IRI itself where none does.

    >>> curie(NamedNode("http://www.wikidata.org/entity/Q17"), {"wd": WIKIDATA})
    'wd:Q17'
    """
    fitting = [(iri, name) for name, iri in prefixes.items() if node.value.startswith(iri)]
    if not fitting:
        return node.value
    iri, name = max(fitting, key=lambda pair: len(pair[0]))
    local = node.value.removeprefix(iri)
    return f"{name}:{local}" if local else node.value


def _candidates(
    store: GraphStore, prefixes: Mapping[str, str], name: str
) -> Iterator[set[NamedNode]]:
    """The things that might be meant, the exact forms first: an IRI or an id before a label."""
    prefix, colon, local = name.partition(":")
    item = re.fullmatch(r"(?:wd:)?(Q[1-9][0-9]*)", name)
    if item:
        yield _subjects(store, f"?x {SKOS.exactMatch} <{WIKIDATA}{item[1]}>")
    if colon and prefix in prefixes and re.fullmatch(r"[^\s<>\"{}|\\^`]+", local):
        yield _node(prefixes[prefix] + local)
    iri = _ABSOLUTE.fullmatch(name)
    if iri and "://" in name:
        yield _node(iri[1])
    if re.fullmatch(r"[a-z]+/[A-Za-z0-9.~%_-]+", name) and name.partition("/")[0] in prefixes:
        kind, _, local = name.partition("/")
        yield _node(prefixes[kind] + local)
    if re.fullmatch(r"[A-Za-z0-9.~%_-]+", name):
        nodes = [NamedNode(prefixes[kind] + name) for kind in _KINDS if kind in prefixes]
        known = " ".join(map(str, nodes))
        yield _subjects(store, f"VALUES ?x {{ {known} }} ?x ?p ?o") if known else set()
    label = Literal(name.strip().lower())
    yield _subjects(store, f"?x {_LABELS} ?label . FILTER(LCASE(STR(?label)) = {label})")
    folded = fold(name)
    yield {node for node, label in _labels(store, None) if fold(label) == folded}


def _node(iri: str) -> set[NamedNode]:
    try:
        return {NamedNode(iri)}
    except ValueError:  # not every text without blanks is an IRI
        return set()


def fold(name: str) -> str:
    """A name without what people type differently: case, accents, kinds of spaces and apostrophes.

    >>> fold("  Shinzō   ABE’s ")
    "shinzo abe's"
    """
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _subjects(store: GraphStore, pattern: str) -> set[NamedNode]:
    rows = select(store, f"SELECT DISTINCT ?x WHERE {{ {pattern} }}")
    return {node for row in rows if isinstance(node := row["x"], NamedNode)}


def _kept(store: GraphStore, node: NamedNode) -> NamedNode:
    rows = select(
        store,
        f"SELECT ?kept WHERE {{ {node} {DCTERMS.isReplacedBy}+ ?kept "
        f"OPTIONAL {{ ?kept {DCTERMS.isReplacedBy} ?later }} FILTER(!BOUND(?later)) }}",
    )
    kept = [found for row in rows if isinstance(found := row["kept"], NamedNode)]
    return kept[0] if kept else node


def _is_a(store: GraphStore, node: NamedNode, class_: NamedNode | None) -> bool:
    """Whether a thing is of a class; without one, whether anything is known of it."""
    pattern = f"{node} ?p ?o" if class_ is None else f"{node} a/{_SUBCLASS}* {class_}"
    answer = store.query(f"ASK {{ {pattern} }}")
    return isinstance(answer, QueryBoolean) and bool(answer)


_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


def _labels(store: GraphStore, class_: NamedNode | None) -> list[tuple[NamedNode, str]]:
    """All names of things, of a class where one is given."""
    typed = f"?x a/{_SUBCLASS}* {class_} ." if class_ is not None else ""
    rows = select(store, f"SELECT DISTINCT ?x ?label WHERE {{ {typed} ?x {_LABELS} ?label }}")
    return [
        (node, label.value)
        for row in rows
        if isinstance(node := row["x"], NamedNode) and isinstance(label := row["label"], Literal)
    ]


def _nearest(store: GraphStore, name: str, class_: NamedNode | None) -> list[str]:
    """The labels most like a name, as many as a person can choose from."""
    labels = {fold(label): label for _, label in sorted(_labels(store, class_), key=str)}
    wanted = fold(name.replace("-", " "))
    words = set(wanted.split())
    holding = [label for label in labels if words and words <= set(re.findall(r"\w+", label))]
    close = sorted(holding, key=lambda label: (len(label), label))
    close += difflib.get_close_matches(wanted, labels, n=3, cutoff=0.5)
    return [labels[label] for label in dict.fromkeys(close)][:3]
