"""Who stands behind a source: the head of its words, what a pronoun or a description leads back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.gazetteer import bare
from kg.extract.names.bodies import HEADS
from kg.extract.names.chunks import CLOSED
from kg.extract.names.entity import Holder
from kg.extract.names.evidence import KINDS
from kg.extract.names.pronouns import PRONOUNS, kind_of, pronoun
from kg.extract.names.tables import peoples, states_of_peoples
from kg.extract.names.titles import BODIES, GRADES, HIDDEN, PERSONS, PORTFOLIOS, TITLES

if TYPE_CHECKING:
    from kg.extract.names.entity import Mentioned
    from kg.extract.prose import Prose
    from kg.model import ActorKind, Span


class _Part(NamedTuple):
    """A mention in a source, by words; `owns` says that a possessive ends it."""

    first: int
    end: int
    entity: int
    owns: bool
    short: bool


def holders(names: Mentioned, prose: Prose, span: Span) -> list[Holder]:
    """Who the words of a source denote; more than one where names are joined by `and`."""
    last = min(prose.word_at(span.end - 1) + 1, len(prose.words))
    first, end = _trimmed(prose, prose.word_at(span.start), last)
    if first >= end:
        return [Holder(entity=None, how="unresolved", label=_text(prose, span))]
    low = prose.lower[first].partition("'")[0]
    if low in PRONOUNS:
        following = prose.lower[first + 1] if end - first > 1 else ""
        if following not in BODIES and following not in PERSONS:
            return [pronoun(names, prose, first)]
    parts = _parts(names, prose, first, end)
    several = _joined(prose, parts, first, _before_clause(prose, first, end))
    if several:
        return [_named(names, part) for part in several]
    head = _head(names, prose, parts, first, end)
    further = [p for p in parts if _follows(names, prose, p)] if head.kind == "person" else []
    return [head, *(_named(names, part) for part in further if part.entity != head.entity)]


def _follows(names: Mentioned, prose: Prose, part: _Part) -> bool:
    """Whether a person is a further one: Ada Roe, 43, and Dr. Ken Mori."""
    i = part.first - 1
    while i > 0 and (prose.lower[i] in TITLES or prose.lower[i] == "."):
        i -= 1
    person = names.entities[part.entity].kind == "person" and not part.owns
    return person and prose.lower[i] == "and" and prose.words[i - 1] == ","


def _trimmed(prose: Prose, first: int, end: int) -> tuple[int, int]:
    while first < end and not (prose.words[first][0].isalnum()):
        first += 1
    while first < end and not (prose.words[end - 1][0].isalnum()):
        end -= 1
    if first < end < len(prose.words) and prose.words[end] == ".":
        last = prose.lower[end - 1]
        end += last in CLOSED and last != "co"  # as in the mention: Acme Corp.
    return first, end


def _text(prose: Prose, span: Span) -> str:
    words = prose.text[span.start : min(span.end, span.start + 2 * _LABEL)].split()
    return " ".join(words)[:_LABEL].strip() or "unnamed"


def _parts(names: Mentioned, prose: Prose, first: int, end: int) -> list[_Part]:
    """The mentions in a source, without those that are a part of another."""
    start, stop = prose.span(first, end)
    parts: list[_Part] = []
    done = -1
    for number in range(names.at(start), len(names.mentions)):
        span, entity = names.mentions[number]
        if span.start >= stop:
            break
        if span.start < done or span.end > stop:
            continue
        done = span.end
        begin, finish = prose.word_at(span.start), prose.word_at(span.end - 1) + 1
        owns = prose.ends[finish - 1] > span.end or (
            finish < end and prose.words[finish] in {"'", "’"}
        )
        thing = names.entities[entity]
        known = {thing.label.casefold()} | (
            {name.casefold() for name in thing.alt} if thing.ref else set()
        )
        said = " ".join(prose.text[span.start : span.end].split()).casefold()
        parts.append(_Part(begin, finish, entity, owns, said not in known))
    return parts


def _joined(prose: Prose, parts: list[_Part], first: int, end: int) -> list[_Part]:
    """The members of an enumeration of names; empty where it is none."""
    parts = [part for part in parts if part.first < end]
    if len(parts) < 2 or parts[-1].end != end or any(part.owns for part in parts):
        return []
    at, joined = first, False
    for part in parts:
        between = prose.lower[at : part.first]
        if any(not (word in _JOINTS or word in TITLES or word in GRADES) for word in between):
            return []
        joined = joined or not _JOINING.isdisjoint(between)
        at = part.end
    return parts if joined else []


def _before_clause(prose: Prose, first: int, end: int) -> int:
    """The comma before a clause on those named: Ada Roe and Ken Mori, who lead the union."""
    for i in range(first + 1, end - 1):
        if prose.words[i] == "," and prose.lower[i + 1] in {"who", "which", "whose", "whom"}:
            return i
    return end


_JOINTS: Final = frozenset(", and & both the . as well or nor neither either".split())


_JOINING: Final = frozenset({"and", "&", "or", "nor"})


def _named(names: Mentioned, part: _Part) -> Holder:
    thing = names.entities[part.entity]
    return Holder(
        entity=part.entity,
        how="short" if part.short else "name",
        label=thing.label,
        kind=kind_of(thing.kind),
    )


def _head(names: Mentioned, prose: Prose, parts: list[_Part], first: int, end: int) -> Holder:
    """The head of a noun phrase with its titles and appositions."""
    inside = {i for part in parts for i in range(part.first, part.end)}
    edge = next(
        (i for i in range(first + 1, end) if i not in inside and prose.lower[i] in _EDGES), end
    )
    core = [part for part in parts if part.end <= edge]
    for part in reversed(core):
        person = names.entities[part.entity].kind == "person"
        if not part.owns and (person or part.end == edge):
            return _named(names, part)
    if core and not core[0].owns and prose.lower[core[0].end : core[0].end + 1] == ["and"]:
        return _named(names, core[0])  # the United States and its allies
    for part in parts:
        named = names.entities[part.entity].kind == "person" and not part.owns
        if named and (
            prose.words[part.first - 1] == ","
            or (
                edge < part.first < first + _TITLE
                and all(_leads(prose, i) for i in range(first, part.first))
            )
        ):
            return _named(names, part)
    noun = bare(prose.lower[edge - 1])
    if noun in DOCUMENTS:
        owner = next((part for part in core if part.owns), None)
        if owner is None and edge < end and prose.lower[edge] in {"by", "from", "of", "in", "on"}:
            owner = next((part for part in parts if part.first >= edge), None)
        if owner is not None and names.entities[owner.entity].type == "actor":
            return _named(names, owner)
    if noun in RULERS and (state := _state(names, prose, parts, first, edge)) >= 0:
        thing = names.entities[state]
        return Holder(entity=state, how="definite", label=thing.label, kind="state")
    return _described(names, prose, parts, first, edge, end)


def _state(names: Mentioned, prose: Prose, parts: list[_Part], first: int, edge: int) -> int:
    """The state whose government is spoken of: the Japanese government, the government of Japan."""
    for part in parts:
        beside = part.end == edge - 1 or (part.owns and part.end <= edge)
        if names.entities[part.entity].kind == "state" and (
            beside or (part.first > edge and prose.lower[edge] == "of")
        ):
            return part.entity
    people = " ".join(prose.lower[max(edge - 3, first) : edge - 1])
    table = states_of_peoples()
    known = table.get(people) or table.get(people.rpartition(" ")[2], frozenset())
    return next(
        (
            number
            for number in names.bearers.get("a state", ())
            if not known.isdisjoint({names.entities[number].label, *names.entities[number].alt})
        ),
        -1,
    )


RULERS: Final = frozenset({"government", "regime", "administration", "state", "authorities"})
"""What is one with its state, where a state is named."""


def _leads(prose: Prose, i: int) -> bool:
    """Whether a word may stand in a title before a name: Minister for Trade and Industry."""
    low = prose.lower[i]
    return low in _LEADING or low in TITLES or low in GRADES or low in PORTFOLIOS


_TITLE: Final = 12
"""Words of the longest title before a name."""
_LEADING: Final = frozenset({"of", "for", "and", "the", ".", ",", "&"})


def _described(
    names: Mentioned, prose: Prose, parts: list[_Part], first: int, edge: int, end: int
) -> Holder:
    """Who a description such as `the foreign minister` leads back to, or somebody unnamed."""
    lower = prose.lower
    noun = bare(lower[edge - 1])
    owned = any(part.owns and part.end <= edge for part in parts)
    definite = lower[first] in {"the", "this", "that", "his", "her", "its", "their"} or owned
    found: list[int] = []
    if definite and noun in PERSONS:
        said = {bare(word) for word in lower[first:edge]}
        asked = {word for word in said if word in PERSONS or word in GRADES or word in peoples()}
        asked |= {
            bare(lower[i])
            for part in parts
            if part.end <= edge
            for i in range(part.first, part.end)
        }
        asked |= {
            bare(lower[i])
            for part in parts
            if part.first > edge
            for i in range(part.first, part.end)
        }
        asked -= {"us", "former", "the"}
        found = [
            number
            for number in names.bearers.get(noun, ())
            if names.entities[number].kind == "person" and asked <= names.traits[number].roles
        ]
    elif definite and noun in BODIES and not parts:
        found = names.bearers.get(f"the {noun}", [])
        found = found or [
            n for k in _OF_KIND.get(noun, ()) for n in names.bearers.get(f"a {k}", ())
        ]
    words = _described_by(prose, first, edge, end)
    if len(found) == 1:
        thing = names.entities[found[0]]
        return Holder(
            entity=found[0],
            how="definite",
            label=thing.label,
            kind=kind_of(thing.kind),
            words=words,
        )
    return Holder(
        entity=None,
        how="definite",
        label=_text(prose, words),
        kind=_number(noun, lower[first]),
        words=words,
    )


def _described_by(prose: Prose, first: int, edge: int, end: int) -> Span:
    """The words that describe somebody: up to a comma or a relative clause, without the article."""
    stop = next((i for i in range(edge, end) if prose.lower[i] in _CLAUSES), end)
    if prose.lower[first] in {"the", "a", "an"} and first + 1 < stop:
        first += 1
    while stop - first > 1 and prose.ends[stop - 1] - prose.starts[first] > _LABEL:
        stop = edge if stop > edge > first else stop - 1
    return prose.span(first, max(stop, first + 1))


def _number(noun: str, first: str) -> ActorKind:
    """Whether a description is of many people, or of somebody the text does not name."""
    if noun in HIDDEN or first in {"some", "many", "others", "several", "few", "one"}:
        return "unidentified"
    if noun in BODIES or noun in KINDS:
        return KINDS.get(noun) or HEADS.get(noun) or "group"
    plural = noun.endswith("s") and not noun.endswith(("ss", "us"))
    return "group" if plural or noun in _CROWDS else "unidentified"


_LABEL: Final = 60
_EDGES: Final = frozenset(
    ", ; : ( ) who whom whose which that of for from at in with on to by about – — - speaking"
    " close familiar".split()
)
_CLAUSES: Final = frozenset(", ; : ( ) who whose which that – —".split())
DOCUMENTS: Final = frozenset(
    "report reports statement statements study survey poll release article editorial"
    " announcement email"
    " e-mail letter message tweet post blog website site book memo paper document documents"
    " communique communiqué filing lawsuit complaint indictment ruling verdict judgment"
    " judgement bulletin"
    " dispatch dispatches broadcast programme program interview comments remarks words speech"
    " testimony account"
    " analysis findings figures data research advisory notice transcript posting".split()
)
"""What says something for those who made it."""
_CROWDS: Final = frozenset(
    "people police public media press staff majority crowd audience youth couple".split()
)
_OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "company": ("company",),
    "firm": ("company",),
    "bank": ("company",),
    "airline": ("company",),
    "newspaper": ("media",),
    "paper": ("media",),
    "magazine": ("media",),
    "broadcaster": ("media",),
    "channel": ("media",),
    "network": ("media",),
    "university": ("research-organisation",),
    "institute": ("research-organisation",),
    "party": ("political-party",),
    "ministry": ("government-body",),
    "agency": ("government-body", "media", "intergovernmental-body"),
    "court": ("government-body",),
    "organisation": ("civil-society", "intergovernmental-body"),
    "organization": ("civil-society", "intergovernmental-body"),
    "association": ("civil-society",),
    "charity": ("civil-society",),
    "union": ("civil-society",),
    "church": ("civil-society",),
    "army": ("armed-force",),
    "militia": ("armed-force",),
}
"""What kinds of body a common noun may lead back to, when one of them alone is named."""
