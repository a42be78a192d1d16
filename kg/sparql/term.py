"""A term as SPARQL that all engines read alike."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode


def written(term: NamedNode | Literal) -> str:
    r"""A term for a query.

    Some engines undo escapes of code points before they look for strings (SPARQL 1.1, 19.2), where
    others do so inside strings. With all of their eight digits, and none behind a backslash of the
    value itself, both read the same.

    >>> print(written(Literal("a\x07b")), written(Literal(r"\u0022")))
    "a\U00000007b" "\\\U000000750022"
    """
    return _ESCAPE.sub(_spelled, str(term)) if isinstance(term, Literal) else str(term)


_ESCAPE = re.compile(r"\\\\[uU]|\\u[0-9A-F]{4}|\\.")


def _spelled(found: re.Match[str]) -> str:
    escape = found[0]
    if escape[1] == "u":
        return rf"\U0000{escape[2:]}"
    return rf"\\\U{ord(escape[2]):08X}" if escape[2:] else escape
