"""What a draft of a procedure or of a calendar would have changed, by what has really happened."""
