"""The names that the register has, to be found in texts.

A gazetteer is made once from the register and can be sent to other processes. Looking takes one
step per word of the text, however many names there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from pyoxigraph import Literal, NamedNode

from kg.extract.prose import Prose
from kg.model import Ref
from kg.vocab import KG, RDFS, SKOS, concept_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Kind, ThingType
    from kg.register import Register

_LONGEST: Final = 24
"""Words of the longest name that is looked for; what is longer is a sentence, not a name."""


class Entry(NamedTuple):
    """A thing of the register, by what it is called first."""

    ref: Ref
    type: ThingType
    kind: Kind | None
    label: str


class _Form(NamedTuple):
    """One name: its words, and whom it names."""

    words: tuple[str, ...]
    entries: tuple[Entry, ...]


class Gazetteer:
    """Names and the entries that bear them; a name of several entries is told by `candidates` only.

    A capital in a name must stand in the text too, a word in capitals must be one there; small
    letters match both. Behind the name a possessive may follow, and a plural where the last word
    is in small letters.
    """

    def __init__(self, names: Iterable[tuple[str, Entry]]) -> None:
        self.kinds: dict[str, str] = {}  # the ids of the register, with what kind of entry each is
        bearers: dict[str, dict[Ref, Entry]] = {}
        for name, entry in names:
            bearers.setdefault(" ".join(name.split()), {}).setdefault(entry.ref, entry)
        self._forms: dict[tuple[str, ...], list[_Form]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._begun: set[tuple[str, ...]] = set()  # what the first two words may look like
        self._names: dict[str, tuple[Entry, ...]] = {}
        lengths: dict[str, set[int]] = {}  # of the names, by what their first word may look like
        for name in sorted(bearers):
            entries = tuple(entry for _, entry in sorted(bearers[name].items()))
            self._names[name] = entries
            words = tuple(Prose(name).words)
            if not 0 < len(words) <= _LONGEST:
                continue
            key = _key(words)
            self._forms.setdefault(key, []).append(_Form(words, entries))
            for look in _looks(key):
                lengths.setdefault(look, set()).add(len(key))
            if len(key) > 1:
                self._begun.update((key[0], look) for look in _looks(key[1:]))
        for first, known in lengths.items():
            self._lengths[first] = tuple(sorted(known, reverse=True))

    @classmethod
    def of(cls, register: Register) -> Gazetteer:
        """The names of a register: all labels and other names, of what was not merged into another."""
        labels: dict[NamedNode, list[tuple[int, str]]] = {}
        kinds: dict[NamedNode, str] = {}
        for triple in register.triples:
            node, predicate, value = triple.subject, triple.predicate, triple.object
            if not isinstance(node, NamedNode):
                continue
            if predicate == KG.kind and isinstance(value, NamedNode):
                kinds[node] = min(value.value, kinds.get(node, value.value))
            elif predicate in _NAMING and isinstance(value, Literal):
                rank = 0 if predicate == RDFS.label else 2
                rank += 0 if (value.language or "en").startswith("en") else 1
                labels.setdefault(node, []).append((rank, value.value))
        names: list[tuple[str, Entry]] = []
        for id_, type_ in sorted(register.kinds.items()):
            node = register.iri(id_)
            if node in labels and register.iris.local(node) == (type_, id_):
                known = sorted(labels[node])
                kind = concept_value(type_, NamedNode(kinds[node])) if node in kinds else None
                entry = Entry(
                    Ref(id_), cast("ThingType", type_), cast("Kind | None", kind), known[0][1]
                )
                names += [(name, entry) for _, name in known]
        gazetteer = cls(names)
        gazetteer.kinds = dict(register.kinds)
        return gazetteer

    def find(self, prose: Prose) -> list[tuple[int, int, Entry]]:
        """Where names stand, by words: in text order, the outer before those within; none cross.

        Names of several entries are left out.
        """
        return [
            (first, end, entries[0])
            for first, end, entries in self.candidates(prose)
            if len(entries) == 1
        ]

    def candidates(self, prose: Prose) -> list[tuple[int, int, tuple[Entry, ...]]]:
        """Where names stand, with all that bear them; of a thing only the longest name there."""
        lengths, found = self._lengths, []
        if not lengths:
            return []
        open_: list[tuple[int, tuple[Entry, ...]]] = []
        for i in prose.where(lengths.keys()):
            pair = tuple(prose.lower[i : i + 2])
            if lengths[pair[0]][-1] > 1 and pair not in self._begun:
                continue  # the fewest of the names that begin with "the" are here
            while open_ and open_[-1][0] <= i:
                open_.pop()
            limit = open_[-1][0] if open_ else len(prose.words)
            for end, entries in self._at(prose, i, limit):
                if open_ and open_[-1][1] == entries:
                    continue  # a name within a longer one of the same thing
                found.append((i, end, entries))
                open_.append((end, entries))
        return found

    def named(self, name: str) -> Entry | None:
        """The entry that bears a name, exactly as written, if there is but one."""
        entries = self._names.get(" ".join(name.split()), ())
        return entries[0] if len(entries) == 1 else None

    def _at(self, prose: Prose, i: int, limit: int) -> list[tuple[int, tuple[Entry, ...]]]:
        """The names that begin with word `i`, the longest first."""
        found = []
        for length in self._lengths[prose.lower[i]]:
            end = i + length
            if end > limit:
                continue
            for form in self._forms.get(_folded(prose.lower[i:end]), ()):
                if all(map(_fits, form.words, prose.words[i:end])):
                    found.append((end, form.entries))
                    break
        return found


_NAMING: Final = frozenset({RDFS.label, SKOS.altLabel})


def bare(word: str) -> str:
    """A word without its possessive ending.

    >>> bare("japan's"), bare("states’"), bare("moody")
    ('japan', 'states', 'moody')
    """
    if word.endswith(("'s", "’s", "'S", "’S")):
        return word[:-2]
    return word[:-1] if word.endswith(("'", "’")) else word


def _key(words: Iterable[str]) -> tuple[str, ...]:
    """What a name is looked up by: small letters, the last word without possessive and plural."""
    return _folded([word.lower().replace("’", "'") for word in words])


def _folded(lowered: list[str]) -> tuple[str, ...]:
    """The same for words in small letters, as a `Prose` has them."""
    last = lowered[-1]
    if last[-1] in "s'":
        last = bare(last)
        lowered[-1] = last[:-1] if len(last) > _SHORT_WORD and last.endswith("s") else last
    return tuple(lowered)


def _looks(key: tuple[str, ...]) -> tuple[str, ...]:
    """What the first word of a name may look like in a text."""
    first = key[0]
    return (first,) if len(key) > 1 else (first, f"{first}s", f"{first}'s", f"{first}s's")


_SHORT_WORD: Final = 3
"""Letters of words whose last `s` is taken for no plural."""


def _fits(named: str, found: str) -> bool:
    """Whether a word of a text may stand for one of a name, as its letters go."""
    if named[0].isupper() and not found[0].isupper():
        return False
    if len(named) > 1 and named.isupper() and not bare(found).rstrip("s").isupper():
        return False
    plural = bare(found).lower().endswith("s") != bare(named).lower().endswith("s")
    return not plural or named[0].islower()
