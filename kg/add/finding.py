"""What is to be added: which files a source has, and which of them are taken in as they are."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import rdf
from kg.errors import InputError
from kg.intake import is_address
from kg.intake.sniff import HEAD, READ_IN_FOLDERS, kind_of
from kg.workspace import ANALYSIS, ENTITIES, FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.build import Report


SHARED: Final = (ENTITIES, ANALYSIS, FACTS)
ANNOTATIONS: Final = {".yaml", ".yml", ".json"}


def expand(sources: Iterable[Path | str], failures: Report) -> Iterator[Path | str]:
    """What to add: what is shared first, then annotations and graphs, then what is to be read, as text."""
    found: list[Path | str] = []
    for source in sources:
        try:
            if isinstance(source, str) and (source == "-" or is_address(source)):
                found.append(source)
            else:
                found += _files(Path(source))
        except InputError as error:
            failures.fail(str(source), error)

    def rank(source: Path | str) -> int:
        if isinstance(source, str):
            return 3
        if source.name in SHARED:
            return SHARED.index(source.name)
        return 2

    yield from sorted(found, key=rank)


def _files(source: Path) -> list[Path | str]:
    """The files in a folder, or the one file; those that are to be read as text have their names as text."""
    try:
        if not stat.S_ISDIR(source.stat().st_mode):
            return [kind(source)]
    except FileNotFoundError:
        raise InputError(f"{source}: no such file or folder") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{source}: {reason.lower()}") from error
    known = ANNOTATIONS | READ_IN_FOLDERS | set(rdf.FORMATS)
    files = [
        kind(file)
        for file in sorted(source.rglob("*"))
        if file.is_file()
        and (file.with_suffix("") if file.suffix.lower() == ".gz" else file).suffix.lower() in known
        and not any(part.startswith(".") for part in file.relative_to(source).parts)
    ]
    if not files:
        raise InputError(f"{source}: nothing in this folder can be added")
    return files


def kind(file: Path) -> Path | str:
    """A file that is taken in as it is, as a path; one that is read for articles, as its name."""
    suffix = file.suffix.lower()
    if file.name in SHARED or suffix in ANNOTATIONS - {".json"}:
        return file
    if suffix not in {".json", *rdf.FORMATS}:
        return str(file)
    if not file.is_file():  # a pipe would have us wait for ever
        return file
    try:
        with file.open("rb") as opened:
            head = opened.read(HEAD)
    except OSError:  # told by who will read it
        return file
    if suffix == ".json":
        return file if _OF_ANNOTATIONS.search(head) or b"{" not in head else str(file)
    return str(file) if kind_of(head, file.name) == "feed" else file


_OF_ANNOTATIONS = re.compile(rb'"(?:article|text|made|claims|mentions|things)"\s*:\s*[\[{]')
"""What tells an annotation in JSON from articles in JSON."""
