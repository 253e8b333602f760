"""Whether complaints are about one matter, and where such complaints went: suggestions, never decisions."""
