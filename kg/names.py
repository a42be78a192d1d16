"""From what people call a thing to its IRI: an id, a label, a CURIE, a Wikidata id, an IRI."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QueryBoolean

from kg.errors import ConfigError, NotFoundError
from kg.rdf import preference
from kg.sparql.term import written
from kg.store import batches, nodes, select
from kg.vocab import DCTERMS, RDFS, SCHEMA, SKOS, WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kg.store import GraphStore

_ABSOLUTE = re.compile(r"<?([A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+)>?")
_LABELS = f"{RDFS.label}|{SKOS.altLabel}|{SCHEMA.headline}"
_KINDS = ("actor", "place", "topic", "event", "article", "claim")


def resolve(
    store: GraphStore,
    prefixes: Mapping[str, str],
    name: str,
    class_: NamedNode | None = None,
    *,
    follow: bool = True,
) -> NamedNode:
    """The thing that goes by a name, of a class where one is given; merged things lead to the kept one.

    Without `follow` what goes by an id is meant itself, whatever it was merged into.

    Raises ConfigError where several things go by the name, NotFoundError where none does.
    """
    what = curie(class_, prefixes) if class_ is not None else "thing"
    quoted = repr(name) if len(name) <= _BRIEF else f"'{brief(name)}'"
    if UNPAIRED.search(name):
        raise ConfigError(f"{brief(name)}: not Unicode")
    unfit: NamedNode | None = None
    for candidates in _candidates(store, prefixes, name):
        found = {_kept(store, node) for node in candidates} if follow else candidates
        fitting = {node for node in found if _is_a(store, node, class_)}
        if class_ is None:  # what the ontology calls so is seldom meant
            fitting = {node for node in fitting if _local(node, prefixes)} or fitting
        if len(fitting) == 1:
            return fitting.pop()
        if fitting:
            options = _options(store, prefixes, fitting)
            raise ConfigError(
                f"{quoted} is the name of several: {options}", hint="name one of them by its id"
            )
        unfit = min(found, key=str, default=None) if unfit is None else unfit
    if unfit is not None and _is_a(store, unfit, None):
        short = curie(unfit, prefixes)
        raise NotFoundError(
            f"{name} is no {what}" if name == short else f"{quoted} ({short}) is no {what}"
        )
    close = _nearest(store, prefixes, name, class_)
    hint = f"did you mean {' or '.join(close)}?" if close else None
    raise NotFoundError(f"no {what} goes by the name {quoted}", hint=hint)


def _options(store: GraphStore, prefixes: Mapping[str, str], nodes: Collection[NamedNode]) -> str:
    """Some of several things for a person to choose from, by their ids and names."""
    some = sorted(nodes, key=lambda node: curie(node, prefixes))[:_OPTIONS]
    called = labels(store, some)
    shown = [
        f"{curie(node, prefixes)} ({brief(called[node])})"
        if node in called
        else curie(node, prefixes)
        for node in some
    ]
    more = len(nodes) - len(some)
    return ", ".join(shown) + (f" and {more} more" if more else "")


_OPTIONS = 5
"""Things that are named where a name stands for more: the message is one line."""
UNPAIRED = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs: what a command line makes of bytes that are not UTF-8."""


def brief(value: str) -> str:
    """What somebody gave, as an error may repeat it: on one line, and not all of a megabyte."""
    shown = value if value.isprintable() else ascii(value)[1:-1]
    return shown if len(shown) <= _BRIEF else f"{shown[:_BRIEF]}…"


_BRIEF = 80


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
        yield nodes(store, f"?x {SKOS.exactMatch} <{WIKIDATA}{item[1]}>")
    if colon and prefix in prefixes and re.fullmatch(r"[^\s<>\"{}|\\^`]+", local):
        yield _node(prefixes[prefix] + local)
    iri = _ABSOLUTE.fullmatch(name)
    if iri and "://" in name:
        yield _node(iri[1])
    if re.fullmatch(r"[a-z]+/[A-Za-z0-9.~%_-]+", name) and name.partition("/")[0] in prefixes:
        kind, _, local = name.partition("/")
        yield _node(prefixes[kind] + local)
    if re.fullmatch(r"[A-Za-z0-9.~%_-]+", name):
        ours = set().union(*(_node(prefixes[kind] + name) for kind in _KINDS if kind in prefixes))
        known = " ".join(sorted(map(str, ours)))
        yield nodes(store, f"VALUES ?x {{ {known} }} ?x ?p ?o") if known else set()
    label = written(Literal((name.strip() or name).lower()))
    yield nodes(store, f"?x {_LABELS} ?label . FILTER(LCASE(STR(?label)) = {label})")
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
    if class_ is None:
        pattern = f"{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} UNION {{ ?s {node} ?o }}"
    else:
        pattern = f"{node} a/{RDFS.subClassOf}* {class_}"
    answer = store.query(f"ASK {{ {pattern} }}")
    return isinstance(answer, QueryBoolean) and bool(answer)


