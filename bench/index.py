"""How long `kg index` takes over a dump, how much memory, and how long a look-up takes in what it makes.

The dump is generated, in the form and in the sizes of Wikidata's own: 14 kB an entity on average
(1.6 TB for 115 million), most of it statements with their references, spread log-normally with a
tail of half a megabyte, as the 66 whole entities of the API that are at hand are (1 to 468 kB). What
the items are follows what Wikidata has: two fifths scholarly articles, a tenth people, a tenth places.
Names are made of syllables; a seed makes them the same each time.

`dump` measures indexing at some sizes and extrapolates to the whole of Wikidata; `names` writes an
index of so many names by the same road and measures look-ups, in time of the processor. Prints
tables in Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = (
    900_000_001 - 700_000_000
)  # ids of nine digits, as the newest items have, that nobody has yet
MEDIAN, SPREAD = 7_000, 1.15
"""Of the log-normal distribution of bytes: its mean is 13.6 kB."""
LARGEST = 468_000
WIKIDATA = 115_000_000
LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt", "ru", "sv", "pl", "ja", "zh", "ar", "uk", "ko", "ca",
             "fi", "cs", "da", "hu", "he", "tr", "nb", "ro", "fa", "id", "vi", "el", "bg", "sr", "hr", "sk",
             "eo", "et", "lt", "lv", "sl", "mk", "bn", "hi", "ta", "te", "ml", "th", "ga", "cy", "eu", "gl",
             "ast", "oc", "en-gb", "en-ca",
             "pt-br", "zh-hans", "zh-hant", "sq", "hy", "ka", "az", "kk")  # fmt: skip
KINDS = (
    ("Q13442814", 40),  # scholarly article
    ("Q5", 11),  # human
    ("place", 12),
    ("organisation", 4),
    ("event", 3),
    ("publication", 4),
    ("Q7275", 1),  # state
    ("other", 25),
)
ROOTS = {
    "place": "Q2221906",
    "organisation": "Q43229",
    "event": "Q1190554",
    "publication": "Q732577",
}
SYLLABLES = [
    a + b for a in "b d f g h j k l m n p r s t v z br dr kr st tr".split() for b in "aeiou"
]


def name(luck: random.Random, words: int = 2) -> str:
    """A name that nobody has."""
    return " ".join(
        "".join(luck.choice(SYLLABLES) for _ in range(luck.choice((2, 2, 3)))).capitalize()
        for _ in range(words)
    )


def identifier(number: int) -> str:
    return f"Q{FIRST + number}"


def dump(items: int, seed: int = 7) -> Iterator[bytes]:
    """Yield the lines of a dump."""
    luck = random.Random(seed)  # noqa: S311
    templates = [statement(luck) for _ in range(300)]
    kinds = [kind for kind, share in KINDS for _ in range(share)]
    classes = {kind: [] for kind in ROOTS} | {"other": []}  # type: dict[str, list[str]]
    yield b"[\n"
    for number in range(items):
        if number < 200 or luck.random() < 0.02:  # one in fifty is a class
            kind = luck.choice(list(classes))
            above = luck.choice(classes[kind][-50:] or [ROOTS.get(kind, "Q35120")])
            classes[kind].append(identifier(number))
            claims = [("P279", above)]
        else:
            kind = luck.choice(kinds)
            claims = [("P31", luck.choice(classes[kind]) if kind in classes else kind)]
        comma = b",\n" if number < items - 1 else b"\n"
        yield line(luck, number, claims, kind, templates) + comma
    yield b"]\n"


def line(
    luck: random.Random,
    number: int,
    claims: list[tuple[str, str]],
    kind: str,
    templates: list[bytes],
) -> bytes:
    """An entity as a dump has it."""
    size = min(int(luck.lognormvariate(0, SPREAD) * MEDIAN), LARGEST)
    named = max(1, min(int(size / 700), len(LANGUAGES)))
    label = name(luck)
    languages = LANGUAGES[:named]
    labels = {lang: {"language": lang, "value": label} for lang in languages}
    descriptions = {
        lang: {"language": lang, "value": f"{name(luck, 1)} of {name(luck, 1)}"}
        for lang in languages
    }
    aliases = {
        lang: [{"language": lang, "value": name(luck)} for _ in range(luck.choice((1, 1, 2)))]
        for lang in languages[: named // 3]
    }
    sites = {
        f"{lang.replace('-', '_')}wiki": {"site": f"{lang}wiki", "title": label, "badges": []}
        for lang in languages[: int(named * luck.random())]
        if kind != "Q13442814"
    }
    head = json.dumps({"type": "item", "id": identifier(number), "labels": labels,
                       "descriptions": descriptions, "aliases": aliases}, separators=(",", ":"))  # fmt: skip
    stated = [item_claim(stated, value) for stated, value in claims]
    if kind == "Q5":
        stated.append(
            time_claim("P569", f"+19{luck.randrange(10, 99)}-0{luck.randrange(1, 10)}-11")
        )
    stated.append(item_claim("P17", identifier(luck.randrange(300))))
    parts = [b'"%b":[%b]' % (key.encode(), value) for key, value in stated]
    left = size - len(head) - sum(map(len, parts)) - 90 * len(sites)
    properties = 1000
    while left > 0:
        template = luck.choice(templates)
        many = luck.choice((1, 1, 1, 2, 4))
        properties += 1
        parts.append(b'"P%d":[%b]' % (properties, b",".join([template] * many)))
        left -= len(template) * many
    return b'%b,"claims":{%b},"sitelinks":%b,"pageid":%d,"ns":0,"title":"%b","lastrevid":1}' % (
        head[:-1].encode(),
        b",".join(parts),
        json.dumps(sites, separators=(",", ":")).encode(),
        number,
        identifier(number).encode(),
    )


def item_claim(stated: str, value: str) -> tuple[str, bytes]:
    """A statement whose value is an item."""
    snak = {"snaktype": "value", "property": stated, "hash": "0" * 40, "datavalue": {"value": {
        "entity-type": "item", "numeric-id": int(value[1:]), "id": value}, "type": "wikibase-entityid"},
        "datatype": "wikibase-item"}  # fmt: skip
    return stated, whole(snak, [])


def time_claim(stated: str, day: str) -> tuple[str, bytes]:
    """A statement whose value is a day."""
    snak = {"snaktype": "value", "property": stated, "hash": "0" * 40, "datavalue": {"value": {
        "time": f"{day}T00:00:00Z", "timezone": 0, "before": 0, "after": 0, "precision": 11,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727"}, "type": "time"},
        "datatype": "time"}  # fmt: skip
    return stated, whole(snak, [])


def statement(luck: random.Random) -> bytes:
    """A statement that no index needs: mostly identifiers, some with a reference."""
    stated = f"P{luck.randrange(1000, 9000)}"
    snak = {"snaktype": "value", "property": stated, "hash": f"{luck.getrandbits(160):040x}",
            "datavalue": {"value": f"{luck.getrandbits(48):x}", "type": "string"},
            "datatype": "external-id"}  # fmt: skip
    source = json.loads(item_claim("P248", "Q900000099")[1])["mainsnak"]
    reference = {"hash": "1" * 40, "snaks": {"P248": [source]}, "snaks-order": ["P248"]}
    return whole(snak, [reference] * luck.choice((0, 0, 1, 1, 2)))


def whole(snak: dict[str, object], references: list[dict[str, object]]) -> bytes:
    """A statement with all that belongs to one."""
    return json.dumps({"mainsnak": snak, "type": "statement", "id": "Q1$" + "a" * 36, "rank": "normal",
                       "references": references}, separators=(",", ":")).encode()  # fmt: skip


def indexed(items: int, folder: Path, workers: int) -> tuple[float, float, int]:
    """Measure indexing at a size: return the time by the clock and of processors, and bytes of the index."""
    source = folder / "wikidata-20260105-all.json"
    with source.open("wb") as out:
        out.writelines(dump(items))
    output = folder / "bench.kgx"
    sources = source.stat().st_size
    program = (
        "import sys; from pathlib import Path; from kg.link.offline.building import build;"
        "from kg.link.offline.types import Wish, wanted\n"
        "if __name__ == '__main__':\n"
        " import time; marks = {}; start = time.perf_counter()\n"
        " def note(p): marks[p.step] = time.perf_counter() - start\n"
        " made = build(Path(sys.argv[1]), Path(sys.argv[2]), Wish(types=wanted(()),"
        " languages=('en', 'ja', 'ko')), workers=int(sys.argv[3]), progress=note)\n"
        " print(dict(made.counts), marks, file=sys.stderr)"
    )
    script = folder / "run.py"
    script.write_text(program)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, script, source, output, str(workers)], stderr=-1, text=True
    )
    most = watch(process)
    seconds = time.perf_counter() - start
    notes = process.stderr.read() if process.stderr else ""
    if process.returncode:
        sys.exit(notes)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rate = items / seconds
    print(
        f"| {items:,} | {sources / 1e9:.2f} GB | {sources / items / 1e3:.1f} kB"
        f" | {seconds:.1f} s | {busy:.1f} s | {rate:,.0f} | {most / 1e6:.0f} MB"
        f" | {output.stat().st_size / 1e6:.1f} MB | {WIKIDATA / rate / 3600:.1f} h"
        f" | {output.stat().st_size / items * WIKIDATA / 1e9:.0f} GB |",
        flush=True,
    )
    print(notes.strip(), file=sys.stderr)
    made = output.stat().st_size
    for file in (source, output):
        file.unlink()
    return seconds, busy, made


def extrapolated(measured: dict[int, tuple[float, float, int]]) -> str:
    """What the whole of Wikidata would take, by the straight lines through what was measured."""
    sizes = list(measured)
    (by_clock, one), (busy, another), (start, made) = (
        statistics.linear_regression(sizes, [values[place] for values in measured.values()])[::-1]
        for place in range(3)
    )
    return (
        f"By the clock {by_clock:.1f} s and {1e6 * one:.0f} µs an item: {one * WIKIDATA / 3600:.1f} h for"
        f" {WIKIDATA:,} items; of one processor {busy:.1f} s and {1e6 * another:.0f} µs an item:"
        f" {another * WIKIDATA / 3600:.1f} h; {made:.0f} bytes an item: {made * WIKIDATA / 1e9:.0f} GB."
        f" The start takes {start / 1e6:.1f} MB."
    )


def watch(process: subprocess.Popen[str]) -> int:
    """Return the most memory that a process and those under it held together, in bytes."""
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(resident, family(process.pid))))
        time.sleep(0.1)
    return most


def family(pid: int) -> list[int]:
    """A process and those that it started."""
    try:
        under = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in under for each in family(int(child)))]


def resident(pid: int) -> int:
    """The memory of a process that it shares with no other, and its part of what it shares."""
    try:
        found = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(
        (int(row.split()[1]) * 1024 for row in found.splitlines() if row.startswith("Pss:")), 0
    )


def looked_up(names: int, folder: Path) -> None:
    """Measure look-ups in an index of so many names, written by the road that `kg index` takes."""
    import sqlite3

    from kg.link.item import Item
    from kg.link.offline import OfflineIndex
    from kg.link.offline.building import _note, _opened, _spell
    from kg.link.offline.form import APPLICATION, TABLES, VERSION, keys, pack, rank
    from kg.link.similarity import normal

    path = folder / "names.kgx"
    luck = random.Random(11)  # noqa: S311
    kept: list[str] = []
    start = time.perf_counter()
    with closing(_opened(path, TABLES)) as made:
        for batch in range(0, names // 4, 10_000):
            rows, numbered = [], []
            for number in range(batch, min(batch + 10_000, names // 4)):
                called = [name(luck, luck.choice((1, 2, 2, 2, 3))) for _ in range(4)]
                links = int(luck.paretovariate(0.8)) - 1
                item = Item(id=identifier(number), iri="", labels={"en": called[0]},
                            aliases={"en": tuple(called[1:])}, classes=("Q5",), sitelinks=links)  # fmt: skip
                rows.append((FIRST + number, 1, pack(item)))
                numbered += [
                    (rank(links, FIRST + number, place), (plain := normal(each)), *keys(plain))
                    for place, each in enumerate(called)
                ]
                if luck.random() < 200 / (names / 4):
                    kept.append(luck.choice(called))
            with made:
                made.execute("BEGIN")
                made.executemany("INSERT INTO items VALUES (?, ?, ?)", rows)
                made.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", numbered)
                made.execute("COMMIT")
        _spell(made, lambda _: None)
        _note(made, {"types": '{"people": ["Q5"]}', "dump": "made up", "day": "2026-01-05"})
        made.execute(f"PRAGMA application_id = {APPLICATION}")
        made.execute(f"PRAGMA user_version = {VERSION}")
        made.execute("PRAGMA journal_mode = DELETE")
    print(
        f"written in {time.perf_counter() - start:.0f} s, SQLite {sqlite3.sqlite_version}",
        file=sys.stderr,
    )
    questions = {
        "names that are there": kept,
        "with the names turned round": [" ".join(reversed(each.split())) for each in kept],
        "with a slip": [slipped(luck, each) for each in kept],
        "one word of them": [each.split()[-1] for each in kept],
        "names that nobody has": [f"Xyqo {each}" for each in kept],
    }
    with OfflineIndex(path) as index:
        for what, asked in questions.items():
            times, found, right = [], 0, 0
            for number, each in enumerate(asked):
                begin = time.process_time()
                answer = index.search([each], limit=10)[each]
                times.append(1000 * (time.process_time() - begin))
                found += len(answer)
                right += any(
                    kept[number] in (item.label("en"), *item.aliases["en"]) for item in answer
                )
            times.sort()
            print(
                f"| {names:,} | {what} | {statistics.median(times):.2f} ms"
                f" | {times[int(len(times) * 0.95)]:.2f} ms"
                f" | {times[-1]:.1f} ms | {found / len(asked):.1f} | {right / len(asked):.0%} |",
                flush=True,
            )
    print(f"the file has {path.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
    path.unlink()


def slipped(luck: random.Random, called: str) -> str:
    """A name with a slip of the pen in one of its words: a letter lost, doubled, changed or moved."""
    words = called.split()
    place = luck.randrange(len(words))
    word = words[place]
    at = luck.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    words[place] = luck.choice(
        (
            before + after,
            before + letter + letter + after,
            before + luck.choice("aeioumnrst") + after,
            before + after[:1] + letter + after[1:],
        )
    )
    return " ".join(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, nargs="*", default=[5_000, 20_000])
    parser.add_argument("--names", type=int, nargs="*", default=[200_000])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        if chosen.items:
            print(
                "| items | dump | an item | time | of processors | items/s | memory | index"
                " | 115 M items | their index |\n|---|---|---|---|---|---|---|---|---|---|"
            )
        measured = {items: indexed(items, Path(folder), chosen.workers) for items in chosen.items}
        if len(measured) > 1:
            print(f"\n{extrapolated(measured)}")
        if chosen.names:
            print("\n| names | asked for | median | 95 % | most | found | right one among them |")
            print("|---|---|---|---|---|---|---|")
        for names in chosen.names:
            looked_up(names, Path(folder))


if __name__ == "__main__":
    main()
