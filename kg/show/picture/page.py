"""The page that the parts of a picture are drawn on: its measures, headings and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.show.picture import lettering
from kg.show.picture.dates import words
from kg.show.picture.lettering import INK, RULE, SMALL, Face, number

if TYPE_CHECKING:
    from kg.show.card import Article, Card, Said

WIDTH: Final = 1200
LEFT: Final = 40
RIGHT: Final = WIDTH - LEFT

_HEADING: Final = Face(size=20, bold=True)
_USUAL: Final = frozenset({"positive", "certain", "assertion"})


def rule(out: list[str], top: float, colour: str = RULE, thick: float = 1) -> None:
    """Draw a line across the page."""
    out.append(line(LEFT, top, RIGHT, top, colour, thick))


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str = INK,
    thick: float = 1,
    dashes: str = "",
) -> str:
    """A straight line as SVG."""
    ends = " ".join(
        f'{name}="{number(value)}"'
        for name, value in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2))
    )
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line {ends} stroke="{colour}" stroke-width="{number(thick)}"{dashed}/>'


def heading(out: list[str], top: float, title: str, note: str) -> float:
    """Write the heading of a part, with a note on how to read it; return the bottom."""
    rule(out, top + 30, INK, 1.5)
    bottom = lettering.block(out, LEFT, top + 38, RIGHT - LEFT, title, _HEADING)
    return lettering.block(out, LEFT, bottom, RIGHT - LEFT, note, SMALL, 3) + 8


def more(out: list[str], top: float, note: str) -> float:
    """Write what is not drawn for want of room; return the bottom."""
    return lettering.block(out, LEFT, top + 8, RIGHT - LEFT, note, lettering.strong(SMALL), 2)


def count(how_many: int, one: str, several: str) -> str:
    """A number with the word for what is counted.

    >>> count(1, "event", "events"), count(1200, "event", "events")
    ('1 event', '1,200 events')
    """
    return f"{how_many:,} {one if how_many == 1 else several}"


def total(card: Card, part: str, shown: int) -> int:
    """How much of a part there is, drawn or not."""
    return max(dict(card.totals).get(part, 0), shown)


def sources(said: Said) -> str:
    """Whose claim it is."""
    return ", ".join(filter(None, map(lettering.isolated, said.sources))) or "nobody named"


def unusual(said: Said) -> list[str]:
    """What sets a claim apart from a plain statement, in the words of the schemes."""
    given = map(lettering.clean, (said.polarity, said.certainty, said.modality))
    return [value for value in given if value and value not in _USUAL]


def appearance(said: Said) -> str:
    """Where and when a claim is made."""
    published = said.article.published if said.article else None
    known = said.made is not None and published is not None and said.made.edtf == published.edtf
    parts = [f"made {date_words(said.made.edtf)}"] if said.made and not known else []
    if said.article:
        parts.append(article_words(said.article))
    elif said.reference:
        parts.append(f"outside the corpus: {lettering.isolated(said.reference)}")
    return " · ".join(parts)


def article_words(article: Article) -> str:
    """An article by its headline and date."""
    headline = f"“{lettering.isolated(article.headline) or 'no headline'}”"
    if article.published is None:
        return headline
    doubt = ", inferred" if article.published.basis == "inferred" else ""
    return f"{headline} ({date_words(article.published.edtf)}{doubt})"


def articles(card: Card) -> list[Article]:
    """The articles of a card, and those in which the claims are made that are drawn."""
    claims = [
        *((card.subject,) if card.subject else ()),
        *card.says,
        *card.about,
        *(said for dispute in card.disputes for said in (dispute.left, dispute.right)),
        *(reading.said for of in card.numbers for reading in of.readings),
    ]
    found = (*card.articles, *(said.article for said in claims if said.article))
    return list({article.iri: article for article in reversed(found)}.values())[::-1]


def date_words(edtf: str) -> str:
    """A date in words."""
    return words(lettering.clean(edtf))
