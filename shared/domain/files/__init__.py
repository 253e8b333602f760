"""Photos and documents: what they are by their content, and that content freed of what it should not carry."""
