"""Names, languages and other small things as feeds and records state them."""

from __future__ import annotations

import re
from typing import Final

from kg.model import Language

_LONGEST: Final = 1000
"""Characters of a headline or of a list of authors at most; what is longer is something else."""


def words(value: str | None) -> str | None:
    """A text in one line, if there is any.

    >>> words("  The harbour\\n reopens ")
    'The harbour reopens'
    """
    if not value or len(value) > 10 * _LONGEST:
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return line if 0 < len(line) <= _LONGEST else None


def names(value: str | None) -> list[str]:
    """The names in a byline; a comma parts them only where an "and" shows that it is a list.

    >>> names("By Ada Byron, Mary Somerville and Charles Babbage"), names("Jane Roe, Staff Writer")
    (['Ada Byron', 'Mary Somerville', 'Charles Babbage'], ['Jane Roe, Staff Writer'])
    """
    line = re.sub(r"^by[: ]\s*", "", words(value) or "", flags=re.IGNORECASE)
    found = []
    for one in re.split(r"[;|]", line):
        *before, last = re.split(r",? (?:and|&) ", one)
        if before and all(" " in name.strip() for name in (*before, last)):
            found += [name for part in before for name in part.split(", ")] + [last]
        else:
            found.append(one)
    return [name for one in found if (name := one.strip(" ,"))]


def language(value: object) -> str | None:
    """A language code as BCP 47 has it.

    >>> language("en_US"), language("EN"), language("English")
    ('en-US', 'en', None)
    """
    first, *rest = str(value or "").strip().replace("_", "-").split("-")
    try:
        return Language("-".join((first.lower(), *rest)))
    except ValueError:
        return None
