"""`kg show`: what the graph says about one thing, on a card made for reading.

`gather.card` makes a `card.Card` of anything that has a name: an actor, a place, a topic, an event,
a claim or an article. `text` writes it for the terminal, as Markdown and as JSON; `picture` draws it.
"""
