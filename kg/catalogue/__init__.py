"""What others can find out before they ask: the stored queries and the dataset, described in RDF.

`library` writes the stored queries as the executables of SHACL, in the form of the SIB's collection
of SPARQL examples, so that its editors and testers read ours as they read theirs. `dataset` writes
what the graphs hold, in VoID and DCAT. Neither says when it was made: the same queries and the same
data give the same triples, and no node is blank.
"""
