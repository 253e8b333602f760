"""Class and category of a complaint, guessed from its words: see docs/classification.md."""
