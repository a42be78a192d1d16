"""A name where it stands in a text, before it is known what else is the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.extract.names.tables import What


class Found(NamedTuple):
    """A name in the text: its words and letters, and what is seen of it there.

    `what` is None where nothing says; `key` stands for well-known names; `roles` are the words of
    the titles before it; `seat` is the key of the state whose capital it is; `within` says that it
    is a part of another name, `article` that `the` stands before it, `likely` that it looks like a
    person's, `weak` that it is no name unless somebody in the text is called so.
    """

    first: int
    end: int
    start: int
    stop: int
    words: tuple[str, ...]
    what: What | None = None
    key: str = ""
    roles: tuple[str, ...] = ()
    seat: str = ""
    within: bool = False
    article: bool = False
    likely: bool = False
    weak: bool = False
