"""Files as they come: every encoding right or refused, every page read or refused, no traceback."""

from __future__ import annotations

import codecs
import logging
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.document import LIMIT, Document, read
from kg.edtf import Edtf
from kg.errors import InputError
from kg.model import Part, Span, When


def saved(folder: Path, data: bytes, name: str = "article.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


# ------------------------------------------------------------------------- encodings

# For each language a sentence, more of the same, and the encodings it is read from. The first
# sentence is read by itself as well.
SAMPLES = {
    "en": (
        "windows-1252",
        "“It’s late,” the clerk said – and shut the café’s door.",
        (
            "Nobody on the pier had expected a vote before supper; the ferry’s horn drowned "
            "out the mayor’s last words. “We will ask again in spring,” he added — and went "
            "home on foot. A crowd of about forty people stayed behind, sharing tea and "
            "gossip, until the lamps went out one by one along the quay."
        ),
    ),
    "ja": (
        "shift_jis euc-jp iso-2022-jp utf-16",
        "町長は港の再建について、来週までに結論を出すと話した。",
        (
            "漁師たちは会議の前から桟橋に集まり、古いクレーンを残すよう求めている。「急ぐ必要"
            "はない」と組合の代表は述べ、春に改めて投票を行うことを提案した。住民の多くは費用"
            "の説明がまだ足りないと感じており、次の集まりには県の担当者も出席する予定だという"
            "。"
        ),
    ),
    "ko": (
        "euc-kr cp949",
        "시장은 다음 주까지 항구 재건에 대한 결론을 내리겠다고 말했다.",
        (
            "어부들은 회의가 시작되기 전부터 부두에 모여 낡은 기중기를 남겨 달라고 요구하고 "
            "있다. 조합 대표는 서두를 필요가 없다며 봄에 다시 투표를 하자고 제안했다. "
            "주민 대부분은 비용에 대한 설명이 아직 부족하다고 느끼고 있으며, 다음 모임에는 "
            "도청 담당자도 참석할 예정이다."
        ),
    ),
    "ru": (
        "koi8-r windows-1251",
        "Мэр заявил, что решение о порте примут на следующей неделе.",
        (
            "Рыбаки собрались на причале ещё до начала заседания и просили сохранить старый "
            "кран. Представитель союза сказал, что спешить незачем, и предложил провести новое "
            "голосование весной. Большинство жителей считает, что расходы до сих пор не "
            "объяснены, а на следующую встречу обещали приехать чиновники из области."
        ),
    ),
    "fr": (
        "iso-8859-1 windows-1252",
        "Le maire a déclaré que la décision sur le port serait annoncée à Noël.",
        (
            "Les pêcheurs s'étaient réunis sur la jetée bien avant la séance et demandaient "
            "que l'on conserve la vieille grue. Leur délégué a répété qu'il n'y avait pas lieu "
            "de se dépêcher et a proposé un nouveau vote au printemps, après l'été on verrait. "
            "Beaucoup d'habitants trouvent que les dépenses n'ont pas été expliquées."
        ),
    ),
    "de": (
        "iso-8859-1 windows-1252",
        "Der Bürgermeister erklärte, über den Hafen werde nächste Woche entschieden.",
        (
            "Die Fischer standen schon vor der Sitzung auf der Mole und wollten, dass der alte "
            "Kran erhalten bleibt. Ihr Sprecher meinte, es gebe keinen Grund zur Eile, und "
            "schlug vor, im Frühjahr noch einmal abzustimmen. Viele Einwohner fühlen sich über "
            "die Kosten schlecht unterrichtet und hören bloß Gerüchte."
        ),
    ),
    "pl": (
        "iso-8859-2 windows-1250",
        "Burmistrz powiedział, że decyzja w sprawie portu zapadnie w przyszłym tygodniu.",
        (
            "Rybacy zebrali się na molo jeszcze przed posiedzeniem i prosili, żeby zachować "
            "stary dźwig. Ich przedstawiciel stwierdził, że nie ma się co śpieszyć, i "
            "zaproponował, aby głosować ponownie na wiosnę. Większość mieszkańców uważa, że "
            "koszty wciąż nie zostały dobrze wyjaśnione, a na następne spotkanie mają "
            "przyjechać urzędnicy."
        ),
    ),
    "cs": (
        "iso-8859-2 windows-1250",
        "Starosta řekl, že o přístavu se rozhodne příští týden.",
        (
            "Rybáři se sešli na molu ještě před zasedáním a žádali, aby byl starý jeřáb "
            "zachován. Jejich mluvčí prohlásil, že není kam spěchat, a navrhl nové hlasování "
            "na jaře. Většina obyvatel soudí, že výdaje dosud nikdo řádně nevysvětlil, a na "
            "další schůzi mají přijet úředníci z kraje."
        ),
    ),
    "zh-Hans": (
        "gb18030 gb2312",
        "市长表示，关于港口重建的问题将在下周作出决定。",
        (
            "渔民在会议开始之前就聚集在码头上，要求保留那台旧起重机。他们的代表说没有必要着急"
            "，并且建议在春天重新投票。大多数居民认为费用还没有得到充分的说明，省里的官员也会"
            "出席下一次会议。"
        ),
    ),
    "zh-Hant": (
        "big5",
        "市長表示，關於港口重建的問題將在下週作出決定。",
        (
            "漁民在會議開始之前就聚集在碼頭上，要求保留那台舊起重機。他們的代表說沒有必要著急"
            "，並且建議在春天重新投票。大多數居民認為費用還沒有得到充分的說明，縣裡的官員也會"
            "出席下一次會議。"
        ),
    ),
    "el": (
        "iso-8859-7 windows-1253",
        "Ο δήμαρχος δήλωσε ότι η απόφαση για το λιμάνι θα ληφθεί την επόμενη εβδομάδα.",
        (
            "Οι ψαράδες είχαν μαζευτεί στην προβλήτα πριν από τη συνεδρίαση και ζητούσαν να "
            "μείνει ο παλιός γερανός. Ο εκπρόσωπός τους είπε ότι δεν υπάρχει λόγος βιασύνης "
            "και πρότεινε να ψηφίσουν ξανά την άνοιξη. Άλλοι κάτοικοι πιστεύουν ότι τα έξοδα "
            "δεν έχουν εξηγηθεί ακόμη."
        ),
    ),
    "ar": (
        "windows-1256 iso-8859-6",
        "قال رئيس البلدية إن القرار بشأن الميناء سيصدر في الأسبوع المقبل.",
        (
            "وكان الصيادون قد اجتمعوا على الرصيف قبل بدء الجلسة وطالبوا بالإبقاء على الرافعة "
            "القديمة. وأضاف ممثلهم أنه لا داعي للعجلة واقترح التصويت مرة أخرى في الربيع. ويرى "
            "معظم السكان أن النفقات لم تشرح بعد بما يكفي، ومن المنتظر أن يحضر مسؤولون الاجتماع "
            "القادم."
        ),
    ),
    "he": (
        "windows-1255 iso-8859-8",
        "ראש העיר אמר כי ההחלטה בעניין הנמל תתקבל בשבוע הבא.",
        (
            "הדייגים התאספו על המזח עוד לפני הישיבה וביקשו לשמור על העגורן הישן. הנציג שלהם "
            "אמר שאין סיבה למהר והציע להצביע שוב באביב. רוב התושבים סבורים שההוצאות עדיין לא "
            "הוסברו כראוי."
        ),
    ),
    "tr": (
        "iso-8859-9 windows-1254",
        "Belediye başkanı, liman hakkındaki kararın gelecek hafta açıklanacağını söyledi.",
        (
            "Balıkçılar toplantıdan önce iskelede bir araya gelmiş ve eski vincin korunmasını "
            "istemişti. Sözcüleri acele etmeye gerek olmadığını belirtti ve ilkbaharda yeniden "
            "oy verilmesini önerdi. Halkın çoğu giderlerin hâlâ yeterince anlatılmadığını "
            "düşünüyor."
        ),
    ),
    "uk": (
        "koi8-u windows-1251",
        "Мер заявив, що рішення про порт ухвалять наступного тижня.",
        (
            "Рибалки зібралися на причалі ще до початку засідання і просили зберегти старий "
            "кран. Їхній речник сказав, що поспішати немає куди, і запропонував провести нове "
            "голосування навесні. Більшість мешканців вважає, що витрати досі не пояснено."
        ),
    ),
    "es": (
        "iso-8859-1",
        "El alcalde dijo que la decisión sobre el puerto se tomará mañana.",
        (
            "Los pescadores se habían reunido en el muelle antes de la sesión y pedían que se "
            "conservara la vieja grúa. Su portavoz añadió que no había prisa y propuso votar "
            "otra vez en primavera. Según muchos vecinos, los gastos todavía no están bien "
            "explicados."
        ),
    ),
    "th": (
        "tis-620",
        "นายกเทศมนตรีกล่าวว่าจะตัดสินใจเรื่องท่าเรือในสัปดาห์หน้า",
        (
            "ชาวประมงมารวมตัวกันที่ท่าเรือก่อนการประชุมและขอให้เก็บปั้นจั่นเก่าไว้ ตัวแทนของพ"
            "วกเขาบอกว่าไม่ต้องรีบร้อนและเสนอให้ลงคะแนนใหม่อีกครั้ง"
        ),
    ),
}
# Where two encodings stay possible, or too little is said: refused, and never read wrong.
REFUSED = {
    ("el", "windows-1253", "long"),
}
CASES = [
    (language, encoding, length)
    for language, (encodings, _, _) in SAMPLES.items()
    for encoding in encodings.split()
    for length in ("short", "long")
]


def sample(language: str, length: str) -> str:
    _, first, rest = SAMPLES[language]
    joint = " " if " " in first else ""
    return first if length == "short" else f"{first}{joint}{rest}"


def test_there_are_as_many_samples_as_there_were() -> None:
    assert len(SAMPLES) == 17
    assert len(CASES) == 64
    assert len(REFUSED) == 1


@pytest.mark.parametrize(("language", "encoding", "length"), CASES)
def test_a_text_is_read_right_or_refused(
    language: str, encoding: str, length: str, tmp_path: Path
) -> None:
    text = sample(language, length)
    path = saved(tmp_path, text.encode(encoding))
    if (language, encoding, length) in REFUSED:
        with pytest.raises(InputError, match="its encoding cannot be told") as error:
            read(path)
        assert "--encoding" in str(error.value.hint)
    else:
        assert read(path).text == text


@pytest.mark.parametrize(("language", "encoding", "length"), CASES)
def test_a_text_is_read_right_when_the_encoding_is_named(
    language: str, encoding: str, length: str, tmp_path: Path
) -> None:
    text = sample(language, length)
    assert read(saved(tmp_path, text.encode(encoding)), encoding=encoding).text == text


@pytest.mark.parametrize(
    ("language", "encoding"), sorted({(language, encoding) for language, encoding, _ in CASES})
)
def test_no_stretch_of_a_text_is_read_wrong(language: str, encoding: str, tmp_path: Path) -> None:
    text = sample(language, "long")
    words = text.split() if " " in text.strip() and len(text.split()) > 8 else list(text)
    joint = " " if len(words) != len(text) else ""
    for size in (9, 15, 24):
        for start in range(0, max(1, len(words) - size), size):
            stretch = joint.join(words[start : start + size])
            for variant in (stretch, stretch.upper()):
                try:
                    data = variant.encode(encoding)
                except UnicodeEncodeError:
                    continue
                try:
                    document = read(saved(tmp_path, data))
                except InputError:
                    continue
                assert document.text == variant


OLD = {
    "en": "macintosh cp1250 cp1254 cp1257",
    "fr": "cp437 cp850 macintosh",
    "de": "cp437 cp850 macintosh",
    "es": "cp850 macintosh",
    "pl": "cp852 mac_latin2",
    "cs": "cp852 mac_latin2",
    "ru": "cp866 mac_cyrillic iso8859-5",
    "uk": "cp1125 mac_cyrillic iso8859-5",
    "el": "cp737 mac_greek",
    "tr": "cp857 mac_turkish",
    "ar": "cp864 cp720",
    "he": "cp862",
    "ja": "utf-16-le utf-16-be shift_jis_2004",
    "ko": "johab iso2022_kr",
    "zh-Hant": "gb18030 big5hkscs",
}


@pytest.mark.parametrize(
    ("language", "encoding"), [(one, codec) for one, some in OLD.items() for codec in some.split()]
)
@pytest.mark.parametrize("length", ["short", "long"])
def test_a_text_in_an_old_encoding_is_not_taken_for_another(
    language: str, encoding: str, length: str, tmp_path: Path
) -> None:
    text = sample(language, length)
    path = saved(tmp_path, text.encode(encoding, "ignore"))
    try:
        document = read(path)
    except InputError as error:
        assert error.hint  # noqa: PT017
    else:
        assert document.text == text.encode(encoding, "ignore").decode(encoding)


@pytest.mark.parametrize(
    ("mark", "codec", "label"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    ],
)
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cc"])))
def test_any_text_with_a_mark_comes_back_exactly(
    mark: bytes, codec: str, label: str, text: str, folder: Path
) -> None:
    text += "e\u0301 \U0001f600\r\n\u2028\tx\r"
    document = read(saved(folder, mark + text.encode(codec)))
    assert (document.text, document.format) == (text, f"text/plain; charset={label}")


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.text("é’ \r\n\t\u0301"))
def test_any_text_in_utf_8_comes_back_exactly(text: str, folder: Path) -> None:
    assume(text.strip() and not text.startswith(("\ufeff", "<")))
    document = read(saved(folder, text.encode()))
    assert (document.text, document.format) == (text, "text/plain; charset=utf-8")


