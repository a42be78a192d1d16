"""Pages from templates: everything is escaped, and every link is relative to the page it stands on.

So the same pages work under any path of any web server, and as files on a disk. What templates can
call besides their own context is listed in `_tools`; what they share is in `macros.html`.
"""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from pyoxigraph import NamedNode

from kg import __version__
from kg.mapping.iris import Iris
from kg.names import curie
from kg.show.blocks import clean
from kg.show.picture import dates
from kg.vocab import WIKIDATA
from kg.web.readers.reply import Reply
from kg.web.terms import page_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jinja2 import Environment

    from kg.show.card import When
    from kg.web.readers.reading import Reading
    from kg.workspace import Workspace

FOLDER: Final = Path(__file__).parents[1]
STATIC: Final = FOLDER / "static"
VOCABULARY: Final = "https://w3id.org/newskg/"
"""What the ontology, the schemes and the shapes have in common; the server has pages for them."""
_LINKED: Final = 20
"""Links that a header names at most: proxies refuse headers of more than some kilobytes."""
Other = tuple[str, str, str]
"""Another form of what a page shows: its media type, its path and what it is called."""
_PASSAGE: Final = re.compile(r"(?P<text>.*)#char=(?P<start>[0-9]{1,18}),(?P<end>[0-9]{1,18})")


def page(
    reading: Reading,
    template: str,
    *,
    here: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    alternates: Sequence[Other] = (),
    **context: Any,
) -> Reply:
    """The page that a template makes; `here` is its own path as clients ask for it, without the first slash.

    `alternates` are other forms of it, which the page and its Link header name.
    """
    tools = _tools(reading.workspace, reading.prefixes, reading.generation, here)
    told = {"Link": links(alternates, here)} if alternates else {}
    told |= headers or {}
    return _reply(
        template, status, told, reading=reading, alternates=alternates, **tools, **context
    )


