"""A package, so that tests can share what `tests.strategies` has."""
