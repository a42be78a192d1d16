"""Annotations to quads and back: the only place that knows what the model looks like in RDF.

`write` has `to_graph`, `read` has `from_graph`, its reverse; `derive` adds what follows from a
register or analysis file, `date_triples` describes time nodes; `iris` is the IRI policy.
"""
