"""Events in a text: what happened, who took part in it, where and when."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast, get_args

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from kg.edtf import Edtf
from kg.extract.dates import dates
from kg.extract.events import Happening, events
from kg.extract.prose import Prose
from kg.model import EventKind, Role, Span, When

if TYPE_CHECKING:
    from kg.extract.names import Names

PUBLISHED = When(date=Edtf("2018-06-20"))
PEOPLE = ("Ada Hill", "Hill", "Ben Lake", "Lake", "Acme")
STATES = ("Norway", "Chad", "Peru")
PLACES = ("Oslo", "Lima")

# A sentence, and its events as "kind | label | date | actor role, … | places".
EVENTS = [
    (
        "Ada Hill visited Norway on Sunday.",
        ["visit | Ada Hill visited Norway | 2018-06-17 | Ada Hill guest | Norway"],
    ),
    (
        "Ada Hill flew to Oslo on Sunday.",
        ["visit | Ada Hill flew to Oslo | 2018-06-17 | Ada Hill guest | Oslo"],
    ),
    (
        "Hill, who toured Peru in 2010, is back.",
        ["visit | Hill toured Peru | 2010 | Hill guest | Peru"],
    ),
    (
        "After visiting Oslo, Foreign Minister Ada Hill flew to Lima.",
        [
            "visit | Ada Hill visiting Oslo |  | Ada Hill guest | Oslo",
            "visit | Ada Hill flew to Lima |  | Ada Hill guest | Lima",
        ],
    ),
    (
        "Ada Hill plans to visit Chad.",
        ["visit | Ada Hill plans to visit Chad |  | Ada Hill guest | Chad"],
    ),
    (
        "The visit of Ada Hill to Chad ended.",
        ["visit | visit of Ada Hill to Chad |  | Ada Hill guest | Chad"],
    ),
    (
        "Ada Hill met Ben Lake in Oslo on Friday.",
        [
            (
                "meeting | Ada Hill met Ben Lake in Oslo | 2018-06-15"
                " | Ada Hill participant, Ben Lake participant | Oslo"
            )
        ],
    ),
    (
        "Ada Hill and Ben Lake met on Friday.",
        [
            "meeting | Ada Hill and Ben Lake met | 2018-06-15 | Ada Hill participant, Ben Lake participant | "
        ],
    ),
    (
        "Norway and Chad held talks in Oslo last week.",
        [
            (
                "negotiation | Norway and Chad held talks in Oslo | 2018-06-11/2018-06-17"
                " | Norway participant, Chad participant | Oslo"
            )
        ],
    ),
    (
        "The treaty between Norway and Peru was signed in 1963.",
        [
            "agreement | treaty between Norway and Peru | 1963 | Norway participant, Peru participant | "
        ],
    ),
    (
        "Norway imposed sanctions on Chad in 2016.",
        ["sanction | Norway imposed sanctions on Chad | 2016 | Norway agent, Chad target | "],
    ),
    (
        "Chad’s sanctions against Peru hurt.",
        ["sanction | Chad’s sanctions against Peru |  | Chad agent, Peru target | "],
    ),
    (
        "Ada Hill was kidnapped by Acme in May 1978.",
        ["abduction | Ada Hill was kidnapped by Acme | 1978-05 | Ada Hill victim, Acme agent | "],
    ),
    ("Six nuns were kidnapped in 1978.", ["abduction | Six nuns were kidnapped | 1978 |  | "]),
    (
        "Chad released Ada Hill on Friday.",
        ["release | Chad released Ada Hill | 2018-06-15 | Chad agent, Ada Hill affected | "],
    ),
    ("Ada Hill died on Friday.", ["death | Ada Hill died | 2018-06-15 | Ada Hill victim | "]),
    ("Soldiers killed Ada Hill.", ["death | Soldiers killed Ada Hill |  | Ada Hill victim | "]),
    ("Ada Hill’s death shook Peru.", ["death | Ada Hill’s death |  | Ada Hill victim | "]),
    (
        "Peru is investigating Acme.",
        ["investigation | Peru is investigating Acme |  | Peru agent, Acme target | "],
    ),
    (
        "Chad launched a missile on 4 July 2017.",
        ["weapons-activity | Chad launched a missile | 2017-07-04 | Chad agent | "],
    ),
    (
        "A survey by Acme in 2010 found little.",
        ["survey | survey by Acme | 2010 | Acme organiser | "],
    ),
    (
        "Norway approved the bill on Friday.",
        ["policy-decision | Norway approved the bill | 2018-06-15 | Norway agent | "],
    ),
    (
        "Ada Hill apologised yesterday.",
        ["statement | Ada Hill apologised | 2018-06-19 | Ada Hill speaker | "],
    ),
    (
        "Tension between Chad and Peru grew.",
        ["tension | Tension between Chad and Peru |  | Chad participant, Peru participant | "],
    ),
    (
        "Protests against Acme went on in Lima.",
        ["campaign | Protests against Acme |  | Acme target | Lima"],
    ),
    (
        "Ada Hill was arrested on Monday.",
        ["other | Ada Hill was arrested | 2018-06-18 | Ada Hill affected | "],
    ),
    (
        "Chad attacked Peru in 1990.",
        ["other | Chad attacked Peru | 1990 | Chad agent, Peru target | "],
    ),
    ("An earthquake struck Peru on 25 April 2015.", ["other | earthquake | 2015-04-25 |  | "]),
    (
        "On Friday, Lake said that Hill had visited Oslo.",
        ["visit | Hill had visited Oslo |  | Hill guest | Oslo"],
    ),
    (
        "Chad attacked Peru in 1990. In 1990 Chad attacked Peru.",
        ["other | Chad attacked Peru | 1990 | Chad agent, Peru target | "],
    ),
    (
        "Chad attacked Peru in 1990. Chad attacked Peru in 1991.",
        [
            "other | Chad attacked Peru | 1990 | Chad agent, Peru target | ",
            "other | Chad attacked Peru | 1991 | Chad agent, Peru target | ",
        ],
    ),
    # Roles by grammar alone: who merely stands near has none.
    (
        "The Peru airstrike of 3 May 2016 is over.",
        ["other | Peru airstrike | 2016-05-03 |  | Peru"],
    ),
    (
        "Acme announced the death of Ada Hill.",
        ["death | death of Ada Hill |  | Ada Hill victim | "],
    ),
    (
        "Norway condemned the attack on Peru by Chad.",
        ["other | attack on Peru by Chad |  | Peru target, Chad agent | "],
    ),
    (
        "Raids on Acme with the help of Chad went on.",
        ["other | Raids on Acme |  | Acme target | "],
    ),
    (
        "Ada Hill was defeated in Lima, and resigned.",
        ["other | Ada Hill resigned |  | Ada Hill agent | "],
    ),
    (
        "A storm hit Chad on Friday, killing 12 people.",
        ["death | killing 12 people | 2018-06-15 |  | "],
    ),
    ("Hill arrested in Lima", ["other | Hill arrested in Lima |  | Hill affected | Lima"]),
    (
        "Ben Lake, 42, of Oslo, died on Friday.",
        ["death | Ben Lake died | 2018-06-15 | Ben Lake victim | "],
    ),
    (
        "Chad freed Ada Hill.",
        ["release | Chad freed Ada Hill |  | Chad agent, Ada Hill affected | "],
    ),
    (
        "Hill has invited Lake to talks in Lima on 24 July.",
        ["negotiation | talks in Lima | 2018-07-24 |  | Lima"],
    ),
    (
        "At the June 12 Norway–Peru summit, Lake smiled.",
        ["meeting | Norway–Peru summit | 2018-06-12 | Norway participant, Peru participant | "],
    ),
    (
        "A bomb exploded in Lima on 3 June 2016.",
        ["other | A bomb exploded in Lima | 2016-06-03 |  | Lima"],
    ),
    (
        "Norway exploded a nuclear device in 1998.",
        ["weapons-activity | Norway exploded a nuclear device | 1998 | Norway agent | "],
    ),
    ("In 2016 the army attacked Lima.", ["other | the army attacked Lima | 2016 |  | "]),
    (
        "On 14 April 2016 an explosion at the quay killed three workers.",
        ["death | an explosion at the quay killed three workers | 2016-04-14 |  | "],
    ),
    # The same event told again.
    (
        "Chad attacked Peru in 1990. The attack on Peru lasted for days.",
        [
            "other | Chad attacked Peru | 1990 | Chad agent, Peru target | ",
            "other | attack on Peru |  | Peru target | ",
        ],
    ),
    (
        "Norway and Chad held talks in Oslo. The talks failed.",
        [
            (
                "negotiation | Norway and Chad held talks in Oslo |"
                "  | Norway participant, Chad participant | Oslo | talks"
            )
        ],
    ),
    (
        "Ada Hill met Ben Lake. The meeting was long.",
        [
            (
                "meeting | Ada Hill met Ben Lake |"
                "  | Ada Hill participant, Ben Lake participant |  | meeting"
            )
        ],
    ),
    (
        "Two ferries collided at 23:52 on Monday.",
        ["other | Two ferries collided | 2018-06-18 |  | "],
    ),
    ("A ferry sank near Lima.", ["other | A ferry sank near Lima |  |  | Lima"]),
    ("The treaty expired in January 2016.", ["other | The treaty expired | 2016-01 |  | "]),
    (
        "Norway would close its ports on 1 August.",
        ["policy-decision | Norway would close its ports | 2018-08-01 | Norway agent | "],
    ),
    (
        "He is to appear before the Maritime Court on Friday.",
        ["other | appear before the Maritime Court | 2018-06-22 |  | "],
    ),
    (
        "It is over, and an election is due in October.",
        ["other | election | 2018-10 |  | "],
    ),
    (
        "On Friday, Norway arrested sailors whose ship sank.",
        ["other | Norway arrested sailors | 2018-06-15 | Norway agent | "],
    ),
]

NO_EVENTS = [
    "A news release by Acme was late.",
    "Acme released a record by Ada Hill.",
    "They want to liberate Lima.",
    "As agreed by Hill, it ends.",
    "Hill attacked Lake over the plan.",
    "If Chad attacked Peru, Norway would act.",
    "Chad did not attack Peru.",
    "Norway rules out any talks with Chad.",
    "Acme regularly meets Hill.",
    "I visited the fair on Saturday.",
    "He plans to meet envoys tomorrow.",
    "Ada Hill will meet.",
    "Norway sent attack helicopters on Friday.",
    "Chad asked Peru to press rebels to end raids.",
    "On Friday Acme wanted that the crew be released.",
    "They may visit.",
    "The bomb exploded.",
    "Sales exploded in Lima on Friday.",
    "A bomb could explode in Lima.",
    "Critics attacked the plan on Friday.",
    "The meeting was long.",
    "Acme released a report.",
    "Ada Hill launched a book.",
    "Hill's firm tests brakes, and Lake fires clay.",
    "The visitor met nobody.",
    "Norway wants a strong fleet.",
    "In March it rained in Oslo.",
    "The treaty expired.",
    "They fought close to the border of Chad on Friday.",
    "After hearing Ada Hill on Friday, he left.",
    "Shares crashed 12 percent on Friday.",
    "Norway sank to a new low on Friday.",
    "Acme closed higher on Friday.",
    "Ada Hill appeared on television on Friday.",
    "Since it lapsed in 2016, nobody fishes.",
]


def cast_of(prose: Prose) -> Names:
    """Names that are found by their spelling, as the real ones are by their grammar."""
    known = (*PEOPLE, *STATES, *PLACES)
    entities = [
        SimpleNamespace(
            type="place" if name in PLACES else "actor",
            kind="state" if name in STATES else None if name in PLACES else "person",
            label=name,
        )
        for name in known
    ]
    pattern = "|".join(rf"\b{name}\b" for name in known)
    mentions = [
        (Span(*place.span()), known.index(place[0])) for place in re.finditer(pattern, prose.text)
    ]
    return cast("Names", SimpleNamespace(mentions=mentions, entities=entities))


def happened(text: str) -> list[Happening]:
    prose = Prose(text)
    return events(prose, cast_of(prose), dates(prose, PUBLISHED))


def shown(text: str) -> list[str]:
    entities = cast_of(Prose(text)).entities
    return [
        " | ".join(
            (
                event.kind,
                event.label,
                str(event.when.edtf) if event.when else "",
                ", ".join(
                    f"{entities[number].label} {role}" for number, role in event.participants
                ),
                ", ".join(entities[number].label for number in event.at),
                *(text[slice(*span)] for span in event.also if span.end - span.start < 8),
            )
        )
        for event in happened(text)
    ]


@pytest.mark.parametrize(("text", "expected"), EVENTS)
def test_events_have_participants_places_and_dates(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", NO_EVENTS)
def test_a_word_for_an_event_alone_makes_none(text: str) -> None:
    assert shown(text) == []


def test_the_tables_are_whole() -> None:
    assert (len(EVENTS), len(NO_EVENTS)) == (56, 35)
    kinds = {line.split(" | ")[0] for _, lines in EVENTS for line in lines}
    assert kinds == set(get_args(EventKind))


WORDS = (
    "Ada Hill|Ben Lake|Acme|Norway|Chad|Oslo|Lima|and|,|.|visited|visiting|met|talks|between|with|by|of|in|on"
    "|held|sanctions|was|were|killed|death|’s|kidnapped|who|which|said|that|Friday|1990|12 June|the|a|attack"
    "|missile|launched|test|nuclear|\n|“|”|—|(|)|日本|\u200b|March|march|survey|after|to|not|released"
).split("|")
PHRASES = (
    "Ada Hill met Ben Lake in Oslo",
    "talks between Norway and Chad in Lima",
    "Norway held a meeting with Chad",
    "Acme was attacked by Chad",
    "after visiting Oslo ,",
)
TEXTS = st.lists(st.sampled_from(WORDS) | st.sampled_from(PHRASES), max_size=30).map(" ".join)


@given(TEXTS | st.text())
def test_every_event_lies_in_the_text_and_names_somebody_or_a_date(text: str) -> None:
    found = happened(text)
    words = set(" ".join(text.split()).split(" "))
    for event in found:
        assert 0 <= event.span.start < event.span.end <= len(text)
        assert event.participants or event.when
        assert event.kind in get_args(EventKind)
        assert all(role in get_args(Role) for _, role in event.participants)
        assert 0 < len(event.label) <= 60
        assert event.label == event.label.strip()
        assert not {number for number, _ in event.participants} & set(event.at)
        for word in event.label.split(" ")[1:-1]:
            assert word in words
    keys = [(event.kind, frozenset(event.participants), event.when, event.at) for event in found]
    named = [key for key in keys if key[1]]
    assert len(named) == len(set(named))


def test_the_texts_of_the_law_hold_events_with_two_parts() -> None:
    find(
        TEXTS,
        lambda text: any(len(event.participants) > 1 and event.at for event in happened(text)),
    )


@pytest.mark.parametrize(
    "unit", ["Hill visited ", "Hill and ", "visited, ", "Hill met Lake on 12 June 1990, "]
)
def test_reading_takes_linear_time(unit: str) -> None:
    prose = Prose((unit * (200_000 // len(unit) + 1))[:200_000])
    names, dated = cast_of(prose), dates(prose, PUBLISHED)
    begin = time.process_time()
    events(prose, names, dated)
    assert time.process_time() - begin < 5