@given(data=st.binary(max_size=200), name=st.sampled_from(["a.txt", "a.html"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str, folder: Path) -> None:
    try:
        document = read(saved(folder, data, name))
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
        assert str(error).startswith(str(folder / name))  # noqa: PT017
    else:
        assert document.text.encode()


@pytest.mark.parametrize(
    ("language", "encoding", "label"),
    [
        ("en", "windows-1252", "windows-1252"),
        ("ja", "shift_jis", "shift_jis"),
        ("ja", "iso-2022-jp", "iso-2022-jp"),
        ("ko", "cp949", "euc-kr"),
        ("zh-Hant", "big5", "big5"),
        ("ru", "koi8-r", "koi8-r"),
        ("pl", "iso-8859-2", "iso-8859-2"),
        ("en", "utf-8", "utf-8"),
    ],
)
def test_the_format_names_the_encoding_as_the_internet_does(
    language: str, encoding: str, label: str, tmp_path: Path
) -> None:
    data = sample(language, "long").encode(encoding)
    assert read(saved(tmp_path, data)).format == f"text/plain; charset={label}"


def test_an_ambiguous_text_shows_what_it_could_be(tmp_path: Path) -> None:
    path = saved(tmp_path, "They said that the flight to São Tomé was late.".encode("cp1252"))
    with pytest.raises(InputError, match="São in windows-1252 would be Săo in windows-1250"):
        read(path)
    assert "São Tomé" in read(path, encoding="windows-1252").text


def test_a_name_in_an_english_text_is_western_rather_than_baltic(tmp_path: Path) -> None:
    text = "Zoë Hart met them again on Monday, and she said that it was good."
    document = read(saved(tmp_path, text.encode("cp1252")))
    assert (document.text, document.format) == (text, "text/plain; charset=windows-1252")
    path = saved(tmp_path, text.replace("Zoë", "Žemaitė").encode("cp1257"))
    with pytest.raises(InputError, match="its encoding cannot be told"):
        read(path)
    assert "Žemaitė" in read(path, encoding="windows-1257").text


def test_readings_that_differ_in_a_space_alone_are_shown_as_well(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its encoding cannot be told: "):
        read(saved(tmp_path, b"Z\t\xff"))


def test_two_bytes_that_are_utf_8_by_accident_are_not_believed(tmp_path: Path) -> None:
    path = saved(tmp_path, "NOBODY IN THE CAFÉ’S KITCHEN SAID THAT".encode("cp1252"))
    assert path.read_bytes().decode("utf-8")
    with pytest.raises(InputError, match="utf-8 or windows-1252"):
        read(path)
    assert "CAFÉ’S" in read(path, encoding="cp1252").text


def test_bytes_that_are_not_in_the_named_encoding_are_pointed_at(tmp_path: Path) -> None:
    path = saved(tmp_path, b"one\ntwo \x81 three")
    with pytest.raises(InputError, match="not in windows-1252: byte 0x81 at 8, in line 2") as error:
        read(path, encoding="cp1252")
    assert error.value.exit_code == 3


@pytest.mark.parametrize(
    "name", ["", "nonsense", "rot13", "hex", "base64", "idna", "unicode_escape", "a\0b", "é", "zip"]
)
def test_what_is_no_encoding_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no encoding"):
        read(saved(tmp_path, b"text"), encoding=name)


def test_a_mark_is_no_part_of_the_text_when_the_encoding_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path, codecs.BOM_UTF8 + b"text")
    for name in ("utf-8", "utf-8-sig"):
        document = read(path, encoding=name)
        assert (document.text, document.format) == ("text", "text/plain; charset=utf-8")
    path = saved(tmp_path, "text".encode("utf-16"))
    for name in ("utf-16", "utf-16-le" if sys.byteorder == "little" else "utf-16-be"):
        assert read(path, encoding=name).text == "text"


def test_half_a_surrogate_pair_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="surrogate"):
        read(saved(tmp_path, b"a lone +2AA- half"), encoding="utf-7")


# ----------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b" \r\n\t ", "has only white space"),
        ("\u3000\u2028".encode(), "has only white space"),
        (b"text with a \0 in it", "is binary"),
        (b"\x01\x02\x03\x04 and some text", "is binary"),
        ("text".encode("utf-16-le"), "is binary"),
        (b"%PDF-1.7 and so on", "a PDF, not text"),
        (b"PK\x03\x04 and so on", "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"{\\rtf1 text}", "a rich text document"),
        (bytes(range(128, 256)) * 3, "its encoding cannot be told"),
        (b"nothing but \xe9\xf4\xe0", "its encoding cannot be told"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, what: str, tmp_path: Path) -> None:
    path = saved(tmp_path, data)
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: ")
    assert what in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, b"x")
    os.truncate(path, LIMIT + 1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda _: pytest.fail("was read"))
        with pytest.raises(InputError, match=r"has 10,000,001 bytes; the limit is 10,000,000"):
            read(path)
    assert read(saved(tmp_path, b"12345"), limit=5).text == "12345"
    with pytest.raises(InputError, match=r"has 6 bytes; the limit is 5"):
        read(saved(tmp_path, b"123456"), limit=5)


def test_what_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    below = saved(tmp_path, b"text") / "below"
    for path, what in (
        (tmp_path, "is a folder"),
        (fifo, "is not a regular file"),
        (Path(os.devnull), "is not a regular file"),
        (tmp_path / "none.txt", "no such file"),
        (below, "cannot be read"),
        (loop, "cannot be read"),
        (tmp_path / "a\0b", "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ):
        with pytest.raises(InputError, match=what):
            read(path)

    def deny(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(InputError, match="may not be read"):
        read(saved_already := tmp_path / "article.txt")
    assert saved_already.exists()


# ------------------------------------------------------------------------------ HTML

HEAD = """<title>Harbour vote put off - The Pier Post</title>
<link rel="stylesheet" href="/x.css"><link rel="canonical" href="https://pier.example/harbour">
<meta property="og:site_name" content="The Pier Post">
<meta name="author" content="Ada Lind"><meta name="author" content="Bo Ek">
<meta property="article:modified_time" content="2026-11-21T10:00:00Z">
<meta property="article:published_time" content="2026-11-19T21:30:00+09:00">"""
BODY = """<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Harbour vote put off</h1>
<p>The council put off its vote on Thursday, and the “old crane” stays where it is for now.</p>
<p>Fishermen had asked for a delay for the third time this year – in a letter to the café.</p>
<table><tr><td>Ships a week</td><td>44</td></tr></table>
<p>Nobody on the pier had expected anything else, said a clerk who gave no name.</p></article>
<div id="comments"><p>Comment: what a silly decision that was, I really think so.</p></div>
<footer>© 2026 The Pier Post. All rights reserved.</footer>"""
TEXT = """Harbour vote put off
The council put off its vote on Thursday, and the “old crane” stays where it is for now.
Fishermen had asked for a delay for the third time this year – in a letter to the café.
Nobody on the pier had expected anything else, said a clerk who gave no name."""


def page(
    head: str = "", body: str = BODY, start: str = '<!DOCTYPE html>\n<html lang="en-GB">'
) -> str:
    return f"{start}<head>{head}</head>\n<body>{body}</body></html>\n"


def test_a_page_gives_its_article_and_what_it_says_about_it(tmp_path: Path) -> None:
    path = saved(tmp_path, page(HEAD).encode(), "saved page.HTM")
    assert read(path) == Document(
        name="saved page.HTM",
        text=TEXT,
        format="text/html; charset=utf-8",
        headline="Harbour vote put off",
        author=("Ada Lind", "Bo Ek"),
        publisher="The Pier Post",
        published=When(date=Edtf("2026-11-19T21:30:00+09:00"), basis="stated"),
        language="en-GB",
        url="https://pier.example/harbour",
        parts=(Part(span=Span(0, 20), kind="headline"),),
    )


def test_a_page_gives_the_same_each_time_it_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, page(HEAD).encode(), "a.html")
    assert len({read(path) for _ in range(5)}) == 1


@pytest.mark.parametrize(
    "start",
    ["<!doctype html><html>", "<HTML>", "\n <!-- saved --> <!-- twice -->\n<html lang=en>"],
)
def test_a_page_is_known_by_how_it_starts(start: str, tmp_path: Path) -> None:
    document = read(saved(tmp_path, page(start=start).encode(), "page.txt"))
    assert document.format == "text/html; charset=utf-8"
    assert document.text == TEXT


def test_a_plain_text_that_speaks_of_html_is_plain_text(tmp_path: Path) -> None:
    text = "The tag <html> starts a page.\n" + page()
    document = read(saved(tmp_path, text.encode()))
    assert (document.text, document.format) == (text, "text/plain; charset=utf-8")


META = '<meta charset="{}">'
EQUIV = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
XML = '<?xml version="1.0" encoding="{}"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    ("encoding", "html", "label"),
    [
        ("utf-8", page(META.format("utf-8")), "utf-8"),
        ("utf-8", page(META.format("iso-8859-1")), "utf-8"),
        ("utf-8-sig", page(META.format("shift_jis")), "utf-8"),
        ("utf-16", page(META.format("utf-16")), "utf-16-le"),
        ("utf-16", page(start=XML.format("utf-16")), "utf-16-le"),
        ("cp1252", page(META.format("windows-1252")), "windows-1252"),
        ("cp1252", page(EQUIV.format("ISO-8859-1")), "windows-1252"),
        ("cp1252", page(start=XML.format("latin1")), "windows-1252"),
        ("cp1252", page(META.format("nonsense")), "windows-1252"),
        ("cp1252", page(META.format("utf-8")), "windows-1252"),
        ("cp1252", page(), "windows-1252"),
        ("cp1250", page(META.format("windows-1250")), "windows-1250"),
    ],
)
def test_a_page_is_decoded_by_its_mark_its_word_or_its_words(
    encoding: str, html: str, label: str, tmp_path: Path
) -> None:
    if sys.byteorder == "big":
        label = label.replace("-le", "-be")
    document = read(saved(tmp_path, html.encode(encoding), "page.html"))
    assert document.text == TEXT
    assert document.format == f"text/html; charset={label}"


@pytest.mark.parametrize(
    ("language", "encoding", "declared"),
    [
        ("ja", "cp932", "Shift_JIS"),
        ("ja", "euc_jp", "x-euc-jp"),
        ("ja", "iso2022_jp", "iso-2022-jp"),
        ("ko", "cp949", "ks_c_5601-1987"),
        ("zh-Hans", "gb18030", "GB2312"),
        ("zh-Hant", "big5", "big5"),
        ("ru", "cp1251", "windows-1251"),
        ("pl", "iso8859-2", "iso-8859-2"),
    ],
)
def test_a_page_in_another_encoding_is_read(
    language: str, encoding: str, declared: str, tmp_path: Path
) -> None:
    text = sample(language, "long")
    html = page(META.format(declared), f"<article><h1>{text[:9]}</h1><p>{text}</p></article>")
    document = read(saved(tmp_path, html.encode(encoding), "a.html"))
    assert document.text == f"{text[:9].strip()}\n{text}"


def test_a_named_encoding_is_stronger_than_what_a_page_says(tmp_path: Path) -> None:
    html = page(META.format("windows-1250"), BODY.replace("the café", "São Tomé"))
    path = saved(tmp_path, html.encode("cp1252"), "a.html")
    assert "São Tomé" in read(path, encoding="cp1252").text
    assert "Săo Tomé" in read(path).text


DATES = {
    '<meta property="article:published_time" content="2026-11-19">': "2026-11-19",
    '<meta property="article:published_time" content="2026-11">': "2026-11",
    '<meta name="date" content="20261119">': "2026-11-19",
    '<meta name="DC.date.issued" content="2026/11/19">': "2026-11-19",
    '<meta name="parsely-pub-date" content="2026-11-19T12:00:00.000Z">': "2026-11-19T12:00:00Z",
    '<meta name="pubdate" content="2026-11-19 12:00:00 +0900">': "2026-11-19T12:00:00+09:00",
    '<meta name="pubdate" content="2026-11-19T12:00+09:00">': "2026-11-19T12:00:00+09:00",
    '<meta name="pubdate" content="2026-11-19T12:00:00">': "2026-11-19T12:00:00",
    '<meta name="pubdate" content="Thu, 19 Nov 2026 12:00:00 GMT">': "2026-11-19T12:00:00Z",
    '<meta itemprop="datePublished" content="2026-11-19">': "2026-11-19",
    '<script type="application/ld+json">{"@type": "NewsArticle", '
    '"datePublished": "2026-11-19", "dateModified": "2026-11-21"}</script>': "2026-11-19",
    '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, '
    '{"@type": ["Thing", "ReportageNewsArticle"], "datePublished": "2026-11"}]}</script>': "2026-11",
    # What is no publication date of the article, or no date.
    "": None,
    '<meta property="article:modified_time" content="2026-11-19">': None,
    '<meta property="og:updated_time" content="2026-11-19">': None,
    '<meta http-equiv="last-modified" content="2026-11-19">': None,
    '<meta itemprop="copyrightYear" content="2026">': None,
    '<meta name="date" content="2026-02-30">': None,
    '<meta name="date" content="yesterday">': None,
    '<meta name="date" content="Thu, 99 Nov 2026 12:00:00 GMT">': None,
    '<link rel="canonical" href="https://pier.example/2026/11/19/harbour">': None,
    '<script type="application/ld+json">{"@type": "WebSite", "datePublished": "2001"}</script>': None,
    '<script type="application/ld+json">{broken "datePublished": "2026-11-19"</script>': None,
    f'<script type="application/ld+json">{"[" * 5000}</script>': None,
}


@pytest.mark.parametrize(("head", "date"), DATES.items())
def test_a_publication_date_is_taken_as_stated_or_not_at_all(
    head: str, date: str | None, tmp_path: Path
) -> None:
    published = read(saved(tmp_path, page(head).encode(), "a.html")).published
    assert published == (When(date=Edtf(date), basis="stated") if date else None)


@pytest.mark.parametrize(
    ("start", "head", "language"),
    [
        ('<html lang="en">', "", "en"),
        ('<html lang="EN-us">', "", "en-us"),
        ('<html lang="zh-Hant">', "", "zh-Hant"),
        ('<html xml:lang="ja">', "", "ja"),
        ("<html>", '<meta property="og:locale" content="en_GB">', "en-GB"),
        ("<html>", '<meta http-equiv="Content-Language" content="fr">', "fr"),
        ('<html lang="?">', '<meta property="og:locale" content="de">', "de"),
        ('<html lang="en, fr">', "", "en"),  # the words are English, whatever the page says
        ("<html>", "", "en"),
        ("<html>", '<meta property="og:locale" content="?">', "en"),
    ],
)
def test_the_language_is_the_one_stated(
    start: str, head: str, language: str | None, tmp_path: Path
) -> None:
    assert read(saved(tmp_path, page(head, start=start).encode(), "a.html")).language == language


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (
            '<link rel="Canonical" href=" https://pier.example/a?b=1#c ">',
            "https://pier.example/a?b=1#c",
        ),
        ('<meta property="og:url" content="https://pier.example/å">', "https://pier.example/å"),
        ('<link rel="canonical" href="/a">', None),
        ('<link rel="canonical" href="https://pier.example/a b">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="alternate" href="https://pier.example/feed">', None),
        ("", None),
    ],
)
def test_the_address_is_the_one_stated(head: str, url: str | None, tmp_path: Path) -> None:
    assert read(saved(tmp_path, page(head).encode(), "a.html")).url == url


