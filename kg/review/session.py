"""A person goes through the queue: one thing at a time, one key for each decision.

The terminal is behind a protocol, so that a session needs none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from kg.analysis import called
from kg.errors import KgError
from kg.names import curie
from kg.review.page import page, relation_words, visible
from kg.review.queue import Link, Pair, Said, into, still
from kg.vocab import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import NamedNode

    from kg.review.deciding import Desk, Verdict
    from kg.review.log import Deed
    from kg.review.page import Texts
    from kg.review.queue import Item

_PARTS: Final = {"links": "Link", "merges": "Merge", "judgements": "Judgement", "claims": "Claim"}
KEYS: Final = {
    "a": "accept; of several candidates the chosen one",
    "1-9": "choose a candidate",
    "r": "reject; of several candidates the chosen one",
    "n": "none of these: it has no item",
    "A R": "accept or reject all that would go into the same thing",
    "b": "say why: goes with what is decided next",
    "s": "skip: it waits on",
    "u": "undo the last decision, of an earlier session as well",
    "o": "open the page of the item or of the article in a browser",
    "q": "quit; what was decided stays",
    "?": "show this",
}
"""The keys and what they do."""
_TOLD: Final = 3
"""Decisions of many at once that are told one by one."""
_ENDS: Final = frozenset({"q", "", "\x04"})
"""Quit: by key, because nobody is there any more, or by Ctrl-D."""


class Terminal(Protocol):
    """What a session asks of the place where it runs."""

    @property
    def width(self) -> int:
        """The characters of a line."""

    def tell(self, lines: Iterable[str]) -> None:
        """Show some lines."""

    def key(self, prompt: str) -> str:
        """The next key that is pressed; empty where there will be none."""

    def line(self, prompt: str) -> str:
        """A line that is typed."""

    def open(self, address: str) -> bool:
        """Open a page in a browser; whether that went well."""


@dataclass(slots=True)
class Session:
    """Going through some items; it counts what was decided, and what was undone of this or earlier."""

    desk: Desk
    terminal: Terminal
    texts: Texts
    items: Sequence[Item]
    decided: int = 0
    undone: int = 0
    _at: int = 0
    _chosen: int = 0
    _because: str | None = None
    _skipped: set[int] = field(default_factory=set)

    def run(self) -> None:
        """Show one item after another until all were shown, or the person quits."""
        while True:
            while self._at < len(self.items):
                item = self._now(self.items[self._at])
                if item is None:  # decided meanwhile, here or elsewhere
                    self._next()
                else:
                    self._show(item)
                    if not self._asked(item):
                        return
            if not self._undone_at_the_end():
                return

    def _undone_at_the_end(self) -> bool:
        """Whether the person goes back, now that there is nothing more to show."""
        left = len(self._skipped)
        self.terminal.tell(
            ["", f"Nothing else waits; {left} skipped." if left else "Nothing waits."]
        )
        while self.decided > self.undone:
            key = self.terminal.key("u undo  q quit")
            if key in _ENDS:
                return False
            if key == "u":
                self._undo()
                if self._at < len(self.items):
                    return True
        return False

    def _now(self, item: Item) -> Item | None:
        """An item as it waits now; None where it no longer does."""
        return now(self.desk, item)

    def _next(self) -> None:
        self._at, self._chosen, self._because = self._at + 1, 0, None

    def _show(self, item: Item) -> None:
        claim = self.desk.claim(item.node) if isinstance(item, Said) else None
        same = [i for i, other in enumerate(self.items) if other.part == item.part]
        head = f"{_PARTS[item.part]} {same.index(self._at) + 1} of {len(same)}"
        lines = page(
            item,
            self.texts,
            self.desk.workspace.prefixes,
            self.terminal.width,
            chosen=self._chosen,
            claim=claim,
        )
        rule = "─" * max(min(self.terminal.width, 80) - len(head) - 4, 0)
        self.terminal.tell(["", f"── {head} {rule}".rstrip(), "", *lines, ""])

    def _asked(self, item: Item) -> bool:
        """Do what the person wants with an item; False to quit."""
        while True:
            key = self.terminal.key(self._prompt(item))
            if key in _ENDS:
                return False
            try:
                if self._done(item, key):
                    return True
            except KgError as error:  # the next decision may go through; this one was not made
                self.terminal.tell([f"kg: error: {visible(str(error))}"])
                if error.hint:
                    self.terminal.tell([f"kg: hint: {visible(error.hint)}"])

    def _prompt(self, item: Item) -> str:
        words = ["a accept", "r reject", "n none", "s skip", "b because", "u undo", "o open"]
        if isinstance(item, Link) and len(item.choices) > 1:
            words[0] = f"a accept {self._chosen + 1}"
        if not isinstance(item, Link):
            words.remove("n none")
        if (others := len(self._group(item))) > 1:
            words.remove("o open")
            words.insert(2, f"A R all {others}")
        prompt = "  ".join([*words, "q quit", "? help"])
        short = "a r A R s b u q ?" if others > 1 else "a r n s b u o q ?"
        return prompt if len(prompt) <= self.terminal.width - 2 else short

    def _done(self, item: Item, key: str) -> bool:
        """Do what a key says; whether that leads to another page."""
        if key in {"A", "R"} and len(group := self._group(item)) > 1:
            self._decide_all(group, "accepted" if key == "A" else "rejected")
        elif key in {"a", "r"} and self._subject(item) is not None:
            self._decide(item, "accepted" if key == "a" else "rejected")
        elif key == "n" and isinstance(item, Link):
            self._told(self.desk.none(item.thing.node, self._because))
            self.decided += 1
            self._next()
        elif key == "s":
            self._skipped.add(self._at)
            self._next()
        elif key == "u":
            return self._undo()
        elif key.isdecimal() and isinstance(item, Link) and 0 < int(key) <= len(item.choices):
            self._chosen = int(key) - 1
        elif key == "b":
            self._because = " ".join(self.terminal.line("Because: ").split()) or None
            return False
        elif key == "o":
            self._open(item)
            return False
        else:
            self._help()
            return False
        return True

    def _subject(self, item: Item) -> NamedNode | None:
        """The claim or the judgement that is decided on next."""
        iris = self.desk.workspace.iris
        match item:
            case Said():
                return item.node
            case Pair():
                return iris.thing("judgement", item.key)
            case Link() if item.choices:
                return iris.thing("judgement", item.choices[self._chosen][0])
            case Link(absent=absent) if absent is not None:
                return iris.thing("judgement", absent[0])
        return None

    def _decide(self, item: Item, verdict: Verdict) -> None:
        node = self._subject(item)
        if node is None:
            return
        self._told(self.desk.decide(node, verdict, self._because))
        self.decided += 1
        if verdict == "rejected" and isinstance(item, Link) and self._now(item) is not None:
            self._chosen, self._because = 0, None  # the other candidates still wait
        else:
            self._next()

    def _group(self, item: Item) -> list[str]:
        """The keys of the merges that wait to go into the same thing as that of an item."""
        if not isinstance(item, Pair) or item.part != "merges" or item.file is not None:
            return []
        waiting = set(into(self.desk.analysis, item.judgement.to))
        return [each.key for each in self.items if isinstance(each, Pair) and each.key in waiting]

    def _decide_all(self, keys: Sequence[str], verdict: Verdict) -> None:
        """Decide on several merges at once, and show the first few."""
        deeds = self.desk.decide_all(keys, verdict, self._because)
        self._told(deeds[:_TOLD])
        if more := len(deeds[_TOLD:]):
            self.terminal.tell([f"  {verdict.capitalize()}: {more} more"])
        self.decided += 1
        self._next()

    def _undo(self) -> bool:
        deeds = self.desk.undo()
        if not deeds:
            self.terminal.tell(["There is nothing to undo."])
            return False
        self._told(deeds[:_TOLD] if len(deeds) > 2 * _TOLD else deeds, "Undone")
        if len(deeds) > 2 * _TOLD:
            self.terminal.tell([f"  Undone: {len(deeds) - _TOLD} more"])
        self.undone += 1
        about = {self._about(deed.node) for deed in deeds}
        places = [i for i, item in enumerate(self.items) if about & item.about]
        if places:
            self._at = places[0]
            self._skipped.discard(self._at)
        self._chosen, self._because = 0, None
        return True

    def _about(self, node: NamedNode) -> NamedNode:
        """The thing that a judgement is about; a claim itself."""
        kind, local = self.desk.workspace.iris.local(node) or ("", "")
        found = self.desk.analysis.judgements.get(local) if kind == "judgement" else None
        return found.from_ if found is not None else node

    def _told(self, deeds: Iterable[Deed], word: str | None = None) -> None:
        self.terminal.tell([f"  {words}" for words in told(self.desk, deeds, word)])

    def _open(self, item: Item) -> None:
        address = None
        if isinstance(item, Link) and item.choices:
            address = item.choices[self._chosen][1].to.value
        elif isinstance(item, Said):
            address = self.desk.articles.read(item.file).article.url
        if address is None or not address.startswith(("https://", "http://")):
            self.terminal.tell(["There is no page to open."])
        elif not self.terminal.open(address):
            self.terminal.tell([f"No browser opened {visible(address)}"])

    def _help(self) -> None:
        self.terminal.tell([f"  {key.ljust(4)} {words}" for key, words in KEYS.items()])


def now(desk: Desk, item: Item) -> Item | None:
    """An item as the files have it now; None where it no longer waits."""
    if isinstance(item, Said):
        claim = desk.claim(item.node)
        return item if claim is not None and claim.review is None else None
    if isinstance(item, Pair) and item.file is not None:
        return item if desk.waits(item.key) else None
    return still(item, desk.analysis)


def told(desk: Desk, deeds: Iterable[Deed], word: str | None = None) -> list[str]:
    """What became of claims and judgements, a line each."""
    prefixes = desk.workspace.prefixes
    lines = []
    for deed in deeds:
        local = desk.workspace.iris.local(deed.node)
        found = desk.analysis.judgements.get(local[1]) if local else None
        if found is None:
            what = curie(deed.node, prefixes)
        else:
            from_, to = curie(found.from_, prefixes), curie(found.to, prefixes)
            what = f"{from_} {relation_words(found.relation, prefixes)} {to}"
            if found.relation == KG.absentFrom:
                what = f"{from_} has no item in {called(found.to)}"
        because = f": {deed.because}" if deed.because else ""
        status = "waits" if deed.status == "proposed" else deed.status
        lines.append(visible(f"{word or status.capitalize()}: {what}{because}"))
    return lines
