"""What a person decides, written into the text files at once: a killed program loses no decision.

Links, merges and relations go through `kg.analysis`; what is decided on a claim, or on a judgement
that an annotation has, is written into the annotation, where every other byte stays.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from kg.analysis import BOTH_WAYS, Judge, Judgement, instead
from kg.errors import InputError, NotFoundError
from kg.files import read_file, write_file
from kg.link.same import parted, resting
from kg.names import curie
from kg.note import stamp
from kg.register import add_entry
from kg.review import log
from kg.review.log import Act, Deed
from kg.review.merging import displaced, refuse_unlike
from kg.review.queue import LINKS
from kg.vocab import DCTERMS, KG, SKOS
from kg.workspace import ANALYSIS, ENTITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kg.analysis import Analysis
    from kg.model import Claim
    from kg.review.annotations import Annotations
    from kg.workspace import Workspace

Verdict = Literal["accepted", "rejected"]
WIKIDATA_SITE: Final = NamedNode("http://www.wikidata.org/")
"""The authority for things to which nobody has proposed an item."""
_ENTRY: Final = "its entry in the register"
"""Why a thing of an article goes into an entry: another one is to go into it."""


@dataclass(slots=True)
class Desk:
    """Where one person decides, on what is in some annotations and in analysis.ttl.

    `graphs` has the file of each graph; `ids` are those that things and claims of articles have.
    """

    workspace: Workspace
    by: str
    today: str
    articles: Annotations
    graphs: Mapping[str, str] = field(default_factory=dict)
    ids: Collection[str] = ()
    _analysis: tuple[list[int] | None, Analysis] | None = None
    _held: bool = False

    @property
    def analysis(self) -> Analysis:
        """The judgements as analysis.ttl has them now."""
        found = stamp(self.workspace.root / ANALYSIS)
        if self._analysis is None or found != self._analysis[0]:
            self._analysis = (found, self.workspace.analysis())
        return self._analysis[1]

    def decide(self, node: NamedNode, verdict: Verdict, because: str | None = None) -> list[Deed]:
        """Accept or reject a claim or a judgement; what else that decides is among what is returned.

        To accept an item for a thing is to reject the others that were proposed for it. Raises
        NotFoundError where there is no such claim or judgement.
        """
        kind, local = self.workspace.iris.local(node) or ("", "")
        with self.workspace.locked():
            if kind == "claim":
                review = {"status": verdict, "by": self.by, "when": self.today}
                acts = [self._review(node, review | _reason(because))]
                return log.note(
                    self.workspace, acts + (self._moot(node) if verdict == "rejected" else [])
                )
            found = self.analysis.judgements.get(local) if kind == "judgement" else None
            if found is not None:
                return log.note(self.workspace, self._judged(found, verdict, because))
            if kind == "judgement" and local in self.articles.judged:
                return log.note(
                    self.workspace, [self._in_annotation(node, local, verdict, because)]
                )
        raise self.articles.unknown(node)

    def decide_all(
        self, keys: Collection[str], verdict: Verdict, because: str | None = None
    ) -> list[Deed]:
        """Accept or reject some judgements of analysis.ttl at once, as one decision to take back.

        What cannot be accepted is left out, as what two entries of unlike kinds are; raises
        InputError where that is all of it.
        """
        acts: list[Act] = []
        failed: list[InputError] = []
        with self.workspace.locked(), self._at_once():
            for key in keys:
                try:
                    acts += self._judged(self.analysis.judgements[key], verdict, because)
                except InputError as error:
                    failed.append(error)
        if failed and not acts:
            raise failed[0]
        return log.note(self.workspace, acts) if acts else []

    def relate(
        self,
        from_: NamedNode,
        relation: NamedNode,
        to: NamedNode,
        verdict: Verdict,
        because: str | None = None,
    ) -> list[Deed]:
        """Decide that two things stand in a relation, or do not, whether or not that was proposed."""
        with self.workspace.locked():
            found = self.find(from_, relation, to, either_way=verdict == "rejected")
            if found is not None:
                return log.note(
                    self.workspace, self._judged(self.analysis.judgements[found], verdict, because)
                )
            new = Judgement(
                from_=from_,
                relation=relation,
                to=to,
                confidence=Decimal(0),
                status="proposed",
                by=Judge(name=self.by),
                method="review",
                when=self.today,
            )
            return log.note(self.workspace, self._judged(new, verdict, because))

    def find(
        self, from_: NamedNode, relation: NamedNode, to: NamedNode, *, either_way: bool = False
    ) -> str | None:
        """The key of the judgement that two things stand in a relation; None where there is none.

        With `either_way` it may be about them the other way round, where that says the same.
        """
        ways = [(from_, relation, to)]
        if either_way and relation in BOTH_WAYS:
            ways.append((to, relation, from_))
        return next(
            (
                key
                for parts in ways
                for key, judgement in self.analysis.about(parts[0])
                if judgement.parts == parts
            ),
            None,
        )

    def absent(self, thing: NamedNode) -> str | None:
        """The key of the judgement that a thing has no item; None where there is none."""
        judged = self.analysis.about(thing)
        return next((key for key, j in judged if j.relation == KG.absentFrom), None)

    def none(self, thing: NamedNode, because: str | None = None) -> list[Deed]:
        """Decide that a thing has no item: none of those proposed for it, and no other there."""
        proposed = [j.to for _, j in self.analysis.about(thing) if j.relation in LINKS]
        absent = [j.to for _, j in self.analysis.about(thing) if j.relation == KG.absentFrom]
        site = absent[0] if absent else WIKIDATA_SITE
        if not absent and proposed:
            parts = urlsplit(proposed[0].value)
            site = NamedNode(f"{parts.scheme}://{parts.netloc}/")
        return self.relate(thing, KG.absentFrom, site, "accepted", because)

    def merge(
        self, gone: NamedNode, kept: NamedNode, verdict: Verdict, because: str | None = None
    ) -> list[Deed]:
        """Decide that one of our things is another, which stays, or is not."""
        return self.relate(gone, DCTERMS.isReplacedBy, kept, verdict, because)

    def withdraw(self, node: NamedNode, because: str | None = None) -> list[Deed]:
        """Take back what was decided on a claim or a judgement: it waits again.

        What a person decides in place of a program is accepted again where that had accepted it,
        and so becomes again what it was what was decided because something had been accepted.
        """
        kind, local = self.workspace.iris.local(node) or ("", "")
        with self.workspace.locked():
            if kind == "claim":
                return [self._review(node, None).deed]
            if kind == "judgement" and local in self.analysis.judgements:
                found = self.analysis.judgements[local]
                followed = self._followed(node, found)
                self._withdraw(local, displaced(found), because)
                status = self.analysis.judgements[local].status
                deeds = [Deed(node, status, because)]
                for key, was in followed:
                    self._withdraw(key, was, None)
                    status = self.analysis.judgements[key].status
                    deeds.append(Deed(self.workspace.iris.thing("judgement", key), status))
                log.forget(self.workspace, node)
                if self.analysis.judgements[local].status != "accepted":
                    deeds += [act.deed for act in self._made(self._parted([found]))]
                return deeds
        raise self.articles.unknown(node)

    def undo(self) -> list[Deed]:
        """Take back the last decision that has not been taken back; nothing where there is none."""
        with self.workspace.locked():
            entries = log.read(self.workspace)
            deeds: list[Deed] = []
            if entries:
                with self._at_once():
                    for act in entries[-1].acts:  # what was decided goes before what followed
                        node, was = NamedNode(act["node"]), act["was"]
                        with contextlib.suppress(NotFoundError):  # taken away by hand since
                            deeds.append(self._undone(node, was))
                log.replace(self.workspace, entries[:-1])
        return deeds

    def claim(self, node: NamedNode) -> Claim | None:
        """A claim as its annotation has it; None where that has none of this name, or cannot be read."""
        try:
            _, annotation, i = self.articles.claim(node)
        except InputError:
            return None
        return annotation.claims[i]

    def waits(self, key: str) -> bool:
        """Whether a judgement that an annotation has is still to be decided."""
        try:
            _, annotation, i = self.articles.judgement(key)
        except InputError:
            return False
        return annotation.judgements[i].status == "proposed"

    def _judged(self, found: Judgement, verdict: Verdict, because: str | None) -> list[Act]:
        """Decide on a judgement of analysis.ttl, and reject what cannot hold beside it."""
        decisions = [self._decision(found, verdict, because)]
        if verdict == "accepted":
            refuse_unlike(found, self.analysis, self.articles, self.workspace.prefixes)
            rivals = self._rivals(found)
            decisions += [self._decision(o, "rejected", self._instead(found)) for o in rivals]
            entry = self._entered(found) if found.relation == DCTERMS.isReplacedBy else None
            if entry is not None:
                decisions.append(self._decision(entry, "accepted", _ENTRY))
        return self._made(
            decisions + self._parted([each for each in decisions if each.status == "rejected"])
        )

    def _parted(self, links: Sequence[Judgement]) -> list[Judgement]:
        """The merges that a program made because of links which no longer stand: they wait now."""
        gone = [link for link in links if link.relation == SKOS.exactMatch]
        return [parted(merge, self.today) for merge in resting(self.analysis, gone)]

    def _instead(self, found: Judgement) -> str:
        return instead(found, curie(found.to, self.workspace.prefixes))

    def _moot(self, claim: NamedNode) -> list[Act]:
        """Reject what was judged of a claim that was rejected."""
        gone = f"{curie(claim, self.workspace.prefixes)} was rejected"
        decisions = [
            self._decision(judgement, "rejected", gone)
            for judgement in self.analysis.judgements.values()
            if claim in {judgement.from_, judgement.to} and judgement.status != "rejected"
        ]
        return self._made(decisions) if decisions else []

    def _made(self, decisions: Sequence[Judgement]) -> list[Act]:
        """Write some decisions to analysis.ttl; what there was before goes with each."""
        before = {
            judgement.parts: _as_it_was(judgement)
            for decision in decisions
            for _, judgement in self.analysis.about(decision.from_)
            if judgement.parts == decision.parts
        }
        self._keep(decisions)
        return [Act(Deed(self._node(d), d.status, d.note), before.get(d.parts)) for d in decisions]

    def _rivals(self, found: Judgement) -> list[Judgement]:
        """What is said of the same thing, by programs or people, and cannot hold beside a judgement.

        That a thing may be another one as well is left open: the other two may be one in turn.
        """
        if found.relation == SKOS.exactMatch:
            relations = {SKOS.exactMatch, KG.absentFrom}
        elif found.relation == KG.absentFrom:
            relations = {KG.absentFrom, *LINKS}
        elif found.relation == DCTERMS.isReplacedBy:
            relations = {DCTERMS.isReplacedBy}
        else:
            return []
        ours = found.relation == DCTERMS.isReplacedBy
        return [
            other
            for _, other in self.analysis.about(found.from_)
            if other.parts != found.parts
            and other.relation in relations
            and (
                other.status == "accepted"
                if ours
                else other.status != "rejected" and _host(other.to) == _host(found.to)
            )
        ]

    def _entered(self, merge: Judgement) -> Judgement | None:
        """That what stays of a merge is a new entry of the register; None where it is in there.

        What several articles share is in the register: a thing of one article alone has no place
        that another could refer to.
        """
        iris = self.workspace.iris
        type_, local = iris.local(merge.to) or ("", "")
        if local in self.articles.register.kinds:
            return None
        if self.analysis.decided(merge.to, DCTERMS.isReplacedBy) is not None:
            return None
        key, _, id_ = local.partition("-")
        annotation = self.articles.of_text(key)
        things = annotation.things if annotation is not None else ()
        thing = next((thing for thing in things if thing.id == id_ and thing.type == type_), None)
        if annotation is None or thing is None:
            raise self.articles.unknown(merge.to)
        file = self.workspace.root / ENTITIES
        content, entry = add_entry(
            read_file(file, ENTITIES) if file.exists() else b"",
            iris,
            thing.type,
            thing.kind,
            thing.label,
            thing.alt,
            language=annotation.language or annotation.article.language or "en",
            taken=self.ids,
        )
        write_file(file, content)  # an entry that nothing names yet is no harm
        return replace(merge, from_=merge.to, to=iris.thing(type_, entry), features={})

    def _decision(self, found: Judgement, verdict: Verdict, because: str | None) -> Judgement:
        """A judgement as this person has it; a person is as sure as one can be."""
        return replace(
            found,
            status=verdict,
            confidence=Decimal(verdict == "accepted"),
            by=Judge(name=self.by),
            method="review",
            when=self.today,
            source=None,
            note=because,
        )

    def _keep(self, decisions: Sequence[Judgement]) -> None:
        """Write some decisions to analysis.ttl, all or none."""
        with self._writing() as analysis:
            for decision in decisions:
                analysis.decide(decision)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Analysis]:
        """The judgements to change, and to write unless more is to be changed at once."""
        analysis = self.analysis
        if self._held:
            yield analysis
            return
        try:
            yield analysis
            self.workspace.keep(analysis)
        except BaseException:
            self._analysis = None  # it has what the file does not have
            raise
        self._analysis = (stamp(self.workspace.root / ANALYSIS), analysis)

    @contextlib.contextmanager
    def _at_once(self) -> Iterator[None]:
        """Have several decisions written together: the file of a large workspace takes its time."""
        with self._writing():
            self._held = True
            try:
                yield
            finally:
                self._held = False

    def _withdraw(self, key: str, was: Mapping[str, Any] | None, because: str | None) -> None:
        """Have a judgement wait again, or be as decided as it `was`."""
        with self._writing() as analysis:
            analysis.withdraw(key, Judge(name=self.by), self.today, because)
            if was is not None and was["status"] != "proposed":
                analysis.decide(
                    replace(
                        analysis.judgements[key],
                        status=was["status"],
                        confidence=Decimal(was["confidence"]),
                        by=Judge(name=was["by"], version=was["version"]),
                        method=was["method"] or analysis.judgements[key].method,
                        when=self.today,
                        note=was["note"],
                    )
                )

    def _followed(
        self, node: NamedNode, accepted: Judgement
    ) -> list[tuple[str, dict[str, Any] | None]]:
        """What was decided because a judgement was accepted, with what there was before, if known."""
        if accepted.status != "accepted":
            return []
        entry, why = log.last(self.workspace, node), self._instead(accepted)
        found = [
            key
            for key, other in self.analysis.about(accepted.from_)
            if (other.status, other.note, other.by) == ("rejected", why, accepted.by)
        ]
        found += [
            key
            for key, other in self.analysis.about(accepted.to)
            if (other.status, other.note, other.by) == ("accepted", _ENTRY, accepted.by)
        ]
        names = {key: self.workspace.iris.thing("judgement", key).value for key in found}
        return [(key, entry.was(name) if entry else None) for key, name in names.items()]

    def _node(self, judgement: Judgement) -> NamedNode:
        key = self.workspace.iris.judgement_key(*judgement.parts)
        for found, other in self.analysis.about(judgement.from_):
            if other.parts == judgement.parts:
                key = found
        return self.workspace.iris.thing("judgement", key)

    def _review(self, node: NamedNode, review: dict[str, str] | None) -> Act:
        """Give a claim a review, or take it away."""
        name, annotation, i = self.articles.claim(node)
        earlier = annotation.claims[i].review
        was = None
        if earlier is not None:
            was = {"status": earlier.status, "by": earlier.by, "when": str(earlier.when)}
            was |= _reason(earlier.because)
        self.articles.edit(name, ("claims", i), {"review": review})
        status = review["status"] if review else "proposed"
        return Act(Deed(node, status, review.get("because") if review else None), was)

    def _in_annotation(
        self, node: NamedNode, key: str, verdict: Verdict, because: str | None
    ) -> Act:
        """Decide on a judgement that an annotation has."""
        name, annotation, i = self.articles.judgement(key)
        found = annotation.judgements[i]
        was = {
            "confidence": str(found.confidence),
            "status": found.status,
            "when": str(found.when),
            "by": found.by,
            "method": found.method,
            "note": found.note,
        }
        values: dict[str, Any] = {
            "confidence": int(verdict == "accepted"),
            "status": verdict,
            "when": self.today,
            "by": self.by,
            "method": "review",
            "note": because,
        }
        self.articles.edit(name, ("judgements", i), values)
        return Act(Deed(node, verdict, because), was)

    def _undone(self, node: NamedNode, was: dict[str, Any] | None) -> Deed:
        """Put one thing back as it was before a decision."""
        kind, local = self.workspace.iris.local(node) or ("", "")
        if kind == "claim":
            return self._review(node, was).deed
        if local in self.analysis.judgements:
            self._withdraw(local, was, None)
        elif local in self.articles.judged and was is not None:
            values = was | {"confidence": Decimal(was["confidence"])}
            name, _, i = self.articles.judgement(local)
            self.articles.edit(name, ("judgements", i), values)
        else:
            raise self.articles.unknown(node)
        return Deed(node, was["status"] if was else "proposed")


def _as_it_was(judgement: Judgement) -> dict[str, Any]:
    return {
        "status": judgement.status,
        "confidence": str(judgement.confidence),
        "by": judgement.by.name,
        "version": judgement.by.version,
        "method": judgement.method,
        "note": judgement.note,
    }


def _reason(because: str | None) -> dict[str, str]:
    return {"because": because} if because else {}


def _host(node: NamedNode) -> str:
    """Who gives an item its IRI."""
    return urlsplit(node.value).netloc
