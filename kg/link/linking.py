"""Linking: look things up, judge what is found, and write that into analysis.ttl as it goes.

What a person has decided stands: their things are passed over, and an item that a person refused
is no candidate again. What a program decided is looked at again where somebody asks for it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.analysis import IDENTITY, Judgement
from kg.errors import KgError
from kg.link.finding import candidates, classed, neighbours
from kg.link.item import Item
from kg.link.judging import AUTHORITY, SELF, described
from kg.link.links import Links, id_of
from kg.link.outcome import Outcome, Report
from kg.link.proposing import Proposing
from kg.link.same import unite
from kg.link.scoring import DEFAULT_ACCEPT, resolve
from kg.link.source import Source
from kg.link.things import Things, batched
from kg.mapping.iris import escape
from kg.moment import today
from kg.vocab import KG, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kg.analysis import Analysis
    from kg.link.item import EntityIndex, Resolution, Wanted
    from kg.link.outcome import Happened
    from kg.link.thing import Thing
    from kg.store import GraphStore
    from kg.workspace import Workspace

AT_ONCE = 50
"""Things that are looked up together: as many ids as Wikidata's API takes in one request."""
EVERY = 5.0
"""Seconds after which decisions are written at the latest: so much work a power cut may cost."""


def link(
    workspace: Workspace,
    store: GraphStore,
    index: EntityIndex,
    *,
    only: Collection[NamedNode] | None = None,
    accept: float = DEFAULT_ACCEPT,
    authority: NamedNode = AUTHORITY,
    whole: bool = False,
    again: bool = False,
    dry_run: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> Report:
    """Look for the items of the workspace's things, or of `only` some, and write what was found.

    `whole` says that the index has all items of its authority, so that what it lacks has none.
    `progress` is told what was looked up, and how many things are left. Call it while the workspace
    is locked for writing, or with `dry_run`. The store stays as it is: `kg.build` brings it up to
    date. A failing source ends the run; the report says so.
    """
    source = Source.of(index, whole=whole)
    run = _Linking(workspace, store, index, source, accept, authority, dry_run=dry_run)
    return run.run(only, again=again, progress=progress)


class _Linking:
    def __init__(
        self,
        workspace: Workspace,
        store: GraphStore,
        index: EntityIndex,
        source: Source,
        accept: float,
        authority: NamedNode,
        *,
        dry_run: bool,
    ) -> None:
        self.workspace = workspace
        self.store = store
        self.index = index
        self.source = source
        self.accept = accept
        self.authority = authority
        self.dry_run = dry_run
        self.analysis: Analysis = workspace.analysis()
        self.written = self.analysis.content
        self.links = Links(store, workspace.iris)
        self.entries: set[str] = set()
        self.today = today()
        self.proposing = Proposing(
            source=source, authority=authority, accept=accept, day=self.today
        )
        self.report = Report()
        self.kept_at = time.monotonic()
        self.left = 0

    def run(
        self,
        only: Collection[NamedNode] | None,
        *,
        again: bool,
        progress: Callable[[str, int], None] | None,
    ) -> Report:
        things = Things(self.store, self.workspace.iris, only)
        self.entries = {iri for iri, thing in things.all.items() if not thing.own}
        if only is None:
            scope = things.named()
        else:
            scope = [things.all[node.value] for node in only if node.value in things.all]
        text_of = self.workspace.text_of()
        try:
            self._follow(scope)
            open_ = [thing for thing in scope if self._is_open(thing, again or only is not None,
                                                               told=only is not None)]  # fmt: skip
            self.left = len(open_)
            self._forget(open_)
            for batch in batched(open_, AT_ONCE):
                wanted = things.wanted(batch, text_of, self.links.of)
                self._batch(things, batch, wanted, progress)
            named = None if only is None else frozenset(only)
            united = unite(self.analysis, self.store, self.workspace.iris, self.today, only=named)
            self.report.merged, self.report.parted = united.pairs, united.parted
        except KgError as error:
            self.report.failure = error
        finally:
            try:
                self._keep()
            except KgError as error:  # somebody has edited the file, or the disk is full
                self.report.failure = self.report.failure or error
        return self.report

    def _is_open(self, thing: Thing, again: bool, *, told: bool) -> bool:
        """Whether a thing is to be looked for: no person has decided on it, and no program lately."""
        made = self._made(thing)
        decided = [j for j in made if not j.by.is_program and j.status == "accepted"]
        judged = {id_of(j.to) for _, j in self.analysis.about(thing.node) if j.status == "accepted"}
        stated = self.links.of.get(thing.node.value, set()) - judged
        if decided or stated:
            self.report.by_person += 1
            if told:
                self.report.outcomes.append(self._decided(thing, decided, stated))
            return False
        for judgement in [] if again else made:
            waits = judgement.by.is_program and judgement.status != "rejected"
            # That one source has none or too little tells nothing of another.
            linked = judgement.relation == SKOS.exactMatch and judgement.status == "accepted"
            if waits and (linked or judgement.source == str(self.source)):
                self.report.before += 1
                return False
        return True

    def _decided(self, thing: Thing, made: Sequence[Judgement], stated: Iterable[str]) -> Outcome:
        """What a person has decided about a thing, or stated in the register."""
        if not made:
            label, reason = ", ".join(sorted(stated)), "stated without a judgement"
            return Outcome(thing=thing, happened="decided", label=label, reason=reason)
        item = made[0].to if made[0].relation == SKOS.exactMatch else None
        labels, descriptions = self.analysis.described(made[0].to.value)
        known = Item(id="", iri="", labels=labels, descriptions=descriptions)
        languages = (thing.language, "en")
        return Outcome(
            thing=thing,
            happened="decided",
            item=item,
            label=known.label(*languages),
            description=known.description(*languages),
            reason=f"{made[0].status} by {made[0].by}"
            + (f": {made[0].note}" if made[0].note else ""),
        )

    def _forget(self, things: Iterable[Thing]) -> None:
        """Have links that are judged once more not speak for each other: the same comes out again."""
        for thing in things:
            ids = {id_of(j.to) for j in self._made(thing) if j.status == "accepted"}
            for id_ in ids:
                self.links.remove(thing.node.value, id_)

    def _made(self, thing: Thing) -> list[Judgement]:
        """What was judged of its items, or of there being none, as far as this authority goes."""
        return [
            judgement
            for _, judgement in self.analysis.about(thing.node)
            if judgement.relation in IDENTITY and self._ours(judgement.to)
        ]

    def _batch(
        self,
        things: Things,
        batch: Sequence[Thing],
        wanted: Sequence[Wanted],
        progress: Callable[[str, int], None] | None,
    ) -> None:
        """Look some things up together; what is accepted at first tells more about the others."""
        found = self._candidates(batch, wanted)
        labels = neighbours(self.index, wanted, found) if self.source.related else {}
        found = classed(found, labels)
        left: list[tuple[Thing, Wanted, dict[str, Item]]] = []
        for thing, want in zip(batch, wanted, strict=True):
            items = found[thing.node.value]
            refused = self._refused(thing)
            resolution = resolve(want, items.values(), accept=self.accept, labels=labels,
                                 refused=refused)  # fmt: skip
            free = self._free(thing, resolution)
            if resolution.nil is None and resolution.candidates[0].item in free:
                self._record(thing, resolution, items, progress)
            else:
                left.append((thing, want, items))
        for thing, want, items in left:
            others = {item for iri in things.company(thing) for item in self.links.of.get(iri, ())}
            want = replace(want, others=frozenset(others))
            refused = self._refused(thing)
            resolution = resolve(want, items.values(), accept=self.accept, labels=labels,
                                 refused=refused)  # fmt: skip
            free = self._free(thing, resolution)
            if len(free) < len(resolution.candidates):
                resolution = resolve(want, free, accept=self.accept, labels=labels,
                                     refused=refused)  # fmt: skip
            self._record(thing, resolution, items, progress)

    def _free(self, thing: Thing, resolution: Resolution) -> list[Item]:
        """The candidates that are no other entry's, if one of these bears the name as well.

        Two entries of the register are two things. Where nothing else bears the name, though, they
        may be one that was entered twice, and the link will tell.
        """

        def taken(item: str) -> bool:
            others = self.links.holders.get(item, set()) - {thing.node.value}
            return any(iri in self.entries for iri in others)

        free = [each for each in resolution.candidates if not taken(each.item.id)]
        best = max((each.features["name"] for each in resolution.candidates), default=0.0)
        borne = not thing.own and any(each.features["name"] >= best for each in free)
        return [each.item for each in (free if borne else resolution.candidates)]

    def _candidates(
        self, batch: Sequence[Thing], wanted: Sequence[Wanted]
    ) -> dict[str, dict[str, Item]]:
        """The items that each thing may be, by their ids: found by name, or linked by a program before."""
        before = {
            thing.node.value: {
                id_of(j.to) for j in self._made(thing) if j.relation == SKOS.exactMatch
            }
            for thing in batch
        }
        found = candidates(self.index, wanted, before)
        refused = {thing.node.value: self._refused(thing) for thing in batch}
        return {
            iri: {id_: item for id_, item in items.items() if item.id not in refused[iri]}
            for iri, items in found.items()
        }

    def _refused(self, thing: Thing) -> list[str]:
        """The ids of the items that a person has refused for a thing."""
        return [
            id_of(judgement.to)
            for judgement in self._made(thing)
            if judgement.relation == SKOS.exactMatch
            and judgement.status == "rejected"
            and not judgement.by.is_program
        ]

    def _record(
        self,
        thing: Thing,
        resolution: Resolution,
        items: Mapping[str, Item],
        progress: Callable[[str, int], None] | None,
    ) -> None:
        """Write what came of one thing, unless it says what was written before."""
        self.left -= 1
        if progress is not None:
            progress(thing.label, self.left)
        made = [j for j in self._made(thing) if j.by.is_program and j.status != "rejected"]
        lost = [
            j for j in made if j.status == "accepted" and j.relation == SKOS.exactMatch
            and id_of(j.to) not in items
        ]  # fmt: skip
        if lost:
            self.report.outcomes.append(
                Outcome(
                    thing=thing,
                    happened="kept",
                    item=lost[0].to,
                    score=float(lost[0].confidence),
                    reason=f"{self.index.source} does not have its item",
                )
            )
            return
        new = self.proposing.judgements(thing, resolution, refused=bool(self._refused(thing)))
        elsewhere = [j for j in made if j.relation == KG.absentFrom and j.status == "accepted"
                     and j.source != str(self.source)]  # fmt: skip
        if elsewhere and not self.source.whole and all(j.relation == KG.absentFrom for j in new):
            reason = f"{elsewhere[0].source} has no item for it"
            self.report.outcomes.append(Outcome(thing=thing, happened="kept", reason=reason))
            return
        keys = {j.parts for j in new}
        for old in made:
            if old.parts not in keys and self._outdated(old, new, items):
                self.analysis.decide(
                    replace(old, status="rejected", confidence=Decimal(0), when=self.today, by=SELF,
                            note="a later look-up does not find this", changes=())
                )  # fmt: skip
        written = [judgement for judgement in new if self.analysis.decide(judgement)]
        if new and not written:
            self.report.outcomes.append(self._against(thing))
            return
        if written:
            self._describe_source()
        self._tell(thing, resolution, written)
        self._keep(unless_lately=True)

    def _outdated(
        self, old: Judgement, new: Sequence[Judgement], items: Mapping[str, Item]
    ) -> bool:
        """Whether what is found now counts for more than a judgement: another source may know less."""
        if old.source == str(self.source) or self.source.whole or id_of(old.to) in items:
            return True
        return bool(new) and (old.relation == KG.absentFrom or new[0].status == "accepted")

    def _against(self, thing: Thing) -> Outcome:
        """What to say of a thing for which a person's decision stands against all that was found."""
        people = [str(j.by) for j in self._made(thing) if not j.by.is_program]
        names = " and ".join(dict.fromkeys(people))
        return Outcome(thing=thing, happened="kept", reason=f"kept as decided by {names}")

    def _describe_source(self) -> None:
        """Say in the file of which day an index is, and what it holds."""
        if self.source.day is not None:
            node = self.workspace.iris.thing("source", escape(str(self.source)))
            told = f"an index of {self.source.told}, as of {self.source.day}"
            self.analysis.describe(node.value, {"en": self.source.shown}, {"en": told})

    def _tell(self, thing: Thing, resolution: Resolution, made: Sequence[Judgement]) -> None:
        """Describe the items in the file, remember the link for the others, and report."""
        languages = tuple(dict.fromkeys((thing.language, "en")))
        items = {candidate.item.iri: candidate.item for candidate in resolution.candidates}
        for judgement in made:
            item = items.get(judgement.to.value)
            if item is not None:
                self.analysis.describe(item.iri, *described(item, languages))
        best = next((j for j in made if j.relation == SKOS.exactMatch), None)
        absent = next((j for j in made if j.relation == KG.absentFrom), None)
        if best is not None and best.status == "accepted":
            self.links.add(thing.node.value, items[best.to.value].id)
        happened: Happened = "proposed" if best is not None else "open"
        if best is not None and best.status == "accepted":
            happened = "accepted"
        elif absent is not None:
            happened = "absent" if absent.status == "accepted" else "open"
        shown = items[best.to.value] if best is not None else None
        # Where it is likelier that there is none, the reason says so; no item is put forward.
        shown = shown if happened in {"accepted", "proposed"} else None
        of = best if shown is not None else absent
        self.report.outcomes.append(
            Outcome(
                thing=thing,
                happened=happened,
                item=NamedNode(shown.iri) if shown is not None else None,
                label=shown.label(*languages) if shown is not None else "",
                description=shown.description(*languages) if shown is not None else "",
                score=float(of.confidence) if of is not None else 0.0,
                reason=(resolution.nil or "")
                if shown
                else self.proposing.reason(thing, resolution),
                candidates=resolution.candidates,
            )
        )

    def _follow(self, scope: Iterable[Thing]) -> None:
        """Follow items that were merged into others, and note those that are gone."""
        accepted = [
            (thing, judgement)
            for thing in scope
            for judgement in self._made(thing)
            if judgement.relation == SKOS.exactMatch and judgement.status == "accepted"
        ]  # fmt: skip
        known = self.index.items(sorted({id_of(judgement.to) for _, judgement in accepted}))
        for thing, judgement in accepted:
            id_ = id_of(judgement.to)
            item = known.get(id_)
            if item is None:
                self.report.gone.append((thing, judgement.to))
            elif item.id != id_:
                self._move(thing, judgement, item)

    def _move(self, thing: Thing, old: Judgement, item: Item) -> None:
        """Put the item that another was merged into in its place, unless a person has to say so."""
        new = NamedNode(item.iri)
        merged = f"{id_of(old.to)} was merged into {item.id}"
        if not old.by.is_program:
            self.report.redirected.append(
                (thing, old.to, new, f"{old.by} decided on {id_of(old.to)}")
            )
            return
        refusal = next(
            (j for j in self._made(thing)
             if j.to == new and j.status == "rejected" and not j.by.is_program), None
        )  # fmt: skip
        changed = replace(old, when=self.today, by=SELF, source=str(self.source))
        self.links.remove(thing.node.value, id_of(old.to))
        if refusal is not None:
            why = f"{refusal.by} refused {item.id}"
            note = f"{merged}, but {why}"
            self.analysis.decide(replace(changed, status="proposed", note=note))
            self.report.redirected.append((thing, old.to, new, why))
            return
        note = f"{SELF} followed the item: {merged}"
        there = {j.to for j in self._made(thing) if j.status == "accepted"}
        self.analysis.decide(replace(changed, status="rejected", confidence=Decimal(0), note=note))
        if new not in there:
            self.analysis.decide(replace(changed, to=new, note=note, changes=()))
        languages = tuple(dict.fromkeys((thing.language, "en")))
        self.analysis.describe(item.iri, *described(item, languages))
        self.links.add(thing.node.value, item.id)
        self.report.moved.append((thing, old.to, new))

    def _ours(self, item: NamedNode) -> bool:
        """Whether an item is of the authority that is asked."""
        return item.value.startswith(self.authority.value)

    def _keep(self, *, unless_lately: bool = False) -> None:
        """Write what has been decided so far."""
        if self.dry_run or (unless_lately and time.monotonic() - self.kept_at < EVERY):
            return
        if self.analysis.content != self.written:
            self.workspace.keep(self.analysis)
            self.written = self.analysis.content
            self.report.changed = True
        self.kept_at = time.monotonic()
