"""The names in a text: who and what is mentioned where, and who stands behind a source.

Read from English newspaper usage: capitals and what they are worth where they stand, titles, heads
such as Ministry and University, tables of the well-known, the words around a name, and the names
of the register, which go first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.extract.gazetteer import bare
from kg.extract.names.bodies import HEADS
from kg.extract.names.chunks import capitals, chunks
from kg.extract.names.entity import Entity, Holder, Mentioned, Traits
from kg.extract.names.holders import holders
from kg.extract.names.identity import Cast
from kg.extract.names.lands import lands
from kg.extract.names.layout import HEADLINE, marks
from kg.extract.names.parse import Reader
from kg.extract.names.places import BEFORE
from kg.extract.names.shallows import shallows
from kg.extract.names.tables import PERSON, PLACE, STATE
from kg.extract.names.titles import BODIES
from kg.extract.names.words import COMMON
from kg.model import Span

if TYPE_CHECKING:
    from kg.extract.gazetteer import Entry, Gazetteer
    from kg.extract.names.found import Found
    from kg.extract.prose import Prose

__all__ = ["Entity", "Holder", "Names", "Traits", "names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Mentioned):
    """The named things of a text, and who stands behind the sources in it."""

    def holder(self, prose: Prose, span: Span) -> Holder:
        """Who a source is, given the words that name it; of several the first."""
        return self.holders(prose, span)[0]

    def holders(self, prose: Prose, span: Span) -> list[Holder]:
        """Who speaks together in a source such as `Japan and South Korea`; always at least one."""
        return holders(self, prose, span)


def names(prose: Prose, known: Gazetteer, language: str | None = None) -> Names:
    """The named things of a text; of one that is not in English only those of the register.

    >>> from kg.extract.gazetteer import Gazetteer
    >>> from kg.extract.prose import Prose
    >>> found = names(Prose("Foreign Minister Ada Roe left Japan. Roe declined to say why."), Gazetteer([]))
    >>> [(entity.label, entity.kind, entity.alt) for entity in found.entities]
    [('Ada Roe', 'person', ('Roe',)), ('Japan', 'state', ())]
    """
    entries = _registered(prose, known)
    cast = Cast(prose, known)
    if language is not None and language.partition("-")[0] != "en":
        cast.enter((), [(start, stop, entry) for _, _, start, stop, entry in entries])
        return _answer(prose, cast)
    marked = marks(prose)
    caps = capitals(prose)
    solid = frozenset(prose.lower[i] for i in caps if not marked[i])
    known_lands = lands(prose, caps)
    reader = Reader(prose, marked, solid | known_lands.named, known_lands.adjectives)
    for first, end in chunks(prose, caps, marked):
        if marked[first] != HEADLINE:
            reader.read(first, end)
    found, entries = _settled(prose, shallows(prose, reader.found), entries, known)
    cast.enter(found, [(start, stop, entry) for _, _, start, stop, entry in entries], known_lands)
    covered = bytearray(len(prose.words))
    taken = [(first, end) for first, end, *_ in entries]
    taken += [(name.first, name.end) for name in found if not name.weak]
    for first, end in taken:
        covered[first:end] = b"\1" * (end - first)
    _again(prose, cast, caps, marked, covered)
    _headlines(prose, cast, reader, marked, covered)
    return _answer(prose, cast)


def _answer(prose: Prose, cast: Cast) -> Names:
    mentions, entities, traits = cast.finished()
    bearers: dict[str, list[int]] = {}
    for number, (entity, seen) in enumerate(zip(entities, traits, strict=True)):
        for word in {*seen.roles, f"the {seen.head}", f"a {entity.kind}"}:
            bearers.setdefault(word, []).append(number)
    return Names(
        mentions=[(Span(start, stop), number) for start, stop, number in mentions],
        entities=entities,
        traits=traits,
        bearers=bearers,
        sentences=[prose.starts[first] for first, _ in prose.sentences],
    )


def _registered(prose: Prose, known: Gazetteer) -> list[tuple[int, int, int, int, Entry]]:
    """Where names of the register stand, by words and by letters, with whom they mean there."""
    found = known.candidates(prose)
    sure = {entries[0].ref for _, _, entries in found if len(entries) == 1}
    places: list[tuple[int, int, int, int, Entry]] = []
    around: list[tuple[int, Entry]] = []
    for first, end, entries in found:
        while around and around[-1][0] <= first:
            around.pop()
        start, stop = prose.span(first, end)
        last = prose.words[end - 1]
        if bare(last) != last and not known.named(prose.text[start:stop]):
            stop -= len(last) - len(bare(last))
        if len(entries) == 1:
            chosen = [entries[0]]
        else:
            located = first > 0 and prose.lower[first - 1] in BEFORE
            chosen = [e for e in entries if (e.type == "place") == located]
            chosen = [e for e in chosen if e.ref in sure] or chosen
        if len(chosen) == 1 and stop - start <= LIMIT:
            entry = chosen[0]
            people = around and entry.kind == around[-1][1].kind == "person"
            part = around and around[-1][1].type == "actor" and end < around[-1][0]
            part = part and entry.type == "place" and stop == prose.ends[end - 1]
            if not people and not part and not (around and around[-1][1] == entry):
                places.append((first, end, start, stop, entry))
                around.append((end, entry))
    return places


LIMIT: Final = 60
"""Characters of the longest mention: the model's limit on quoted words."""


