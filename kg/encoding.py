"""The encoding of a text, told from its bytes: right, or refused and asked for.

A wrong guess would put wrong words into a graph in silence, so what is not certain is an error
that asks for `--encoding`. charset-normalizer and chardet rate encodings by how odd the letters look
and always answer; of one sentence each in 17 languages and 32 encodings the former gets 9 wrong.
Words settle it better: a text is in an encoding if it comes out as sentences of a language that was
ever written in that encoding, and in no other one as well. One guess is made all the same, and the
document says which encoding it was: English with a few Western letters is windows-1252, not Baltic.
"""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_MARKS: Final = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES: Final = {b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp", b"\x1b$)C": "iso2022_kr"}
# Codecs that turn bytes into strings but are no character encodings of files.
_NO_ENCODINGS: Final = {
    "idna",
    "mbcs",
    "oem",
    "punycode",
    "raw-unicode-escape",
    "undefined",
    "unicode-escape",
}
# What pages call an encoding and what they mean by it (WHATWG Encoding Standard).
_MEANT: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_LABELS: Final = {
    "cp874": "windows-874",
    "cp866": "ibm866",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "cp850": "ibm850",
    "cp437": "ibm437",
    "cp852": "ibm852",
    "cp857": "ibm857",
    "mac-cyrillic": "x-mac-cyrillic",
    "iso2022_jp": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "cp950": "big5",
    "big5hkscs": "big5-hkscs",
    "ascii": "us-ascii",
    "mac-roman": "macintosh",
    "utf-8-sig": "utf-8",
}
_DECLARED: Final = (
    re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([a-z0-9_:.-]+)""", re.IGNORECASE),
    re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([a-z0-9_:.-]+)""", re.IGNORECASE),
)


def codec_of(name: str) -> str | None:
    """Return Python's name of an encoding, if there is one of that name."""
    try:
        codec = codecs.lookup(name).name
        "a".encode(codec)
    except (LookupError, ValueError):  # a codec for something else, such as hex, is one as well
        return None
    return None if codec in _NO_ENCODINGS else codec


def meant(name: str) -> str | None:
    """Return what pages and servers mean by the name of an encoding, if there is one of that name.

    >>> meant("ISO-8859-1"), meant("utf-8"), meant("nonsense")
    ('cp1252', 'utf-8', None)
    """
    codec = codec_of(name)
    return _MEANT.get(codec, codec) if codec else None


def label(codec: str) -> str:
    """Return the name of an encoding as the Internet writes it.

    >>> label("iso8859-2"), label("cp1252"), label("euc_jp")
    ('iso-8859-2', 'windows-1252', 'euc-jp')
    """
    if label := _LABELS.get(codec):
        return label
    if codec in {"shift_jis", "hz"}:
        return codec
    codec = re.sub(r"^iso8859", "iso-8859", re.sub(r"^cp(?=125\d$)", "windows-", codec))
    return codec.replace("_", "-")


def decode(path: Path | str, data: bytes, codec: str | None, *, html: bool) -> tuple[str, str]:
    """Return the text and the codec that it was in."""
    if codec is not None:
        return _strictly(path, data, codec), codec
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _strictly(path, data, marked), marked
    if b"\0" in data:
        return "\0", ""
    if data.isascii():
        for escape, escaped in _ESCAPES.items():
            if escape in data and (text := _attempt(data, escaped)) is not None:
                return text, escaped
    if (text := _attempt(data, "utf-8")) is not None:
        _doubt(path, data, text, html=html)
        return text, "utf-8"
    if html:
        for pattern in _DECLARED:
            declared = pattern.search(data[:4096])
            codec = meant(declared[1].decode()) if declared else None
            if codec and (text := _attempt(data, codec)) is not None:
                return text, codec
    return _guess(path, data, html=html)


def _doubt(path: Path | str, data: bytes, text: str, *, html: bool) -> None:
    """Refuse the rare text of one or two pairs of bytes that are UTF-8 by accident: `CAFÉ’S`."""
    if not 0 < len(data) - len(text) <= 3 * _FEW:  # a character has three bytes more at most
        return
    foreign = [c for c in text if ord(c) > 127]
    if len(foreign) <= _FEW and any("\u0180" <= c <= "\u036f" for c in foreign):
        windows = _attempt(data, "cp1252")
        prose = _TAGS.sub(" ", windows or "") if html else windows
        if prose and (fit := _fit(prose, "cp1252", "en")) and fit[1] >= 0.05:
            raise InputError(
                f"{path}: its encoding cannot be told: utf-8 or windows-1252",
                hint="say which it is: --encoding NAME",
            )


