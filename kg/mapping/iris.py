"""The IRI policy: which IRI each thing gets, given the base of the workspace.

An IRI once given does not change: not with a better label, paraphrase, confidence or status.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from kg.model import Span

HASH_DIGITS = 12
"""Hex digits of a text's SHA-256 in the IRIs of the text, its passages and its claims."""


def short(sha256: str) -> str:
    """The digits of a text's SHA-256 that stand in IRIs."""
    return sha256[:HASH_DIGITS]


def escape(part: str) -> str:
    """Percent-encode everything but unreserved characters (RFC 3986, 2.3).

    >>> escape("2014/2016")
    '2014%2F2016'
    """
    return quote(part, safe="")


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of one workspace; `base` ends in a slash.

    >>> Iris("https://example.org/kg/").thing("actor", "japan").value
    'https://example.org/kg/id/actor/japan'
    """

    base: str

    def thing(self, kind: str, local: str) -> NamedNode:
        """A thing by its kind and local name; the local name is taken as it is."""
        return NamedNode(f"{self.base}id/{kind}/{local}")

    def graph(self, name: str) -> NamedNode:
        """A named graph."""
        return NamedNode(f"{self.base}graph/{name}")

    @property
    def entities(self) -> NamedNode:
        """The graph of the register."""
        return self.graph("entities")

    @property
    def analysis(self) -> NamedNode:
        """The graph of judgements and outside claims."""
        return self.graph("analysis")

    @property
    def provenance(self) -> NamedNode:
        """The graph that says who made the article graphs, when and from what."""
        return self.graph("provenance")

    @property
    def dates(self) -> NamedNode:
        """The graph that describes all time nodes."""
        return self.graph("dates")

    def text(self, sha256: str) -> NamedNode:
        """A source text, by its content."""
        return self.thing("text", short(sha256))

    def passage(self, text: NamedNode, span: Span) -> NamedNode:
        """A stretch of a text, in the form of RFC 5147."""
        return NamedNode(f"{text.value}#char={span.start},{span.end}")

    def date(self, edtf: str) -> NamedNode:
        """A time, by its EDTF string."""
        return self.thing("date", escape(edtf))

    def agent(self, name: str, version: str | None = None) -> NamedNode:
        """Who made an annotation or a judgement."""
        return self.thing("agent", escape(name) + (f"/{escape(version)}" if version else ""))

    def judgement_key(self, from_: NamedNode, relation: NamedNode, to: NamedNode) -> str:
        """The local name of a judgement: it stays the same when confidence or status change."""
        parts = (self.relative(from_), relation.value, self.relative(to))
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]

    def relative(self, node: NamedNode) -> str:
        """The IRI without the base, or whole where it lies elsewhere."""
        return node.value.removeprefix(self.base)

    def local(self, node: NamedNode) -> tuple[str, str] | None:
        """Kind and local name of one of our things; None for the IRIs of others.

        >>> iris = Iris("https://example.org/kg/")
        >>> iris.local(iris.thing("actor", "japan"))
        ('actor', 'japan')
        """
        prefix = f"{self.base}id/"
        kind, _, local = node.value.removeprefix(prefix).partition("/")
        return (kind, local) if node.value.startswith(prefix) and local else None

    def edtf(self, node: NamedNode) -> str | None:
        """The EDTF string of one of our time nodes; None for other nodes."""
        local = self.local(node)
        return unquote(local[1]) if local and local[0] == "date" else None

    def prefixes(self) -> dict[str, str]:
        """Prefixes for the things of this workspace, as `kg` prints and accepts them."""
        kinds = (
            "activity",
            "actor",
            "agent",
            "article",
            "claim",
            "date",
            "event",
            "judgement",
            "participation",
            "place",
            "quantity",
            "stance",
            "text",
            "topic",
        )
        return {kind: f"{self.base}id/{kind}/" for kind in kinds} | {"graph": f"{self.base}graph/"}


def wikidata(item: str) -> NamedNode:
    """The IRI of a Wikidata item.

    >>> wikidata("Q17").value
    'http://www.wikidata.org/entity/Q17'
    """
    return NamedNode(WIKIDATA + item)
