"""A card for reading, as text of any width or as Markdown; and as JSON for programs."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.analysis import called
from kg.names import curie
from kg.show.blocks import NAME, Entry, Facing, Item, Line, Pairs, Section, Title, clean
from kg.show.known import dated
from kg.table import length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.show.blocks import Block
    from kg.show.card import Article, Card, Dated, Dispute, Happening, Said, When

_ACCOUNTS = 3
_WHOLE = "show {} -f json"
_USUAL = {"positive", "certain", "assertion"}


def as_text(card: Card, prefixes: Mapping[str, str], width: int | None = None) -> str:
    """The card for a terminal or a pipe, wrapped to a width in characters or to that of the terminal."""
    width = max(width or shutil.get_terminal_size((100, 24)).columns, 1)
    lines = (line for block in _View(card, prefixes).blocks() for line in block.text(width))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_markdown(card: Card, prefixes: Mapping[str, str]) -> str:
    """The card as Markdown; two sides of a dispute are a table."""
    lines = (line for block in _View(card, prefixes).blocks() for line in block.markdown())
    return "".join(f"{line}\n" for line in lines)


def as_json(card: Card) -> str:
    """All fields of the card, whole and in the order of the dataclasses."""
    return json.dumps(asdict(card), ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class _View:
    """What of a card is shown, and in which order: text and Markdown differ only in the writing."""

    card: Card
    prefixes: Mapping[str, str]

    def blocks(self) -> Iterator[Block]:
        """The thing, its own words, what is disputed, what others say, numbers and dates."""
        card = self.card
        yield Title(clean(card.name, NAME))
        kind = card.kind if card.what == card.kind else f"{card.what} ({card.kind})"
        yield Line(clean(f"{kind} · {self._short(card.iri)}"))
        pairs = list(self._head())
        if pairs:
            yield Line("")
            yield Pairs(pairs)
        if card.kind == "event":
            yield from self._timeline("When")
        yield from self._says()
        yield from self._disputes()
        yield from self._relations()
        yield from self._about()
        yield from self._positions()
        yield from self._numbers()
        if card.kind != "event":
            yield from self._timeline("Timeline")
        yield from self._articles()
        parts = (card.says, card.about, card.disputes, card.relations, card.positions)
        if not (card.subject or card.numbers or card.timeline or card.articles or any(parts)):
            yield Line("No article, claim or event has anything about it.", space=True)

    def _short(self, iri: str) -> str:
        return clean(curie(NamedNode(iri), self.prefixes))

    def _section(self, part: str, words: str, number: int) -> Section:
        totals = dict(self.card.totals)
        return Section(
            f"{words} ({number} of {totals[part]})" if part in totals else f"{words} ({number})"
        )

    def _more(self, part: str, number: int, command: str) -> Iterator[Block]:
        """What the card leaves out, and the command that has all of it; `{}` in it is the thing."""
        total = dict(self.card.totals).get(part, number)
        if total > number:
            command = command.replace("{}", shlex.quote(self._short(self.card.iri)))
            yield Line(f"and {total - number} more: kg {command}", space=True)

    def _head(self) -> Iterator[tuple[str, str]]:
        card = self.card
        if card.aliases:
            yield "Also called", "; ".join(clean(alias, NAME) for alias in card.aliases)
        for link in card.links:
            judged = ", ".join(filter(None, (link.status, link.confidence, link.judge)))
            words = "Close to" if link.close else "Same as"
            words = "Not the same as" if link.status == "rejected" else words
            if link.none:
                note = f": {link.note}" if link.note else ""
                if link.status != "rejected":
                    yield "No item", clean(f"in {called(NamedNode(link.iri))} ({judged}){note}")
                continue
            item = f"{self._short(link.iri)} {link.words}".strip()
            yield words, clean(item + (f" ({judged})" if judged else ""))
        if card.subject:
            yield from self._claimed(card.subject)
        yield from ((clean(name, NAME), clean(value)) for name, value in card.facts)
        if card.subject:
            claim = shlex.quote(self._short(card.iri))
            yield "The words", f"kg query provenance --claim {claim}"

    def _claimed(self, said: Said) -> Iterator[tuple[str, str]]:
        yield "Claimed by", _who(said)
        how = ", ".join(filter(None, (said.polarity, said.certainty, said.modality)))
        if how:
            yield "How", clean(how)
        if said.made:
            yield "Made", _when(said.made)
        if said.article:
            article = f"{clean(said.article.headline, NAME)} ({self._short(said.article.iri)})"
            place = f"characters {said.start} to {said.end}" if said.start is not None else ""
            yield "In", ", ".join(filter(None, (article, _when(said.article.published), place)))
        if said.reference:
            yield "From outside", clean(said.reference)

    def _says(self) -> Iterator[Block]:
        card = self.card
        if card.says:
            words = "Own claims" if card.kind == "actor" else "Claims"
            yield self._section("says", words, len(card.says))
            if card.kind == "actor":
                yield from self._by_article(card.says, 0)
                yield from self._more("says", len(card.says), "query claims-by-actor --actor {}")
            else:
                yield from self._by_source(card.says)
                yield from self._more(
                    "says", len(card.says), "query claims-in-article --article {}"
                )

    def _about(self) -> Iterator[Block]:
        card = self.card
        if card.about:
            words = "Claims of others" if card.kind == "actor" else "Claims about it"
            yield self._section("about", words, len(card.about))
            yield from self._by_source(card.about)
            every = {
                "actor": "query said-about-actor --actor {}",
                "event": _WHOLE,  # the stored queries part those that assert it from those about it
            }.get(card.kind, "query claims-about-topic --topic {}")
            yield from self._more("about", len(card.about), every)

    def _by_source(self, claims: Iterable[Said]) -> Iterator[Block]:
        """Claims under who makes them, in the order in which each first speaks."""
        by_source: dict[tuple[str, ...], list[Said]] = {}
        for said in claims:
            by_source.setdefault(said.sources, []).append(said)
        for number, same in enumerate(by_source.values()):
            yield Line(_who(same[0]), space=number > 0)
            if self.card.kind == "article":
                yield from (self._item(said, 1) for said in same)
            else:
                yield from self._by_article(same, 1)

    def _by_article(self, claims: Iterable[Said], depth: int) -> Iterator[Block]:
        """Claims of one source under where they stand."""
        for number, (place, here) in enumerate(groupby(claims, key=_place)):
            yield Line(place, depth=depth, space=number > 0 and depth == 0, whole=False)
            yield from (self._item(said, depth + 1) for said in here)

    def _item(self, said: Said, depth: int) -> Item:
        others = [name for name in said.sources if name != self.card.name]
        own = self.card.kind == "actor" and len(others) < len(said.sources)
        together = f"together with {', '.join(others)}" if own and others else None
        return Item(clean(said.text), self._notes(said, together), depth)

    def _disputes(self) -> Iterator[Block]:
        card = self.card
        if card.disputes:
            yield self._section("disputes", "Disputed", len(card.disputes))
            for number, dispute in enumerate(card.disputes):
                yield self._facing(dispute, space=number > 0)
            by = " --actor {}" if card.kind == "actor" else ""
            yield from self._more("disputes", len(card.disputes), f"query contradictions{by}")

    def _facing(self, dispute: Dispute, *, space: bool) -> Facing:
        proposed = dispute.status == "proposed"
        status = "proposed, not yet reviewed" if proposed else dispute.status
        judged = filter(None, (dispute.confidence, dispute.judge, _when(dispute.judged)))
        article = dispute.left.article
        same = article is not None and article == dispute.right.article

        def side(said: Said) -> list[str]:
            place = [] if same else [_place(said)]
            return [_who(said), clean(said.text), *place, *self._notes(said).split(" · ")]

        return Facing(
            clean(f"Contradiction {status} ({', '.join(judged)})").removesuffix(" ()"),
            side(dispute.left),
            side(dispute.right),
            _place(dispute.left) if same else None,
            clean(dispute.note) if dispute.note else None,
            space,
        )

    def _relations(self) -> Iterator[Block]:
        card = self.card
        if card.relations:
            yield self._section("relations", "Claims that bear on it", len(card.relations))
            for words, relations in groupby(card.relations, key=lambda relation: relation.words):
                yield Line(words.capitalize())
                for relation in relations:
                    judged = filter(None, (relation.status, relation.confidence, relation.judge))
                    notes = (
                        ", ".join(judged) if relation.status else None,
                        f"{relation.depth} steps away" if relation.depth > 1 else None,
                        _place(relation.said),
                    )
                    said = f"{_who(relation.said)}: {clean(relation.said.text)}"
                    yield Item(said, self._notes(relation.said, *notes), 1)
            yield from self._more("relations", len(card.relations), _WHOLE)

    def _positions(self) -> Iterator[Block]:
        card = self.card
        if card.positions:
            yield self._section("positions", "Positions", len(card.positions))
            for issue, positions in groupby(card.positions, key=lambda position: position.issue):
                yield Line(f"On {clean(issue, NAME)}")
                for position in positions:
                    said = position.said
                    when = _when(position.when or dated(said))
                    stance = f"{clean(position.holder, NAME)}: {clean(position.stance, NAME)}"
                    own = said.sources == (position.holder,)
                    by = "own claim" if own else f"according to {_who(said)}"
                    words = f"{stance}, {when}" if when else stance
                    yield Item(words, self._notes(said, by, made=False), 1)
            every = {
                "actor": "query stances --actor {}",
                "article": _WHOLE,
                "claim": _WHOLE,
            }.get(card.kind, "query stances --issue {}")
            yield from self._more("positions", len(card.positions), every)

    def _numbers(self) -> Iterator[Block]:
        card = self.card
        if not card.numbers:
            return
        yield self._section("numbers", "Numbers", len(card.numbers))
        column = max(length(clean(r.words, NAME)) for of in card.numbers for r in of.readings)
        for number, of in enumerate(card.numbers):
            differ = ": the numbers differ" if of.differ else ""
            yield Line(f"{clean(of.population, NAME)}{differ}", space=number > 0)
            for reading in of.readings:
                said = reading.said
                who = ", ".join(filter(None, (_who(said), _when(dated(said)))))
                line = f"{who} · {self._notes(said, made=False)}"
                yield Entry([clean(reading.words, NAME)], [line], column, "  ")
            if of.total > len(of.readings):
                ask = f"kg query numbers --population {shlex.quote(self._short(of.iri))}"
                yield Line(f"and {of.total - len(of.readings)} more: {ask}", depth=1)
        yield from self._more("numbers", len(card.numbers), "query numbers")

    def _timeline(self, words: str) -> Iterator[Block]:
        card = self.card
        if card.timeline:
            yield self._section("timeline", words, len(card.timeline))
            dates = [_dates(event) for event in card.timeline]
            column = max(length(date) for of in dates for date in of)
            for given, event in zip(dates, card.timeline, strict=True):
                yield Entry(given, list(self._event(event)), column)
            every = {
                "actor": "query events-of-actor --actor {}",
                "article": "query events-in-article --article {}",
            }.get(card.kind, "query timeline")
            yield from self._more("timeline", len(card.timeline), every)

    def _event(self, event: Happening) -> Iterator[str]:
        kind = f" ({clean(event.kind, NAME)})" if event.kind else ""
        yield f"{clean(event.label, NAME)}{kind}"
        roles = groupby(event.participants, key=lambda pair: pair[0])
        who = (
            f"{clean(role, NAME)}: {', '.join(clean(name, NAME) for _, name in pairs)}"
            for role, pairs in roles
        )
        if event.participants:
            yield "; ".join(who)
        differ = len({date.when.edtf for date in event.dates}) > 1
        bases = sorted({date.when.basis or "stated" for date in event.dates} - {"stated"})
        basis = f"date {' or '.join(bases)}" if bases and not differ else None
        yield " · ".join(filter(None, (_firmness(event), basis, self._short(event.iri))))
        if differ:
            yield from map(_account, event.dates)

    def _articles(self) -> Iterator[Block]:
        card = self.card
        if card.articles:
            yield self._section("articles", "Mentioned in", len(card.articles))
            dates = [clean(a.published.edtf) if a.published else "no date" for a in card.articles]
            column = max(map(length, dates))
            for date, article in zip(dates, card.articles, strict=True):
                yield Entry([date], list(self._article(article)), column)
            mentions = "query mentions-of-actor --actor {}"
            yield from self._more("articles", len(card.articles), mentions)

    def _article(self, article: Article) -> Iterator[str]:
        yield clean(article.headline, NAME)
        basis = article.published.basis if article.published else None
        inferred = f"date {clean(basis, NAME)}" if basis and basis != "stated" else None
        author = clean(article.author, NAME) if article.author else None
        yield " · ".join(filter(None, (author, inferred, self._short(article.iri))))

    def _notes(self, said: Said, *others: str | None, made: bool = True) -> str:
        """What is not usual of a claim, and the name to ask on with."""
        how = (said.modality, said.certainty, said.polarity)
        unusual = ", ".join(word for word in how if word and word not in _USUAL)
        published = said.article.published if said.article else None
        own = said.made if made and said.made != published else None
        when = f"said {_when(own)}" if own else None
        words = (*others, unusual, when, self._short(said.iri))
        return " · ".join(clean(word, NAME) for word in words if word)


def _place(said: Said) -> str:
    """Where a claim stands: date and headline, or the reference of a claim from outside."""
    if said.article:
        parts = (_when(said.article.published), clean(said.article.headline, NAME))
        return ", ".join(filter(None, parts))
    return f"from outside: {clean(said.reference, NAME)}" if said.reference else "from outside"


def _account(date: Dated) -> str:
    """A date and in which articles it stands, where they differ."""
    names = [clean(name, NAME) for name in date.accounts[:_ACCOUNTS]]
    left = len(date.accounts) - len(names)
    basis = f" ({date.when.basis})" if date.when.basis else ""
    return clean(
        f"{date.when.edtf}{basis}: {'; '.join(names)}" + (f"; {left} more" if left else "")
    )


def _firmness(event: Happening) -> str | None:
    """How surely an event is asserted, where it is not simply asserted."""
    if event.factuality == "not asserted":
        return "no claim asserts it"
    ways = [way.partition(" ") for way in event.factuality.split(", ")]
    denied = "denied" if any(polarity == "negative" for polarity, _, _ in ways) else ""
    sure = [certainty for polarity, _, certainty in ways if polarity == "positive"]
    if "certain" in sure:
        return "asserted and denied" if denied else None
    only = f"asserted only as {' or '.join(sure)}" if sure else ""
    return clean(", ".join(filter(None, (only, denied)))) or None


def _dates(event: Happening) -> list[str]:
    """The dates of an event, all that are given."""
    first, *others = dict.fromkeys(clean(date.when.edtf) for date in event.dates) or ["no date"]
    return [first, *(f"or {date}" for date in others)]


def _who(said: Said) -> str:
    return clean(", ".join(said.sources), NAME) or "nobody named"


def _when(when: When | None) -> str:
    """A date as given; its basis where it is not simply stated."""
    if when is None:
        return ""
    return clean(when.edtf if when.basis in {None, "stated"} else f"{when.edtf} ({when.basis})")
