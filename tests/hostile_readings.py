"""What the `rules` extractor makes of hostile texts, for the suites that hold it to laws and to the clock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from kg import document
from kg.errors import InputError
from kg.extract import annotate
from kg.extract.gazetteer import Gazetteer
from kg.extract.rules import Rules
from kg.mapping.iris import Iris
from kg.register import Register, read
from tests.conftest import SLOW
from tests.hostile_texts import texts

if TYPE_CHECKING:
    from kg.document import Document
    from kg.model import Annotation

ROOT = Path(__file__).parents[1]
IRIS = Iris("https://example.org/kg/")
REGISTER = Register(
    read((ROOT / "examples" / "newsroom" / "entities.ttl").read_bytes(), "entities.ttl", IRIS), IRIS
)
NOBODY = Gazetteer(())
KNOWN = Gazetteer.of(REGISTER)
NODES = {id_: REGISTER.iri(id_).value for id_ in REGISTER.kinds}
LAW = settings(
    max_examples=2000 if SLOW else 250,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Read(NamedTuple):
    """A text that was read, what was found in it, and the names that were known."""

    document: Document
    annotation: Annotation
    known: Gazetteer

    @property
    def text(self) -> str:
        return self.document.text


def reading(text: str, *, own: bool, known: Gazetteer) -> Read:
    """What the rules make of a text, from its bytes on."""
    found = document.parse(text.encode(), "hostile.txt", encoding="utf-8", limit=10**8)
    return Read(found, annotate(found, Rules(own=own), known), known)


@st.composite
def readings(draw: st.DrawFn) -> Read:
    text = draw(texts())
    try:
        return reading(text, own=draw(st.booleans()), known=draw(st.sampled_from([NOBODY, KNOWN])))
    except InputError as error:
        # A pile of control characters is no text. All else is our fault, a failing extractor too.
        assume("binary" not in str(error))
        raise
