"""The conversation by which a message becomes a complaint: pure, without a database, a clock or a channel."""