def problem(
    workspace: Workspace,
    generation: str,
    *,
    here: str,
    status: int,
    detail: str,
    hint: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """What went wrong, as a page: for people, whose browsers show problem details as code."""
    tools = _tools(workspace, workspace.prefixes, generation, here)
    title = HTTPStatus(status).phrase
    return _reply(
        "problem.html", status, headers, **tools, title=title, code=status, detail=detail, hint=hint
    )


def _reply(template: str, status: int, headers: Mapping[str, str] | None, **context: Any) -> Reply:
    text = environment().get_template(template).render(**context)
    return Reply(
        body=text.encode("utf-8", "replace"),
        media_type="text/html",
        status=status,
        headers=headers or {},
    )


def _tools(
    workspace: Workspace, prefixes: Mapping[str, str], generation: str, here: str
) -> dict[str, Any]:
    """What every template can call, and what it may know of the workspace."""
    base = workspace.settings.base
    return {
        "here": here,
        "base": base,
        "generation": generation,
        "site": workspace.root.name or "kg",
        "version": __version__,
        "href": lambda path: relative(path, here),
        "page_of": lambda iri: page_of(iri, base),
        "to": lambda iri: link(iri, here, base),
        "short": lambda iri: shortened(iri, prefixes),
    }


@cache
def environment() -> Environment:
    """The templates, with the filters that they share."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a new version is another process
    )
    made.filters |= {
        "number": number,
        "counted": counted,
        "percent": percent,
        "edtf": date_words,
        "figures": figures,
        "around": around,
        "unquote": unquote,
        "line": lambda text, most=1000: clean(str(text), most),
    }
    return made


# ---- where things are ---------------------------------------------------------------------------


def relative(path: str, here: str) -> str:
    """A path of the server as seen from a page.

    >>> relative("static/kg.css", "page/id/actor/japan")
    '../../../static/kg.css'
    >>> relative("", "")
    './'
    """
    return "../" * here.partition("?")[0].count("/") + path or "./"


def page_of(iri: str, base: str) -> str | None:
    """The path of the page about a thing, a graph or a term of ours; None for what others describe.

    >>> page_of("https://example.org/kg/id/actor/japan", "https://example.org/kg/")
    'page/id/actor/japan'
    """
    if iri.startswith(VOCABULARY):
        return page_path(iri)
    inside = iri.removeprefix(base)
    if inside == iri or not _plain(inside):
        return None
    if Iris(base).local(NamedNode(iri)):
        return f"page/{inside}"
    return inside if inside.startswith("graph/") else None


def _plain(path: str) -> bool:
    """Whether a path stays below the base: no step out of it, no query."""
    return "?" not in path and "//" not in path and ".." not in path.split("/")


def link(iri: str, here: str, base: str) -> str | None:
    """Where a page links an IRI to: a page of ours, the address itself on the web, or nowhere.

    >>> link("javascript:alert(1)", "", "https://example.org/kg/") is None
    True
    """
    path = page_of(iri, base)
    if path is not None:
        return relative(path, here)
    if iri.startswith(WIKIDATA):
        return f"https://www.wikidata.org/wiki/{iri.removeprefix(WIKIDATA)}"
    return iri if iri.startswith(("http://", "https://")) else None


def shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI in its short form; a text that is none as it is."""
    try:
        return curie(NamedNode(iri), prefixes)
    except ValueError:
        return iri


def links(found: Iterable[Other], here: str, *, but: str | None = None) -> str:
    """The header (RFC 8288) that names other forms of what stands at `here`; `but` is the path of this one."""
    return ", ".join(
        f'<{relative(path, here)}>; rel="alternate"; type="{media_type}"'
        for media_type, path, _ in list(found)[:_LINKED]
        if path != but
    )


def passage(iri: str) -> tuple[str, int, int] | None:
    """The text, the start and the end that the IRI of a passage (RFC 5147) names.

    >>> passage("https://example.org/kg/id/text/0a#char=3,9")
    ('https://example.org/kg/id/text/0a', 3, 9)
    """
    found = _PASSAGE.fullmatch(iri)
    return (found["text"], int(found["start"]), int(found["end"])) if found else None


# ---- how values are said ------------------------------------------------------------------------


def number(value: float) -> str:
    """A number with its thousands apart.

    >>> number(12345)
    '12,345'
    """
    return f"{value:,}"


def figures(words: str) -> str:
    """Words with the long numbers in them made legible.

    >>> figures("exactly 40000000 euros")
    'exactly 40,000,000 euros'
    """
    return _LONG.sub(lambda found: f"{int(found[0]):,}", words)


_LONG: Final = re.compile(r"(?<![\d.,])[1-9][0-9]{4,17}(?![\d.,])")


def counted(value: int, one: str, many: str | None = None) -> str:
    """A number with its word.

    >>> counted(1, "claim"), counted(1200, "story", "stories")
    ('1 claim', '1,200 stories')
    """
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def percent(value: object) -> str:
    """A confidence as per cent; what is no number stays as it is.

    >>> percent("0.85")
    '85 %'
    """
    try:
        share = float(str(value))
    except ValueError:
        return str(value)
    return f"{100 * share:.0f} %" if 0 <= share <= 1 else str(value)


def date_words(when: When | str | None) -> str:
    """A date in words, with how it is known where the text does not state it.

    >>> date_words("2018-07")
    'July 2018'
    """
    if when is None:
        return "no date"
    if isinstance(when, str):
        return dates.words(when)
    said = dates.words(when.edtf)
    return said if when.basis in {None, "stated"} else f"{said} ({when.basis})"


def around(number: int, last: int) -> list[int | None]:
    """The numbers of the pages that a page of a long list links to; None for those left out.

    >>> around(5, 9)
    [1, None, 4, 5, 6, None, 9]
    """
    shown = sorted({1, *range(max(1, number - 1), min(last, number + 1) + 1), last})
    found: list[int | None] = []
    for before, page in zip([0, *shown], shown, strict=False):
        if page - before == 2:
            found.append(page - 1)
        elif page - before > 2:
            found.append(None)
        found.append(page)
    return found
