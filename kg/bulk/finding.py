"""What the bulk road reads: documents in files and folders, one file after the other.

The order is that of `kg add`, so that of two copies the same one counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import rdf
from kg.add.finding import ANNOTATIONS, kind
from kg.errors import ConfigError
from kg.intake import Fault, is_address, sources
from kg.intake.sniff import READ_IN_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.intake import Options, Raw

_READ: Final = ANNOTATIONS | READ_IN_FOLDERS | set(rdf.FORMATS)


def refuse(given: Sequence[str]) -> None:
    """Raise ConfigError where a source is no file or folder: what is read must be there once more."""
    for source in given:
        if source == "-" or is_address(source):
            raise ConfigError(
                f"{source}: the bulk road reads files and folders",
                hint="save it to a file; or leave --bulk out",
            )


def found(given: Iterable[str], options: Options) -> Iterator[tuple[str, Iterator[Raw | Fault]]]:
    """The files with documents in some sources, each with what is in it."""
    for source in given:
        path = Path(source)
        if not path.is_dir():
            yield source, _file(path, options)
            continue
        empty = True
        for file in _files(path):
            empty = False
            yield str(file), _file(file, options)
        if empty:
            fault = Fault(place=source, message="nothing in this folder can be added")
            yield source, iter((fault,))


def _file(path: Path, options: Options) -> Iterator[Raw | Fault]:
    if path.exists() and isinstance(kind(path), Path):
        yield Fault(
            place=str(path),
            message="holds no documents that are to be read",
            hint="kg add without --bulk takes annotations, registers and graphs in",
        )
        return
    yield from sources(str(path), options=options)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder as `kg add` takes them, sorted, with no more than a path to it in memory."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _files(entry)
            continue
        plain = entry.with_suffix("") if entry.suffix.lower() == ".gz" else entry
        if plain.suffix.lower() in _READ and entry.is_file():
            yield entry
