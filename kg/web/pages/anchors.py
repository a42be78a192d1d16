"""Where on a page without the text its passages are: at the claims that hold them, or in a list of their own.

Links to words (`#char=16,20`) lead to ids, so that they need no script.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.names import curie, labels
from kg.store import select
from kg.vocab import KG, OA
from kg.web.pages.html import passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.web.readers.reading import Reading

Place = tuple[int, int]


class Standing(NamedTuple):
    """Words of a text that no claim rests on, and what they refer to: its IRI and its name."""

    start: int
    end: int
    exact: str
    of: str
    name: str

    @property
    def id(self) -> str:
        """What links to it call it."""
        return name_of((self.start, self.end))


def name_of(place: Place) -> str:
    """The id of a passage (RFC 5147).

    >>> name_of((16, 20))
    'char=16,20'
    """
    return f"char={place[0]},{place[1]}"


def holding(
    places: Iterable[Place], evidence: Mapping[int, Sequence[Place]]
) -> dict[int, list[Place]]:
    """The passages that each claim holds: what it rests on, and what lies within that.

    A passage goes to one claim: that with the shortest words around it, of those the first. Passages
    that no claim holds are under 0.

    >>> holding([(2, 4), (0, 9), (20, 22)], {1: [(0, 9)], 2: [(0, 5), (0, 9)]})
    {2: [(2, 4)], 1: [(0, 9)], 0: [(20, 22)]}
    """
    around = sorted(
        (end - start, number, start, end)
        for number, found in evidence.items()
        for start, end in found
    )
    held: dict[int, list[Place]] = defaultdict(list)
    for place in dict.fromkeys(places):
        fitting = (n for _, n, start, end in around if start <= place[0] and place[1] <= end)
        held[next(fitting, 0)].append(place)
    return dict(held)


def standing(reading: Reading, text: str) -> dict[Place, Standing]:
    """What the graph says stands in a text, by its place and in its order."""
    rows = select(
        reading.store,
        f"SELECT ?p ?of ?exact WHERE {{ ?p {KG.inText} {NamedNode(text)} "
        f"OPTIONAL {{ ?p {KG.refersTo} ?of }} OPTIONAL {{ ?p {OA.exact} ?exact }} }}",
    )
    found: dict[Place, tuple[str, NamedNode | None]] = {}
    for row in rows:
        at, of, exact = passage(row["p"].value), row["of"], row["exact"]
        if at is not None:
            words = exact.value if isinstance(exact, Literal) else ""
            found[at[1:]] = (words, of if isinstance(of, NamedNode) else None)
    called = labels(reading.store, {of for _, of in found.values() if of is not None})
    return {
        place: Standing(
            *place,
            words,
            of.value if of is not None else "",
            (called.get(of) or curie(of, reading.prefixes)) if of is not None else "",
        )
        for place, (words, of) in sorted(found.items())
    }
