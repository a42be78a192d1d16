"""Who wrote an article, by its byline; and what the names of persons and of newspapers look like."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kg.document.noise import AGENCIES

_BY: Final = re.compile(
    r"(?:by|(?:written|reported|words|text|story|article|interview(?:ed)?|analysis|commentary|"
    r"opinion|review|column|posted|"
    r"published|submitted|reporting) by|authors?|writers?|reporters?|(?:text|words|story|byline|"
    r"interview|report|reporting)\s*:)\s*:?\s+",
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"(?:from|by) (?:our|a|the|an)\b.{0,40}\b(?:correspondents?|reporters?|staff|writers?|"
    r"bureau|desk|team|editors?)\b",
    re.IGNORECASE,
)
_SPACE: Final = r"(?:(?<!\s)\s+)?"
"""White space before something, tried from its first character only: a long run takes no square."""
_JOIN: Final = re.compile(rf"{_SPACE}(?:,\s*(?:and|&)\s|;|,|\band\b|&|\bwith\b)\s*", re.IGNORECASE)
_EDITING: Final = re.compile(
    rf"{_SPACE}[;,.(]\s*(?:additional |further )?(?:editing|writing|reporting|translati\w+) by\b",
    re.IGNORECASE,
)
_WHERE: Final = re.compile(
    r"\s(?:in|at)\s[A-Z][\w.'’-]{0,30}(?:\s[A-Z][\w.'’-]{0,30}){0,2}(?=$|,|;|\sand\s|\s&)"
)
_ROLES: Final = frozenset(
    """staff senior writer writers reporter reporters correspondent correspondents editor editors
    columnist contributor contributing contributors bureau chief journalist journalists
    special political diplomatic foreign national international economics business science
    health education environment security defence defense sports sport city crime legal
    affairs deputy executive managing assistant associate guest opinion freelance
    photographer producer analyst commentator agency agencies wire services service desk
    team newsroom intern published updated senior fellow professor""".split()
)
_UNNAMED: Final = frozenset(
    """staff writer reporter correspondent correspondents editor editors admin administrator
    newsroom desk team our a an the bureau agencies agency wires wire services service web
    online news editorial board special guest contributor contributors webmaster reporters
    writers anonymous sports sport business foreign political from""".split()
)
_PARTICLES: Final = frozenset(
    """de da do dos das del della der den van von zu zur ten ter te la le el al bin ibn binti bint abu ben y e i
    af av du des di d' st""".split()
)
_NOT_NAMES: Final = frozenset(
    """the a an of to in on at for and or with from as is are was were be has have not no new north
    south east west northern southern eastern western central united republic kingdom states
    state county city province district island islands san los las hong sri costa puerto
    saudi burkina sierra ivory el buenos rio tel phnom kuala addis cape fort port lake mount
    mt upper lower great greater news report reports story stories opinion analysis
    commentary editorial politics world business economy sport sports culture feature
    features special recent latest breaking live update updates interview review letters
    letter column photo photos video image images read more related share home january
    february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday today yesterday times post herald tribune
    gazette journal daily weekly press university institute ministry department committee
    council party government company corporation bank group association agency foundation
    centre center street road avenue asia africa europe america pacific atlantic middle my
    our your his her their this that these those how why what when where who will can could
    should may must after before during over under against between about into out up down
    all every most least first last next top best what's here's it's""".split()
)
_SECTION: Final = frozenset(
    """africa americas analysis arts asia asia-pacific australia books breaking britain business
    canada china cities climate column columns comment commentary companies crime culture
    defence defense diplomacy domestic economics economy editorial editorials education
    elections energy entertainment environment europe explainer fashion features film
    finance food foreign football global health home india industry interview interviews
    investigations japan korea law letters life lifestyle local magazine markets media
    middle money music nation national news obituaries obituary oceania op-ed opinion
    opinions pacific people perspective perspectives policy politics press profile property
    region regional religion report reports review reviews russia science security society
    special sport sports style tech technology theatre travel tv uk us usa video views
    weather weekend world flashpoints pulse debate voices insight insights blog blogs""".split()
)
_OUTLET: Final = frozenset(
    """times post herald tribune gazette journal guardian observer chronicle star telegraph mail
    courier bulletin standard mirror express independent globe register examiner inquirer
    sentinel dispatch monitor broadcasting shimbun bild zeitung weekly daily press wire
    argus echo advertiser mercury ledger leader citizen sun age record""".split()
)


