"""SHACL compiled to SPARQL: a shapes graph and a store in, a validation report out.

All of SHACL Core and SHACL-SPARQL (https://www.w3.org/TR/shacl/) is asked of the store itself, each
constraint with one query for all its focus nodes. Shapes that cannot be asked so, recursive ones
above all, go to pySHACL with a copy of the triples that they look at; the report says which.

>>> import pyoxigraph as ox
>>> from kg.store import open_store
>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
... e:Shape sh:targetSubjectsOf e:born ; sh:property [ sh:path e:born ; sh:maxCount 1 ] .'''
>>> with open_store("memory:") as store:
...     store.update("PREFIX e: <http://example.org/> INSERT DATA { e:a e:born 1964, 1977 }")
...     report = validate(store, (q.triple for q in ox.parse(shapes, ox.RdfFormat.TURTLE)))
>>> [str(result.focus) for result in report.results]
['<http://example.org/a>']
"""

from __future__ import annotations

from kg.shacl.affected import affected
from kg.shacl.paths import Path
from kg.shacl.report import Report, Result
from kg.shacl.run import Validator, validate

__all__ = ["Path", "Report", "Result", "Validator", "affected", "validate"]
