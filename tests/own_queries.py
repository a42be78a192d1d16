"""Stored queries of a user's own, for tests of the API: of every form and type, and with faults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from tests.conftest import copied

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.workspace import Workspace

PREFIXES = """PREFIX kg: <https://w3id.org/newskg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
HOSTILE = "<script>alert(1)</script>\"'&\r\nX-Evil: 1"
OWN = {
    "names": """#+ summary: What actors are called
#+ pagination: 2
SELECT ?actor ?name { ?actor a kg:Actor ; rdfs:label ?name } ORDER BY ?name
""",
    "drawn": """#+ summary: Who is called what, as a graph
#+ params:
#+   actor: {type: iri, class: kg:Actor, help: "whose name", example: northline}
CONSTRUCT { ?_actor_iri rdfs:label ?name } { ?_actor_iri a kg:Actor ; rdfs:label ?name }
""",
    "any-named": """#+ summary: Whether anybody is called so
#+ params:
#+   name: {type: text, required: true, example: Northline}
ASK { ?actor rdfs:label ?label FILTER(STR(?label) = ?_name) }
""",
    "typed": """#+ summary: Values of every type, given back
#+ params:
#+   whole: {type: integer, default: 7}
#+   part: {type: decimal, default: 0.5}
#+   sure: {type: boolean, default: "true"}
#+   tongue: {type: lang, default: en}
#+   words: {type: text, required: true, example: hello}
#+   colour: {type: text, default: red, enumeration: [red, green]}
#+   year: {type: "xsd:gYear", default: "2019"}
#+   day: {type: date, bound: earliest, default: 2019-03}
SELECT ?whole ?part ?sure ?tongue ?words ?colour ?year ?day ?nothing ?huge ?node ?tagged {
  BIND(?_whole_integer AS ?whole) BIND(?_part_decimal AS ?part) BIND(?_sure_boolean AS ?sure)
  BIND(?_tongue_lang AS ?tongue) BIND(?_words AS ?words) BIND(?_colour AS ?colour)
  BIND(?_year_xsd_gYear AS ?year) BIND(?_day_xsd_date AS ?day)
  BIND(99999999999999999 AS ?huge) BIND(BNODE("a") AS ?node) BIND("ja"@de AS ?tagged)
}
""",
    "clock": """#+ summary: What time it is
SELECT (NOW() AS ?now) {}
""",
    "hostile": f"""#+ summary: Names that may do harm
SELECT ?words {{ BIND({json.dumps(HOSTILE)} AS ?words) }}
""",
    "broken": "#+ summary: [\nSELECT * {}\n",
    "elsewhere": """#+ summary: Asked of another server
#+ endpoint: http://127.0.0.1:9/sparql
SELECT ?x { ?x ?y ?z }
""",
}
"""Stored queries of a user's own: of every form, with parameters of every type, and with faults."""


def with_queries(sample: Workspace, folder: Path) -> Workspace:
    """A copy of a workspace that has these queries, under a folder."""
    workspace = copied(sample, folder / "harbour")
    queries = workspace.root / "queries"
    queries.mkdir(exist_ok=True)
    for name, text in OWN.items():
        found = PREFIXES + text if "kg:" in text or "rdfs:" in text else text
        (queries / f"{name}.rq").write_text(found, encoding="utf-8")
    settings = workspace.root / "kg.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + 'endpoints = ["http://127.0.0.1:9/sparql"]\n', encoding="utf-8")
    return workspace.open(workspace.root)


def path(name: str, values: Mapping[str, str], **options: str) -> str:
    words = urlencode({**values, **options})
    return f"/query/{quote(name)}" + (f"?{words}" if words else "")