def test_a_host_is_not_taken_for_a_publisher(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://www.pier.example/a">'
    assert read(saved(tmp_path, page(head).encode(), "a.html")).publisher is None


WINDOWS = [
    ("Fleet grows | The Gull", "The Gull"),
    ("Fleet grows - Local - The Gull", "The Gull"),
    ("Fleet grows | Politics", None),  # a section
    ("Fleet grows — Jo Hansen", None),  # the author
    ("Fleet grows", None),
    ("News | The Gull", None),  # this is no headline
]
SHORT = {
    "an article with a caption": """<article><h1>Fleet grows</h1><p>By Jo Hansen, 5 May 2024</p>
<figure><img src="a"><figcaption>A boat in Veyle</figcaption></figure>
<p>The fleet of Veyle grew by two boats on Monday, the harbour said.</p>
<p>It has nine now.</p></article>""",
    "more than trafilatura finds too short": """<article><h1>Fleet grows</h1>
<p>By Jo Hansen, 5 May 2024</p>
<figure><img src="a"><figcaption>A boat in Veyle</figcaption></figure>
<p>The fleet of Veyle grew by two boats on Monday, and a third will be built before the summer.</p>
<p>It has nine now. They fish for cod and herring off the coast, the harbour said.</p></article>""",
}


def test_there_are_as_many_short_pages_as_there_were() -> None:
    assert len(WINDOWS) == 6
    assert len(SHORT) == 2


@pytest.mark.parametrize(("title", "publisher"), WINDOWS, ids=[title for title, _ in WINDOWS])
def test_the_title_of_a_window_names_the_site(
    title: str, publisher: str | None, tmp_path: Path
) -> None:
    html = page(f"<title>{title}</title>", SHORT["an article with a caption"])
    found = read(saved(tmp_path, html.encode(), "a.html"))
    assert (found.headline, found.publisher) == ("Fleet grows", publisher)


@pytest.mark.parametrize("name", SHORT)
def test_a_short_page_keeps_its_paragraphs(name: str, tmp_path: Path) -> None:
    found = read(saved(tmp_path, page(body=SHORT[name]).encode(), "a.html"))
    headline, byline, first, second = found.text.splitlines()
    assert (headline, byline) == ("Fleet grows", "By Jo Hansen, 5 May 2024")
    assert first.startswith("The fleet")
    assert second.startswith("It has nine")
    assert found.author == ("Jo Hansen",)
    assert found.published == When(date=Edtf("2024-05-05"), basis="stated")


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        "<html",
        "<!doctype html>",
        "<html><body><script>var a = 1</script></body></html>",
        '<html><frameset><frame src="a.html"></frameset></html>',
        "<div>" * 20_000 + "text" + "</div>" * 20_000,
        "<!-- <!-- -->" * 50,
        "<!---->" * 20_000,
    ],
)
def test_a_page_without_an_article_is_refused(html: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no article found|cannot be read") as error:
        read(saved(tmp_path, html.encode(), "a.html"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "html",
    [
        page(body=BODY.replace("</p>", "").replace("</article>", "<p><b><i>")),
        page(body=BODY.replace("<p>", "<p <x> y='\">")),
        page("<title><meta <link", BODY),
        "<html/>\n" + page(),
        page() + page(),
        page(body=BODY.replace("café", "caf&#xD800;&#0;&#1;&bogus;&#x110000;")),
        page('<script type="application/ld+json">[1, {"author": [null, {"name": 3}]}]</script>'),
    ],
)
def test_a_broken_page_is_read_or_refused_in_silence(
    html: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    with caplog.at_level(logging.DEBUG, logger="kg"):
        try:
            document = read(saved(tmp_path, html.encode(), "a.html"))
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            assert "old crane" in document.text
            document.text.encode()
    assert capfd.readouterr() == ("", "")


@given(html=st.text("<>/=\"'&;!-? abhtmlpdivscripXx\u00e9\n", max_size=400))
def test_no_page_is_too_broken(html: str, folder: Path) -> None:
    try:
        document = read(saved(folder, f"<html><p>{html}".encode(), "a.html"))
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert document.text.strip()


def test_a_page_does_not_reach_for_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the network was reached for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    doctype = '<!DOCTYPE html SYSTEM "https://pier.example/a.dtd"><html>'
    assert read(saved(tmp_path, page(HEAD, start=doctype).encode(), "a.html")).text == TEXT
