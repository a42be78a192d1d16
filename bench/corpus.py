"""The founding corpus, multiplied: every copy has its own texts, things and claims."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import annotation
from kg.mapping.iris import Iris, short
from kg.model import Hash, Ref
from kg.register import Register, read, to_turtle

CORPUS = Path(__file__).parents[1] / "examples" / "abductions"
_SHARED = ("actor", "place", "topic", "event")


def multiply(folder: Path, copies: int) -> None:
    """Write the corpus `copies` times into a folder, as register, analysis and annotations."""
    folder.mkdir(parents=True)
    iris = Iris("https://example.org/kg/")
    shared = {
        name: read((CORPUS / name).read_bytes(), name, iris)
        for name in ("entities.ttl", "analysis.ttl")
    }
    register = Register(shared["entities.ttl"], iris)
    entries = {
        file.stem: annotation.read(
            file.read_bytes(), file.name, text=lambda _: None, kinds=register.kinds
        )
        for file in sorted(CORPUS.glob("*.yaml"))
    }
    hashes = [str(entry.text.sha256) for entry in entries.values()]
    found: dict[str, set[ox.Triple]] = {name: set() for name in shared}
    for copy in range(copies):
        fresh = {sha: hashlib.sha256(f"{sha} {copy}".encode()).hexdigest() for sha in hashes}
        for name, triples in shared.items():
            found[name] |= {_renamed_triple(triple, iris, copy, fresh) for triple in triples}
        for stem, entry in entries.items():
            sha256 = Hash(fresh[str(entry.text.sha256)])
            renamed = _renamed(entry, {*register.kinds}, copy)
            renamed = replace(renamed, text=replace(entry.text, sha256=sha256))
            (folder / f"{stem}-{copy}.yaml").write_text(annotation.write(renamed), encoding="utf-8")
    for name, triples in found.items():
        (folder / name).write_bytes(to_turtle(triples, iris))


def _renamed(item: Any, ids: set[str], copy: int) -> Any:
    """A part of an annotation with the ids of the register made those of a copy."""
    if is_dataclass(item) and not isinstance(item, type):
        changes = {
            part.name: _renamed(getattr(item, part.name), ids, copy) for part in fields(item)
        }
        return replace(item, **changes)
    if isinstance(item, tuple) and type(item) is tuple:
        return tuple(_renamed(part, ids, copy) for part in item)
    return Ref(f"{item}-x{copy}") if isinstance(item, Ref) and item in ids else item


def _renamed_triple(triple: ox.Triple, iris: Iris, copy: int, fresh: dict[str, str]) -> ox.Triple:
    def named(node: Any) -> Any:
        local = iris.local(node) if isinstance(node, ox.NamedNode) else None
        if local is None:
            return node
        kind, name = local
        for old, new in fresh.items():
            name = name.replace(short(old), short(new))
        if kind in (*_SHARED, "judgement") or (kind == "claim" and name == local[1]):
            name += f"-x{copy}"
        return iris.thing(kind, name)

    return ox.Triple(named(triple.subject), triple.predicate, named(triple.object))
