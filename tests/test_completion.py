"""What the shell is offered, and what `kg query NAME -h` says: quick, quiet, and never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from kg import config
from kg.build import build
from kg.names import resolve, starting
from kg.query import stored
from tests.conftest import plain_environment

if TYPE_CHECKING:
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace, Run

KG = Path(sys.executable).with_name("kg")
QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
NO_NETWORK = """\
import socket

def refuse(*arguments, **options):
    raise SystemExit("the network was asked for")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


class Complete(Protocol):
    """What a shell is offered for the last of some words, as its lines."""

    def __call__(self, *words: str, cwd: Path, shell: str = ...) -> list[str]: ...


@pytest.fixture
def complete(tmp_path: Path) -> Complete:
    """Ask as the scripts of `kg --show-completion` ask, in a process that cannot reach the network."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(NO_NETWORK)

    def complete(*words: str, cwd: Path, shell: str = "bash") -> list[str]:
        line = "\n".join(("kg", *words)) if shell == "bash" else " ".join(("kg", *words))
        asked = {
            "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words))},
            "zsh": {"_TYPER_COMPLETE_ARGS": line},
            "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        }[shell]
        env = plain_environment({"_KG_COMPLETE": f"complete_{shell}", **asked})
        found = subprocess.run(
            [KG],
            cwd=cwd,
            env=env | {"PYTHONPATH": str(site)},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert found.stderr == b""
        return [line for line in found.stdout.decode().splitlines() if line]

    return complete


def test_the_network_is_really_out_of_reach(tmp_path: Path) -> None:
    """What the tests here rely on: whoever connects is ended."""
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')"
    env = plain_environment({"PYTHONPATH": str(tmp_path)})
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
    assert found.returncode == 1
    assert b"the network was asked for" in found.stderr


# --- queries and their parameters -----------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_names_of_queries(complete: Complete, built: Workspace, shell: str) -> None:
    found = complete("query", "claims-", cwd=built.root, shell=shell)
    meant = sorted(name for name in QUERIES if name.startswith("claims-"))
    assert len(meant) >= 2
    if shell == "bash":
        assert found == meant
    elif shell == "zsh":
        assert [line.split('"')[1] for line in found] == meant
        assert all(
            QUERIES[name].summary[:20] in line for name, line in zip(meant, found, strict=True)
        )
    else:
        assert found == [f"{name}\t{QUERIES[name].summary}" for name in meant]


def test_queries_of_the_users_own_are_among_them(complete: Complete, fresh: Workspace) -> None:
    (fresh.root / "queries").mkdir()
    (fresh.root / "queries" / "claims-of-mine.rq").write_text(
        "#+ summary: Mine\n#+ params:\n#+   colour: {enumeration: [red, green, grey]}\n"
        "SELECT ?x { ?x ?p ?_colour }\n"
    )
    (fresh.root / "queries" / "claims-broken.rq").write_text("#+ params: [\nSELECT {\n")
    assert complete("query", "claims-of", cwd=fresh.root) == ["claims-of-mine"]
    assert "claims-broken" not in complete("query", "claims-", cwd=fresh.root)
    assert complete("query", "claims-of-mine", "--colour", "gr", cwd=fresh.root) == [
        "green",
        "grey",
    ]
    found = complete("query", "claims-broken", "--", cwd=fresh.root)
    assert "--why" in found


def test_parameters_and_flags_that_are_not_given_yet(complete: Complete, built: Workspace) -> None:
    found = complete("query", "timeline", "--", cwd=built.root)
    assert found.count("--why") == 1
    assert [flag for flag in ("--actor", "--from", "--until") if flag in found] == found[-3:]
    assert complete("query", "timeline", "--u", cwd=built.root) == ["--until"]
    given = complete("query", "timeline", "--from", "2002", "--", cwd=built.root)
    assert given[-2:] == ["--actor", "--until"]
    assert "--from" not in given
    assert complete("query", "timeline", "--from", "2", cwd=built.root) == ["2002"]
    assert complete("query", "no-such-query", "--x", cwd=built.root) == []


# --- things ---------------------------------------------------------------------------------------


def test_things_of_the_class_that_is_asked_for(complete: Complete, built: Workspace) -> None:
    actors = complete("query", "claims-by-actor", "--actor", "north", cwd=built.root)
    assert actors[:2] == ["north-korea", "north-korean-agents"]
    assert r"North\ Korea" in actors
    assert not any("closes" in line for line in actors)  # which is an event
    events = complete("query", "causes", "--event", "north", cwd=built.root)
    assert "north-korea-closes-special-panel" in events
    assert "north-korea" not in events
    # Without a class, all of them.
    things = complete("query", "claims-about-topic", "--topic", "north", cwd=built.root)
    assert {"north-korea", "north-korea-closes-special-panel"} <= set(things)


def test_ids_labels_accents_and_articles(complete: Complete, built: Workspace) -> None:
    assert complete("query", "stances", "--actor", "SHINZŌ", cwd=built.root)[-1] == r"Shinzo\ Abe"
    assert complete("query", "stances", "--actor", "actor/shin", cwd=built.root) == []
    found = complete("query", "mentions-in-article", "--article", "After", cwd=built.root)
    assert len(found) == 1
    assert found[0].startswith(r"After\ North\ Korea,\ Pompeo")
    ids = complete("query", "mentions-in-article", "--article", "f3ba", cwd=built.root)
    assert ids == ["f3ba54f74531"]
    everything = complete("query", "stances", "--actor", "", cwd=built.root)
    assert 10 < len(everything) <= 50


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_see_what_a_name_stands_for(
    complete: Complete, built: Workspace, shell: str
) -> None:
    found = complete("query", "claims-by-actor", "--actor", "North", cwd=built.root, shell=shell)
    line = next(line for line in found if "North Korean regime" in line)
    assert "north-korea" in line
    assert "\\" not in line


@pytest.mark.parametrize("word", [r"North\ Korean\ a", '"North Korean a', "'North Korean a"])
def test_words_that_have_begun_with_quotes(complete: Complete, built: Workspace, word: str) -> None:
    found = complete("query", "claims-by-actor", "--actor", word, cwd=built.root)
    assert found == [r"North\ Korean\ agents"]


def test_show_offers_all_things(complete: Complete, built: Workspace) -> None:
    for begun in ("Mike", "mike"):
        assert complete("show", begun, cwd=built.root) == ["mike-pompeo", r"Mike\ Pompeo"]
    assert complete("export", r"mike\ p", cwd=built.root) == [r"Mike\ Pompeo"]


# --- where there is nothing to offer ----------------------------------------------------------------


def test_outside_a_workspace_there_are_queries_and_no_things(
    complete: Complete, tmp_path: Path
) -> None:
    assert complete("query", "claims-by-a", cwd=tmp_path) == ["claims-by-actor"]
    assert complete("query", "claims-by-actor", "--actor", "n", cwd=tmp_path) == []
    assert "--actor" in complete("query", "claims-by-actor", "--", cwd=tmp_path)
    assert complete("show", "n", cwd=tmp_path) == []


def test_a_workspace_that_is_locked_has_no_things(complete: Complete, fresh: Workspace) -> None:
    with fresh.writing():
        assert complete("query", "claims-by-actor", "--actor", "n", cwd=fresh.root) == []
        assert complete("query", "claims-by-a", cwd=fresh.root) == ["claims-by-actor"]
    assert complete("query", "claims-by-actor", "--actor", "n", cwd=fresh.root)


def test_a_workspace_without_a_store_has_no_things(
    complete: Complete, new: NewWorkspace, fresh: Workspace
) -> None:
    empty = new("empty")
    assert complete("query", "claims-by-actor", "--actor", "n", cwd=empty.root) == []
    (fresh.root / config.FILE).write_text('store = "memory:"\n')
    assert complete("query", "claims-by-actor", "--actor", "n", cwd=fresh.root) == []


def test_a_damaged_store_has_no_things(complete: Complete, fresh: Workspace) -> None:
    for file in (fresh.root / fresh.settings.store).rglob("*"):
        if file.is_file():
            file.write_bytes(b"\xff" * 100)
    assert complete("query", "claims-by-actor", "--actor", "n", cwd=fresh.root) == []


def test_broken_settings_are_no_reason_for_a_traceback(
    complete: Complete, fresh: Workspace
) -> None:
    (fresh.root / config.FILE).write_text("base = [\n")
    for words in (
        ("query", "claims-by-a"),
        ("query", "claims-by-actor", "--actor", "n"),
        ("show", "n"),
    ):
        assert all("Traceback" not in line for line in complete(*words, cwd=fresh.root))


# --- a real bash --------------------------------------------------------------------------------------

LABELS = [
    "O'Neill & Sons",
    'The "Big" $HOME',
    "back`tick` $(date)",
    "semi;colon | pipe > out",
    "~tilde",
    "#hash",
    "star* and [set]?",
    "(brackets) {a,b}",
    "ex!claim",
    "back\\slash",
    "Łódź 東京",
    "two  spaces",
]
BASH = r"""
eval "$(kg --show-completion bash)"
complete -p kg || exit 9
COMP_WORDS=(kg query claims-by-actor --actor "$1")
COMP_CWORD=4
_kg_completion kg
for reply in "${COMPREPLY[@]}"; do
  eval "set -- $reply"
  printf '%s\0' "$#" "$1"
