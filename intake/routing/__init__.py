"""Which unit a text belongs to, whom it accuses, and the way around the accused (domain 3 and 6)."""
