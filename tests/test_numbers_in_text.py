"""Numbers in a text: how many, of what, and what bound the words put on it."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from kg.extract.dates import time_expressions
from kg.extract.numbers import Number, numbers
from kg.extract.prose import Prose

# A sentence, and its numbers as "words | quantifier number | unit | what is counted".
NUMBERS = [
    (
        "At least 17 Danish sailors drowned.",
        ["At least 17 | at-least 17.. | persons | Danish sailors"],
    ),
    (
        "No fewer than 12 ministers left.",
        ["No fewer than 12 | at-least 12.. | persons | ministers"],
    ),
    ("More than 300 troops came.", ["More than 300 | more-than 300.. | persons | troops"]),
    ("Over 40 nations signed.", ["Over 40 | more-than 40.. | nations | nations"]),
    ("Up to 60 tanks rolled in.", ["Up to 60 | at-most ..60 | tanks | tanks"]),
    ("At most 5 seats are free.", ["At most 5 | at-most ..5 | seats | seats"]),
    ("Fewer than 20 guests came.", ["Fewer than 20 | less-than ..20 | persons | guests"]),
    ("Nearly 50 people came.", ["Nearly 50 | about 50 | persons | people"]),
    ("About 70 km of road sank.", ["About 70 km | about 70 | kilometres | road"]),
    ("Some 200 workers struck.", ["Some 200 | about 200 | persons | workers"]),
    ("An estimated 3,000 migrants wait.", ["An estimated 3,000 | about 3000 | persons | migrants"]),
    ("It drew 100 or more fans.", ["100 or more | at-least 100.. | persons | fans"]),
    ("It lost 500+ jobs.", ["500+ | at-least 500.. | jobs | jobs"]),
    ("It burned 20 or so houses.", ["20 or so | about 20 | houses | houses"]),
    ("Seventeen miners died.", ["Seventeen | exactly 17 | persons | miners"]),
    ("Two dozen boats sank.", ["Two dozen | exactly 24 | boats | boats"]),
    ("A hundred geese flew.", ["A hundred | exactly 100 | geese | geese"]),
    ("Half a million refugees wait.", ["Half a million | exactly 500000 | persons | refugees"]),
    ("It sold 1.5 million copies.", ["1.5 million | exactly 1500000 | copies | copies"]),
    ("It hit 5m people.", ["5m | exactly 5000000 | persons | people"]),
    (
        "Two hundred and fifty thousand voters stayed away.",
        ["Two hundred and fifty thousand | exactly 250000 | persons | voters"],
    ),
    ("83 percent of Welsh pupils passed.", ["83 percent | exactly 83 | percent | Welsh pupils"]),
    ("It took 12.5 per cent of the vote.", ["12.5 per cent | exactly 12.5 | percent | vote"]),
    ("Growth fell by 5%.", ["5% | exactly 5 | percent | Growth fell"]),
    ("Half of the seats are empty.", ["Half | exactly 50 | percent | seats"]),
    ("Two-thirds of members agreed.", ["Two-thirds | about 66.7 | percent | members"]),
    (
        "More than a quarter of nurses left.",
        ["More than a quarter | more-than 25.. | percent | nurses"],
    ),
    ("One in five women agreed.", ["One in five | exactly 20 | percent | women"]),
    ("Nine out of ten drivers agreed.", ["Nine out of ten | exactly 90 | percent | drivers"]),
    ("It cost $5 million.", ["$5 million | exactly 5000000 | US dollars | -"]),
    (
        "It cost US$20 or £1.5bn.",
        [
            "US$20 | exactly 20 | US dollars | -",
            "£1.5bn | exactly 1500000000 | pounds sterling | -",
        ],
    ),
    (
        "It cost 300 million Canadian dollars.",
        ["300 million Canadian dollars | exactly 300000000 | Canadian dollars | -"],
    ),
    ("It cost over 422,000 euros.", ["over 422,000 euros | more-than 422000.. | euros | -"]),
    ("It cost Rs 500.", ["Rs 500 | exactly 500 | rupees | -"]),
    ("Between 10 and 15 men came.", ["Between 10 and 15 | at-least 10..15 | persons | men"]),
    ("10 to 15 boats came.", ["10 to 15 | at-least 10..15 | boats | boats"]),
    ("10-15 boats came.", ["10-15 | at-least 10..15 | boats | boats"]),
    ("Two or three boats came.", ["Two or three | at-least 2..3 | boats | boats"]),
    (
        "2 to 3 million people came.",
        ["2 to 3 million | at-least 2000000..3000000 | persons | people"],
    ),
    (
        "It rose from 10 to 15 percent.",
        ["10 | exactly 10 |  | -", "15 percent | exactly 15 | percent | -"],
    ),
    ("Dozens of goats fled.", ["Dozens | at-least 12.. | goats | goats"]),
    (
        "Hundreds of thousands of refugees wait.",
        ["Hundreds of thousands | at-least 100000.. | persons | refugees"],
    ),
    ("It was -5 °C outside.", ["-5 °C | exactly -5 | degrees Celsius | -"]),
    (
        "It covers 20 square kilometres.",
        ["20 square kilometres | exactly 20 | square kilometres | -"],
    ),
    (
        "It killed 12 and left 17 homeless.",
        ["12 | exactly 12 | persons | -", "17 | exactly 17 | persons | -"],
    ),
    ("Five were freed.", ["Five | exactly 5 | persons | -"]),
    ("Eight others have died.", ["Eight | exactly 8 | persons | others"]),
    ("The three countries met.", ["three | exactly 3 | countries | countries"]),
    ("At least one man was held.", ["At least one | at-least 1.. | persons | man"]),
    ("At least one fisherman died.", ["At least one | at-least 1.. | persons | fisherman"]),
    ("Some 40 airmen left.", ["Some 40 | about 40 | persons | airmen"]),
    (
        "Six of the nine jailed men went home.",
        ["Six | exactly 6 | persons | jailed men", "nine | exactly 9 | persons | jailed men"],
    ),
    (
        "He was freed against a bail of two million crowns.",
        ["two million crowns | exactly 2000000 | crowns | bail"],
    ),
    ("She paid a $500 fine.", ["$500 | exactly 500 | US dollars | fine"]),
    ("They promised €3 million in new aid.", ["€3 million | exactly 3000000 | euros | new aid"]),
    (
        "It puts the damage to the port at 40 million florins.",
        ["40 million florins | exactly 40000000 | florins | damage"],
    ),
    ("It earned millions of dollars.", ["millions | at-least 1000000.. | US dollars | -"]),
    ("Two crowns were stolen.", ["Two | exactly 2 | crowns | crowns"]),
    ("Three decades of grim wars ended.", ["Three decades | exactly 3 | decades | -"]),
    ("It shared a list of 15 names.", ["15 | exactly 15 | names | -"]),
    (
        "They lost 60 acres of land previously tilled.",
        ["60 acres | exactly 60 | acres | land"],
    ),
    ("It came within 3 miles of Oslo.", ["3 miles | exactly 3 | miles | -"]),
    # the size of a subject
    (
        "The damage to the port was about 40 million crowns.",
        ["about 40 million crowns | about 40000000 | crowns | damage"],
    ),
    ("Inflation fell to 3.2 percent.", ["3.2 percent | exactly 3.2 | percent | Inflation"]),
    ("She said turnout in May had reached 61%.", ["61% | exactly 61 | percent | turnout"]),
    ("The ship is 300 metres long.", ["300 metres | exactly 300 | metres | ship"]),
    ("The ship is 300 metres away.", ["300 metres | exactly 300 | metres | -"]),
    ("The death toll rose to 45.", ["45 | exactly 45 | persons | death toll"]),
    ("The number of injured men was 45.", ["45 | exactly 45 | persons | injured men"]),
    (
        "The cost of the repairs now exceeds $3 million.",
        ["exceeds $3 million | more-than 3000000.. | US dollars | cost"],
    ),
    ("On the quay the price was 40 euros.", ["40 euros | exactly 40 | euros | price"]),
    ("It was 40 percent.", ["40 percent | exactly 40 | percent | -"]),
    ("Exports rose by 12 percent.", ["12 percent | exactly 12 | percent | Exports rose"]),
    ("The talks were two hours long.", ["two hours | exactly 2 | hours | -"]),
    (
        "At least 9 nuns and likely many more were taken.",
        [
            "At least 9 | at-least 9.. | persons | nuns",
            "likely many more | more-than 9.. | persons | nuns",
        ],
    ),
    (
        "Catches on the bank have fallen by more than 30 percent.",
        ["more than 30 percent | more-than 30.. | percent | Catches on the bank have fallen"],
    ),
    ("In Norvia, wages fell 2 percent.", ["2 percent | exactly 2 | percent | wages fell"]),
    ("Norvia's share rose to 12 percent.", ["12 percent | exactly 12 | percent | Norvia's share"]),
    (
        "The port lost $2.5 million.",
        ["$2.5 million | exactly 2500000 | US dollars | port"],
    ),
    (
        "Bigco earned 40 million euros.",
        ["40 million euros | exactly 40000000 | euros | Bigco"],
    ),
    (
        "The strike would cost 40 million florins.",
        ["40 million florins | exactly 40000000 | florins | strike"],
    ),
    (
        "They spent £3 million on the old bridge.",
        ["£3 million | exactly 3000000 | pounds sterling | old bridge"],
    ),
    (
        "Norvia wants $2 million for ten men.",
        ["$2 million | exactly 2000000 | US dollars | Norvia", "ten | exactly 10 | persons | men"],
    ),
    ("It made $2 million by selling.", ["$2 million | exactly 2000000 | US dollars | -"]),
    (
        "He put the number of sailors aboard the ship at 15.",
        ["15 | exactly 15 | persons | sailors"],
    ),
    ("He put the number of the house at 15.", ["15 | exactly 15 |  | -"]),
    ("One sailor died.", ["One | exactly 1 | persons | sailor"]),
    (
        "She saw twelve men; there were more than ten.",
        [
            "twelve | exactly 12 | persons | men",
            "more than ten | more-than 10.. | persons | men",
        ],
    ),
    (
        "She saw twelve men at the age of 45.",
        ["twelve | exactly 12 | persons | men", "45 | exactly 45 |  | -"],
    ),
    (
        "She saw twelve men, not ten.",
        ["twelve | exactly 12 | persons | men", "ten | exactly 10 |  | -"],
    ),
    (
        "She saw twelve men. There were ten.",
        ["twelve | exactly 12 | persons | men", "ten | exactly 10 |  | -"],
    ),
    (
        "She saw twelve boats; there were ten.",
        ["twelve | exactly 12 | boats | boats", "ten | exactly 10 |  | -"],
    ),
]

NO_NUMBERS = [
    "In 2014 and on 12 June 2015, at 18:41 and 7pm, it rang.",
    "It rang at 10 a.m. and at 5 o'clock.",
    "Jane Hill, 27, said she was 17 years old.",
    "A 17-year-old boy came second of the 3rd group.",
    "Page 5, Flight 370, Resolution 1718 and Article 9.",
    "The Group of Seven and a Boeing 747.",
    "They won 2-1 after a 5-4 vote.",
    "Call 03 5555 1234 or 555-1234, room #5.",
    "No one came, and one of them left; it is one thing.",
    "Version 1.2.3 at 192.168.0.1, agent 007, a 4x4.",
    "99999999999999999999999999999999 men.",
    "Over the last 30 years and three weeks ago.",
    "One man was held.",
    "One sailor was happy.",
    "He was 45 when she was one of seven.",
]


def shown(text: str, number: Number) -> str:
    if number.value is not None:
        size = f"{number.value}"
    else:
        size = f"{'' if number.min is None else number.min}..{'' if number.max is None else number.max}"
    counted = "-" if number.counted is None else text[slice(*number.counted)]
    return f"{text[slice(*number.span)]} | {number.quantifier} {size} | {number.unit} | {counted}"


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers_have_their_bound_their_unit_and_what_they_count(
    text: str, expected: list[str]
) -> None:
    assert [shown(text, number) for number in numbers(Prose(text))] == expected


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_digits_and_number_words_that_count_nothing_are_left_out(text: str) -> None:
    assert [shown(text, number) for number in numbers(Prose(text))] == []


def test_the_tables_are_whole() -> None:
    assert (len(NUMBERS), len(NO_NUMBERS)) == (92, 15)


WORDS = (
    "at least no fewer than more over up to between and or from about some nearly 17 1,500 3.5 1,2345 5m 3bn"
    " $ US$ £ % percent per cent of the million thousand hundred dozen dozens hundreds half a third two-thirds"
    " one two twenty-three in out five ten people soldiers boats Japanese citizens ships km km² miles years"
    " old many likely 10-15 15-10 – - ( ) , . + : / # °C -5 won yen dollars 2014 June 12 May 007 ² ½ ٣ 日本"
    " 1e9 999999999999999999999999999 \n \u200b 𝟗𝟖 votes win others dead were killed"
).split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
NEEDED = {"exactly": "value", "about": "value", "at-least": "min", "more-than": "min"}


@given(TEXTS | TEXTS.map(lambda text: text.replace(" ", "")) | st.text())
def test_every_number_lies_in_the_text_and_has_the_figures_that_its_bound_needs(text: str) -> None:
    prose = Prose(text)
    found = numbers(prose)
    for number in found:
        for span in (number.span, number.counted):
            assert span is None or 0 <= span.start < span.end <= len(text)
        given = {name for name in ("value", "min", "max") if getattr(number, name) is not None}
        needed = NEEDED.get(number.quantifier, "max")
        assert needed in given
        assert given == {needed} or given == {"min", "max"}
        if number.min is not None and number.max is not None:
            assert number.min < number.max
        for name in given:
            assert -30 <= int(Decimal(getattr(number, name)).adjusted()) <= 30
        assert number.unit.strip() or number.counted is None
    assert [number.span for number in found] == sorted(number.span for number in found)
    assert found == numbers(prose, time_expressions(prose))


def test_the_texts_of_the_law_hold_ranges_and_shares() -> None:
    def some(text: str, unit: str, *, ranged: bool) -> bool:
        return any(
            number.unit == unit and (number.min is not None and number.max is not None) == ranged
            for number in numbers(Prose(text))
        )

    find(TEXTS, lambda text: some(text, "persons", ranged=True))
    find(TEXTS, lambda text: some(text, "percent", ranged=False))


@pytest.mark.parametrize(
    "unit",
    ["1,111,", "$5 ", "one hundred and ", "hundreds of ", "5 men many more ", "1", "12-", "a "],
)
def test_reading_takes_linear_time(unit: str) -> None:
    prose = Prose((unit * (200_000 // len(unit) + 1))[:200_000])
    begin = time.process_time()
    numbers(prose)
    assert time.process_time() - begin < 5
