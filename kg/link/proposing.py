"""The judgements that a program makes of what it found for a thing, and how far its source bears them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from kg.analysis import Judgement
from kg.link.judging import SELF, confidence
from kg.link.scoring import near
from kg.vocab import KG, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.link.item import Candidate, Resolution
    from kg.link.source import Source
    from kg.link.thing import Thing
    from kg.model import Status

FLOOR: Final = 0.05
"""The least score with which an item is proposed: one in twenty is still worth a look."""
PROPOSED: Final = 5
"""Candidates that are proposed at most: what a reviewer can compare side by side."""
SURELY: Final = 0.99
"""The most that is said for having no item: a source may lack an item, or know it by another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposing:
    """What judgements of one run have in common: source, authority, threshold and day."""

    source: Source
    authority: NamedNode
    accept: float
    day: str

    def judgements(self, thing: Thing, resolution: Resolution, *, refused: bool) -> list[Judgement]:
        """The judgements that a resolution makes: its best candidates, or that it has no item.

        What is likelier to have no item is said to have none, and why; else the reason why the best
        candidate is not taken stands with that. `refused` says that a person has refused an item.
        """
        found = []
        alike = _alike(resolution) if resolution.nil is not None else None
        for number, candidate in enumerate(resolution.candidates[:PROPOSED]):
            accepted = resolution.nil is None and number == 0
            if candidate.score >= FLOOR or accepted or candidate is alike:
                to = NamedNode(candidate.item.iri)
                status: Status = "accepted" if accepted else "proposed"
                found.append(
                    self._judgement(
                        thing, SKOS.exactMatch, to, candidate.score, status, candidate.features
                    )
                )
        if resolution.nil is None:
            return found
        best = resolution.candidates[0].score if found else 0.0
        if best > resolution.nil_score:
            found[0] = replace(found[0], note=resolution.nil)
            return found
        if self.source.lacks(thing):
            return found
        # Beside a refused item or a misspelt name, that there is none is for a person to say.
        sure = self.source.whole and alike is None and not refused
        status = "accepted" if sure and resolution.nil_score >= self.accept else "proposed"
        score = min(resolution.nil_score, SURELY)
        absent = self._judgement(thing, KG.absentFrom, self.authority, score, status, {})
        return [*found, replace(absent, note=self.reason(thing, resolution))]

    def reason(self, thing: Thing, resolution: Resolution) -> str:
        """Why a thing has no item, as far as the source can know."""
        if resolution.nil is None or self.source.whole:
            return resolution.nil or ""
        lacking = self.source.lacks(thing)
        if lacking and (not resolution.candidates or resolution.nil_score > self.accept):
            return f"{self.source.shown} does not hold {lacking}"
        return f"not in {self.source.shown}: {resolution.nil}"

    def _judgement(
        self,
        thing: Thing,
        relation: NamedNode,
        to: NamedNode,
        score: float,
        status: Status,
        features: Mapping[str, float],
    ) -> Judgement:
        return Judgement(
            from_=thing.node,
            relation=relation,
            to=to,
            confidence=confidence(score),
            status=status,
            by=SELF,
            method="string-match",
            when=self.day,
            features={name: round(value, 3) for name, value in features.items()},
            source=str(self.source),
        )


def _alike(resolution: Resolution) -> Candidate | None:
    """The best candidate whose name is one letter off, where none bears the name itself."""
    some = resolution.candidates[:PROPOSED]
    return next((each for each in some if near(resolution.wanted, each)), None)
