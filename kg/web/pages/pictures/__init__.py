"""Pictures that stand in pages: the timeline and the network of the corpus, as SVG with links.

They are drawn on the server, in the same way each time, and complete without scripts. Colours are
left to the style sheet, so that they fit light, dark and print; `static/zoom.js` makes them larger.
What a picture says, the table behind it says as well.
"""
