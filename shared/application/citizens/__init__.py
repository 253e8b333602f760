"""Citizens' own accounts: optional, opened by a code that a channel brings, and of one government each."""
