"""What others may hold us to: every message on both exchanges, described for programs."""
