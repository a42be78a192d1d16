"""Review: what programs proposed and no person has looked at, and what a person decides on it.

`queue` finds what waits, in the files and the store. `deciding` writes each decision into the text
files before the next one is asked for. `page` shows one thing that waits, for a terminal.
"""
