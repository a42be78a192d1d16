"""From what people call a thing to its IRI: an id, a label, a CURIE, a Wikidata id, an IRI."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QueryBoolean

from kg.errors import ConfigError, NotFoundError
from kg.store import select
from kg.vocab import DCTERMS, RDFS, SCHEMA, SKOS, WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    found = {_kept(store, node) for node in _candidates(store, prefixes, name)}
    fitting = {node for node in found if class_ is None or _is_a(store, node, class_)}
    if len(fitting) == 1:
        return fitting.pop()
    what = curie(class_, prefixes) if class_ is not None else "thing"
    if fitting:
        options = ", ".join(sorted(curie(node, prefixes) for node in fitting))
        raise ConfigError(f"{name!r} is the name of several: {options}", hint="name one of them")
    if found:
        node = curie(next(iter(found)), prefixes)
        raise NotFoundError(f"{name!r} ({node}) is no {what}")
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


def _candidates(store: GraphStore, prefixes: Mapping[str, str], name: str) -> set[NamedNode]:
    """All things that might be meant, the exact forms first: an IRI or an id is never taken for a label."""
    prefix, colon, local = name.partition(":")
    item = re.fullmatch(r"(?:wd:)?(Q[1-9][0-9]*)", name)
    if item:
        linked = _subjects(store, f"?x {SKOS.exactMatch} <{WIKIDATA}{item[1]}>")
        if linked:
            return linked
    if colon and prefix in prefixes and re.fullmatch(r"[^\s<>\"{}|\\^`]+", local):
        return {NamedNode(prefixes[prefix] + local)}
    iri = _ABSOLUTE.fullmatch(name)
    if iri and "://" in name:
        return {NamedNode(iri[1])}
    if re.fullmatch(r"[a-z]+/[A-Za-z0-9.~%_-]+", name) and name.partition("/")[0] in prefixes:
        kind, _, local = name.partition("/")
        return {NamedNode(prefixes[kind] + local)}
    if re.fullmatch(r"[A-Za-z0-9.~%_-]+", name):
        nodes = [NamedNode(prefixes[kind] + name) for kind in _KINDS if kind in prefixes]
        known = " ".join(map(str, nodes))
        by_id = _subjects(store, f"VALUES ?x {{ {known} }} ?x ?p ?o") if known else set()
        if by_id:
            return by_id
    label = Literal(name.strip().lower())
    return _subjects(store, f"?x {_LABELS} ?label . FILTER(LCASE(STR(?label)) = {label})")


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


def _is_a(store: GraphStore, node: NamedNode, class_: NamedNode) -> bool:
    answer = store.query(f"ASK {{ {node} a/{_SUBCLASS}* {class_} }}")
    return isinstance(answer, QueryBoolean) and bool(answer)


_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


def _nearest(store: GraphStore, name: str, class_: NamedNode | None) -> list[str]:
    """The labels most like a name, as many as a person can choose from."""
    typed = f"?x a/{_SUBCLASS}* {class_} ." if class_ is not None else ""
    rows = select(store, f"SELECT DISTINCT ?label WHERE {{ {typed} ?x {_LABELS} ?label }}")
    labels = {
        label.value.lower(): label.value
        for row in rows
        if isinstance(label := row["label"], Literal)
    }
    close = difflib.get_close_matches(name.lower().replace("-", " "), labels, n=3, cutoff=0.5)
    return [labels[label] for label in close]
