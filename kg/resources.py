"""Where the files that ship with `kg` are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

Kind = Literal["ontology", "shapes", "queries", "examples"]


def folder(kind: Kind) -> Path:
    """The packaged folder of that kind; it is read-only.

    >>> (folder("ontology") / "context.jsonld").exists()
    True
    """
    package = Path(str(files("kg")))
    packed = package / "data" / kind
    return packed if packed.is_dir() else package.parent / kind