done
"""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose actors have names that a shell would take apart."""
    from kg.workspace import Workspace

    workspace = Workspace.create(tmp_path_factory.mktemp("labelled") / "news")
    lines = [
        f"actor:a{number} a kg:Actor ; rdfs:label {quoted(label)}@en ; kg:kind kgs:actor-person .\n"
        for number, label in enumerate([*LABELS, "two\nlines", "red \x1b[31m"])
    ]
    file = workspace.root / "entities.ttl"
    prefix = f"@prefix actor: <{workspace.settings.base}id/actor/> .\n"
    file.write_text(file.read_text(encoding="utf-8") + prefix + "".join(lines), encoding="utf-8")
    with workspace.writing() as store:
        assert not build(workspace, store).problems
    return workspace


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace(
        "\x1b", "\\u001B"
    ) + '"'  # fmt: skip


def bash(word: str, cwd: Path) -> list[str]:
    """What bash makes of a word: each offer as the shell would read it back."""
    program = shutil.which("bash")
    if program is None:
        pytest.skip("there is no bash here")
    env = plain_environment({"PATH": f"{KG.parent}:{os.environ['PATH']}"})
    found = subprocess.run(
        [program, "--norc", "--noprofile", "-c", BASH, "bash", word],
        cwd=cwd,
        env=env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, b"")
    head, _, rest = found.stdout.decode().partition("\n")
    assert head == "complete -o default -F _kg_completion kg"
    words = rest.split("\0")[:-1]
    assert set(words[::2]) <= {"1"}  # each offer is one word
    return words[1::2]


