"""A month under an SOP, played many times over with chance: who is late, and where the work piles up."""
