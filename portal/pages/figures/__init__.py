"""The figures of a month: for officers within what they may read, and for everybody."""
