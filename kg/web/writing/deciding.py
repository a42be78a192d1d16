"""Decisions that come over HTTP: checked against the files as they are, then written as `kg review` does.

They are made by the server process itself, one at a time; readers cannot write.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from pyoxigraph import NamedNode

from kg.build import build
from kg.errors import KgError, NotFoundError, StoreError
from kg.names import curie
from kg.note import NOTE, Note, stamp
from kg.review import log
from kg.review.opening import opened
from kg.review.queue import LINKS, into
from kg.review.session import told
from kg.status import counted
from kg.vocab import DCTERMS, KG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.analysis import Judgement
    from kg.build import Report
    from kg.review.deciding import Desk, Verdict
    from kg.workspace import Workspace

Verb = Literal["accept", "reject", "none", "accept-all", "reject-all"]
VERBS: Final[tuple[Verb, ...]] = ("accept", "reject", "none", "accept-all", "reject-all")
ALL: Final = frozenset({"accept-all", "reject-all"})
"""The verbs that decide on all merges into the same thing."""
TOLD: Final = 3
"""Decisions of many at once that are told one by one, as the terminal does."""
BECAUSE: Final = 2000
"""Characters that a reason may have."""
PATIENCE: Final = 2.0
"""Seconds that a decision waits for the workspace: most commands have it for less."""
AGAIN: Final = 0.05
T = TypeVar("T")


class Meanwhile(Exception):  # noqa: N818 - nobody did anything wrong
    """It is not as it was when the page was made: `what` has happened, and more of it in words."""

    def __init__(self, what: str, more: str) -> None:
        super().__init__(what, more)
        self.what = what
        self.more = more


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a form says: whose decision, about what, as it was when the page was made.

    `of` is the claim, the judgement or the thing of a link as `kind/local`, `key` the judgement of a
    link that the verb is about, `file` the annotation that has the judgement, where one has it.
    `group` is to all merges into the same thing what `state` is to one.
    """

    by: str
    of: str
    state: str
    verb: Verb
    key: str = ""
    file: str = ""
    group: str = ""
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of it in words, what was decided on, and whether the same thing still waits."""

    lines: list[str]
    on: str
    waits: bool = False


class Decider:
    """Writes decisions into the files of a workspace, for one thread at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._kept: tuple[list[int] | None, Desk] | None = None

    def decide(self, decision: Decision) -> Made:
        """Write a decision into the files.

        Raises Meanwhile where it is not as the page had it, StoreError where another process has
        the workspace and keeps it: then nothing was written.
        """
        return _patiently(lambda: self._decided(decision))

    def take_back(self, of: str, by: str, file: str = "", *, whole: bool = False) -> Made:
        """Have something wait again that was decided, and what had followed from that be as before.

        With `whole` that is all that was decided with it, where it was decided with others.
        """
        return _patiently(lambda: self._taken_back(of, by, file, whole))

    def rebuild(self) -> list[str]:
        """Bring the store up to date; what there is to say about that."""

        def built() -> Report:
            with self.workspace.writing() as store:
                return build(self.workspace, store)

        try:
            report = _patiently(built)
        except KgError as error:
            return [f"What was decided is in the files; the graph is not up to date: {error}"]
        lines = [str(problem) for problem in report.problems]
        if report.checked.get("Violation"):
            lines.append("What changed does not conform; kg validate says where")
        return lines

    def _decided(self, decision: Decision) -> Made:
        desk = self._desk(decision.by, decision.of, decision.file)
        node = named(self.workspace, decision.of)
        if state(desk, node) != decision.state:
            if trouble := desk.articles.trouble(node):
                raise Meanwhile(f"{trouble.what}.", sentence(trouble.hint))
            raise Meanwhile("Somebody has decided on this meanwhile.", became(desk, node))
        if decision.verb in ALL:
            return self._decided_all(desk, node, decision)
        if decision.verb == "none":
            deeds = desk.none(node, decision.because)
        else:
            verdict: Verdict = "accepted" if decision.verb == "accept" else "rejected"
            subject = node
            if decision.key:
                if decision.key not in {key for key, _ in _links(desk, node)}:
                    raise NotFoundError(f"{decision.of}: no such candidate")
                subject = self.workspace.iris.thing("judgement", decision.key)
            deeds = desk.decide(subject, verdict, decision.because)
        waits = any(judgement.status == "proposed" for _, judgement in _links(desk, node))
        return Made(
            lines=told(desk, deeds),
            on=address(self.workspace, deeds[0].node),
            waits=waits and decision.verb == "reject",
        )

    def _decided_all(self, desk: Desk, node: NamedNode, decision: Decision) -> Made:
        """Decide on all merges that wait to go into what one of them would go into."""
        keys = group(desk, node)
        if not keys:
            raise NotFoundError(f"{decision.of}: nothing would go into the same thing")
        if group_state(desk, keys) != decision.group:
            what = "What would go into the same thing has changed meanwhile."
            raise Meanwhile(what, f"{counted(len(keys), 'merge')} into it wait now.")
        verdict: Verdict = "accepted" if decision.verb == "accept-all" else "rejected"
        deeds = desk.decide_all(keys, verdict, decision.because)
        lines = _few(told(desk, deeds), verdict.capitalize())
        if left := group(desk, node):
            lines.append(f"Could not be {verdict}, and waits on: {counted(len(left), 'merge')}")
        return Made(lines=lines, on=address(self.workspace, deeds[0].node))

    def _taken_back(self, of: str, by: str, file: str, whole: bool) -> Made:
        desk = self._desk(by, of, file)
        node = named(self.workspace, of)
        entries = log.read(self.workspace)
        # As it was before where nothing has been decided since, or else it waits.
        is_last = bool(entries) and entries[-1].node == node.value
        together = _decided_with(desk, node) if whole or is_last else []
        if is_last and (whole or len(together) < 2):
            deeds = desk.undo()
        elif whole and together:
            deeds = [deed for each in together for deed in desk.withdraw(each)]
        else:
            deeds = desk.withdraw(node)
        return Made(lines=_few(told(desk, deeds, "Taken back"), "Taken back"), on=of)

    def _desk(self, by: str, of: str, file: str) -> Desk:
        """The desk for one decision; what it has read of the files stays until the next build."""
        mark = stamp(self.workspace.derived / NOTE)
        if self._kept is None or self._kept[0] != mark:
            self._kept = (mark, opened(self.workspace, Note.read(self.workspace)))
        desk = self._kept[1]
        desk.by, desk.today = by, datetime.now(UTC).date().isoformat()
        kind, _, local = of.partition("/")
        is_there = kind == "judgement" and file in desk.graphs.values()
        desk.articles.judged = {local: file} if is_there else {}
        return desk


