"""Annotations to quads and back: the only place that knows what the model looks like in RDF.

`write` has `to_graph`, `read` has `from_graph`, its reverse, and `iris` is the IRI policy; `keys` has
the names of articles and claims in it, `times` describes time nodes, `literals` writes numbers and
`graphs` has what comes out. `nodes` changes register and analysis files one node at a time; `derived`
adds what follows from them.
"""
