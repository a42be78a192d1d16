"""`kg serve`: the graph for people and programs over HTTP, offline and read-only by default.

`routes` say what answers at which path, `views` make the answers. A view is a plain function from
what a reader has (`readers.reading.Reading`) to a `readers.reply.Reply`; it runs in one of the
processes of `readers`, so that a query that takes too long can be ended and no two block each other.
They read a `readers.snapshot` of the store, so that `kg add` goes on beside. `guard` is what every
request passes.

Views are made from `pages` (what people see), `queries` (the stored queries and their API),
`reconcile` (matching tables), `search` (finding by name and by word), `writing` (what changes
something) and `protocol` (what HTTP itself asks for). Each of these imports only what stands below
it in the contract of `pyproject.toml`.
"""
