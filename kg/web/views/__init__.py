"""What makes the answers: plain functions from a reading to a reply, run in the reader processes."""

import importlib
import pkgutil

from kg.web.pages import html


def load() -> None:
    """Import all of them and open the templates: readers that are split off afterwards need not."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    html.environment()
