"""Stored queries: .rq files that are valid SPARQL and say in `#+` lines what they answer.

The header is YAML, a superset of grlc's decorators::

    #+ summary: What an actor claims
    #+ params:
    #+   actor: {type: iri, class: kg:Actor, required: true, help: whose claims, example: japan}
    #+ columns: {text: What is claimed}
    #+ tests:
    #+   - {params: {actor: japan}, rows: 5}
    SELECT ?text WHERE { ?claim kg:source ?_actor_iri ; schema:text ?text }

Without `params`, the parameters are those of grlc: what the names of the variables say
(`?_name`, `?__name` for an optional one, `?_name_iri`, `?_name_en`, `?_name_integer`,
`?_name_xsd_date`), with `defaults` and `enumerate`. `header` reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg import resources
from kg.errors import InputError, NotFoundError
from kg.names import brief
from kg.query.header import Header
from kg.query.parameters import StoredQuery as StoredQuery  # noqa: TC001 -- also the name for others

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.query.parameters import Parameter


_LIMIT: Final = 10_000_000
"""Bytes of a query: those that programs write have some 100,000."""


def load(path: Path, endpoints: Sequence[str] = ()) -> StoredQuery:
    """The stored query in a file, which may name one of some endpoints to be asked of.

    Raises InputError with file, line and column where its header is at fault.
    """
    return Header(path, text(path), endpoints).query()


def text(path: Path) -> str:
    """The text of a query file. Raises InputError where it cannot be read."""
    try:
        with path.open("rb") as file:  # which may be a pipe, and have no size
            content = file.read(_LIMIT + 1)
        if len(content) > _LIMIT:
            raise InputError(f"{path}: has more than {_LIMIT:,} bytes: no query has")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error


def has_header(text: str) -> bool:
    """Whether a query is a stored one: some line of it starts with `#+`."""
    return any(line.startswith("#+") for line in text.split("\n"))


def find(folders: Sequence[Path]) -> dict[str, Path]:
    """The query files by name: those of the user first, then the packaged ones."""
    found: dict[str, Path] = {}
    for folder in (*folders, resources.folder("queries")):
        for path in sorted(folder.glob("[!.]*.rq")):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def named(name: str, folders: Sequence[Path], endpoints: Sequence[str] = ()) -> StoredQuery:
    """The stored query of that name. Raises NotFoundError with the nearest names."""
    for folder in (*folders, resources.folder("queries")):
        path = folder / f"{name}.rq"
        if not name.startswith(".") and "/" not in name and _is_file(path):
            return load(path, endpoints)
    import difflib

    close = difflib.get_close_matches(name, find(folders), n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "kg query lists them all"
    raise NotFoundError(f"no stored query is called {brief(name)}", hint=hint)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no file has a name of that length
        return False


def describe(query: StoredQuery) -> str:
    """What a query answers, with its parameters and columns, for people to read."""
    import textwrap

    lines = [f"{query.name}: {query.summary}"]
    if query.description:
        lines += ["", *textwrap.wrap(query.description, _WIDTH)]
    if query.parameters:
        lines += ["", "Parameters:"]
        for parameter in query.parameters.values():
            lines += _described(parameter)
    if query.columns:
        lines += ["", "Columns:"]
        lines += [f"  {name:<14} {heading}" for name, heading in query.columns.items()]
    if query.pagination:
        lines += ["", f"With --page N, a page has {query.pagination} rows."]
    if query.unused:
        lines += ["", f"Without effect here: {', '.join(query.unused)}"]
    return "\n".join([*lines, "", f"Example: {query.call(query.example)}"])


_WIDTH = 80


def _described(parameter: Parameter) -> list[str]:
    kind = parameter.class_ or parameter.type
    need = "required" if parameter.required else f"default {parameter.default or 'any'}"
    about = f"{parameter.help} ({kind}; {need})".strip()
    if parameter.enumeration:
        about += f"; one of {', '.join(parameter.enumeration)}"
    if parameter.example is not None:
        about += f", for example {parameter.example}"
    import textwrap

    margin = " " * 18
    flag = f"  --{parameter.name:<13} "
    return textwrap.wrap(
        about, _WIDTH, initial_indent=flag, subsequent_indent=margin, break_on_hyphens=False
    )
