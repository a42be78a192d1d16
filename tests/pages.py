"""Pages as trees, and looking things up in them by a few of the selectors of CSS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from tests.web import Got, Site

HTML = "text/html"
_SIMPLE = re.compile(
    r"(?P<tag>[a-z][a-z0-9]*)?(?P<classes>(?:\.[\w-]+)*)(?P<attributes>(?:\[[^\]]+\])*)(?P<first>:first-child)?"
)


def tree(site: Site, path: str, answer: Got) -> HtmlElement:
    """The page that an answer is; links in it are whole addresses."""
    found = html.fromstring(answer.text)
    found.make_links_absolute(urljoin(site.address, path))
    return found


def page(site: Site, path: str, status: int = 200) -> HtmlElement:
    """A page as a browser gets it."""
    answer = site.get(path, accept=HTML)
    assert (answer.status, answer.type) == (status, HTML), answer.text[:500]
    return tree(site, path, answer)


def find(element: HtmlElement, selectors: str) -> list[HtmlElement]:
    """All that one of some selectors finds: `table.rows td[lang=ja] a, p`."""
    paths = []
    for selector in selectors.split(","):
        steps = []
        for step in selector.split():
            found = _SIMPLE.fullmatch(step)
            assert found, step
            conditions = [
                f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
                for name in found["classes"].split(".")[1:]
            ]
            for attribute in re.findall(r"\[([^\]]+)\]", found["attributes"]):
                name, equals, value = attribute.partition("=")
                conditions.append(f"@{name}='{value.strip(chr(39))}'" if equals else f"@{name}")
            if found["first"]:
                conditions.append("not(preceding-sibling::*)")
            steps.append((found["tag"] or "*") + "".join(f"[{each}]" for each in conditions))
        paths.append("descendant::" + "/descendant::".join(steps))
    return list(element.xpath(" | ".join(paths)))


def words(element: HtmlElement) -> str:
    """The words of an element, on one line."""
    return " ".join(element.text_content().split())
