"""What a person may merge, and what comes back once they withdraw what they have decided."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode

from kg.analysis.judgement import TOLD
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


def displaced(judgement: Judgement) -> dict[str, Any] | None:
    """What a program had accepted before people decided otherwise; None where nothing waits for it.

    It goes by the changes that the file tells of: those before the first that is not a person's.
    """
    if judgement.by.is_program:
        return None
    for line in reversed(judgement.changes[:-1]):
        told = TOLD.fullmatch(line)
        if told is not None and told["status"] == "accepted":
            name, _, version = told["by"].rpartition(" ")
            return {
                "status": "accepted",
                "confidence": told["confidence"],
                "by": name,
                "version": version,
                "method": None,
                "note": told["note"],
            }
        if told is not None or not _DECIDED.match(line):
            return None
    return None


_DECIDED: Final = re.compile(r"(\S+: )?(accepted|rejected) by ")
