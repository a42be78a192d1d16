"""How many requests a second `kg serve` answers, how fast, and what one greedy client costs the others.

SPARQL is asked of Oxigraph's own server on the same data in the same run, and of rdflib-endpoint;
wrk asks, each server in turn and again in the other order. Pages and stored queries have no peer:
they are beside the smallest answer that the server gives. Then 50 clients ask at once, first fairly,
then with one of them sending a query that never ends.

wrk is a package of Debian.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import extract
import pyoxigraph as ox

from kg.add import add
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
CORPUS = Path(__file__).resolve().parents[1] / "examples" / "newsroom"
PREFIXES = """PREFIX kg: <https://w3id.org/newskg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
"""
QUERIES = {
    "one triple": "SELECT ?label { <https://example.org/kg/id/actor/edrin-vask> rdfs:label ?label }",
    "ten rows": "SELECT ?s ?text { ?s a kg:Claim ; schema:text ?text } LIMIT 10",
    "a count": "SELECT (COUNT(*) AS ?n) { ?claim a kg:Claim ; kg:certainty ?c ; kg:source ?who }",
    "groups": """SELECT ?who (COUNT(DISTINCT ?claim) AS ?n)
        { ?claim a kg:Claim ; kg:source ?who ; kg:certainty ?c ; kg:polarity ?p }
        GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 20""",
    "two thousand rows": """SELECT ?claim ?text ?who
        { ?claim a kg:Claim ; schema:text ?text ; kg:source ?who } LIMIT 2000""",
}
WORST = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CLIENTS = 8
GREEDY_CLIENTS = 50


def made(scratch: Path, articles: int) -> Workspace:
    """A workspace of the newsroom and so many generated articles."""
    workspace = Workspace.create(scratch / "workspace")
    source = extract.folder(articles, scratch / "articles")
    with workspace.writing() as store:
        report = add(workspace, store, [CORPUS, source])
    if report.problems:
        sys.exit("\n".join(map(str, report.problems[:5])))
    return workspace


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def process(command: list[str], port: int, cwd: Path) -> Iterator[None]:
    """A server that runs for the block, from when it takes connections."""
    log = (cwd / f"{port}.log").open("wb")
    with log, subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log) as running:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=5).close()
                    break
                if running.poll() is not None:
                    sys.exit((cwd / f"{port}.log").read_text()[-2000:])
                time.sleep(0.1)
            yield
        finally:
            running.terminate()


RDFLIB = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
data = Dataset(default_union=True)
data.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=data), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


def wrk(url: str, seconds: float, accept: str, clients: int = CLIENTS) -> tuple[float, float, int]:
    """Requests a second, the 99th percentile in ms, and how many answers were errors."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "60s", "--latency"]
    said = subprocess.run(
        [*command, "-H", f"Accept: {accept}", url], capture_output=True, text=True, check=True
    ).stdout
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", said))
    amount, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", said)[0]
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    slow = float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return rate, slow, int(errors[1]) if errors else 0


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"wrk: {text}")
    return found[1]


def engine_ms(store: ox.Store, sparql: str) -> float:
    """What a query costs the engine itself, with writing the answer: the median of nine, in ms."""
    times = []
    for _ in range(9):
        begin = time.perf_counter()
        results = store.query(sparql, use_default_graph_as_union=True)
        if not isinstance(results, ox.QuerySolutions):
            raise TypeError(sparql)
        results.serialize(format=ox.QueryResultsFormat.JSON)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def asked(address: str, sparql: str) -> str:
    """The URL that asks a query."""
    return f"{address}?query={quote(PREFIXES + sparql)}"


