"""The files of one part: written whole or not at all, and read article by article."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from kg.errors import InputError
from kg.files import read_file, write_file
from kg.mapping.iris import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import zstandard

LEVEL: Final = 3
"""Of zstandard: N-Quads of articles come to a fourteenth in 0.3 ms an article; 9 takes four times as long."""
TOGETHER: Final = 32
"""Articles in a frame: one text is had by unpacking these, some 1 MB, in a millisecond or two."""
ARTICLES, SHARD, INDEX = "articles", "nq", "index"
KINDS: Final = (ARTICLES, SHARD, INDEX)


class Place(NamedTuple):
    """Where something is: the frame in the file, and the bytes in what the frame unpacks to."""

    at: int
    length: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article of a part as it is made; `found` counts what was found in its nodes, by severity."""

    name: str
    text: bytes
    annotation: bytes
    quads: bytes
    entry: Mapping[str, Any]
    found: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What the index has of an article."""

    entry: Mapping[str, Any]
    found: Mapping[str, int] | None
    shard: Place
    article: Place

    @property
    def key(self) -> str:
        """The key of the article, which its graph is named by."""
        return str(self.entry["article"])


class Kept(NamedTuple):
    """An article as its part keeps it: the words, and the annotation in YAML."""

    name: str
    text: str
    annotation: str


def file(folder: Path, part: str, kind: str) -> Path:
    """One of the files of a part."""
    return folder / f"{part}.{kind}.zst"


def write(folder: Path, part: str, items: Sequence[Item]) -> dict[str, str]:
    """Write the files of a part; the SHA-256 of each, by its kind.

    The same articles make the same bytes. Whoever notes the part settles the folder first.
    """
    kept = [
        orjson.dumps(
            {"name": i.name, "text": i.text.decode(), "annotation": i.annotation.decode()},
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for i in items
    ]
    articles, words = _packed(kept)
    shard, places = _packed([item.quads for item in items])
    lines = [
        _line(Indexed(entry=i.entry, found=i.found, shard=s, article=a))
        for i, s, a in zip(items, places, words, strict=True)
    ]
    contents = {ARTICLES: articles, SHARD: shard, INDEX: _packer().compress(b"\n".join(lines))}
    for kind, content in contents.items():
        write_file(file(folder, part, kind), content, settled=False)
    return {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}


def write_shard(
    folder: Path, part: str, indexed: Sequence[Indexed], quads: Sequence[bytes]
) -> dict[str, str]:
    """Put another shard and index in the place of those of a part; the SHA-256 of both."""
    shard, places = _packed(quads)
    lines = [_line(replace(i, shard=s)) for i, s in zip(indexed, places, strict=True)]
    contents = {SHARD: shard, INDEX: _packer().compress(b"\n".join(lines))}
    for kind, content in contents.items():
        write_file(file(folder, part, kind), content)
    return {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}


def is_sound(folder: Path, part: str, kind: str, sha256: str) -> bool:
    """Whether a file of a part is there, and what was written."""
    try:
        _whole(file(folder, part, kind), sha256)
    except InputError:
        return False
    return True


def index(folder: Path, part: str, sha256: str | None = None) -> list[Indexed]:
    """What a part has, in its order. Raises InputError where its file is missing or damaged."""
    place = file(folder, part, INDEX)
    data = _unpacked(place, _whole(place, sha256))
    return [
        Indexed(
            entry=line["entry"],
            found=line["found"],
            shard=Place(*line["shard"]),
            article=Place(*line["article"]),
        )
        for line in map(orjson.loads, data.splitlines())
    ]


def indexed_again(folder: Path, part: str, sha256: str) -> list[Indexed]:
    """What an index that is lost had of the articles of a part: their keys, and where each is.

    Raises InputError where the articles are missing or damaged.
    """
    import zstandard

    content = _whole(file(folder, part, ARTICLES), sha256)
    nowhere = Place(0, 0, 0, 0)
    found: list[Indexed] = []
    at = 0
    while at < len(content):
        unpacking = zstandard.ZstdDecompressor().decompressobj()
        data = unpacking.decompress(content[at:])
        length = len(content) - at - len(unpacking.unused_data)
        start = 0
        for line in data.splitlines(keepends=True):
            key = short(hashlib.sha256(_kept(line).text.encode()).hexdigest())
            place = Place(at, length, start, start + len(line))
            found.append(Indexed(entry={"article": key}, found=None, shard=nowhere, article=place))
            start += len(line)
        at += length
    return found


def quads(
    folder: Path, part: str, indexed: Iterable[Indexed], sha256: str | None = None
) -> Iterator[memoryview]:
    """The N-Quads of the articles that some lines of the index are about, article by article.

    Raises InputError where the shard is missing or damaged.
    """
    place = file(folder, part, SHARD)
    content = _whole(place, sha256)
    for frame, items in _frames((item.shard, item) for item in indexed):
        data = memoryview(_unpacked(place, content[frame[0] : sum(frame)]))
        for item in items:
            yield data[item.shard.start : item.shard.end]


def articles(
    folder: Path, part: str, indexed: Iterable[Indexed], sha256: str | None = None
) -> Iterator[tuple[Indexed, Kept]]:
    """The articles of a part that some lines of its index are about. Raises InputError."""
    place = file(folder, part, ARTICLES)
    content = _whole(place, sha256)
    for frame, items in _frames((item.article, item) for item in indexed):
        data = _unpacked(place, content[frame[0] : sum(frame)])
        for item in items:
            yield item, _kept(data[item.article.start : item.article.end])


def article(folder: Path, part: str, key: str) -> Kept | None:
    """One article of a part, with no more of the part read than is needed. Raises InputError."""
    found = next((item for item in index(folder, part) if item.key == key), None)
    if found is None:
        return None
    at, length, start, end = found.article
    place = file(folder, part, ARTICLES)
    try:
        with place.open("rb") as opened:
            opened.seek(at)
            packed = opened.read(length)
    except OSError as error:
        raise InputError(f"{place.name}: {(error.strerror or str(error)).lower()}") from error
    return _kept(_unpacked(place, packed)[start:end])


def _line(item: Indexed) -> bytes:
    # Not orjson: the ids that are keys in an entry are of a type of their own.
    line = {
        "entry": item.entry,
        "found": item.found,
        "shard": item.shard,
        "article": item.article,
    }
    return json.dumps(line, separators=(",", ":")).encode()


def _kept(line: bytes) -> Kept:
    value = orjson.loads(line)
    return Kept(value["name"], value["text"], value["annotation"])


def _packed(pieces: Sequence[bytes]) -> tuple[bytes, list[Place]]:
    """Some pieces in frames, one after the other, and where each of them is."""
    frames: list[bytes] = []
    places: list[Place] = []
    at = 0
    for first in range(0, len(pieces), TOGETHER):
        group = pieces[first : first + TOGETHER]
        frame = _packer().compress(b"".join(group))
        start = 0
        for piece in group:
            places.append(Place(at, len(frame), start, start + len(piece)))
            start += len(piece)
        frames.append(frame)
        at += len(frame)
    return b"".join(frames), places


def _packer() -> zstandard.ZstdCompressor:
    import zstandard

    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)


def _frames(
    placed: Iterable[tuple[Place, Indexed]],
) -> Iterator[tuple[tuple[int, int], list[Indexed]]]:
    """The frames of a file in order, with what is in each."""
    frames: dict[tuple[int, int], list[Indexed]] = {}
    for place, item in placed:
        frames.setdefault((place.at, place.length), []).append(item)
    yield from frames.items()


def _whole(place: Path, sha256: str | None) -> bytes:
    content = read_file(place, place.name)
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(f"{place.name}: is not what was written", hint=DAMAGED)
    return content


def _unpacked(place: Path, content: bytes) -> bytes:
    import zstandard

    try:
        return zstandard.ZstdDecompressor().decompress(content) if content else b""
    except zstandard.ZstdError as error:
        raise InputError(f"{place.name}: is damaged: {error}", hint=DAMAGED) from error


DAMAGED: Final = "take its line out of bulk/manifest.jsonl, then add the source once more"
