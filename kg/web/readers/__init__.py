"""The processes that read the store, one answer at a time, and what passes between them and the server.

`pool` has them take turns, `process` is what each of them runs: over a `snapshot`, with a `reading`
that views get, to a `reply`.
"""
