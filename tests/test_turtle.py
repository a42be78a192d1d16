"""Turtle as a text: taken apart into its statements and put together again, with nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.turtle import TurtleText, comments, escaped, spelled, statements
from kg.vocab import WIKIDATA, XSD

if TYPE_CHECKING:
    from pyoxigraph import Quad

BASE = "https://example.org/kg/"


class Case(NamedTuple):
    """A text, and the first words of its statements."""

    about: str
    text: str
    subjects: list[str]


CASES = [
    Case("nothing", "", []),
    Case("only space", " \n\t\r\n", []),
    Case("only a comment", "# a:x a:p a:y .", []),
    Case("a byte order mark", "\ufeff<x> a <y> .", ["<x>"]),
    Case("two on a line", "<x> a <y> . <z> a <y>.", ["<x>", "<z>"]),
    Case("a full stop in an IRI", "<http://a.b/c.> a <y> .", ["<http://a.b/c.>"]),
    Case("a full stop inside a name", "a:x.y a a:z.a. a:q a a:r .", ["a:x.y", "a:q"]),
    Case("a full stop behind a name", "a:x a a:y.\na:z a a:y.", ["a:x", "a:z"]),
    Case("two full stops inside a name", "a:x..y a a:z .", ["a:x..y"]),
    Case("an escaped full stop", r"a:x a a:y\. . a:z a a:y .", ["a:x", "a:z"]),
    Case("decimals", "<x> <p> 1.5 , .5 , -1.5e3 , 1.e3 . <y> <p> 2.", ["<x>", "<y>"]),
    Case("an integer at the end", "<x> <p> 1.<y> <p> 2 .", ["<x>", "<y>"]),
    Case("a truth value at the end", "<x> <p> true. <y> <p> false.", ["<x>", "<y>"]),
    Case("a full stop in a string", "<x> <p> \"a . b .\" . <y> <p> '. ' .", ["<x>", "<y>"]),
    Case("an escaped quote", r'<x> <p> "a\" . b" . <y> <p> 2 .', ["<x>", "<y>"]),
    Case("a backslash at the end", r'<x> <p> "a\\" . <y> <p> 2 .', ["<x>", "<y>"]),
    Case("a long string", '<x> <p> """a . "b" ""\n# c\n<z> . """ . <y> <p> 2 .', ["<x>", "<y>"]),
    Case("another long string", "<x> <p> '''a . ''b' ''' . <y> <p> 2 .", ["<x>", "<y>"]),
    Case("an empty string", '<x> <p> "" , \'\' . <y> <p> """""" .', ["<x>", "<y>"]),
    Case("a long string that ends in a quote", r'<x> <p> """a\"""" . <y> <p> 2 .', ["<x>", "<y>"]),
    Case("a comment with a quote", "<x> <p> 1 . # \"\n<y> <p> 2 . # '", ["<x>", "<y>"]),
    Case("a comment within a statement", "<x> <p> 1 ; # <z> <p> 1 .\n <q> 2 .", ["<x>"]),
    Case("a number sign in an IRI", "<x#y> <p> <#z> . <y> <p> 2 .", ["<x#y>", "<y>"]),
    Case("a language", '<x> <p> "a"@en. <y> <p> "b"@en-GB .', ["<x>", "<y>"]),
    Case("a datatype", '<x> <p> "1"^^xsd:integer. <y> <p> "b"^^<d.> .', ["<x>", "<y>"]),
    Case("nodes without a name", "<x> <p> [ <q> ( 1 2.5 [] ) ] . [] <p> 1 .", ["<x>", "["]),
    Case("a blank node with a label", "_:a.b <p> _:c. <y> <p> 2 .", ["_:a.b", "<y>"]),
    Case("prefixes", "@prefix a: <b.> . @base <c> .\na:x a a:y .", ["@prefix", "@base", "a:x"]),
    Case("prefixes of SPARQL", "PREFIX a: <b> BASE <c> a:x a a:y .", ["PREFIX", "BASE", "a:x"]),
    Case("an empty prefix", "prefix : <b> :x a :y . :a.b a :y .", ["prefix", ":x", ":a.b"]),
    Case("a name that begins like a directive", "base:x a base:y . a:p a a:q .", ["base:x", "a:p"]),
    Case("Windows line ends", "<x> <p> 1 .\r\n# c\r\n<y> <p> 2 .\r\n", ["<x>", "<y>"]),
    Case("an unfinished statement", "<x> <p> 1 . <y> <p> 2", ["<x>", "<y>"]),
    Case("letters of all scripts", "a:日本 a a:é . a:东京.市 a a:é.", ["a:日本", "a:东京.市"]),
    Case("a percent sign", "a:x%2Ey a a:z%2E . a:z a a:z .", ["a:x%2Ey", "a:z"]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_statements_are_found(case: Case) -> None:
    assert [statement.subject for statement in statements(case.text)] == case.subjects


def test_how_many_cases_there_are() -> None:
    assert len({case.about for case in CASES}) == 35


def test_a_statement_knows_its_line() -> None:
    text = '# one\n<x> a <y> . # two\n\n<z> <p> """\n\n""" .\n<q> a <y> .\n'
    assert [(s.subject, s.line) for s in statements(text)] == [("<x>", 2), ("<z>", 4), ("<q>", 7)]


def test_directives_are_told_from_statements() -> None:
    found = statements("@prefix a: <b> . BASE <c> Prefix b: <d> base:x a a:y . @base <e> .")
    assert [statement.is_directive for statement in found] == [True, True, True, False, True]


def test_comments_are_told_from_what_looks_like_them() -> None:
    text = "<a#b> <p> \"# no\" ; # yes\n <q> '''\n# no\n''' . # ja \"\n"
    assert comments(text) == ["# yes", '# ja "']


NAMES = st.from_regex(r"[a-z_0-9]([a-z0-9.:-]{0,5}[a-z0-9:-])?", fullmatch=True)
WORDS = st.text("ab .#\"'\\\n\r\t;<>[](),é日\u2028😀", max_size=8)


def quoted(text: str) -> st.SearchStrategy[str]:
    escaped_ = str(Literal(text))
    long = text.replace("\\", "\\\\").replace('"', '\\"')
    return st.sampled_from(
        [escaped_, f'"""{long}"""', "'" + escaped_[1:-1].replace("'", "\\'") + "'"]
    )


LITERALS = st.one_of(
    WORDS.flatmap(quoted),
    st.builds("{}@{}".format, WORDS.flatmap(quoted), st.sampled_from(["en", "zh-Hant"])),
    st.builds("{}^^a:d".format, WORDS.flatmap(quoted)),
    st.sampled_from(["1", "-1.5", ".5", "1.e5", "2e-3", "true", "false"]),
)
SUBJECTS = st.one_of(
    NAMES.map("a:{}".format),
    st.sampled_from(["<x>", "<http://b.example/c.d#e>", ":x", "<\\u00e9>"]),
)
SPACE = st.sampled_from([" ", "\n", "\r\n", " # . \" '\n", "\n\n\t", "\n#\n"])


@st.composite
def turtle(draw: st.DrawFn) -> str:
    """A text of some statements, with directives among them."""
    parts = ["@prefix a: <id/a/> .", draw(SPACE), "PREFIX : <id/>"]
    for _ in range(draw(st.integers(0, 5))):
        parts.append(draw(SPACE))
        if draw(st.integers(0, 5)) == 0:
            parts.append(draw(st.sampled_from(["@base <http://c.example/> .", "prefix a: <b/>"])))
            continue
        parts.append(draw(SUBJECTS))
        for number in range(draw(st.integers(1, 3))):
            parts += [";"] * (number > 0)
            parts += [draw(SPACE), draw(st.sampled_from(["a:p", "<q>", "a:p.q"])), draw(SPACE)]
            parts.append(draw(st.one_of(LITERALS, SUBJECTS)))
            parts += [draw(SPACE), ",", draw(SUBJECTS)] * draw(st.integers(0, 1))
        parts += [draw(SPACE), "."]
    return "".join(parts) + draw(st.sampled_from(["", "\n", " # end", "\n# end\n"]))


def quads(text: str) -> list[Quad]:
    return list(parse(text, format=RdfFormat.TURTLE, base_iri=BASE))


@settings(max_examples=200)
@given(turtle())
def test_the_pieces_make_the_text(text: str) -> None:
    pieces = TurtleText(text)
    assert str(pieces) == text
    assert all(text[s.start : s.end] == pieces[n] for n, s in enumerate(statements(text)))


@settings(max_examples=200)
@given(turtle())
def test_the_statements_say_what_the_text_says_in_the_same_order(text: str) -> None:
    found, directives = [], ""
    for statement in statements(text):
        piece = text[statement.start : statement.end]
        if statement.is_directive:
            directives += piece + "\n"
        else:
            found += quads(directives + piece)
            assert len({quad.subject for quad in quads(directives + piece)}) == 1
    assert found == quads(text)


@settings(max_examples=200)
@given(turtle())
def test_a_subject_is_the_node_that_a_parser_takes_it_for(text: str) -> None:
    subjects = TurtleText(text).subjects(BASE)
    assert set(subjects) == {quad.subject for quad in quads(text)}
    numbers = sorted(number for places in subjects.values() for number in places)
    assert numbers == [n for n, s in enumerate(statements(text)) if not s.is_directive]


@settings(max_examples=200)
@given(turtle(), st.data())
def test_replacing_a_statement_changes_no_other_byte(text: str, data: st.DataObject) -> None:
    pieces, found = TurtleText(text), statements(text)
    number = data.draw(st.sampled_from(range(len(found))))
    pieces.replace(number, "<new> a <y> .")
    new = "<new> a <y> ."
    assert str(pieces) == text[: found[number].start] + new + text[found[number].end :]


@settings(max_examples=200)
@given(turtle(), st.data())
def test_removing_a_statement_takes_its_triples_and_leaves_all_others(
    text: str, data: st.DataObject
) -> None:
    pieces, found = TurtleText(text), statements(text)
    numbers = [n for n, s in enumerate(found) if not s.is_directive]
    if not numbers:
        return
    number = data.draw(st.sampled_from(numbers))
    others = TurtleText(text)
    others.replace(number, "")
    pieces.remove(number)
    assert quads(str(pieces)) == quads(str(others))
    assert comments(str(pieces)) == comments(str(others))


@settings(max_examples=200)
@given(turtle())
def test_what_is_appended_comes_after_all_there_was(text: str) -> None:
    pieces = TurtleText(text)
    number = pieces.append("<http://d.example/new> a <http://d.example/y> .")
    assert str(pieces).startswith(text)
    assert str(pieces).endswith("\n")
    assert pieces[number] == "<http://d.example/new> a <http://d.example/y> ."
    assert quads(str(pieces))[:-1] == quads(text)


@settings(max_examples=100)
@given(turtle())
def test_declared_prefixes_hold_for_what_is_appended(text: str) -> None:
    pieces = TurtleText(text)
    pieces.declare({"new": "http://d.example/"})
    pieces.declare({"newer": "http://e.example/"})
    pieces.append("new:x a newer:y .")
    assert str(quads(str(pieces))[-1].subject) == "<http://d.example/x>"
    assert quads(str(pieces))[:-1] == quads(text)


def test_the_laws_are_tried_on_texts_that_matter() -> None:
    find(turtle(), lambda text: len(statements(text)) > 5)
    find(turtle(), lambda text: any("#" in str(quad.object) for quad in quads(text)))
    find(turtle(), lambda text: "# ." in text and '"""' in text)
    find(
        turtle(), lambda text: any("." in s.subject and ":" in s.subject for s in statements(text))
    )


def test_a_statement_alone_on_its_line_goes_with_the_line() -> None:
    pieces = TurtleText("<a> a <x> .\n<b> a <x> .\n# c\n<d> a <x> . <e> a <x> .\n")
    pieces.remove(1)
    pieces.remove(2)
    assert str(pieces) == "<a> a <x> .\n# c\n <e> a <x> .\n"


def test_prefixes_are_declared_behind_the_last_or_behind_the_first_comments() -> None:
    pieces = TurtleText("# head\n@prefix a: <b> .\n\na:x a a:y .\n")
    pieces.declare({"c": "d"})
    assert str(pieces) == "# head\n@prefix a: <b> .\n@prefix c: <d> .\n\na:x a a:y .\n"
    bare = TurtleText("# head")
    bare.declare({"c": "d"})
    bare.append("c:x a c:y .")
    assert str(bare) == "# head\n@prefix c: <d> .\n\nc:x a c:y .\n"


def test_what_is_written_has_the_line_ends_of_the_text() -> None:
    pieces = TurtleText("<a> a <x> .\r\n")
    pieces.declare({"c": "d"})
    pieces.append("<b> a <x> ;\n    a <y> .")
    assert str(pieces).count("\n") == str(pieces).count("\r\n") == 5


@settings(max_examples=300)
@given(st.text("ab1Z_-.:%2F~!$&'()*+,;=/?@é", max_size=8))
def test_an_escaped_name_is_the_same_name_to_a_parser(local: str) -> None:
    name = escaped(local)
    if name is not None:
        text = f"@prefix a: <http://a.example/> . a:{name} a a:x .a:y a a:x ."
        assert str(quads(text)[0].subject) == f"<http://a.example/{local}>"
        assert [s.subject for s in statements(text)][1:] == [f"a:{name}", "a:y"]


def test_names_that_are_escaped_and_names_that_cannot_be() -> None:
    assert escaped("Mira%20Ost") == "Mira%20Ost"
    assert escaped("-a.") == r"\-a\."
    assert escaped("a%2") is None
    assert escaped("日本") is None
    find(st.text("ab.-%2F/", min_size=3), lambda local: (escaped(local) or local) != local)


def test_a_node_takes_the_longest_prefix_that_fits_or_the_base() -> None:
    prefixes = {"w": "http://www.wikidata.org/", "wd": WIKIDATA, "id": f"{BASE}id/"}
    assert spelled(NamedNode(f"{WIKIDATA}Q900000001"), prefixes) == "wd:Q900000001"
    assert spelled(NamedNode(WIKIDATA), prefixes) == r"w:entity\/"
    assert spelled(NamedNode(f"{BASE}id/source/a"), {}, BASE) == "<id/source/a>"
    assert spelled(NamedNode(f"{BASE}id/../a"), {}, BASE) == f"<{BASE}id/../a>"
    assert spelled(NamedNode("http://e.example/日"), prefixes) == "<http://e.example/日>"


def test_decimals_stand_bare_and_other_literals_in_quotation_marks() -> None:
    assert spelled(Literal("0.5", datatype=XSD.decimal), {}) == "0.5"
    assert spelled(Literal("1", datatype=XSD.decimal), {}) == f'"1"^^{XSD.decimal}'
    assert spelled(Literal('a "b"\n', language="en"), {}) == r'"a \"b\"\n"@en'
