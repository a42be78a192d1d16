"""Whom `he` and `she` mean where somebody unnamed speaks, too."""

from __future__ import annotations

import pytest

from kg.extract.gazetteer import Gazetteer
from kg.extract.names import names
from kg.extract.prose import Prose
from kg.model import Span

NOBODY = Gazetteer([])
CASES = [
    ("Mayor Eva Holt left. “We hid it,” a former clerk said. [She] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left. “We hid it,” said a former clerk. [She] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left. “We hid it,” a neighbour said. [She] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left.\nA resident, who hid it, said no. [She] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left. The head of the union warned them. [She] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left. A lawyer for Holt said no. [She] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left. A woman at the quay wept. [She] said so.", "she (unresolved)"),
    ("A woman from Solby wept. “No,” [she] said.", "she (unresolved)"),
    ("A man from Solby wept. “No,” [she] said.", "she (unresolved)"),
    ("A letter from Eva Holt came. [She] said so.", "Eva Holt"),
    ("A geologist said [she] said so.", "she (unresolved)"),
    ("Mayor Eva Holt left. A spokesman said no. [She] said so.", "Eva Holt"),
    ("Mayor Eva Holt left. The mayor said no. [She] said so.", "Eva Holt"),
    ("Mayor Eva Holt left. The ministry said no. [She] said so.", "Eva Holt"),
    ("Mayor Eva Holt left. A report by the ministry said no. [She] said so.", "Eva Holt"),
    ("Mayor Eva Holt left. Residents said no. [She] said so.", "Eva Holt"),
    ("Mayor Eva Holt left. She told a reporter why. [She] said so.", "Eva Holt"),
    ("Eva Holt, a teacher from Solby who was there, left. [She] said so.", "Eva Holt"),
    ("Eva Holt met a clerk. [She] said so.", "Eva Holt"),
    ("A clerk said no. Eva Holt left. [She] said so.", "Eva Holt"),
    ("“I told them a clerk said no,” Eva Holt said. [She] said so.", "Eva Holt"),
    ("Tom Holt left. A queen said no. [He] said so.", "Tom Holt"),
    ("Tom Holt left. A policeman said no. [He] said so.", "he (unresolved)"),
]


def test_the_table_has_as_many_cases_as_counted() -> None:
    assert len(CASES) == 23


@pytest.mark.parametrize(("text", "label"), CASES)
def test_somebody_unnamed_who_spoke_last_may_be_meant(text: str, label: str) -> None:
    start, end = text.index("["), text.index("]") - 1
    prose = Prose(text.replace("[", "").replace("]", ""))
    assert names(prose, NOBODY).holder(prose, Span(start, end)).label == label
