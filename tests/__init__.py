"""A package, so that tests can share what `tests.strategies` has; how long an example takes is not asked."""

from hypothesis import settings

settings.register_profile("kg", deadline=None)
settings.load_profile("kg")
