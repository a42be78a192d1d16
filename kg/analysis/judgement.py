"""A judgement, and who judges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.vocab import DCTERMS, KG, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from pyoxigraph import NamedNode

    from kg.model import MethodKind, Status

FEATURES: Final = {
    "name": KG.nameSimilarity,
    "type": KG.typeFit,
    "context": KG.contextFit,
    "dates": KG.dateFit,
    "popularity": KG.popularity,
    "rivals": KG.margin,
}
"""The properties that keep what spoke for a link, by the names that scoring gives it."""
BOTH_WAYS: Final = frozenset({KG.contradicts, KG.agreesWith, DCTERMS.isReplacedBy})
"""Relations for which it does not matter, once somebody has decided, which end is named first."""
WIKIDATA_HOST: Final = "www.wikidata.org"
IDENTITY: Final = frozenset({SKOS.exactMatch, KG.absentFrom})
"""Relations that say which item of an authority a thing is: one item, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who judges: a program, which has a version, or a person."""

    name: str
    version: str | None = None

    @property
    def is_program(self) -> bool:
        """Whether it is a program."""
        return self.version is not None

    def __str__(self) -> str:
        return f"{self.name} {self.version}" if self.version else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """That two things stand in a relation: how sure that is, whether it is accepted, and who says so.

    `features` are from 0 to 1 by the names in FEATURES. `source` is what was asked: an IRI, or the
    name of a file. `changes` tell of its earlier states and of this one, in order.
    """

    from_: NamedNode
    relation: NamedNode
    to: NamedNode
    confidence: Decimal
    status: Status
    by: Judge
    method: MethodKind
    when: str
    features: Mapping[str, float] = field(default_factory=dict)
    source: str | None = None
    note: str | None = None
    changes: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[NamedNode, NamedNode, NamedNode]:
        """What it is about."""
        return self.from_, self.relation, self.to

    def __str__(self) -> str:
        """What became of it, as one of its changes; TOLD reads it."""
        sure = f", confidence {self.confidence}" if self.by.is_program else ""
        note = f": {self.note}" if self.note else ""
        when = f"{self.when}: " if self.when else ""
        return f"{when}{self.status} by {self.by}{sure}{note}"


TOLD: Final = re.compile(
    r"(?P<when>\S+): (?P<status>proposed|accepted|rejected) by (?P<by>.+?)"
    r", confidence (?P<confidence>[0-9.]+)(?:: (?P<note>.*))?",
    re.DOTALL,
)
"""A change that a program made, as a judgement tells it."""


def feature_word(name: str) -> str:
    """What people call a feature: as the property that keeps it, where that has another name.

    >>> feature_word("rivals"), feature_word("name")
    ('margin', 'name')
    """
    return "margin" if name == "rivals" else name


def called(authority: NamedNode) -> str:
    """What people call those who give items their IRIs.

    >>> from pyoxigraph import NamedNode
    >>> called(NamedNode("http://www.wikidata.org/")), called(NamedNode("https://d-nb.info/gnd/"))
    ('Wikidata', 'd-nb.info')
    """
    host = urlsplit(authority.value).netloc or authority.value
    return "Wikidata" if host == WIKIDATA_HOST else host
