"""Proposals to merge: actors, places and events of several articles that are one and the same.

Each is compared with those that are better known and share a word of its name, a date or an item:
what that costs grows with the corpus, not with its square. It is proposed to become one of them by
what the two themselves have in common, never because both are like a third. What was refused once
is not proposed again.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.analysis import Judgement
from kg.link.alike import (
    CURATED,
    ONE_ITEM,
    WHOLE,
    Account,
    events_alike,
    kinds_fit,
    named_alike,
    sort_of,
)
from kg.link.gathered import gathered_whole
from kg.link.judging import SELF, confidence
from kg.link.linking import AT_ONCE
from kg.link.naming import has_name
from kg.link.own import REGISTER, RegisterIndex, keys, local
from kg.link.scoring import resolve
from kg.link.similarity import names_alike, normal
from kg.link.things import Things, batched
from kg.moment import today
from kg.vocab import DCTERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kg.analysis import Analysis
    from kg.link.alike import Likeness, Sort
    from kg.link.gathered import Gathered
    from kg.link.thing import Thing
    from kg.store import GraphStore
    from kg.workspace import Workspace

LEAST = 0.5
"""The least score that is proposed: what is likelier to be wrong costs reviewers more than it gives."""
WORKSPACE = "workspace"
"""The name of this source: all that the articles and the register know."""
HUBS = 30
"""Things that are kept under one key to be compared with: a key that more share tells nothing."""
COMPARED = 20
"""Things that one thing is compared with."""
SURE = 0.9
"""A thing that is another as surely as this is not compared with others in its place."""
_EASE: tuple[Sort, ...] = ("person", "body", "place", "state")
"""The sorts of things, those first of which several share a name most easily."""
FEW = 2
"""Company that is too little to tell anything."""
_MARGIN = 0.1
"""How far the best must be ahead of the next to be worth all of its score."""
_AT_HAND = 2_000
"""Things whose company is at hand as a set, some 20 kB each: those that others are compared with."""
_SMALL = frozenset("a an and at by for from in of on or the to with".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """That one thing is another: which one goes, which one stays, how sure that is and why."""

    gone: Thing
    kept: Thing
    score: float
    features: Mapping[str, float]
    reason: str
    accepted: bool = False


@dataclass(slots=True)
class Merging:
    """What came of looking for what is to be merged.

    `refused` counts the proposals against which a person's decision stands, `compared` the pairs that
    were looked at.
    """

    proposals: list[Proposal] = field(default_factory=list)
    refused: int = 0
    compared: int = 0
    changed: bool = False


def suggest(
    workspace: Workspace,
    store: GraphStore,
    *,
    only: Collection[NamedNode] | None = None,
    accept: float | None = None,
    dry_run: bool = False,
    progress: Callable[[str, int], None] | None = None,
    parts: Iterable[Gathered] = (),
) -> Merging:
    """Propose which actors, places and events are the same, and write that into analysis.ttl.

    They wait for a person unless `accept` says from which score they need none. `parts` is what was
    gathered from articles that the store has not. Call it while the workspace is locked for writing,
    or with `dry_run`.
    """
    found = gathered_whole(store, workspace.iris)
    for part in parts:
        found.add(part)
    things = Things(store, workspace.iris, found=found)
    candidates = sorted(
        (thing for thing in things.all.values() if _mergeable(thing)),
        key=lambda thing: (thing.own, -thing.mentions, things.since(thing), thing.node.value),
    )
    run = _Suggesting(workspace, found, things, candidates)
    run.run(None if only is None else {node.value for node in only}, progress)
    return _written(workspace, run.analysis, run.found, WORKSPACE, accept, dry_run=dry_run)


def match(
    workspace: Workspace,
    store: GraphStore,
    *,
    only: Collection[NamedNode] | None = None,
    accept: float | None = None,
    dry_run: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> Merging:
    """Propose which entries of the register are the articles' own things, by the scorer of links."""
    things = Things(store, workspace.iris)
    index = RegisterIndex(things)
    analysis = workspace.analysis()
    text_of = workspace.text_of()
    named = set(only) if only is not None else None
    own = [thing for thing in things.named()
           if thing.own and (thing.node in named if named is not None else True)]  # fmt: skip
    entries = {iri: [local(thing)] for iri, thing in things.all.items() if not thing.own}
    found = Merging()
    left = len(own)
    for batch in batched(own, AT_ONCE):
        wanted = things.wanted(batch, text_of, entries)
        hits = index.search(list(dict.fromkeys(n for thing in batch for n in thing.names)))
        for thing, want in zip(batch, wanted, strict=True):
            left -= 1
            if progress is not None:
                progress(thing.label, left)
            items = {
                item.id: item for name in thing.names for item in hits[name]
                if kinds_fit(thing, things.all[item.iri]) is not None
                and not analysis.vetoed(thing.node, DCTERMS.isReplacedBy, NamedNode(item.iri))
            }  # fmt: skip
            found.compared += len(items)
            resolution = resolve(want, items.values())
            best = next(iter(resolution.candidates), None)
            if best is None or best.score < LEAST:
                continue
            kept = things.all[best.item.iri]
            found.proposals.append(
                Proposal(gone=thing, kept=kept, score=best.score, features=best.features,
                         reason=f"the register has {kept.label}")
            )  # fmt: skip
    return _written(workspace, analysis, found, REGISTER, accept, dry_run=dry_run)