def _few(lines: list[str], word: str) -> list[str]:
    """Lines that say what was done, the first few of many and how many more there are."""
    if len(lines) <= 2 * TOLD:
        return lines
    return [*lines[:TOLD], f"{word}: {len(lines) - TOLD:,} more"]


def group(desk: Desk, node: NamedNode) -> list[str]:
    """The keys of the merges that wait to go into what a merge would go into, it among them."""
    _, local = desk.workspace.iris.local(node) or ("", "")
    found = desk.analysis.judgements.get(local)
    if found is None or found.relation != DCTERMS.isReplacedBy:
        return []
    return into(desk.analysis, found.to)


def group_state(desk: Desk, keys: Iterable[str]) -> str:
    """What the files say of several judgements, as a few digits: they differ when that does."""
    node = desk.workspace.iris.thing
    found = [(key, state(desk, node("judgement", key))) for key in sorted(keys)]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]


def _decided_with(desk: Desk, node: NamedNode) -> list[NamedNode]:
    """The merges into the same thing that were decided in one step with one of them, it among them."""
    _, local = desk.workspace.iris.local(node) or ("", "")
    judgements = desk.analysis.judgements
    entry, found = log.last(desk.workspace, node), judgements.get(local)
    if entry is None or found is None or found.relation != DCTERMS.isReplacedBy:
        return []
    nodes = [NamedNode(act["node"]) for act in entry.acts]
    keys = [(desk.workspace.iris.local(each) or ("", ""))[1] for each in nodes]
    return [
        each
        for each, key in zip(nodes, keys, strict=True)
        if (other := judgements.get(key)) is not None
        and (other.relation, other.to, other.status) == (found.relation, found.to, found.status)
    ]


