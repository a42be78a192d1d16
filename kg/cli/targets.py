"""What is named on the command line of `kg review`: claims, judgements, a thing with what it is to be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import NamedNode

    from kg.review.deciding import Desk
    from kg.store import GraphStore
    from kg.workspace import Workspace

_KEY: Final = re.compile(r"[0-9a-f]{16}")
"""A judgement as analysis.ttl names it."""
_ITEM: Final = re.compile(
    r"(?:wd:|https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/)?(Q[0-9]\S*)"
)
"""An item of Wikidata, as people write it or copy it."""
_ID: Final = re.compile(r"Q[1-9][0-9]{0,11}")
"""The ids that there may be: a thousand times as many as there are."""
_LINKED: Final = frozenset({"actor", "place", "topic", "event"})
"""What may have an item, or be one with another of its kind."""


class Target(NamedTuple):
    """A claim or a judgement by its name; with `to`, a thing and what it is to be, None for no item."""

    node: NamedNode
    relation: NamedNode | None = None
    to: NamedNode | None = None


def named(store: GraphStore, workspace: Workspace, name: str) -> Target:
    """What an id on the command line stands for."""
    from kg.names import resolve

    thing, equals, other = name.partition("=")
    if equals and "://" not in thing:
        node = resolve(store, workspace.prefixes, thing, follow=False)
        return _related(store, workspace, node, other)
    return Target(_named(workspace, name))


def _named(workspace: Workspace, name: str) -> NamedNode:
    """A claim or a judgement by its key, its CURIE or its IRI."""
    from pyoxigraph import NamedNode

    iris, prefixes = workspace.iris, workspace.prefixes
    prefix, colon, local = name.partition(":")
    kind, slash, rest = name.partition("/")
    try:
        if _KEY.fullmatch(name):
            return iris.thing("judgement", name)
        if colon and prefix in {"claim", "judgement"}:
            return NamedNode(prefixes[prefix] + local)
        if slash and kind in {"claim", "judgement"}:
            return iris.thing(kind, rest)
        if name.startswith(iris.base):
            return NamedNode(name)
    except ValueError:
        pass
    raise ConfigError(
        f"{name}: expected the id of a claim or a judgement, or THING=ITEM",
        hint="kg review --list has the ids of what waits",
    )


def _related(store: GraphStore, workspace: Workspace, thing: NamedNode, other: str) -> Target:
    """A thing with what it is to be: an item of Wikidata, any other IRI, one of our own things, none."""
    from pyoxigraph import NamedNode

    from kg.mapping.iris import wikidata
    from kg.names import brief, curie, resolve
    from kg.vocab import DCTERMS, KG, SKOS

    kind = (workspace.iris.local(thing) or ("",))[0]
    if kind not in _LINKED:
        raise ConfigError(
            f"{curie(thing, workspace.prefixes)}: only actors, places, topics and events have items"
        )
    if other == "none":
        return Target(thing, KG.absentFrom)
    item = _ITEM.fullmatch(other)
    if item and _ID.fullmatch(item[1]):
        return Target(thing, SKOS.exactMatch, wikidata(item[1]))
    if item or re.match(r"https?://[^/]*wikidata\.org(/|$)", other):
        raise ConfigError(f"{brief(other)}: is no item of Wikidata", hint="such as wd:Q17")
    if "://" in other and not other.startswith(workspace.iris.base):
        try:
            return Target(thing, SKOS.exactMatch, NamedNode(other))
        except ValueError:
            raise ConfigError(f"{other}: is no IRI") from None
    kept = resolve(store, workspace.prefixes, other, follow=False)
    kinds = [kind, (workspace.iris.local(kept) or ("",))[0]]
    if kinds[0] != kinds[1] or thing == kept:
        raise ConfigError(
            f"{other}: expected an item such as wd:Q17, another {kinds[0] or 'thing'}, or none"
        )
    return Target(thing, DCTERMS.isReplacedBy, kept)


def in_file(desk: Desk, given: Iterable[tuple[str, str]]) -> list[tuple[str, str, Target]] | None:
    """What is to be rejected or withdrawn, where nothing can be built before that; None for all else.

    What leads in a circle, or to two things at once, is found by what analysis.ttl has of it.
    """
    workspace, targets = desk.workspace, []
    for verdict, name in given:
        node = _merge_by_ids(desk, name) if "=" in name else _named(workspace, name)
        local = workspace.iris.local(node) if node is not None else None
        if node is None or local is None or local[1] not in desk.analysis.judgements:
            return None
        if verdict == "accepted":
            return None
        targets.append((verdict, name, Target(node)))
    return targets or None


def _merge_by_ids(desk: Desk, name: str) -> NamedNode | None:
    """The judgement that one thing goes into another, by what the file calls the two."""
    from kg.vocab import DCTERMS

    iris = desk.workspace.iris
    wanted = [part.strip() for part in name.split("=", 1)]
    for key, judgement in desk.analysis.judgements.items():
        ends = [iris.local(node) or ("", "") for node in (judgement.from_, judgement.to)]
        fit = [
            one in {local, f"{kind}:{local}", f"{kind}/{local}"}
            for one, (kind, local) in zip(wanted, ends, strict=True)
        ]
        if judgement.relation == DCTERMS.isReplacedBy and all(fit):
            return iris.thing("judgement", key)
    return None


def refuse_both(desk: Desk, targets: Iterable[tuple[str, str, Target]]) -> None:
    """Raise ConfigError where one thing is to be decided in two ways."""
    iris = desk.workspace.iris
    verdicts: dict[object, str] = {}
    for verdict, name, (node, relation, to) in targets:
        key: object = node
        if relation is not None and to is not None:
            same = desk.find(node, relation, to) or iris.judgement_key(node, relation, to)
            key = iris.thing("judgement", same)
        elif relation is not None:
            key = (node, relation)
        if verdicts.setdefault(key, verdict) != verdict:
            raise ConfigError(f"{name}: is to be decided in two ways", hint="choose one of them")