def _written(
    workspace: Workspace,
    analysis: Analysis,
    found: Merging,
    source: str,
    accept: float | None,
    *,
    dry_run: bool,
) -> Merging:
    """Write proposals as judgements; those against which a person's decision stands are left out."""
    content = analysis.content
    day = today()
    standing = []
    for proposal in found.proposals:
        accepted = accept is not None and proposal.score >= accept
        judgement = Judgement(
            from_=proposal.gone.node,
            relation=DCTERMS.isReplacedBy,
            to=proposal.kept.node,
            confidence=confidence(proposal.score),
            status="accepted" if accepted else "proposed",
            by=SELF,
            method="string-match",
            when=day,
            features={name: round(value, 3) for name, value in proposal.features.items()},
            source=source,
            note=proposal.reason,
        )
        before = analysis.judgements.get(workspace.iris.judgement_key(*judgement.parts))
        # What one way of looking has proposed, the other does not write over: they would take turns.
        other = before is not None and before.by.is_program and before.source != source
        if other and before is not None and before.status == judgement.status:
            known = replace(proposal, score=float(before.confidence), reason=before.note or "")
            standing.append(replace(known, accepted=accepted))
        elif analysis.decide(judgement):
            standing.append(replace(proposal, accepted=accepted))
        else:
            found.refused += 1
    found.proposals = sorted(standing, key=lambda p: (-p.score, p.gone.node.value))
    if analysis.content != content and not dry_run:
        workspace.keep(analysis)
        found.changed = True
    return found


