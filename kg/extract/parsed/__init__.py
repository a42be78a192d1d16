"""The extractor that reads with a spaCy pipeline: the rules' reading, mended by a dependency tree.

Any English pipeline with a tagger and a parser will do, whichever of the two usual sets of labels
it has. spaCy is an extra (`newskg[spacy]`) and is imported where it is needed only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg.errors import ConfigError
from kg.extract.attribution import attributions as by_rules
from kg.extract.parsed.merge import merged
from kg.extract.parsed.reading import frames_of
from kg.extract.parsed.tree import Tree, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.config import Settings
    from kg.document import Document
    from kg.extract.attribution import Attribution
    from kg.extract.extraction import Extraction
    from kg.extract.gazetteer import Gazetteer
    from kg.extract.parsed.tree import Piece
    from kg.extract.prose import Prose
    from kg.model import MethodKind

_UNUSED: Final = tuple(
    "ner lemmatizer entity_linker entity_ruler senter sentencizer textcat textcat_multilabel".split()
)
"""Components that nothing here reads; names are found by rules, as for every extractor."""


def attributions(prose: Prose, parts: Sequence[Piece]) -> list[Attribution]:
    """All attributions of a text by the place of their cue, given its parsed stretches."""
    tree = Tree(prose, parts)
    return merged(tree, by_rules(prose), frames_of(tree))


class Parsed:
    """Reads a text with a loaded pipeline."""

    name = "spacy"
    method: MethodKind = "model"

    def __init__(self, nlp: Any, *, version: str, own: bool = False) -> None:
        self.nlp = nlp
        self.version = version
        self.own = own

    def extract(self, document: Document, known: Gazetteer, /) -> Extraction:
        """What the document says; with `own`, also what its author asserts."""
        from kg.extract.compose import compose, prose_of

        prose = prose_of(document)
        found = attributions(prose, pieces(self.nlp, prose))
        return compose(document, prose, found, known, own=self.own)


def make(settings: Settings) -> Parsed:
    """The extractor with the pipeline that the settings name.

    Raises ConfigError where spaCy or the pipeline is missing, or the pipeline has no parser.
    """
    try:
        import spacy
    except ImportError as error:
        raise ConfigError("spaCy is not installed", hint="pip install 'newskg[spacy]'") from error
    name = settings.spacy_pipeline
    try:
        nlp = spacy.load(name, exclude=list(_UNUSED))
    except OSError as error:
        installed = ", ".join(sorted(spacy.util.get_installed_models())) or "none"
        wanted = name if re.fullmatch(r"\w+", name) else "en_core_web_sm"
        raise ConfigError(
            f"there is no spaCy pipeline {name!r}",
            hint=f"python -m spacy download {wanted} (installed: {installed})",
        ) from error
    except (ValueError, KeyError, ImportError, AttributeError, TypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ConfigError(
            f"the spaCy pipeline {name!r} cannot be loaded: {reason}",
            hint="it may have been made for another version of spaCy: python -m spacy validate",
        ) from error
    missing = [part for part in ("tagger", "parser") if not _has(nlp, part)]
    if missing:
        raise ConfigError(
            f"the spaCy pipeline {name!r} has no {' and no '.join(missing)}",
            hint="take one that parses, such as en_core_web_sm",
        )
    meta = nlp.meta
    pipeline = f"{meta['lang']}_{meta['name']} {meta['version']}"
    return Parsed(
        nlp, version=f"{spacy.about.__version__} with {pipeline}", own=settings.own_assertions
    )


def _has(nlp: Any, kind: str) -> bool:
    """Whether a pipeline has a component of a kind, whatever it is called there."""
    return any(kind in nlp.get_pipe_meta(name).factory for name in nlp.pipe_names)
