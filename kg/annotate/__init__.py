"""Raw articles to annotated ones, in as many processes as are wanted.

What is made of one article hangs on nothing but its bytes, the register and the settings, so it
does not matter which process makes it, or when.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeAlias

from kg.annotate.pool import Pool, in_order
from kg.annotation.seal import seal_of, sealed
from kg.document.lines import supposed
from kg.errors import AnnotationError, KgError, ServiceError
from kg.extract import annotate, extractor
from kg.extract.extraction import shortcomings
from kg.extract.gazetteer import Gazetteer
from kg.intake import Fault, Raw, document
from kg.loading import ArticleQuads, article_quads
from kg.mapping.iris import short
from kg.model import Hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.config import Settings
    from kg.document import Document
    from kg.extract.extraction import Extractor
    from kg.loading import Screen
    from kg.mapping.iris import Iris
    from kg.model import Annotation
    from kg.register import Register

BATCH: Final = 48
"""Articles that go to a process at once: the queries which check them cost 14 ms however few they are."""
FEW: Final = 24
"""Articles up to which it is quicker to read them here than to start processes."""
DIED: Final = "the process that read it has died"
MEMORY: Final = "it may need too much memory"

Batch: TypeAlias = "list[Raw | Fault]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """An article as it goes into the workspace: its text, its annotation (YAML) and its graph.

    `remarks` are lines on what the extractor could not read, or did not believe.
    """

    name: str
    place: str
    text: bytes
    digits: str
    content: bytes
    made: ArticleQuads
    remarks: tuple[str, ...] = ()


class Reader:
    """Makes annotated articles of raw ones; has what that takes, and can be sent to a process.

    `taken` are the digits of texts that the workspace has already: they are not read again. An
    extractor that asks a service keeps its exchanges in the folder `exchanges`; with `replay`, it
    only uses those. One that is `made` already serves in this process. With a `screen`, other
    processes also check what they make.
    """

    def __init__(
        self,
        settings: Settings,
        register: Register,
        iris: Iris,
        *,
        encoding: str | None = None,
        taken: Iterable[str] = (),
        exchanges: Path | None = None,
        replay: bool = False,
        made: Extractor | None = None,
        screen: Screen | None = None,
    ) -> None:
        self.settings = settings
        self.known = Gazetteer.of(register)
        self.nodes: Mapping[str, str] = {id_: register.iri(id_).value for id_ in register.kinds}
        self.iris = iris
        self.encoding = encoding
        self.taken = frozenset(taken)
        self.exchanges = exchanges
        self.replay = replay
        self.screen = screen
        self._extractor = made

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_extractor": None}  # each process makes its own

    @property
    def extractor(self) -> Extractor:
        """The extractor of the settings, made in the process that needs it."""
        if self._extractor is None:
            self._extractor = extractor(self.settings, exchanges=self.exchanges, replay=self.replay)
        return self._extractor

    def estimate(self, raws: Iterable[Raw | Fault]) -> str:
        """What it may take to read some articles; nothing for an extractor that asks nobody.

        Raises ConfigError where that goes beyond what may be spent.
        """
        if self.replay or not hasattr(self.extractor, "estimate"):
            return ""
        documents = []
        for raw in raws:
            with contextlib.suppress(KgError):  # told when it is read
                documents += [] if isinstance(raw, Fault) else [self.document(raw)]
        return str(self.extractor.estimate(documents))

    def document(self, raw: Raw) -> Document:
        """The document in some bytes. Raises InputError."""
        found = document(raw, encoding=self.encoding, limit=self.settings.text_limit)
        if found.language is not None or not self.settings.languages:
            return found
        return replace(found, language=supposed(found.text, self.settings.languages[0]))

    def annotation(self, found: Document) -> Annotation:
        """The annotation of a document. Raises AnnotationError where the extractor is at fault."""
        return annotate(found, self.extractor, self.known)

    def read(self, raw: Raw) -> Annotated | Fault | None:
        """The annotated article; what is wrong with it; or None where its text is there already."""
        try:
            found = self.document(raw)
            text = found.text.encode()
            digits = short(hashlib.sha256(text).hexdigest())
            if digits in self.taken:
                return None
            made = self.annotation(found)
            content = sealed(made, found.text)
            # The graph is that of the file, seal and all: a later build is to find nothing new.
            made = replace(made, made=replace(made.made, sha256=Hash(seal_of(content) or "")))
            return Annotated(
                name=raw.file,
                place=raw.place,
                text=text,
                digits=digits,
                content=content,
                made=article_quads(made, self.iris, self.nodes),
                remarks=tuple(shortcomings(self.extractor)),
            )
        except AnnotationError as error:
            message = "; ".join(problem.message for problem in error.problems)
            return Fault(place=raw.place, message=message)
        except KgError as error:
            message = str(error).removeprefix(f"{raw.place}: ").removeprefix(f"{raw.file}: ")
            remote = isinstance(error, ServiceError)
            return Fault(place=raw.place, message=message, hint=error.hint, remote=remote)

    def checked(self, batch: list[Annotated | Fault | None]) -> list[Annotated | Fault | None]:
        """What was read, checked where that is wanted."""
        places = [place for place, one in enumerate(batch) if isinstance(one, Annotated)]
        if self.screen is not None and places:
            articles = [one for one in batch if isinstance(one, Annotated)]
            graphs = self.screen.checked([article.made for article in articles])
            for place, article, made in zip(places, articles, graphs, strict=True):
                batch[place] = replace(article, made=made)
        return batch


def annotated(
    raws: Iterable[Raw | Fault], reader: Reader, *, workers: int = 1
) -> Iterator[Annotated | Fault | None]:
    """The articles in the order of their sources, or what is wrong with each; None where it is known.

    No more of them are in memory than the processes need to have something to do.
    """
    source = iter(raws)
    first = list(islice(source, FEW))
    if workers < 2 or len(first) < FEW or getattr(reader.extractor, "in_turn", False):
        for raw in chain(first, source):
            yield raw if isinstance(raw, Fault) else reader.read(raw)
        return
    with Pool(reader, workers) as pool:

        def alone(batch: Batch) -> list[Annotated | Fault | None]:
            return [_alone(pool, raw) for raw in batch] if pool.works() else _read(reader, batch)

        for _, found in in_order(pool, _read, _batches(chain(first, source)), alone):
            yield from found


def _batches(source: Iterator[Raw | Fault]) -> Iterator[Batch]:
    while batch := list(islice(source, BATCH)):
        yield batch


def _alone(pool: Pool, raw: Raw | Fault) -> Annotated | Fault | None:
    """One article of a batch in which a process died."""
    try:
        (found,) = pool.result(pool.submit(_read, [raw]))
    except pool.death:
        return Fault(place=raw.place, message=DIED, hint=MEMORY)
    return found


def _read(reader: Reader, batch: Batch) -> list[Annotated | Fault | None]:
    return reader.checked([raw if isinstance(raw, Fault) else reader.read(raw) for raw in batch])