def _settled(
    prose: Prose,
    found: list[Found],
    entries: list[tuple[int, int, int, int, Entry]],
    known: Gazetteer,
) -> tuple[list[Found], list[tuple[int, int, int, int, Entry]]]:
    """What is left of both where they overlap: the register's name wins, but not within a person's."""
    if not entries:
        return found, entries
    owner = [-1] * len(prose.words)
    for number, (first, end, *_) in reversed(list(enumerate(entries))):
        owner[first:end] = [number] * (end - first)  # the outer ones come first and so win
    gone: set[int] = set()
    kept = []
    for name in found:
        numbers = dict.fromkeys(n for n in owner[name.first : name.end] if n >= 0)
        crossing = False
        for number in numbers:
            first, end, start, stop, entry = entries[number]
            if first <= name.first and name.end <= end:
                same = (start, stop) == (name.start, name.stop)
                inner = name.what in {STATE, PLACE} and bool(name.key)
                named = prose.text[start:stop]
                agreed = entry in {known.named(named), known.named(named.title())}
                crossing = not (agreed if same else inner)
            elif name.first <= first and end <= name.end:
                if entry.kind == "person" and (name.what == PERSON or name.likely):
                    gone.add(number)
            else:
                crossing = True
        if not crossing:
            kept.append(name)
    return kept, [place for number, place in enumerate(entries) if number not in gone]


def _again(
    prose: Prose, cast: Cast, caps: list[int], marked: bytearray, covered: bytearray
) -> None:
    """Note organisations that are meant by their head with a capital: the Ministry, the Court."""
    lower = prose.lower
    for i in caps:
        if covered[i] or not i or lower[i - 1] != "the" or marked[i] == HEADLINE:
            continue
        word = bare(lower[i])
        if word in HEADS or word in BODIES:
            number = cast.again((word,))
            if number >= 0:
                stop = prose.starts[i] + len(bare(prose.words[i]))
                cast.mention_again(prose.starts[i], stop, number)


def _headlines(
    prose: Prose, cast: Cast, reader: Reader, marked: bytearray, covered: bytearray
) -> None:
    """Note in headlines what is named in the body, or well known: capitals say nothing there."""
    forms: dict[tuple[str, ...], int] = {}
    for first, end in prose.paragraphs:
        if marked[first] != HEADLINE:
            continue
        forms = forms or cast.by_form()
        i = first
        while i < end:
            step = 1
            if prose.words[i][0].isupper() and not covered[i]:
                step = _headlined(prose, cast, reader, forms, i, end)
            i += step


def _headlined(
    prose: Prose, cast: Cast, reader: Reader, forms: dict[tuple[str, ...], int], i: int, end: int
) -> int:
    """Note the name that begins with a word of a headline, if one does; how many words it has."""
    fact = reader.known(i, end)
    for length in range(min(_LONGEST, end - i), 0, -1):
        words = (*prose.lower[i : i + length - 1], bare(prose.lower[i + length - 1]))
        if length == 1 and (words[0] in COMMON or len(words[0]) == 1):
            continue
        number = forms.get(words, -1)
        known = fact is not None and len(fact.words) == length
        if number >= 0 or known:
            start, stop = prose.span(i, i + length)
            last = prose.words[i + length - 1]
            stop -= len(last) - len(bare(last))
            if number >= 0:
                cast.mention_again(start, stop, number)
            elif fact is not None:
                cast.add(fact.key, fact.what, start, stop)
            return length
    return 1


_LONGEST: Final = 6
"""Words of the longest name that is looked for in headlines."""