_DESKS: Final = frozenset(
    """staff desk newsroom team bureau correspondent correspondents reporter reporters writers
    editors board service""".split()
)


_INSTITUTION: Final = frozenset(
    """ministry ministerial department office embassy consulate government secretariat bureau
    commission council committee parliament senate assembly presidency chancellery cabinet
    agency authority directorate delegation mission court tribunal union party federation
    association foundation institute university company corporation bank police army navy
    command headquarters city municipality county""".split()
)


class Byline(NamedTuple):
    """Who is named in a byline; nobody, where it says 'From our correspondent'; an agency by itself."""

    names: tuple[str, ...]
    agency: str | None = None


def byline(line: str) -> Byline | None:
    """What a byline says, or None where the line is none.

    >>> byline("By Jane Doe and JOHN SMITH, Staff Writers in Tokyo").names
    ('Jane Doe', 'John Smith')
    >>> byline("By noon the crowd had gone"), byline("From our correspondent in Paris").names
    (None, ())
    """
    if len(line) > 160:
        return None
    if _FROM.match(line) and len(line.split()) <= 12 and not line.endswith("."):
        return Byline(())
    found = _BY.match(line)
    if not found:
        return None
    return _named(line[found.end() :], alone=True)


def bare(line: str) -> Byline | None:
    """The byline that a line without `By` may be, where a head has one: a name, or a name and an office.

    >>> bare("Jane Doe, Staff Writer").names, bare("Jane Doe").names, bare("New York")
    (('Jane Doe',), ('Jane Doe',), None)
    """
    if len(line) > 80 or line.endswith((".", "!", "?", ":")):
        return None
    _, comma, rest = line.partition(",")
    if comma and not (_is_office(rest) or _agency(rest.strip())):
        return None
    found = _named(line, alone=False)
    return found if found and found.names else None


def has_office(line: str) -> bool:
    """Whether a bare name has an office beside it: then it needs no other sign of being a byline."""
    _, comma, rest = line.partition(",")
    return bool(comma) and (_is_office(rest) or _agency(rest.strip()) is not None)


def is_desk(words: str) -> bool:
    """Whether words are those of an author who has no name: `Editorial Board`, `Staff`."""
    return all(word in _UNNAMED for word in words.lower().split())


def is_office(line: str) -> bool:
    """Whether a line below a name is the office of who has it: `Bergen bureau chief`, a handle."""
    return line.startswith("@") or (
        len(line.split()) <= 6 and _is_office(line) and not line.endswith(".")
    )


def is_person(name: str) -> bool:
    """Whether words look like the full name of one person.

    >>> is_person("Ludwig van Beethoven"), is_person("Jean d'Arc"), is_person("Tokyo Report")
    (True, True, False)
    """
    words = name.split()
    if not 2 <= len(words) <= 5 or not _is_capital(words[0]) or not _is_capital(_main(words[-1])):
        return False
    return all(
        _is_capital(_main(word)) or word.lower() in _PARTICLES for word in words
    ) and not any(word.lower().strip(".") in _NOT_NAMES for word in words)


def is_section(line: str) -> bool:
    """Whether a line above a headline may name a section: few words, one of them usual there."""
    words = line.split()
    return (
        1 <= len(words) <= 3
        and words[-1].lower().strip(",:") in _SECTION
        and not any(word.islower() and len(word) > 3 for word in words)
    )


def is_outlet(line: str) -> bool:
    """Whether a line may be the name of a newspaper, as a masthead prints it."""
    words = line.split()
    if not 2 <= len(words) <= 6 or any(word.islower() and len(word) > 3 for word in words):
        return False
    if not all(c.isalnum() or c in " .'’&-" for c in line):
        return False
    return words[-1].lower() in _OUTLET or (
        words[0].lower() == "the" and words[1].lower() in _OUTLET
    )


