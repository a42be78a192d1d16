"""Files that people own: read with clear errors, written as a whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY = (".kg-", ".tmp")
"""How the names of files start and end that are being written; what a killed process left is swept up."""


def read_file(
    file: Path, name: str | None = None, *, limit: int | None = None, advice: str | None = None
) -> bytes:
    """What is in a file that a person gave us, of so many bytes at most; `name` is for messages.

    `advice` is what to do with a bigger one.

    Raises InputError where it is no file, is too big or cannot be read.
    """
    name = name or str(file)
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{name}: is a folder")
        if not stat.S_ISREG(status.st_mode):  # a pipe would have us wait for ever
            raise InputError(f"{name}: is not a regular file")
        if limit is not None and status.st_size > limit:
            message = f"{name}: has {status.st_size:,} bytes; the limit is {limit:,}"
            raise InputError(message, hint=advice)
        return file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{name}: no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a name with U+0000
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{name}: {reason.lower()}") from error


def write_file(file: Path, content: bytes, *, settled: bool = True) -> None:
    """Write a file as a whole, so that a reader or a power cut sees the old one or the new one.

    Where it need not be `settled` yet, a power cut may bring the old one back until `settle` is
    called on its folder; for many new files, `Together` is quicker. Raises StoreError where the file
    system refuses; the old file is then as it was.
    """
    with writing_file(file, settled=settled) as out:
        out.write(content)


@contextlib.contextmanager
def writing_file(file: Path, *, settled: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of the old one when the block ends, and not if it fails.

    `settled` is as `write_file` has it. Raises StoreError where the file system refuses; the old
    file is then as it was.
    """
    with reporting(file):
        try:
            mode = file.lstat().st_mode
            if stat.S_ISLNK(mode):  # the link stays, and what it leads to is written
                file = file.resolve()
                mode = file.stat().st_mode
        except FileNotFoundError:
            mode = stat.S_IFREG | (0o666 & ~_mask())
        if not stat.S_ISREG(mode):  # a device or a pipe, which cannot be replaced
            with file.open("wb") as out:
                yield out
            return
        with _temporary(file, mode) as (out, temporary):
            yield out
            out.flush()
            # Before it has its name: a name that came first could be that of an empty file.
            os.fsync(out.fileno())
            out.close()
            temporary.replace(file)
        if settled:
            settle(file.parent)


def settle(folder: Path) -> None:
    """Have the names of a folder's files on the disk as they are. Raises StoreError where that fails."""
    with reporting(folder):
        _on_disk(folder)


class Together:
    """New files that are given their names many at a time, when all of them are on the disk.

    To wait for the disk once for each takes longer than to make what is in them. Who writes a file
    waits for none of it, but no later than `SOON` after the first all have their names.
    """

    def __init__(self) -> None:
        self._waiting: dict[Path, Path] = {}  # where they are, by the names that they will have
        self._since = 0.0

    def __contains__(self, file: Path) -> bool:
        return file in self._waiting

    def write(self, file: Path, content: bytes) -> None:
        """Write a file that is not there yet. Raises StoreError where the file system refuses."""
        if not self._waiting:
            self._since = time.monotonic()
        mode = stat.S_IFREG | (0o666 & ~_mask())
        with reporting(file), _temporary(file, mode) as (out, temporary):
            out.write(content)
            out.close()
        self._waiting[file] = temporary
        if time.monotonic() - self._since > SOON:
            self.settle()

    def settle(self) -> None:
        """Have all of them on the disk by their names, in the order in which they were written.

        Raises StoreError where the file system refuses; those without their names are then gone.
        """
        from concurrent.futures import ThreadPoolExecutor

        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        with reporting(next(iter(waiting))):
            try:
                with ThreadPoolExecutor(_AT_ONCE) as threads:
                    for _ in threads.map(_on_disk, waiting.values()):
                        pass
                for file, temporary in waiting.items():
                    temporary.replace(file)
            except BaseException:
                for temporary in waiting.values():
                    temporary.unlink(missing_ok=True)
                raise
        for folder in {file.parent for file in waiting}:
            settle(folder)


SOON = 1.0
"""Seconds of work that a killed process may lose."""
_AT_ONCE = 16
"""Files that wait for the disk at a time: it takes them in together."""


def _on_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _temporary(file: Path, mode: int) -> Iterator[tuple[IO[bytes], Path]]:
    """A file to be written beside another, which is gone when the block fails."""
    import tempfile

    prefix, suffix = TEMPORARY
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            Path(name).chmod(stat.S_IMODE(mode))
            yield out, Path(name)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _mask() -> int:
    """The umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def reporting(place: Path) -> Iterator[None]:
    """Turn what the file system refuses into one clear error."""
    try:
        yield
    except OSError as error:
        what = Path(error.filename) if error.filename else place
        if what.name.startswith(TEMPORARY[0]) and what.name.endswith(TEMPORARY[1]):
            what = place
        raise StoreError(
            f"{what}: {(error.strerror or str(error)).lower()}", hint=HINTS.get(error.errno or 0)
        ) from error


HINTS = {
    errno.ENOSPC: "nothing was half written; make room, then run the command again",
    errno.EDQUOT: "nothing was half written; make room, then run the command again",
    errno.EROFS: "a folder that can be written to is needed",
    errno.EACCES: "a folder that you may write to is needed",
}
"""What to do about what the file system refuses."""
