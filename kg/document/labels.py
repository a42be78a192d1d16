"""What stands in front of dates and of paragraphs: `Published:`, `Updated:`, datelines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.document import moment
from kg.document.noise import AGENCIES

if TYPE_CHECKING:
    from kg.edtf import Edtf

_ON: Final = r"(?:\s+(?:online|date|time|on|at|by))?\s*(?:[:|–—-]\s*|\s+(?:on\s+)?|$)"
PUBLISHED: Final = re.compile(
    r"(?:(?:first|originally|date)\s+)?(?:published|aired|broadcast|posted|issued|filed|"
    r"released|publication date|publish date|"
    rf"date of publication|pub(?:\.|lished)? date|date){_ON}",
    re.IGNORECASE,
)
UPDATED: Final = re.compile(
    rf"(?:(?:last|latest|most recently)\s+)?(?:updated?|modified|revised|edited|changed|"
    rf"reviewed){_ON}",
    re.IGNORECASE,
)
RETRIEVED: Final = re.compile(
    r"(?:(?:date|last)\s+)?(?:retrieved|accessed|downloaded|fetched|archived|crawled|saved|"
    r"printed|captured|viewed)"
    rf"(?:\s+from\s+\S+)?{_ON}",
    re.IGNORECASE,
)
_GROUP: Final = r"[A-Z][\w.'’-]{0,30}(?: (?:[A-Z][\w.'’-]{0,30}|de|la|of|the|and|al)){0,4}"
_PLACE: Final = rf"{_GROUP}(?:(?:, |/| and ){_GROUP}){{0,2}}"
_DAY: Final = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|"
    r"Oct|Nov|Dec)[a-z]{0,6}\.? "
    r"\d{1,2}(?:,? (?:19|20)\d\d)?|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|"
    r"Dec)[a-z]{0,6}\.?(?:,? (?:19|20)\d\d)?"
)
_AGENCY: Final = r"[(\[](?P<agency>[A-Za-z][\w./’'& -]{0,40})[)\]]"
_DASH: Final = r"(?:[—–―]|-{1,2}(?=\s)|_(?=\s)|:(?=\s))"
_DATELINE: Final = re.compile(
    rf"(?:(?P<place>{_PLACE})(?:[,.]? (?P<day>{_DAY})\.?)?|"
    rf"(?P<day2>{_DAY}))?(?:[,.]?\s?{_AGENCY})?\s?(?P<dash>{_DASH})\s*"
)

STARTS: Final = frozenset(
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec".split()
)
LABELS: Final = frozenset(
    word[:2]
    for word in (
        *(
            "published",
            "posted",
            "issued",
            "filed",
            "released",
            "date",
            "first",
            "originally",
            "pub",
            "last",
            "latest",
        ),
        *(
            "most",
            "update",
            "modified",
            "revised",
            "edited",
            "changed",
            "reviewed",
            "retrieved",
            "accessed",
            "downloaded",
        ),
        *(
            "fetched",
            "archived",
            "crawled",
            "saved",
            "printed",
            "captured",
            "viewed",
            "headline",
            "title",
            "section",
        ),
        *("category", "publisher", "source", "url", "link", "web"),
    )
)


def date(words: str) -> Edtf | None:
    """The date after a label, whatever stands behind it."""
    exact = moment.whole(words)
    if exact:
        return exact
    found = moment.leading(words)
    return found.date if found else None


def dateline(line: str) -> re.Match[str] | None:
    """The dateline that a paragraph begins with: place, day, agency, dash."""
    found = _DATELINE.match(line[:140])
    if found is None or not found.end():
        return None
    place, day, agency = found["place"], found["day"] or found["day2"], found["agency"] or ""
    if agency[:1].islower() and agency not in AGENCIES:
        return None
    after = line[found.end() : found.end() + 1]
    if not (after.isupper() or after.isdigit() or after in "“\"'‘«"):
        return None
    if agency:
        return found
    if not place or found["dash"].startswith(":"):
        return None
    capital = place.replace(" ", "").replace(",", "").replace(".", "").isupper() and len(place) > 2
    if capital or day:
        return found
    # Bergen, Norway — Nobody: a place in small letters, if no second dash makes it an insertion.
    dash = found["dash"]
    if dash.startswith("-") and len(dash) == 1:
        return None
    few = len(place.split()) <= 4 and ("," in place or len(place.split()) <= 2)
    return found if few and dash not in line[found.end() : found.end() + 250] else None
