"""What answers at which path; each module has `routes(service)`, which gives its router.

The order counts: the first that fits a path answers it.
"""

from __future__ import annotations

from kg.web.routes import (
    api,
    cards,
    graphstore,
    linked_data,
    pages,
    reconcile,
    review,
    sparql,
    vocabulary,
)

ROUTES = (
    linked_data.routes,
    sparql.routes,
    graphstore.routes,
    api.routes,
    reconcile.routes,
    review.routes,
    vocabulary.routes,
    pages.routes,
    cards.routes,
)