def _patiently(work: Callable[[], T]) -> T:
    """Do something that needs the workspace, again where somebody else has it for a moment.

    Readers have it too, while a snapshot is taken. What fails so has not written anything.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except StoreError:
            if time.monotonic() > end:
                raise
            time.sleep(AGAIN)


def named(workspace: Workspace, of: str) -> NamedNode:
    """The thing that `kind/local` names. Raises NotFoundError where it can be none."""
    kind, slash, local = of.partition("/")
    if not slash or not local:
        raise NotFoundError(f"{of[:80]}: nothing goes by that name")
    try:
        return workspace.iris.thing(kind, local)
    except ValueError as error:
        raise NotFoundError(f"{of[:80]}: nothing goes by that name") from error


def address(workspace: Workspace, node: NamedNode) -> str:
    """What forms and addresses call one of our things: `kind/local`."""
    return "/".join(workspace.iris.local(node) or ("", node.value))


def state(desk: Desk, node: NamedNode) -> str:
    """What the files say of something that waits, as a few digits: they differ when that does."""
    kind, local = desk.workspace.iris.local(node) or ("", "")
    found: object
    if kind == "claim":
        claim = desk.claim(node)
        review = claim.review if claim is not None else None
        found = [claim is not None, review and [review.status, review.by, str(review.when)]]
    elif kind == "judgement":
        judgement = desk.analysis.judgements.get(local)
        if judgement is not None:
            found = [judgement.status, str(judgement.by), judgement.when, str(judgement.confidence)]
        else:
            found = desk.waits(local)
    else:
        found = [
            [key, judgement.status, str(judgement.by), judgement.when]
            for key, judgement in sorted(_links(desk, node), key=lambda pair: pair[0])
        ]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]


def _links(desk: Desk, node: NamedNode) -> list[tuple[str, Judgement]]:
    """What has been judged of the items that a thing may be, or that it has none."""
    relations = LINKS | {KG.absentFrom}
    return [(key, j) for key, j in desk.analysis.about(node) if j.relation in relations]


def sentence(words: str) -> str:
    """Words with a capital and a full stop.

    >>> sentence("put it back")
    'Put it back.'
    """
    return f"{words[:1].upper()}{words[1:]}."


def is_decided(desk: Desk, node: NamedNode) -> bool:
    """Whether somebody or something has decided on what may wait."""
    kind, local = desk.workspace.iris.local(node) or ("", "")
    if kind == "claim":
        claim = desk.claim(node)
        return claim is not None and claim.review is not None
    if kind == "judgement":
        judgement = desk.analysis.judgements.get(local)
        return judgement.status != "proposed" if judgement else local in desk.articles.judged
    return any(judgement.status != "proposed" for _, judgement in _links(desk, node))


def became(desk: Desk, node: NamedNode) -> str:
    """What has become of something that does not wait any more."""
    prefixes = desk.workspace.prefixes
    kind, local = desk.workspace.iris.local(node) or ("", "")
    if kind == "claim":
        claim = desk.claim(node)
        if claim is None:
            return "the claim is no longer in its article"
        review = claim.review
        return f"{review.status} by {review.by}, {review.when}" if review else "it waits again"
    if kind == "judgement":
        judgement = desk.analysis.judgements.get(local)
        return str(judgement) if judgement is not None else "decided in its article"
    found = [f"{curie(j.to, prefixes)} {j}" for _, j in _links(desk, node)]
    return "; ".join(found) or "nothing is proposed for it any more"