def test_bash_offers_names_with_spaces_as_one_word(built: Workspace) -> None:
    found = bash("North", built.root)
    assert "North Korea" in found
    assert "north-korea" in found
    assert bash(r"North\ Korean\ a", built.root) == ["North Korean agents"]


@pytest.mark.parametrize("label", LABELS)
def test_what_bash_reads_back_is_the_name(labelled: Workspace, label: str) -> None:
    begin = re.match(r"\W*\w+", label)
    assert begin is not None
    word = "".join(f"\\{c}" if not c.isalnum() else c for c in begin[0])
    assert " ".join(label.split()) in bash(word, labelled.root)
    with labelled.reading() as store:
        node = resolve(store, labelled.prefixes, " ".join(label.split()))
    assert node.value.endswith(f"/a{LABELS.index(label)}")


def test_names_are_offered_on_one_line_and_without_control_characters(labelled: Workspace) -> None:
    with labelled.reading() as store:
        found = starting(store, labelled.prefixes, "")
        for start in ("two", "red"):
            found += starting(store, labelled.prefixes, start)
        assert resolve(store, labelled.prefixes, "two lines").value.endswith("/a12")
    texts = [text for pair in found for text in pair]
    assert "two lines" in texts
    assert "a13" in texts  # what cannot be typed is offered by its id
    assert all(text.isprintable() for text in texts)


# --- the help of a query -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUERIES)
def test_the_help_of_a_query_has_all_that_it_takes(run: Run, tmp_path: Path, name: str) -> None:
    """Outside a workspace, at the width of a terminal or of a page: they take turns."""
    query = QUERIES[name]
    width = (80, 100)[list(QUERIES).index(name) % 2]
    answer = run("query", name, "-h", cwd=tmp_path, env={"COLUMNS": str(width)})
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert query.summary in " ".join(answer.out.split())
    for parameter in query.parameters.values():
        assert f"--{parameter.name}" in answer.out
        assert str(parameter.example) in answer.out
    for heading in query.columns.values():
        assert heading in answer.out
    assert f"kg query {name}" in answer.out
    shown = answer.out.partition("What it gives on the sample:")[2]
    assert shown.strip()
    assert ("no rows" in shown) == (name == "checks")
    assert all(not line or line.startswith("  ") for line in shown.splitlines())


def test_the_help_of_a_query_of_the_users_own_has_its_result_here(
    run: Run, fresh: Workspace
) -> None:
    (fresh.root / "queries").mkdir()
    (fresh.root / "queries" / "gaps.rq").write_text(
        "#+ summary: Ours\nSELECT ?name { ?a a kg:Article ; schema:headline ?name } ORDER BY ?name\n"
    )
    answer = run("query", "gaps", "-h", cwd=fresh.root)
    assert "What it gives here:" in answer.out
    assert "After North Korea" in answer.out
    (fresh.root / "own.rq").write_text("#+ summary: A file\nSELECT ?x { ?x a kg:Nothing }\n")
    answer = run("query", "./own.rq", "-h", cwd=fresh.root)
    assert (answer.code, answer.err) == (0, "")
    assert "no rows" in answer.out
    assert "on the sample" in run("query", "articles", "-h", cwd=fresh.root).out


def test_the_help_of_a_broken_query_says_where_it_is_broken(run: Run, fresh: Workspace) -> None:
    (fresh.root / "queries").mkdir()
    file = fresh.root / "queries" / "mine.rq"
    file.write_text("#+ summary: Mine\n#+ params: {a: {type: colour}}\nSELECT ?x { ?x ?y ?_a }\n")
    answer = run("query", "mine", "-h", cwd=fresh.root)
    assert answer.code == 3
    assert re.search(r"mine\.rq:2:\d+: .*colour", answer.err)
    assert answer.out == ""


def test_the_help_of_the_command_is_there_without_a_query(run: Run, tmp_path: Path) -> None:
    answer = run("query", "-h", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    for flag in ("--why", "--labels", "--as-of", "--limit", "--format"):
        assert flag in answer.out
    assert run("query", "-e", "ASK {}", "-h", cwd=tmp_path).out == answer.out
