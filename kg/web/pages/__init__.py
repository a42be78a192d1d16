"""What pages are made of: `html` fills the templates, the others gather what pages of several kinds tell.

What stands on one page alone is with its view.
"""
