"""Texts that nobody would send on purpose, and those that somebody would: for laws and for clocks.

`texts` mixes sentences that the rules do read with characters that break naive readers, so that
the rules fire in the middle of them. `REPEATS` are short strings to be repeated up to megabytes.
"""

from __future__ import annotations

from itertools import product
from typing import Final

from hypothesis import strategies as st

PIECES: Final = (
    "Mayor Ilse Varga said that the bridge would be closed on Monday.",
    "“We have nothing to hide,” said Varga, who has led the town since 2019.",
    '"It was," the minister told Radio Delmar, "never our plan."',
    "According to the Ministry of Transport, at least 17 people were hurt on 4 May 2021.",
    "The ministry denied that 83 percent of passengers had been warned",
    "He added that they could not rule out a second attack.",
    "Talks in Lisbon between Norway and the United Nations (UN) ended in early June.",
    "U.S. Senator Paul O’Dea thinks Mr. Brandt may resign; Brandt did not comment.",
    "Is it true that the Union of Dockers called for a strike?",
    "RESCUERS SAY TWO MISSING AFTER FERRY SINKS",
    "Minister: no talks before Friday",
    "it is widely believed that between 20 and 30 soldiers were killed last week",
    "I told her that she was wrong, and she said “you said ‘no’ twice”.",
    "Q: Why now?",
    "MS. VARGA: Because we said so, and the court agreed.",
    "By Tomas Lind",
    "OSLO, March 3, 2030 (Fjord Wire) - Police said a man was arrested.",
    "Photo: Greta Holm / Fjord Wire",
    "“She said that he said that they had promised to pay $2.5 million by 1 April 2031",
    "The North, which has 1,000 warheads, threatened to leave the treaty; China urged calm",
    "critics, among them Dr. Noor Haddad, 41, of the Institute for Peace, argue that it failed",
)
"""Sentences and lines that the rules read something from."""

