"""How many tests of the W3C's SHACL suite pass: `kg`, pySHACL and pyrudof over the same manifest.

Twice: with the whole report compared as a graph, and with only the set of (focus node, path, value,
component, severity). Prints a table in Markdown, and on stderr which tests are missed. The suite is
not part of the repository: the argument or `KG_SUITES` names the folder that holds `shacl/tests`.
"""

from __future__ import annotations

import os
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kg.errors import InputError  # noqa: E402
from tests import shacl_peers as peers  # noqa: E402

TOOLS: tuple[tuple[str, str, peers.Validator], ...] = (
    ("kg", "newskg", peers.with_kg),
    ("pySHACL", "pyshacl", peers.with_pyshacl),
    ("pyrudof", "pyrudof", peers.with_pyrudof),
)
PARTS = ("core", "sparql")


def main() -> None:
    suites = Path(
        *sys.argv[1:2] or [os.environ.get("KG_SUITES", ROOT.parent / "shared" / "suites")]
    )
    cases = {part: list(peers.cases(suites / "shacl" / "tests" / part)) for part in PARTS}
    of = ", ".join(f"{len(found)} {part}" for part, found in cases.items())
    print(f"| {of} | core | sparql | core, sets of results | sparql, sets | seconds |")
    print("|---|---|---|---|---|---|")
    for name, package, validate in TOOLS:
        try:
            label = f"{name} {version(package)}"
        except PackageNotFoundError:
            label = name
        graphs, sets = [], []
        start = time.perf_counter()
        for part in PARTS:
            missed: dict[str, list[str]] = {"graphs": [], "sets": []}
            for case in cases[part]:
                try:
                    found = validate(case.data, case.shapes, case.prefixes)
                except InputError:
                    found = None
                # The reports of pyrudof do not keep the labels of blank nodes.
                if not peers.passes(case, found, blank=name == "pyrudof"):
                    missed["graphs"].append(case.name)
                if not peers.passes_loosely(case, found):
                    missed["sets"].append(case.name)
            graphs.append(str(len(cases[part]) - len(missed["graphs"])))
            sets.append(str(len(cases[part]) - len(missed["sets"])))
            for how, names in missed.items():
                print(f"{name}, {part}, {how}: {' '.join(names) or '-'}", file=sys.stderr)
        seconds = time.perf_counter() - start
        print(f"| {label} | {' | '.join((*graphs, *sets))} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
