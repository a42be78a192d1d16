"""Identity: which item of Wikidata, or of another authority, a thing of ours is.

Every source of items (the live service, a reconciliation service, an index file, the register)
answers in the same form, and one scorer (`kg.link.scoring`) judges what they answer.
"""
