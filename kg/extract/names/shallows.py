"""Banks: houses of money, or shallow stretches of the sea and edges of rivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.gazetteer import bare
from kg.extract.names.evidence import SPEECH
from kg.extract.names.tables import PLACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.names.found import Found
    from kg.extract.prose import Prose

_BANKS: Final = frozenset({"bank", "banks"})


def shallows(prose: Prose, found: Sequence[Found]) -> list[Found]:
    """The names, with those of banks as places where the text is of fishing there, not of money."""
    weights: dict[tuple[str, ...], int] = {}
    lower: list[str] = []
    for name in found:
        if _is_bank(name):
            lower = lower or ["", "", "", *prose.lower, "", "", "", "", ""]
            weights[name.words] = weights.get(name.words, 0) + _weight(lower, name)
    if not weights:
        return list(found)
    return [
        name._replace(what=PLACE) if _is_bank(name) and weights[name.words] > 0 else name
        for name in found
    ]


def _is_bank(name: Found) -> bool:
    company = name.what is not None and name.what.kind == "company" and not name.key
    return company and len(name.words) > 1 and name.words[-1].lower() in _BANKS


def _weight(lower: list[str], name: Found) -> int:
    """What speaks for a place, less what speaks for a company."""
    first, end = name.first + 3, name.end + 3
    after = lower[end]
    around = {*lower[max(first - _NEAR, 0) : first], *lower[end : end + _NEAR]}
    money = any(word.lower() in _MONEY for word in name.words[:-1])
    weight = -3 if money else 0
    if not name.article or bare(lower[end - 1]) != lower[end - 1]:
        weight -= 2
    else:
        before, beyond = lower[first - 2], lower[first - 3]
        if before == "of":
            weight += 1 if beyond in _WATERS else -1 if beyond in _HOUSE else 0
        elif before in _UPON:
            weight += -1 if beyond in _PRESSING else 2
        elif before in _TO_WATERS:
            weight += 2
        elif before in {"at", "by", "with", "from"}:
            weight -= 1
    weight += (not _AT_SEA.isdisjoint(around)) - (not _AT_BANKS.isdisjoint(around))
    if after in SPEECH or after in _HOUSE:
        weight -= 2
    elif after in _WATERS:
        weight += 2
    elif after == "," and not _WATERS.isdisjoint(lower[end + 1 : end + 5]):
        weight += 3
    return weight


_NEAR: Final = 9
"""Words around a name that show what is spoken of."""
_AT_SEA: Final = frozenset(
    "boat boats trawler trawlers vessel vessels ship ships fleet fisherman fishermen fishers fish"
    " fishing cod herring catch catches sea seabed sail sailed sailing waters reef shallow collision"
    " sank coast tide offshore turbines drilling".split()
)
_AT_BANKS: Final = frozenset(
    "loan loans deposit deposits money account accounts interest shares customers profit profits"
    " credit rates lending lender lenders mortgage mortgages dollars euros bailout branch branches"
    " financial banking debt debts".split()
)
_UPON: Final = frozenset("on off over across around near along above".split())
"""What one is to a stretch of the sea."""
_PRESSING: Final = frozenset(
    "run attack attacks pressure sanctions tax taxes raid report reports imposed levied fine fines"
    " ban hold ruling effect spent depends relies rely depend based focus focused focusing control"
    " oversight inquiry investigation based curbs restrictions information impact imposes".split()
)
"""What is on banks that are companies."""
_TO_WATERS: Final = frozenset(
    "claim claims claimed claiming patrol patrols patrolled patrolling fish fishes fished fishing"
    " cross crosses crossed crossing share shares shared survey surveys surveyed chart charted"
    " trawl trawled trawling sail sailed reach reached".split()
)
"""What one does to waters."""
_WATERS: Final = frozenset(
    "shallow shallows sandbank shoal fishery fisheries fishing cod herring catch catches waters"
    " water sea seabed reef stretch ground grounds tide tides depth edge edges slope slopes"
    " lighthouse wind".split()
)
"""What stands beside the names of waters."""
_HOUSE: Final = frozenset(
    "chief chairman chairwoman governor president executive executives shares account accounts loan"
    " loans branch branches customers customer clients employees headquarters lent collapsed"
    " director manager managers analyst analysts economist economists plc ltd spokesman"
    " spokeswoman building lends creditors shareholders acquisition takeover owners".split()
)
"""What companies have."""
_MONEY: Final = frozenset(
    "national central savings commercial investment trust development federal people's cooperative"
    " co-operative merchant state deutsche royal credit industrial agricultural mortgage reserve"
    " exchange commonwealth international city union first american european bank capital"
    " postal mutual private islamic blood food data".split()
)
"""What banks of money are called."""
