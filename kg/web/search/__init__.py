"""Finding things by their names and claims by their words, as people type them."""
