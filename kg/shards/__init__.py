"""What came by the bulk road: many articles to a file, in the folder `bulk/` of a workspace.

A *part* is a run of documents that were read together. It has three files, all of JSON Lines or
N-Quads compressed with zstd, which `zstd -d` reads as well::

    bulk/manifest.jsonl      a line for each part, in the order in which they were taken in
    bulk/PART.articles.zst   each article's name, text and annotation: the truth
    bulk/PART.nq.zst         the shard: its graphs with their provenance, ready for any engine
    bulk/PART.index.zst      what the note says of each graph, and where it is in the other two

Of an article that several parts have, the first counts, as it does where files are taken in one by
one. `kg.shards` knows the files; `kg.bulk` makes them, and `kg.supply` gives them to the store.
"""
