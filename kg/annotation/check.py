"""What the form alone does not say: offsets, quotations, references, and what may not go in circles."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, get_args

from kg.model import (
    ActorKind,
    Annotation,
    Article,
    Claim,
    EventKind,
    Hash,
    Judgement,
    Kind,
    Mention,
    Part,
    Passage,
    Place,
    Quantity,
    Quote,
    Ref,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from kg.model import Text
    from kg.source import Path

Fault = tuple["Path", str, str | None]
M = TypeVar("M", Part, Mention)

QUOTE_LIMIT = 60
"""Characters that a graph may quote (shape passage-quote): names and signal words, never sentences."""

TEXT_LIMIT = 300
"""Characters of a paraphrase (shape claim-text)."""

_NUMBERS = {
    "exactly": "value",
    "about": "value",
    "at-least": "min",
    "more-than": "min",
    "at-most": "max",
    "less-than": "max",
}

KINDS: dict[str, tuple[str | None, ...]] = {
    "actor": get_args(ActorKind),
    "place": (None,),
    "topic": (None,),
    "event": get_args(EventKind),
}
"""What kinds the things of each type have."""

_FIGURES = 30
"""Decimal digits on either side of the point that a quantity may have; nothing in the news needs more."""


def complete(
    annotation: Annotation,
    find_text: Callable[[Text], str | None],
    kinds: Mapping[str, str],
    own: set[str],
) -> tuple[Annotation, list[Fault]]:
    """The annotation with quotations located and proofs filled in, and all that is wrong with it.

    `own` has the ids of the file's claims and things, those included that are not in `annotation`
    because they are misshapen.
    """
    check = _Check(annotation, find_text(annotation.text), kinds, own)
    return check.run(), check.faults


class _Check:
    def __init__(
        self, annotation: Annotation, text: str | None, kinds: Mapping[str, str], own: set[str]
    ) -> None:
        self.annotation = annotation
        self.text = text
        self.length = annotation.text.length if text is None else len(text)
        self.kinds = kinds
        self.own = own
        self.local: dict[str, str] = {str(t.id): t.type for t in annotation.things}
        self.local |= {str(claim.id): "claim" for claim in annotation.claims}
        self.faults: list[Fault] = []
        self.quoted: dict[Span, Path] = {}  # passages whose words go into the graph
        self.named: set[Span] = set()  # sources, whose words go there if they are few
        self.used: dict[Span, Path] = {}
        self.shown: set[Span] = set()  # further passages whose words the file gives

    def run(self) -> Annotation:
        text = self._text()
        article = self._article(text)
        self._ids()
        annotation = replace(self.annotation, text=text, article=article)
        annotation = replace(
            annotation,
            parts=self._marked("parts", annotation.parts),
            mentions=self._marked("mentions", annotation.mentions, words=True),
            claims=tuple([self._claim(i, claim) for i, claim in enumerate(annotation.claims)]),
        )
        for i, mention in enumerate(annotation.mentions):
            self._refer(mention.of, ("mentions", i, "of"), "actor", "place", "topic", "event")
        self._events()
        judgements = self._judgements()
        self._circles()
        return replace(annotation, judgements=judgements, passages=self._passages())

    def _fault(self, path: Path, message: str, hint: str | None = None) -> None:
        self.faults.append((path, message, hint))

    def _text(self) -> Text:
        given = self.annotation.text
        if self.text is None:
            if given.sha256 is None or given.length is None:
                self._fault(
                    ("text",),
                    f"the text {given.file!r} is not at hand, and sha256 and length are not both given",
                    "put the text beside the annotation, or name its folder with --texts",
                )
            return given
        sha256 = Hash(hashlib.sha256(self.text.encode()).hexdigest())
        if given.sha256 not in {None, sha256}:
            self._fault(
                ("text", "sha256"),
                f"the text has the SHA-256 {sha256[:12]}…, not {str(given.sha256)[:12]}…",
                "the annotation was made for another copy of the text",
            )
        if given.length not in {None, self.length}:
            self._fault(
                ("text", "length"),
                f"the text has {self.length} characters, not {given.length}",
                "count code points, not bytes",
            )
        return replace(given, sha256=sha256, length=self.length)

    def _article(self, text: Text) -> Article:
        article = self.annotation.article
        seen = {str(text.sha256)[:12]}
        for i, other in enumerate(article.other_texts):
            path: Path = ("article", "other_texts", i)
            if other.sha256 is None or other.length is None:
                self._fault(path, "sha256 and length are needed: this text is never at hand")
            elif other.sha256[:12] in seen:
                self._fault(path, "this copy of the text is listed already")
            seen.add(str(other.sha256)[:12])
        self._refer_all(article.author, ("article", "author"), "actor")
        self._refer_all(article.publisher, ("article", "publisher"), "actor")
        # The id that the article has anyway says nothing, and a graph would not give it back.
        return replace(article, id=None) if article.id == str(text.sha256)[:12] else article

    def _ids(self) -> None:
        things = [("things", i, thing.id) for i, thing in enumerate(self.annotation.things)]
        claims = [("claims", i, claim.id) for i, claim in enumerate(self.annotation.claims)]
        seen: set[str] = set()
        for section, i, id_ in things + claims:
            if id_ in seen:
                self._fault((section, i, "id"), f"the id {id_} is given twice")
            if id_ in self.kinds:
                self._fault(
                    (section, i, "id"),
                    f"the id {id_} is that of {_a(self.kinds[id_])} in the register",
                    "choose another, or refer to the register's entry",
                )
            seen.add(id_)
        for i, thing in enumerate(self.annotation.things):
            if thing.kind not in KINDS[thing.type]:
                self._fault(
                    ("things", i, "kind"), *kind_fault({"type": thing.type, "kind": thing.kind})
                )

    def _marked(
        self, section: str, records: tuple[M, ...], *, words: bool = False
    ) -> tuple[M, ...]:
        """The records of a section with their places as offsets, as a machine's are anyway."""
        marked = []
        for i, record in enumerate(records):
            span = self._span(record.span, (section, i, "span"), words=words)
            marked.append(record if span is record.span else replace(record, span=span))
        return tuple(marked)

    def _span(self, place: Place, path: Path, *, words: bool = False) -> Place:
        span = self._locate(place, path)
        if span is None:
            return place
        start, end = span
        wrong = None
        if start < 0:
            wrong = "starts before the text"
        elif end <= start:
            wrong = "is empty" if end == start else "ends before it starts"
        elif self.length is not None and end > self.length:
            wrong = f"goes beyond the text, which has {self.length} characters"
        if wrong:
            hint = "offsets count characters from 0, and the end is not included"
            self._fault(path, f"{_spell(span)} {wrong}", hint)
            return place
        if self.text is not None and self.text[start:end].isspace():
            self._fault(path, f"{_spell(span)} is only white space")
        self.used.setdefault(span, path)
        if words:
            self.quoted.setdefault(span, path)
        return span

    def _locate(self, place: Place, path: Path) -> Span | None:
        if isinstance(place, Span):
            return place
        if self.text is None:
            self._fault(
                path, "a quote can only be located in the text, and the text is not at hand"
            )
            return None
        if not place.quote.strip():
            self._fault(path, "the quote is empty")
            return None
        starts = list(_occurrences(place.quote, self.text))
        if not starts:
            self._fault(path, f"the text does not say {_clip(place.quote)}", self._nearest(place))
            return None
        if place.nth is None and len(starts) > 1:
            found = "; ".join(
                f"nth: {n} at {start}, {self._around(start, len(place.quote))}"
                for n, start in enumerate(starts[:5], 1)
            )
            more = f"; and {len(starts) - 5} more" if len(starts) > 5 else ""
            self._fault(
                path,
                f"the text says {_clip(place.quote)} {len(starts)} times: {found}{more}",
                "add nth, or quote more words",
            )
            return None
        nth = 1 if place.nth is None else place.nth
        if not 1 <= nth <= len(starts):
            times = f"{len(starts)} times" if len(starts) > 1 else "once"
            self._fault(
                (*path, "nth"),
                f"the text says {_clip(place.quote)} {times}; there is no nth: {nth}",
            )
            return None
        return Span(starts[nth - 1], starts[nth - 1] + len(place.quote))

    def _nearest(self, place: Quote) -> str | None:
        """What the text has instead: the same words in other case or spacing, or else similar ones."""
        text = self.text or ""
        loose = r"\s+".join(re.escape(word) for word in place.quote.split())
        found = re.search(loose, text, re.IGNORECASE)
        if found:
            return f"it does say {_clip(found[0])} at [{found.start()}, {found.end()}]"
        length, step = len(place.quote), max(1, len(place.quote) // 4)
        if length > QUOTE_LIMIT * 2 or len(text) > 100_000:
            return None
        windows = [text[start : start + length] for start in range(0, len(text), step)]
        close = difflib.get_close_matches(place.quote, windows, n=1, cutoff=0.7)
        return f"something like it at {text.index(close[0])}: {_clip(close[0])}" if close else None

    def _around(self, start: int, length: int) -> str:
        text = self.text or ""
        before, after = text[max(0, start - 12) : start], text[start + length : start + length + 12]
        return repr(f"…{before}{text[start : start + length][:20]}{after}…")

    def _passages(self) -> tuple[Passage, ...]:
        """The proof of every span in use: worked out from the text, or taken from the file."""
        given: dict[Span, Passage] = {}
        for i, passage in enumerate(self.annotation.passages):
            path: Path = ("passages", i)
            if passage.span in given:
                self._fault((*path, "span"), f"the passage {_spell(passage.span)} is given twice")
            given[passage.span] = passage
            if passage.exact is not None:
                self.shown.add(passage.span)
            self._span(passage.span, (*path, "span"))
            self._prove(passage, path)
        if self.text is not None:
            return self._proofs(self.text)
        for span, path in self.used.items():
            if span not in given:
                self._fault(
                    path,
                    f"the text is not at hand, and passages has no proof of {_spell(span)}",
                    "passages needs the SHA-256 of every span in use",
                )
            elif given[span].exact is None and (
                span in self.quoted or (span in self.named and span.end - span.start <= QUOTE_LIMIT)
            ):
                self._fault(path, f"passages does not say the words of {_spell(span)}")
        return tuple(given[span] for span in sorted(self.used) if span in given)

    def _prove(self, passage: Passage, path: Path) -> None:
        if passage.exact is not None and len(passage.exact) > QUOTE_LIMIT:
            self._fault((*path, "exact"), f"{len(passage.exact)} characters; {QUOTE_LIMIT} at most")
        if self.text is None or passage.span not in self.used:
            return
        words = self.text[slice(*passage.span)]
        if passage.sha256 != hashlib.sha256(words.encode()).hexdigest():
            self._fault((*path, "sha256"), f"the words at {_spell(passage.span)} have another hash")
        if passage.exact is not None and passage.exact != _surface(words):
            self._fault(
                (*path, "exact"),
                f"at {_spell(passage.span)} the text says {_clip(_surface(words))}, "
                f"not {_clip(passage.exact)}",
            )

    def _proofs(self, text: str) -> tuple[Passage, ...]:
        """The proofs of all spans in use."""
        proofs = []
        shown = self.shown | self.named | self.quoted.keys()
        for span in sorted(self.used):
            words = text[span.start : span.end]
            # It has the form of a hash: to look at that again would take longer than to make it.
            sha256 = str.__new__(Hash, hashlib.sha256(words.encode()).hexdigest())
            exact = self._words(span, words) if span in shown else None
            proofs.append(Passage(span=span, sha256=sha256, exact=exact))
        return tuple(proofs)

    def _words(self, span: Span, words: str) -> str | None:
        """The words of a span that the graph says; of a long source, its offsets and its hash will do."""
        exact = _surface(words)
        if len(exact) <= QUOTE_LIMIT:
            return exact
        if span not in self.quoted:
            return None
        self._fault(
            self.quoted[span],
            f"{_spell(span)} is {len(exact)} characters long; mentions and cues have at most "
            f"{QUOTE_LIMIT}",
            "mark the few words that name or signal",
        )
        return exact

    def _claim(self, i: int, claim: Claim) -> Claim:
        path: Path = ("claims", i)
        if not claim.source:
            self._fault((*path, "source"), "a claim needs a source", "name who says it")
        if not claim.evidence:
            self._fault((*path, "evidence"), "a claim needs a passage that expresses it")
        if not claim.text.strip():
            self._fault((*path, "text"), "a claim needs a paraphrase of what is claimed")
        if len(claim.text) > TEXT_LIMIT:
            self._fault(
                (*path, "text"), f"{len(claim.text)} characters; at most {TEXT_LIMIT}", "be brief"
            )
        self._refer_all(claim.source, (*path, "source"), "actor")
        self._refer_all(claim.about, (*path, "about"), "actor", "place", "topic", "event", "claim")
        self._refer_all(claim.asserts, (*path, "asserts"), "event", "claim")
        self._refer_all(claim.supports, (*path, "supports"), "claim")
        for j, stance in enumerate(claim.stances):
            part: Path = (*path, "stances", j)
            self._refer(stance.actor, (*part, "actor"), "actor")
            self._refer(stance.issue, (*part, "issue"), "actor", "place", "topic", "event", "claim")
        for j, quantity in enumerate(claim.quantities):
            part = (*path, "quantities", j)
            self._refer(quantity.of, (*part, "of"), "actor", "place", "topic", "event")
            self._quantity(quantity, part)
        source_span = self._spans(claim.source_span, (*path, "source_span"))
        self.named.update(place for place in source_span if isinstance(place, Span))
        cue = self._spans(claim.cue, (*path, "cue"), words=True)
        evidence = self._spans(claim.evidence, (*path, "evidence"))
        if (source_span, cue, evidence) == (claim.source_span, claim.cue, claim.evidence):
            return claim
        return replace(claim, source_span=source_span, cue=cue, evidence=evidence)

    def _spans(
        self, places: tuple[Place, ...], path: Path, *, words: bool = False
    ) -> tuple[Place, ...]:
        return tuple([self._span(place, (*path, i), words=words) for i, place in enumerate(places)])

    def _quantity(self, quantity: Quantity, path: Path) -> None:
        given = {name for name in ("value", "min", "max") if getattr(quantity, name) is not None}
        needed = _NUMBERS[quantity.quantifier]
        if needed not in given or (needed != "value" and "value" in given):
            found = " and ".join(sorted(given)) or "no number"
            self._fault(path, f"{quantity.quantifier} goes with {needed}, found {found}")
        for name in sorted(given):
            value: Decimal = getattr(quantity, name)
            self._figures(value, (*path, name))
        if quantity.min is not None and quantity.max is not None and quantity.min > quantity.max:
            self._fault(path, "min is above max")

    def _figures(self, value: Decimal, path: Path) -> None:
        # 1e999999999 is quickly said, but takes a gigabyte to write out.
        if value.adjusted() > _FIGURES or -int(value.as_tuple().exponent) > _FIGURES:
            self._fault(path, f"more than {_FIGURES} digits before or after the decimal point")

    def _events(self) -> None:
        counted = Counter(event.id for event in self.annotation.events)
        for i, event in enumerate(self.annotation.events):
            path: Path = ("events", i)
            if counted[event.id] > 1:
                self._fault(
                    (*path, "id"), f"the event {event.id} is told {counted[event.id]} times",
                    "put all that the article says of it into one entry",
                )  # fmt: skip
            self._refer(event.id, (*path, "id"), "event")
            self._refer_all(event.at, (*path, "at"), "place", "actor")
            self._refer_all(event.part_of, (*path, "part_of"), "event")
            self._refer_all(event.caused_by, (*path, "caused_by"), "event")
            for j, participant in enumerate(event.participants):
                self._refer(participant.actor, (*path, "participants", j, "actor"), "actor")

    def _judgements(self) -> tuple[Judgement, ...]:
        seen = set()
        judgements = []
        for i, given in enumerate(self.annotation.judgements):
            path: Path = ("judgements", i)
            judgement = replace(
                given,
                from_=self._judged(given.from_, (*path, "from")),
                to=self._judged(given.to, (*path, "to")),
            )
            if judgement.from_ == judgement.to:
                self._fault(path, "a judgement links two different things")
            if not 0 <= judgement.confidence <= 1:
                self._fault((*path, "confidence"), "confidence lies between 0 and 1")
            self._figures(judgement.confidence, (*path, "confidence"))
            key = (judgement.from_, judgement.relation, judgement.to)
            if key in seen:
                self._fault(path, f"{' '.join(key)} is judged twice")
            seen.add(key)
            judgements.append(judgement)
        return tuple(judgements)

    def _judged(self, ref: Ref, path: Path) -> Ref:
        """The reference in its shortest form: of a register's entry, the id alone."""
        kind, _, local = ref.partition("/")
        if ref.startswith("wd:") or (local and kind == "claim"):
            return ref
        if local and kind not in KINDS:
            self._fault(path, f"{kind}/ starts no address", f"known: claim/, {'/, '.join(KINDS)}/")
            return ref
        if local:
            self._refer(local, path, kind)
            return Ref(local) if self.kinds.get(local) == kind else ref
        self._refer(ref, path, *KINDS, "claim")
        return ref

    def _refer_all(self, refs: Iterable[str], path: Path, *kinds: str) -> None:
        for i, ref in enumerate(refs):
            if (self.local.get(ref) or self.kinds.get(ref)) not in kinds:
                self._refer(ref, (*path, i), *kinds)

    def _refer(self, ref: str, path: Path, *kinds: str) -> None:
        kind = self.local.get(ref) or self.kinds.get(ref)
        if kind in kinds or (kind is None and ref in self.own):
            return
        names = [_a(kind) for kind in kinds]
        wanted = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        if kind is not None:
            self._fault(path, f"{ref} is {_a(kind)}, not {wanted}")
            return
        everything = dict(self.kinds) | self.local
        known = [id_ for id_, kind in everything.items() if kind in kinds]
        close = difflib.get_close_matches(ref, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else "add it to the register first"
        self._fault(path, f"nothing has the id {ref}; expected {wanted}", hint)

    def _circles(self) -> None:
        claims = {str(claim.id): i for i, claim in enumerate(self.annotation.claims)}
        events = {str(event.id): i for i, event in enumerate(self.annotation.events)}
        for section, key, index, links in (
            ("claims", "asserts", claims, [claim.asserts for claim in self.annotation.claims]),
            ("claims", "supports", claims, [claim.supports for claim in self.annotation.claims]),
            ("events", "caused_by", events, [event.caused_by for event in self.annotation.events]),
            ("events", "part_of", events, [event.part_of for event in self.annotation.events]),
        ):
            graph = {
                id_: [str(ref) for ref in links[i] if ref in index] for id_, i in index.items()
            }
            circle = _circle(graph)
            if circle:
                path: Path = (section, index[circle[0]], key)
                self._fault(path, f"goes in a circle: {' → '.join([*circle, circle[0]])}")


def kind_fault(thing: Mapping[str, object]) -> tuple[str, str | None]:
    """What is wrong with the kind of a thing, and which word may be meant."""
    type_, found = str(thing.get("type")), thing.get("kind")
    allowed = [kind for kind in KINDS.get(type_, get_args(Kind)) if kind]
    if not allowed:
        return f"{_a(type_)} has no kind, found {found!r}", "leave it out"
    close = difflib.get_close_matches(str(found), allowed, n=1)
    expected = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
    shown = "nothing" if found is None else repr(found)
    return (
        f"the kind of {_a(type_)} is {expected}, found {shown}",
        f"did you mean {close[0]}?" if close else None,
    )


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _circle(graph: Mapping[str, list[str]]) -> list[str]:
    """Some circle of a directed graph, as its nodes in turn; empty where there is none."""
    done: set[str] = set()
    for root in graph:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, Iterator[str]]] = []
        if root not in done:
            path, on_path, stack = [root], {root}, [(root, iter(graph[root]))]
        while stack:
            node, links = stack[-1]
            link = next(links, None)
            if link is None:
                stack.pop()
                on_path.discard(path.pop())
                done.add(node)
            elif link in on_path:
                return path[path.index(link) :]
            elif link not in done:
                path.append(link)
                on_path.add(link)
                stack.append((link, iter(graph[link])))
    return []


def _occurrences(quote: str, text: str) -> Iterator[int]:
    start = text.find(quote)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _surface(words: str) -> str:
    """The words of a passage as oa:exact has them: white space normalised."""
    return " ".join(words.split())


def _clip(words: str) -> str:
    return repr(words if len(words) <= 40 else f"{words[:36]} …")


def _spell(span: Span) -> str:
    return f"[{span.start}, {span.end}]"
