"""Whether a form that could be a verb is a noun where it stands: claims, reports, talks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.lexicon import NOUNS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading

_ALONE: Final = frozenset(
    "many some others several most few both all those these each none this that".split()
)
"""Determiners that stand for persons by themselves."""
_PLURAL: Final = frozenset("people police officials critics staff media men women children".split())
_ADJECTIVE: Final = (
    "al", "ive", "ous", "ful", "ic", "able", "ible", "less", "ish", "ary", "false", "new", "early",
    "recent", "key", "main", "old", "big", "good", "bad", "high", "low", "first", "public",
)  # fmt: skip


def noun(reading: Reading, i: int, low: int) -> bool:
    """Whether a form that could be a verb is a noun or an adjective where it stands."""
    tags, words = reading.tags, reading.low
    if i == low:
        return tags[i] == "f"
    before, word = tags[i - 1], words[i - 1]
    if before == "D" and word not in _ALONE:
        return True
    if tags[i + 1 : i + 2] == ["T"] and words[i] not in NOUNS:
        return False
    if tags[i] == "V" or tags[i] == "G":
        return before == "P" and tags[i] == "V" and tags[i + 1 : i + 2] in (["N"], ["X"])
    if tags[i] in "fF" and before in "BH":
        return True
    if before == "P" or word.endswith("'s") or (word == "'" and words[i - 2].endswith("s")):
        return True
    if tags[i] == "f" and (tags[i + 1 : i + 2] in (["V"], ["B"], ["H"], ["M"]) or word == "news"):
        return True
    if tags[i] == "f" and before == "N" and word.endswith(_ADJECTIVE) and word not in _PLURAL:
        return True
    if tags[i] == "f" and before in "NXf" and not words[i].endswith("s"):  # wants a plural
        j = i - 1
        while j > low and tags[j] in "XNKD":
            j -= 1
        if j > low and tags[j] == "P" and (words[j - 1].endswith("s") or words[j - 1] in _ALONE):
            return False
        return not (word.endswith("s") or word in _PLURAL or tags[max(low, i - 2)] == "C")
    return before in "GK" and tags[i] == "f" and word != "one"
