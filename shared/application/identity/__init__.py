"""Who may come in: accounts and their passwords, and the tokens that stand for them."""