def _labels(store: GraphStore, class_: NamedNode | None) -> list[tuple[NamedNode, str]]:
    """All names of things, of a class where one is given."""
    typed = f"?x a/{RDFS.subClassOf}* {class_} ." if class_ is not None else ""
    rows = select(store, f"SELECT DISTINCT ?x ?label WHERE {{ {typed} ?x {_LABELS} ?label }}")
    return [
        (node, label.value)
        for row in rows
        if isinstance(node := row["x"], NamedNode) and isinstance(label := row["label"], Literal)
    ]


def labels(store: GraphStore, nodes: Collection[NamedNode]) -> dict[NamedNode, str]:
    """What things are called, for people to read: labels, headlines, or the text of a claim.

    Of several languages English goes first, then a label without one.
    """
    found: dict[NamedNode, str] = {}
    for naming in (RDFS.label, SCHEMA.headline, SCHEMA.text, SKOS.notation):
        best: dict[NamedNode, tuple[int, str, str]] = {}
        for values in batches(set(nodes) - found.keys()):
            # One property at a time: with a variable in its place engines look at everything.
            rows = select(
                store,
                f"SELECT DISTINCT ?x ?label WHERE {{ VALUES ?x {{ {values} }} ?x {naming} ?label }}",
            )
            for row in rows:
                node, label = row["x"], row["label"]
                if isinstance(node, NamedNode) and isinstance(label, Literal):
                    key = preference(label)
                    best[node] = min(best.get(node, key), key)
        found |= {node: key[-1] for node, key in best.items()}
    return found


def starting(
    store: GraphStore,
    prefixes: Mapping[str, str],
    beginning: str,
    class_: NamedNode | None = None,
    *,
    limit: int = 50,
) -> list[tuple[str, str]]:
    """What a person may be about to type: ids and names that start so, each with what it stands for.

    Case and accents are forgiven. Ids come first; where there are too many, the shortest are given.
    What nobody can type, such as a name with control characters, is offered by its id alone.
    """
    wanted, typed = fold(beginning), beginning.casefold()
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for node, label in _labels(store, class_):
        short = _local(node, prefixes)
        if class_ is None and not short:
            continue
        name = " ".join(label.split())
        typable = name.isprintable()
        if short and short.startswith(typed):
            ids.setdefault(short, name if typable else "")
        if wanted and typable and fold(name).startswith(wanted):
            names.setdefault(name, short or node.value)
    found = sorted(ids.items(), key=_shortest) + sorted(names.items(), key=_shortest)
    return found[:limit]


def _local(node: NamedNode, prefixes: Mapping[str, str]) -> str:
    """The id of a thing of the workspace; empty for those of the ontology and of others."""
    return next(
        (
            node.value.removeprefix(prefixes[kind])
            for kind in _KINDS
            if kind in prefixes and node.value.startswith(prefixes[kind])
        ),
        "",
    )


def _shortest(item: tuple[str, str]) -> tuple[int, str]:
    return len(item[0]), item[0]


def _nearest(
    store: GraphStore, prefixes: Mapping[str, str], name: str, class_: NamedNode | None
) -> list[str]:
    """The labels of things whose label or id is most like a name, as many as a person can choose from."""
    import difflib

    labels: dict[str, str] = {}
    for node, label in sorted(_labels(store, class_), key=str):
        local = _local(node, prefixes)
        if class_ is not None or local:
            labels[fold(label)] = label
            if local:
                labels.setdefault(fold(local.replace("-", " ")), label)
    if len(name) > _LONGEST:  # no label is like it, and to find that out takes long
        return []
    wanted = fold(name.replace("-", " "))
    words = set(wanted.split())
    holding = [label for label in labels if words and words <= set(re.findall(r"\w+", label))]
    close = sorted(holding, key=lambda label: (len(label), label))
    close += difflib.get_close_matches(wanted, labels, n=3, cutoff=0.5)
    return list(dict.fromkeys(brief(labels[label]) for label in close))[:3]


_LONGEST = 1000
