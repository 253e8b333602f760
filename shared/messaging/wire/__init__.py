"""What a message is, and how it comes to the broker and from it."""