_FEW: Final = 3
"""Foreign characters of a text that may be there by accident."""


def _attempt(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _strictly(path: Path | str, data: bytes, codec: str) -> str:
    """Decode bytes that are said to be in an encoding; a mark at the start is no text."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start
        raise InputError(
            f"{path}: is not in {label(codec)}: byte 0x{data[at]:02X} at {at}, "
            f"in line {data.count(10, 0, at) + 1}",
            hint="say which encoding it is in: --encoding NAME",
        ) from None
    except UnicodeError as error:
        raise InputError(f"{path}: is not in {label(codec)}: {error}") from None
    return text.removeprefix("\ufeff") if codec.startswith("utf") else text


class _Tongue(NamedTuple):
    """A language: its letters beyond A to Z, and words that no paragraph of it lacks."""

    letters: str
    words: frozenset[str]


def _tongue(letters: str, words: str) -> _Tongue:
    return _Tongue(letters, frozenset(words.split()))


_CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_GREEK: Final = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_HEBREW: Final = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
_ARABIC: Final = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـًٌٍَُِّْ"
_TONGUES: Final = {
    # English borrows names from everywhere; no letters here means any Latin ones.
    "en": _tongue("", "the of and to in a is was that for on with he said it as at by an but not"),
    "fr": _tongue("àâæçéèêëîïôœùûüÿ", "le la les des et que une est dans un du en au il sur pour"),
    "de": _tongue("äöüßé", "der die und das ist nicht mit den dem ein eine zu von für auf im"),
    "es": _tongue("áéíñóúü", "el la los que de en una por se con las un del y su para no"),
    "pt": _tongue("àáâãçéêíóôõúü", "o a os que de em uma por se com as um do da no na e para não"),
    "it": _tongue("àèéìíîòóùú", "il la che di in una per si con le un del della e non ha è"),
    "nl": _tongue("áéèëïíóöüúê", "de het een en van in is dat op te zijn niet met voor aan"),
    "sv": _tongue("åäöé", "och att det som en på är av för med den till inte om ett han"),
    "da": _tongue("æøåéöä", "og at det som en på er af for med den til ikke om et han i av"),
    "fi": _tongue("åäöšž", "ja on ei että hän oli se mutta kun myös ovat joka niin"),
    "is": _tongue("áéíðóúýþæö", "og að í á er sem til var við um en hann ekki það"),
    "pl": _tongue("ąćęłńóśźż", "w i na się z że do nie jest o po od za jak przez są ich co"),
    "cs": _tongue("áčďéěíňóřšťúůýž", "a v se na je že s z do o i to by jako za k po ve"),
    "sk": _tongue("áäčďéíĺľňóôŕšťúýž", "a v sa na je že s z do o aj to by ako za k po vo"),
    "hu": _tongue("áéíóöőúüű", "a az és hogy nem is egy volt el meg ez de azt már csak"),
    "hr": _tongue("čćđšž", "i u je da na se za su od s o a ne koji što kao iz će"),
    "ro": _tongue("ăâîşţșț", "și şi de la în cu nu a că pe din este o un pentru care mai"),
    "tr": _tongue("çğıöşüâîû", "ve bir bu için da de ile olarak daha çok ne gibi en olan söyledi"),
    "et": _tongue("äõöüšž", "ja on ei et see ta oli kui ka mis aga seda"),
    "lv": _tongue("āčēģīķļņšūž", "un ir ar no par ka kas uz tas bija lai arī"),
    "lt": _tongue("ąčęėįšųūž", "ir yra su iš kad į apie tai buvo kaip dėl bet"),
    "ru": _tongue(_CYRILLIC + "ё", "и в не на что с по это как из к о за от до но для он был"),
    "uk": _tongue(_CYRILLIC + "іїєґ", "і в не на що з по це як до та у про за від але для є й"),
    "bg": _tongue(_CYRILLIC, "и на в за да се от с е че не са по до като ще но"),
    "el": _tongue(_GREEK, "και το η του την της ο να οι τα για ότι με από στην στο θα τους"),
    "he": _tongue(_HEBREW, "של את על לא עם כי הוא היא זה גם אמר או אל כל לפני"),
    "ar": _tongue(_ARABIC, "في من على أن إلى عن إن قال لا ما هذا مع التي الذي كان قد وقد بعد"),
}
_WESTERN: Final = "fr de es pt it nl sv da fi is"
_CENTRAL: Final = "pl cs sk hu hr ro de"
_ENCODINGS: Final = {
    "cp1252": "en " + _WESTERN,
    "iso8859-15": "en " + _WESTERN,
    "cp1250": "en " + _CENTRAL,
    "iso8859-2": "en " + _CENTRAL,
    "cp1254": "en tr",
    "cp1257": "en et lv lt",
    "iso8859-13": "et lv lt",
    "cp1251": "ru uk bg",
    "koi8-r": "ru",
    "koi8-u": "ru uk",
    "iso8859-5": "ru uk bg",
    "cp1253": "el",
    "iso8859-7": "el",
    "cp1255": "he",
    "iso8859-8": "he",
    "cp1256": "ar",
    "iso8859-6": "ar",
    "cp874": "th",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
    "gb18030": "zh",
    "cp950": "zh",
    # Of old DOS and Macintosh files, no English: its few curly quotes would prove too little.
    "cp850": _WESTERN,
    "cp437": _WESTERN,
    "mac-roman": _WESTERN,
    "cp852": _CENTRAL,
    "mac-latin2": _CENTRAL,
    "cp857": "tr",
    "mac-turkish": "tr",
    "cp866": "ru",
    "cp1125": "uk",
    "mac-cyrillic": "ru uk bg",
    "cp737": "el",
    "mac-greek": "el",
}
_LATIN: Final = frozenset(f"en {_WESTERN} {_CENTRAL} tr et lv lt".split())
_WORD: Final = re.compile(r"\w+")
# Signs of a wrong encoding: a symbol inside a word, and signs that texts hardly use but that
# wrong encodings are full of.
_INSIDE: Final = re.compile(
    r"(?<=[^\W\d_])[^\w\s'’‘ʼ.,:;!?/()&@_\"…–—‐\xad\xa0-]+(?=[^\W\d_])|(?<=\w)[‚„]"
)
_ODD: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f¤¦¨¬¯¶¸÷ˆ˜ƒ∂∆∏∑√∞∫≈≠≤≥◊\u2500-\u257f\u2580-\u259f\ue000-\uf8ff\ufffd]"
)
_TAGS: Final = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL
)


class _Reading(NamedTuple):
    """What a text would be in one encoding; fewer faults are better, then a higher score."""

    faults: int
    score: float
    codec: str
    text: str


def _guess(path: Path | str, data: bytes, *, html: bool) -> tuple[str, str]:
    """Return the text and its codec if the words leave one reading only."""
    readings: dict[str, _Reading] = {}
    for codec, tongues in _ENCODINGS.items():
        if (text := _attempt(data, codec)) is None or text in readings:
            continue
        # The first 100,000 characters (forty long articles) tell as much as all of them.
        prose = _TAGS.sub(" ", text[:100_000]) if html else text[:100_000]
        fits = [_fit(prose, codec, tongue) for tongue in tongues.split()]
        if found := [fit for fit in fits if fit and fit[1] >= 0.05]:
            faults, score = min(found, key=lambda fit: (fit[0], -fit[1]))
            readings[text] = _Reading(faults, score, codec, text)
    ranked = sorted(readings.values(), key=lambda reading: (reading.faults, -reading.score))
    if not ranked:
        raise InputError(
            f"{path}: its encoding cannot be told",
            hint="say which it is: --encoding NAME",
        )
    best = ranked[0]
    rivals = [x for x in ranked[1:] if x.faults == best.faults and x.score > best.score / 2]
    if rivals and _is_western_english(best, rivals, html=html):
        return best.text, best.codec
    if rivals:
        raise InputError(
            f"{path}: its encoding cannot be told: {_differ(best, rivals[0])}",
            hint="say which it is: --encoding NAME",
        )
    return best.text, best.codec


def _is_western_english(best: _Reading, rivals: list[_Reading], *, html: bool) -> bool:
    """Whether a text is English that one letter of a name alone would let be Baltic: `Zoë`, `Zoė`.

    What was `š` or `ž` there would be `ð` or `þ` here. Rivals from Central Europe stay rivals: English
    papers there have `Petrović`, which would be `Petroviæ`.
    """
    if best.codec != "cp1252" or any(rival.codec not in _BALTIC for rival in rivals):
        return False
    prose = _TAGS.sub(" ", best.text[:100_000]) if html else best.text[:100_000]
    fit = _fit(prose, "cp1252", "en")
    return fit is not None and fit[0] == 0 and fit[1] >= _ENGLISH and not set("ðþÐÞ") & set(prose)


_BALTIC: Final = frozenset({"cp1257", "iso8859-13"})
_ENGLISH: Final = 0.15
"""Share of common words that English prose has and other languages do not."""


def _differ(one: _Reading, other: _Reading) -> str:
    """Show the first word that two readings have in common in bytes only."""
    # Spaces other than the usual ones are letters here: they may be all that differs.
    pairs = zip(*(re.split("[ \t\r\n]+", text) for text in (one.text, other.text)), strict=False)
    first, second = next(((a, b) for a, b in pairs if a != b), (one.text[:20], other.text[:20]))
    return f"{first[:40]} in {label(one.codec)} would be {second[:40]} in {label(other.codec)}"


def _fit(text: str, codec: str, tongue: str) -> tuple[int, float] | None:
    """Return the faults of a text as one of a language and its score, or None if it is none.

    The score is the share of the language's commonest words.
    """
    if _ODD.search(text):
        return None
    if tongue in _ROWS:
        return _fit_east_asian(text, codec, tongue)
    if tongue == "th":
        return _fit_thai(text)
    letters, common = _TONGUES[tongue]
    foreign = [c for c in text if ord(c) > 127]
    beyond = [c for c in foreign if c.isalpha()]
    latin = tongue in _LATIN
    if not latin and len(beyond) < max(len(foreign) / 2, 0.3 * sum(map(str.isalpha, text))):
        return None
    if letters:
        faults = sum(c.lower()[0] not in letters for c in beyond)
    else:
        faults = sum(not unicodedata.name(c, "").startswith("LATIN") for c in beyond)
        # What stands alone or before a capital was a quotation mark (`ÓAll`, of Macintosh).
        faults += len(re.findall(r"\b[^\W\d_a-zA-Z](?:\b|(?=[A-Z][a-z]))", text))
    words = _WORD.findall(text)
    faults += sum(_is_broken(word, latin=latin) for word in words) + len(_INSIDE.findall(text))
    if not words or faults > len(foreign) / 50:
        return None
    return faults, sum(word.lower() in common for word in words) / len(words)


def _is_broken(word: str, *, latin: bool) -> bool:
    """Say whether a word has what no word has: mixed scripts, a capital after a small letter…"""
    if not latin and not word.isascii() and any(c.isascii() and c.isalpha() for c in word):
        return True
    return any(
        (b.isupper() and a.islower() and not (a + b).isascii()) or (a == "ς" and b.isalpha())
        for a, b in itertools.pairwise(word)
    )


# The sets of characters of East Asia put the common ones into their first rows.
_ROWS: Final = {"ja": ("euc_jp", 0xCF), "ko": ("euc_kr", 0xC8), "zh": ("gb2312", 0xD7)}
_ROWS_OF_BIG5: Final = ("big5", 0xC6)
_COMMON: Final = {
    "ja": "のにはをたがでてとしれさいるなっから",
    "ko": "이다는의에을를은가고하지로기한도사리",
    "zh": "的一是不了在人有我他这這中大来來上个個国國说說们們为為到将將",
}


def _fit_east_asian(text: str, codec: str, tongue: str) -> tuple[int, float] | None:
    """Return no faults and the share of common characters, if the scripts are the language's."""
    wide = [c for c in text if c.isalpha() and ord(c) > 127]
    if not wide or len(wide) < 0.3 * sum(map(str.isalpha, text)):
        return None
    kana = sum("\u3041" <= c <= "\u30ff" for c in wide) / len(wide)
    hangul = sum("\uac00" <= c <= "\ud7a3" for c in wide) / len(wide)
    halfwidth = sum("\uff61" <= c <= "\uffdc" for c in wide) / len(wide)
    spaces = len(re.findall(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", text)) / len(wide)
    if (
        halfwidth > 0.02
        or not {
            "ja": kana > 0.2 and not hangul,
            "ko": hangul > 0.8,
            "zh": kana < 0.02 and not hangul and spaces < 0.05,
        }[tongue]
    ):
        return None
    charset, last = _ROWS_OF_BIG5 if codec == "cp950" else _ROWS[tongue]
    common = [c for c in wide if len(row := c.encode(charset, "ignore")) == 2 and row[0] <= last]
    if len(common) < 0.9 * len(wide):
        return None
    hits = sum(c in _COMMON[tongue] for c in wide)
    return (0, hits / len(wide)) if hits > 1 else None


def _fit_thai(text: str) -> tuple[int, float] | None:
    """Return no faults and the share of common words, if no vowel or tone mark stands alone."""
    thai = len(re.findall("[ก-ฺเ-๎]", text))
    alone = re.search("[เ-ไ](?![ก-ฮ])|(?<![ก-ฺๅ-๎])[ะ-ฺๅ-๎]", text)
    if alone or thai < 0.9 * sum(ord(c) > 127 for c in text):
        return None
    # Thai has no spaces between words.
    common = re.findall("ที่|และ|ว่า|การ|ใน|เป็น|ของ|ไม่|จะ|ให้|มี|ได้|กับ|จาก", text)
    return 0, len("".join(common)) / len(text)
