"""The commitments that a text may speak of: the database finds the likeliest, the index compares them."""

from intake.commitments.matching import LONGEST, CommitmentIndex, Promise
from storage.stores.search import Among
from storage.stores.wanted import PUBLISHED
from storage.terms import terms
from storage.unit import Unit
from storage.vocab import EntryKind

#: So many are compared with a text.
COMPARED = 40


async def spoken_of(unit: Unit, text: str) -> CommitmentIndex:
    """The public commitments that share the rarest words with ``text``, as they stand now."""
    among = Among((EntryKind.COMMITMENT,), states=sorted(PUBLISHED))
    hits = await unit.search.best(terms(text[:LONGEST]), among, COMPARED, by_sound=False)
    rows = await unit.registry.commitments_by_code([code for _, code in hits.entries])
    return CommitmentIndex(Promise(row.code, row.title, row.text, row.department) for row in rows.values())
