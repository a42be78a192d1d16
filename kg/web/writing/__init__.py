"""What changes something: signing in, decisions, graphs that are put, and the store that follows."""