def beside(workspace: Workspace, addresses: dict[str, str], seconds: float) -> None:
    """The table of SPARQL over HTTP beside the peers."""
    copy = ox.Store.read_only(str(workspace.root / workspace.settings.store))
    print(
        "| query | engine, ms | kg/s | p99, ms | oxigraph/s | p99, ms | ratio | rdflib-endpoint/s |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, sparql in QUERIES.items():
        cost = engine_ms(copy, PREFIXES + sparql)
        found: dict[str, list[tuple[float, float]]] = {peer: [] for peer in addresses}
        order = list(addresses)
        for peers in (order, order[::-1]):
            for peer in peers:
                url = asked(addresses[peer], sparql)
                rate, slow, errors = wrk(url, seconds, "application/sparql-results+json")
                if errors:
                    sys.exit(f"{peer}: {errors} errors for {name}")
                found[peer].append((rate, slow))
        mean = {
            peer: tuple(statistics.mean(column) for column in zip(*pairs, strict=True))
            for peer, pairs in found.items()
        }
        print(
            f"| {name} | {cost:.2f} | {mean['kg'][0]:,.0f} | {mean['kg'][1]:.0f}"
            f" | {mean['oxigraph'][0]:,.0f} | {mean['oxigraph'][1]:.0f}"
            f" | {mean['kg'][0] / mean['oxigraph'][0]:.2f} | {mean['rdflib'][0]:,.1f} |",
            flush=True,
        )


def pages(address: str, seconds: float) -> None:
    """The table of what has no peer."""
    paths = {
        "a file": ("static/kg.css", "text/css"),
        "start page": ("", "text/html"),
        "page of an actor": ("page/id/actor/edrin-vask", "text/html"),
        "data of an actor": ("data/id/actor/edrin-vask.ttl", "text/turtle"),
        "stored query": ("query/claims-by-actor?actor=edrin-vask&limit=50", "application/json"),
    }
    print("\n| address | requests/s | p99, ms |")
    print("|---|---:|---:|")
    for name, (path, accept) in paths.items():
        rate, slow, errors = wrk(address + path, seconds, accept)
        print(f"| {name} | {rate:,.0f} | {slow:.0f} |{' errors!' if errors else ''}", flush=True)


async def _client(port: int, target: str, until: float, took: list[float]) -> None:
    """Ask one address again and again over one connection."""
    request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        begin = time.monotonic()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        took.append(1000 * (time.monotonic() - begin))
    writer.close()


async def _at_once(port: int, seconds: float, *, greedy: bool) -> list[float]:
    """How long each answer took to those who ask small things, in ms."""
    small = [
        f"/sparql?query={quote(PREFIXES + QUERIES['one triple'])}",
        f"/sparql?query={quote(PREFIXES + QUERIES['ten rows'])}",
        "/query/claims-by-actor?actor=edrin-vask&limit=20",
        "/page/id/actor/edrin-vask",
    ]
    took: list[float] = []
    until = time.monotonic() + seconds
    tasks = [
        asyncio.ensure_future(_client(port, small[number % len(small)], until, took))
        for number in range(GREEDY_CLIENTS - 1)
    ]
    worst = asyncio.ensure_future(
        _client(port, f"/sparql?query={quote(WORST)}", until, []) if greedy else asyncio.sleep(0)
    )
    await asyncio.gather(*tasks)
    worst.cancel()
    return took


def greedy(port: int, seconds: float) -> None:
    """What a query that never ends costs the others."""
    print(f"\n| {GREEDY_CLIENTS} clients | requests/s | median, ms | p95, ms | p99, ms |")
    print("|---|---:|---:|---:|---:|")
    for name, is_greedy in (("all small", False), ("one with the worst query", True)):
        took = sorted(asyncio.run(_at_once(port, seconds, greedy=is_greedy)))
        at = {share: took[int(share * (len(took) - 1))] for share in (0.5, 0.95, 0.99)}
        print(
            f"| {name} | {len(took) / seconds:,.0f} | {at[0.5]:.0f} | {at[0.95]:.0f} | {at[0.99]:.0f} |",
            flush=True,
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=4, help="for each figure")
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not here: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        workspace = made(scratch, arguments.articles)
        data = scratch / "data.nq"
        subprocess.run([BIN / "kg", "export", "-o", data], cwd=workspace.root, check=True)
        copy = scratch / "copy"
        ox.Store.read_only(str(workspace.root / workspace.settings.store)).backup(str(copy))
        ours, theirs, others = free_port(), free_port(), free_port()
        serve = [str(BIN / "kg"), "serve", "--port", str(ours), "--timeout", "20"]
        oxigraph = [str(BIN / "oxigraph"), "serve-read-only", "--union-default-graph", "--location"]
        oxigraph += [str(copy), "--bind", f"127.0.0.1:{theirs}"]
        rdflib = [sys.executable, "-c", RDFLIB, str(data), str(others)]
        print(f"{os.cpu_count()} cores, {arguments.articles:,} articles", flush=True)
        with (
            process(serve, ours, workspace.root),
            process(oxigraph, theirs, scratch),
            process(rdflib, others, scratch),
        ):
            addresses = {
                "kg": f"http://127.0.0.1:{ours}/sparql",
                "oxigraph": f"http://127.0.0.1:{theirs}/query",
                "rdflib": f"http://127.0.0.1:{others}/",
            }
            beside(workspace, addresses, arguments.seconds)
        with process(serve, ours, workspace.root):
            pages(f"http://127.0.0.1:{ours}/", arguments.seconds)
            greedy(ours, 3 * arguments.seconds)


if __name__ == "__main__":
    main()