ODD: Final = (
    *("\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\ufeff"),  # no width
    *("\u200e", "\u200f", "\u202b", "\u202c", "\u202e", "\u2066", "\u2069"),  # direction
    *("\t", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\u00a0", "\u3000"),
    *("\n", "\r", "\r\n", "\n\n", "\r\r", "\n \n"),
    *("e\u0301", "n\u0303o", "A\u030a", "\u0301", "q\u0307\u0323", "ﬁ", "ß", "İ", "ǅ", "ŉ"),
    *("👩\u200d👩\u200d👧", "🇳🇴", "🏴\U000e0067\U000e007f", "👍🏽", "🙂", "\U00010348", "𝔘𝔫𝔦"),
    *("قال الوزير إن", "وفقا", "שר החוץ אמר", "外相は「協議」と述べた。", "東京", "北京說：“好”"),
    *("นายกรัฐมนตรีกล่าวว่า", "प्रधान मंत्री ने कहा", "총리는", "Премьер сказал, что", "Ο υπουργός είπε"),
    *("“", "”", "‘", "’", '"', "'", "„", "«", "»", "‹", "›", "``", "''", "「", "」", "‟", "`"),
    *("(", ")", "[", "]", "{", "}", "<", ">", "<p>", "&amp;", "<!--", "{{", "%", "#", "- ", "* "),
    *(
        "…",
        "...",
        ".",
        ",",
        ";",
        ":",
        "—",
        "–",
        "-",
        "--",
        "‑",
        "/",
        "\\",
        "|",
        "_",
        "@",
        "!?",
        "。",
    ),
    *(
        "٣",
        "३",
        "Ⅷ",
        "½",
        "²",
        "10²",
        "1,000,000,000,000,000,000",
        "0.000",
        "1e9",
        "9" * 40,
        "$",
        "€5",
    ),
    *(
        "null",
        "true",
        "~",
        "- x: y",
        "? ",
        ": ",
        "# no",
        "!!",
        "&a",
        "*a",
        "yes",
        "c1",
        "the-author",
    ),
    *("a" * 70, "Aa" * 40, "Mr. ", "A. B. C.", "U.S.A.", "n’t", "’s", "'s", "said", "says", "that"),
)
"""Characters and words that trip those who count bytes, split lines or trust what they read."""

_SENTENCES: Final = st.sampled_from(PIECES)
_ODD: Final = st.sampled_from(ODD)
_GAPS: Final = st.sampled_from((" ", " ", "", "\n", "\n\n", "\r\n", "\u2028", "\u00a0"))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Sentences that say something, cut up and glued together with what is odd, at least one of them."""
    parts = draw(st.lists(st.one_of(_SENTENCES, _pierced(), _ODD, _anything()), max_size=9))
    parts.insert(draw(st.integers(0, len(parts))), draw(st.one_of(_SENTENCES, _pierced())))
    text = "".join(part + draw(_GAPS) for part in parts)
    return text.upper() if draw(st.integers(0, 12)) == 0 else text


@st.composite
def _pierced(draw: st.DrawFn) -> str:
    """A sentence with odd things inside of it, or without its spaces, or cut off."""
    sentence = draw(_SENTENCES)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(sentence)))
        sentence = sentence[:place] + draw(_ODD) + sentence[place:]
    match draw(st.integers(0, 8)):
        case 0:
            return sentence.replace(" ", "")
        case 1:
            return sentence[: draw(st.integers(1, len(sentence)))]
        case _:
            return sentence


def _anything() -> st.SearchStrategy[str]:
    """Whatever Unicode has, but what a file of text may not have: U+0000 and halves of characters."""
    return st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


PROSE: Final = (
    "Mayor Ilse Varga said on 12 March 2019 that at least 17 people had been hurt in Lisbon. "
    "“We will not wait,” she told the Delmar Post. According to police, the U.S. and Mr. Brandt may "
    "meet next week, and critics say that talks failed. "
)
"""Ordinary prose, for a clock to compare with."""

REPEATS: Final = (
    *(PROSE, '"', "'", "“", "”", "‘", "“”", '""', "(", ")", "[", "-", "…", ".", ",", ";", ":"),
    *(
        "said ",
        "said said, ",
        "he said that ",
        "I said ",
        ", who said",
        "according to ",
        "X said Y. ",
    ),
    *("Xenia said yes. ", "they said they ", "that he said ", "“a,” he said. ", 'said "', '"," '),
    *(
        "Mr. ",
        "A. B. ",
        "U.S.",
        "Aaa ",
        "Aaa and ",
        "Aaa of the ",
        "Aaa (AA) ",
        "Aaa’s ",
        "the Aaa ",
    ),
    *(
        "Aaa, ",
        "Aaa said, ",
        "Aaa killed ",
        "met Bbb ",
        "and ",
        "the of the ",
        "of ",
        "who ",
        "if ",
    ),
    *(
        "1",
        "1,",
        "1 to ",
        "12 March ",
        "1/",
        "1:",
        "1. ",
        "$1 ",
        "one ",
        "on Monday ",
        "last ",
        "Monday",
    ),
    *("not ", "may ", "is believed ", "was told ", "a.b", "a-", "a’", "http://", "@", "日本", "ا "),
    *("e\u0301", "\u200b", "a\u00ad", "🇳", "a", "A", "it ", "— ", "- said ", "said: ", "Q: Why? "),
    *("x\r", "Aaa said it.\r", "Aaa said it.\n\n", "x\n", "X: Yes, we said so.\n", "“Aaa said\n\n"),
    *("A" + " " * 999, "A\n" + " " * 999, "By Aaa Bbb\n", "12 March 2019\n", "- Aaa\n", "<b> "),
)
"""What is repeated until it fills a text: a reader that looks back at all it has read will show."""


def repeated(unit: str, length: int) -> str:
    """A text of so many characters that says one thing over and over."""
    return (unit * (length // len(unit) + 1))[:length]


def crowd(length: int) -> str:
    """A text in which each sentence names two people whom no other sentence names."""
    syllables = ["ba", "do", "fe", "gi", "ka", "lu", "mo", "ne", "ri", "su", "ta", "vo"]
    names = ("".join(four).title() for four in product(syllables, repeat=4))
    found: list[str] = []
    size = 0
    for one, other in zip(names, names, strict=False):
        found.append(f"Anna {one} said that {other} had met him in {one}ville. ")
        size += len(found[-1])
        if size >= length:
            break
    return "".join(found)[:length]