def is_letterhead(line: str) -> bool:
    """Whether a line above a headline may be the institution that issued the text.

    >>> is_letterhead("MINISTRY OF FISHERIES"), is_letterhead("Ministry denies all charges")
    (True, False)
    """
    words = line.split()
    return (
        2 <= len(words) <= 8
        and not line.endswith((".", "?", "!", ":"))
        and any(word.lower().strip(",") in _INSTITUTION for word in words)
        and all(word[0].isupper() or word in _SMALL for word in words)
        and (line.isupper() or bool(_SMALL & {word.lower() for word in words}) or len(words) <= 3)
    )


def plain(name: str) -> str:
    """A name in the usual letters, where it is printed in capitals.

    >>> plain("JANE DOE"), plain("MINISTRY OF FISHERIES"), plain("Jane  Doe")
    ('Jane Doe', 'Ministry of Fisheries', 'Jane Doe')
    """
    words = name.split()
    if len(words) < 2 or not name.isupper():
        return " ".join(words)
    small = [word.lower() for word in words]
    return " ".join(
        low if i and low in _SMALL else word if "." in word else word.title().replace("’S", "’s")
        for i, (word, low) in enumerate(zip(words, small, strict=True))
    )


_SMALL: Final = frozenset({"of", "the", "for", "and", "in", "on", "to"})


def _named(content: str, *, alone: bool) -> Byline | None:
    """Who is named in what follows `By`; `alone` lets a single word be a name."""
    content = re.sub(r"\s*\((?:[^()]{1,60})\)|\s*<[^<>\s]{1,80}>|\s*\S{1,60}@\S{1,60}", "", content)
    content = _EDITING.split(content, maxsplit=1)[0]
    content = _WHERE.sub("", content)
    content = re.sub(r"[\s|•·,–—-]+(?:@\w{1,30})?$", "", content)
    content = re.split(
        r"\s(?:in|at|for|from|reports?|reporting)\s|\s*[|•·]\s*|\s[–—-]{1,2}\s|/",
        content,
        maxsplit=1,
    )[0]
    if not content or len(content) > 120:
        return None
    if agency := _agency(content):
        return Byline((), agency)
    words = content.lower().replace(",", " ").split()
    if all(word in _UNNAMED for word in words):
        return Byline(())
    desk = words[-1] in _DESKS and len(words) <= 6 and content[0].isupper()
    names: list[str] = []
    for piece in _JOIN.split(content):
        if not piece:
            continue
        if names and (_is_office(piece) or _agency(piece)):
            continue
        if (is_person(piece) and not (desk and piece.lower().split()[-1] in _DESKS)) or (
            alone and not names and _is_single(piece)
        ):
            names.append(plain(piece))
        elif not (names and _is_title(piece)):
            return Byline(()) if desk else None
    return Byline(tuple(names)) if names or desk else None


def _is_single(word: str) -> bool:
    """Whether one word can be the name of an author: a pen name, or a name in another script."""
    return (
        len(word.split()) == 1
        and word.replace("-", "").isalpha()
        and len(word) > 1
        and (word[0].isupper() or word.lower() == word.upper())
        and word.lower() not in _NOT_NAMES
        and word.lower() not in _SECTION
    )


def _is_office(words: str) -> bool:
    """Whether words are an office in a newsroom."""
    found = words.lower().replace("-", " ").strip(" ,.").split()
    return bool(found) and len(found) <= 7 and bool(_ROLES & set(found))


def _is_title(words: str) -> bool:
    """Whether words behind a name and a comma go with it: a place or a paper, in capitals."""
    found = words.split()
    return len(found) <= 5 and all(
        _is_capital(w) or w in {"of", "the", "for", "and"} for w in found
    )


def _agency(words: str) -> str | None:
    return AGENCIES.get(words.strip(" .").lower())


def _main(word: str) -> str:
    """A part of a name without a particle before it: d'Arc, al-Masri."""
    found = _ELIDED.match(word)
    return word[found.end() :] if found else word


_ELIDED: Final = re.compile(r"(?:(?:d|l|dell|dall)['’]|(?:al|el|bin|ben|ibn)-)(?=\w)")


def _is_capital(word: str) -> bool:
    """Whether a word can be part of a name: a capital, no figures, no signs but those of names."""
    return word[0].isupper() and all(c.isalpha() or c in ".'’-ʻ" for c in word)
