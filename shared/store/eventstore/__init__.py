"""The log: the only truth. Appending in one global order, reading, and proving that nobody has touched it."""
