"""Dates in a text: the time expressions of English news, each as EDTF at the precision of its words.

A span holds the words that make the date what it is: "since", "between … and", "early" and
"around" belong to it, a mere "in" or "on" does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.expressions import TRIGGERS, Expressions
from kg.extract.moments import anchor, reckon
from kg.model import Span

if TYPE_CHECKING:
    from kg.edtf import Edtf
    from kg.extract.moments import Reading
    from kg.extract.prose import Prose
    from kg.model import Basis, When


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date in the text."""

    span: Span
    edtf: Edtf
    basis: Basis


def dates(
    prose: Prose, published: When | None, readings: list[Reading] | None = None
) -> list[Dated]:
    """The dates of a text in its order; `readings` are those of `time_expressions`, if at hand.

    What leans on a day of publication that is not known gives no date. A day without a year is
    the next one where its verb speaks of plans, the last one where it tells the past, and the
    nearer one where nothing says.

    >>> from kg.extract.prose import Prose
    >>> [str(date.edtf) for date in dates(Prose("Since early June 2018 and in the 1970s."), None)]
    ['2018-06-01/..', '197X']
    """
    day = anchor(published)
    basis: Basis = "inferred" if published and published.basis == "inferred" else "computed"
    found = []
    for reading in time_expressions(prose) if readings is None else readings:
        known = reckon(reading, day, basis)
        if known is not None:
            span = Span(reading.start, reading.stop)
            found.append(Dated(span=span, edtf=known[0], basis=known[1]))
    return found


def time_expressions(prose: Prose) -> list[Reading]:
    """All that names a time, as its words give it, whether or not a date comes of it."""
    found: list[Reading] = []
    reader = Expressions(prose)
    paragraphs = iter(prose.paragraphs)
    begin = limit = done = 0
    triggers = {
        word for word in prose.places if word in TRIGGERS or "0" <= word < ":" or word[:4] == "mid-"
    }
    for i in prose.where(triggers):
        if i < done:
            continue
        while i >= limit:
            begin, limit = next(paragraphs)
        reader.begin, reader.limit = max(begin, done), limit
        reading = reader.reading(i)
        if reading is not None:
            done = reading.end
            found.append(reader.directed(reading))
    return found