class _Suggesting:
    def __init__(
        self,
        workspace: Workspace,
        found: Gathered,
        things: Things,
        candidates: Sequence[Thing],
    ) -> None:
        self.analysis = workspace.analysis()
        self.found = Merging()
        self.things = things
        self.candidates = candidates
        self.links = found.links
        self.accounts = _accounts(found, things.all)
        self.normal = lru_cache(maxsize=_AT_HAND)(normal)
        self.numbers: dict[str, int] = {}
        self.company = {thing.node.value: self._numbered(thing) for thing in candidates}
        counts = Counter(name for company in self.company.values() for name in company)
        total = len(candidates) + 1
        self.weight = {name: math.log(total / count) for name, count in counts.items()}
        self.shares = lru_cache(maxsize=_AT_HAND)(lambda iri: frozenset(self.company[iri]))

    def _company(self, thing: Thing) -> dict[str, str]:
        """What else is named in the articles of a thing: labels by what they are compared by.

        By names, since other articles may have what they share as things of their own too.
        """
        others = (self.things.all.get(iri) for iri in sorted(self.things.company(thing)))
        own = {normal(name) for name in thing.names}
        found = {self.normal(each.label): each.label for each in others if each and has_name(each)}
        return {name: label for name, label in found.items() if name not in own}

    def _numbered(self, thing: Thing) -> array[int]:
        """The company of a thing by numbers of names: that of all things is to go into memory."""
        names = self._company(thing)
        return array("I", (self.numbers.setdefault(name, len(self.numbers)) for name in names))

    def run(self, only: set[str] | None, progress: Callable[[str, int], None] | None) -> None:
        hubs: dict[str, list[Thing]] = defaultdict(list)
        for number, thing in enumerate(self.candidates, start=1):
            if progress is not None:
                progress(thing.label, len(self.candidates) - number)
            under = sorted(self._keys(thing))
            near = Counter(hub.node.value for key in under for hub in hubs[key])
            best = sorted(near, key=lambda iri: (-near[iri], iri))[:COMPARED]
            rated = [self._rated(thing, self.things.all[iri]) for iri in best]
            proposal = self._chosen([each for each in rated if each is not None])
            if proposal is not None and (
                only is None or {thing.node.value, proposal.kept.node.value} & only
            ):
                self.found.proposals.append(proposal)
            if proposal is None or proposal.score < SURE:
                for key in under:
                    if len(hubs[key]) < HUBS:
                        hubs[key].append(thing)

    def _keys(self, thing: Thing) -> set[str]:
        """What a thing must share with another to be compared with it."""
        found = {f"{thing.type} {key}" for name in thing.names for key in keys(name)}
        found |= {f"{thing.type} ={normal(name)}" for name in thing.names}
        found |= {f"{thing.type} item {item}" for item in self.links.get(thing.node.value, ())}
        if thing.type == "event":
            account = self._account(thing)
            found |= {f"event {date} {part}" for date in account.dates for part in account.parts}
        return found - {f"{thing.type} {word}" for word in _SMALL}

    def _chosen(self, proposals: Sequence[Proposal]) -> Proposal | None:
        """The best, if it stands out: of two that are as good, nothing says which one is meant."""
        ranked = sorted(proposals, key=lambda p: (-p.score, p.kept.own, p.kept.node.value))
        if not ranked:
            return None
        best, *rest = ranked
        if rest:
            margin = best.score - rest[0].score
            chance = best.score / (best.score + rest[0].score) if margin < _MARGIN else 1.0
            best = replace(best, score=min(best.score, best.score * chance * 1.5),
                           features={**best.features, "rivals": max(margin, 0.0)})  # fmt: skip
        if best.score < LEAST:
            return None
        reason = best.reason or self._reason(best.gone, best.kept, best.features["name"])
        return replace(best, reason=reason)

    def _rated(self, gone: Thing, kept: Thing) -> Proposal | None:
        """How likely two things are one; None where they cannot be, or somebody has refused it."""
        fit = kinds_fit(gone, kept)
        if fit is None or self.analysis.vetoed(gone.node, DCTERMS.isReplacedBy, kept.node):
            return None
        self.found.compared += 1
        one, other = (self.links.get(thing.node.value, set()) for thing in (gone, kept))
        if one & other:
            name = max(names_alike(a, b) for a in gone.names for b in kept.names)
            features = {"name": name, "type": fit}
            reason = f"both are {', '.join(sorted(one & other))}"
            return Proposal(gone=gone, kept=kept, score=ONE_ITEM, features=features, reason=reason)
        if (one and other) or self._told_apart(gone, kept):
            return None
        company = self._shared(gone, kept)
        against = 0.0 if gone.own or kept.own else CURATED
        if gone.type == "event":
            accounts = (self._account(gone), self._account(kept))
            found: Likeness | None = events_alike(gone.names, kept.names, fit, accounts, against)
        else:
            sort = min(sort_of(gone), sort_of(kept), key=_EASE.index)
            found = named_alike(gone.names, kept.names, fit, company, sort, against)
        if found is None:
            return None
        return Proposal(gone=gone, kept=kept, score=found.score, features=found.features, reason="")

    def _told_apart(self, one: Thing, other: Thing) -> bool:
        """Whether an article has both, and whoever annotated it knew them for two."""
        careful = one.type == "event" or not (one.own or other.own)
        return careful and _together(one, other)

    def _account(self, event: Thing) -> Account:
        return self.accounts.get(event.node.value, Account())

    def _shared(self, one: Thing, other: Thing) -> float | None:
        """How much of the company of the one is that of the other: what is everywhere counts little.

        None where one of them keeps hardly any, and where an article has both: whoever annotated it
        has told them apart, and their company is the same.
        """
        a, b = (self.shares(thing.node.value) for thing in (one, other))
        if min(len(a), len(b)) < FEW or _together(one, other):
            return None
        parts = (a & b, a, b)
        both, *each = (math.fsum(self.weight[name] for name in part) for part in parts)
        return min(both / min(each), 1.0) if min(each) > 0 else None

    def _reason(self, gone: Thing, kept: Thing, name: float) -> str:
        one, other = (self._company(thing) for thing in (gone, kept))
        shared = sorted(
            one.keys() & other.keys(),
            key=lambda name: (-self.weight[self.numbers[name]], name),
        )
        labels = [other[name] for name in shared]
        what = "the same name" if name >= WHOLE else "like names"
        if not labels:
            return f"{what}, and nothing else in common"
        more = f" and {len(labels) - 3} more" if labels[3:] else ""
        return f"{what}; their articles share {', '.join(labels[:3])}{more}"


def _accounts(found: Gathered, known: Mapping[str, Thing]) -> dict[str, Account]:
    """When and where events were, and who took part, by the IRI of the event.

    Places and people are there by their names: each article may have its own of them.
    """

    def named(iris: Iterable[str]) -> frozenset[str]:
        return frozenset(normal(known[iri].label) if iri in known else iri for iri in iris)

    return {
        iri: Account(frozenset(told.dates), named(told.places), named(told.parts))
        for iri, told in found.accounts.items()
    }


def _mergeable(thing: Thing) -> bool:
    """Whether a thing may be one with another: events by what is told of them, all else by name."""
    return thing.type == "event" or (thing.type != "topic" and has_name(thing))


def _together(one: Thing, other: Thing) -> bool:
    """Whether an article speaks of both."""
    return bool(set(one.articles) & set(other.articles))
