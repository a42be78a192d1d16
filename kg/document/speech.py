"""Who speaks in an interview or a transcript: the labels at the start of its lines."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL: Final = re.compile(
    r"(?P<label>[A-Z][\w.'’-]{0,30}(?: [\w.'’&-]{1,30}){0,5}(?:,? "
    r"?[(\[][^()\[\]]{1,40}[)\]])?)(?P<mark>\s?:(?=\s|$)|\.(?=\s))"
)
_SIDES: Final = frozenset(
    """q a question answer interviewer interviewee moderator host anchor reporter speaker operator audience
    presenter correspondent caller journalist the president""".split()
)
_NO_SPEAKER: Final = frozenset(
    """note notes update warning tip source sources example summary background conclusion result
    results photo image video caption credit read related more correction clarification
    analysis opinion editorial exclusive breaking watch day week part chapter section step
    figure table price prices address date time place location where when what why how who
    tel phone email e-mail website contact tickets rating pros cons ingredients
    advertisement total""".split()
)


def speakers(lines: Sequence[tuple[int, str]]) -> list[Span]:
    """The labels in front of what is said, without their colon; each line with where it starts.

    A label counts if it is one of the usual ones or stands there twice, and if there are two of
    them at least: `Minister: talks resume` is a headline.

    >>> speakers([(0, "Q: Is it late?"), (20, "A: It is."), (40, "It was.")])
    [Span(start=0, end=1), Span(start=20, end=21)]
    """
    found: list[tuple[str, Span]] = []
    for start, line in lines:
        label = _LABEL.match(line, 0, 110)
        if label is None:
            continue
        words = label["label"]
        if label["mark"] == "." and words not in {"Q", "A"}:
            continue
        if len(words) <= 60 and words.split()[0].lower() not in _NO_SPEAKER:
            found.append((_speaker(words), Span(start, start + len(words))))
    counts = Counter(label for label, _ in found)
    capitals = sum(1 for label, _ in found if label.isupper())
    spoken = [
        span
        for label, span in found
        if label.lower() in _SIDES or counts[label] > 1 or (label.isupper() and capitals > 2)
    ]
    return spoken if len(spoken) > 1 else []


def _speaker(label: str) -> str:
    return re.sub(r",? ?[(\[].*", "", label)
