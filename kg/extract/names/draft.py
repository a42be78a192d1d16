"""A thing of a text as it takes shape, and what it turns out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.extract.names.bodies import HEADS
from kg.extract.names.entity import Entity, Traits
from kg.extract.names.people import AFTER, FAMILY_FIRST, MEN, WOMEN
from kg.extract.names.tables import GROUP, PERSON, STATE, TOPIC, What, facts
from kg.extract.names.titles import BODIES
from kg.extract.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.extract.gazetteer import Entry
    from kg.extract.names.entity import Gender


@dataclass(slots=True)
class Draft:
    """A thing as it takes shape: its names with where they stand, and what is seen of it."""

    what: What | None = None
    entry: Entry | None = None
    forms: dict[str, int] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    votes: dict[What, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    key: str = ""
    likely: bool = False

    def vote(self, what: What, weight: int) -> None:
        """Count a sign of what the thing is."""
        self.votes[what] = self.votes.get(what, 0) + weight


def plain_words(words: Iterable[str]) -> tuple[str, ...]:
    """A name's words in small letters, without full stops and what follows a name."""
    return tuple(
        word.lower().replace("’", "'")
        for word in words
        if word[0] not in _MARKS and word.lower() not in AFTER
    ) or ("",)


_MARKS: Final = frozenset(".,\"'“”‘’")


def heads_of(words: tuple[str, ...]) -> Iterable[str]:
    """The words by which an organisation may be called when it was named."""
    for k, word in enumerate(words):
        if (word in HEADS or word in BODIES) and (
            k + 1 == len(words) or words[k + 1] in {"of", "for"}
        ):
            yield word


def entity_of(draft: Draft) -> Entity:
    """The thing, called by its fullest form; what is registered by its label there."""
    what = draft.what or _verdict(draft)
    forms = sorted(draft.forms, key=lambda form: (draft.forms[form], form))
    if draft.entry:
        entry = draft.entry
        alt = tuple(form for form in forms if form != entry.label)
        return Entity(type=entry.type, kind=entry.kind, label=entry.label, alt=alt, ref=entry.ref)
    named = [form for form in forms if _is_state(form)] if what == STATE else []
    label = max(
        named or forms, key=lambda form: (not form.isupper(), _size(form), -draft.forms[form])
    )
    if draft.key and draft.key in forms:
        label = draft.key
    return Entity(
        type=what.type,
        kind=what.kind,
        label=label,
        alt=tuple(form for form in forms if form != label),
    )


def _is_state(form: str) -> bool:
    words = tuple(Prose(form).words)
    return any(f.words == words and f.what == STATE for f in facts().get(words[0], ()))


def _size(form: str) -> tuple[int, int]:
    return len(form.split()), len(form)


def _verdict(draft: Draft) -> What:
    """What a thing is when its name does not say: what most signs around it speak for."""
    votes = dict(draft.votes)
    if draft.likely:
        votes[PERSON] = votes.get(PERSON, 0) + 1  # any sign around it says more than its look
    if state := votes.pop(STATE, 0):
        if state >= SURE:
            return STATE
        votes[GROUP] = votes.get(GROUP, 0) + state
    if not votes:
        return TOPIC
    return max(votes, key=lambda what: (votes[what], what.type, what.kind or ""))


SURE: Final = 3
"""The weight of signs that make an unknown name one of a state."""


def traits_of(draft: Draft) -> Traits:
    """What the text lets see of the thing."""
    gender: Gender = ""
    roles = draft.roles
    if roles & _HE and not roles & _SHE:
        gender = "he"
    elif roles & _SHE and not roles & _HE:
        gender = "she"
    else:
        full = [*draft.forms, draft.entry.label] if draft.entry else list(draft.forms)
        given = [form.lower().split()[0] for form in full if " " in form or len(full) == 1]
        given = [word for word in given if word not in FAMILY_FIRST]
        he = any(word in MEN and word not in WOMEN for word in given)
        she = any(word in WOMEN and word not in MEN for word in given)
        gender = "he" if he and not she else "she" if she and not he else ""
    longest = max(draft.forms, key=_size)
    head = next(iter(heads_of(plain_words(longest.split()))), "")
    return Traits(gender=gender, roles=frozenset(roles), head=head)


_HE: Final = frozenset(
    "mr sir lord king prince emperor duke earl pope cardinal bishop archbishop imam ayatollah rabbi"
    " father brother son husband widower uncle spokesman chairman congressman businessman statesman"
    " policeman man boy he actor fisherman fr monsieur herr señor don baron count".split()
)
_SHE: Final = frozenset(
    "mrs ms miss dame lady madam madame queen princess empress duchess mother sister daughter"
    " wife widow"
    " aunt spokeswoman chairwoman congresswoman businesswoman policewoman woman girl actress nun"
    " she"
    " mme frau señora baroness countess".split()
)
