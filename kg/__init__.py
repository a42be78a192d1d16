"""A knowledge graph of news: who said what about whom, how surely, and in which words.

>>> from kg.edtf import bounds
>>> bounds("2002-09").latest
'2002-09-30T23:59:59Z'
"""

__version__ = "0.1.0"
