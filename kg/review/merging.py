"""What a person may merge: whatever may be one thing, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.errors import InputError
from kg.link.both import can_be_one
from kg.names import curie
from kg.vocab import DCTERMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.analysis import Analysis, Judgement
    from kg.review.annotations import Annotations


def refuse_unlike(
    merge: Judgement, analysis: Analysis, articles: Annotations, prefixes: Mapping[str, str]
) -> None:
    """Raise InputError where two things were to be one that cannot be, or what went into them.

    A state that is a person is one as little by way of a third thing.
    """
    if merge.relation != DCTERMS.isReplacedBy:
        return
    kept = analysis.merges()
    into = [NamedNode(gone) for gone, stays in kept.items() if stays == merge.from_.value]
    last = NamedNode(kept.get(merge.to.value, merge.to.value))
    for gone in (merge.from_, *into):
        for stays in dict.fromkeys((merge.to, last)):
            sorts = articles.sort(gone), articles.sort(stays)
            if sorts[0] is None or sorts[1] is None or gone == stays:
                continue  # what nothing describes is said elsewhere, and so is a circle
            if not can_be_one((gone, sorts[0]), (stays, sorts[1])):
                names = [curie(node, prefixes) for node in (gone, stays)]
                raise InputError(
                    f"{names[0]} is {sorts[0]}, and {names[1]} is {sorts[1]}: they cannot be one",
                    hint="where one of them is described wrongly, correct that first",
                )
