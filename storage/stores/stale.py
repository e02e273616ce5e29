"""What a store raises when another writer was first."""


class Raced(Exception):
    """Somebody else changed the row between our look and our write; the unit may be tried again."""
