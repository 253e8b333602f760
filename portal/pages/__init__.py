"""Pages for people, where letters and documents lead. Plain HTML: no script, no style of anybody else's."""
