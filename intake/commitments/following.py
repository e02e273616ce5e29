"""Following commitments: by code or by name, and what one follows."""

import unicodedata

from intake.commitments.searching import search_commitments
from intake.desk import Desk
from intake.registry import find_commitment
from storage.stores.registry import CommitmentRow

MOST = 5
"""Commitments offered to choose from."""


async def follow(desk: Desk, reporter_id: str, code: str) -> tuple[CommitmentRow, bool]:
    """Follow a commitment that everybody may read; whether that is new. Raises :class:`NotFound`."""
    row = await find_commitment(desk, code)
    return row, await desk.unit.follows.add(row.code, reporter_id, desk.now())


async def unfollow(desk: Desk, reporter_id: str, code: str) -> bool:
    """Follow it no longer, whatever became of it; False where one did not."""
    return await desk.unit.follows.drop(code, reporter_id)


async def followed(desk: Desk, reporter_id: str) -> list[CommitmentRow]:
    """What a citizen follows, the newest first."""
    return await desk.unit.follows.of_reporter(reporter_id)


async def named(desk: Desk, words: str) -> tuple[list[CommitmentRow], bool]:
    """The commitments that words mean, at most :data:`MOST`, and whether they say so themselves: by the
    code, or by what stands in the title. Else it is those that they are like."""
    said = unicodedata.normalize("NFKC", words).strip().strip("《》“”\"'。.，, ")
    if not said:
        return [], True
    found = await desk.unit.registry.named(said, MOST)
    if found:
        return found, True
    if said.isascii():  # a code that is none is like no other
        return [], True
    return (await search_commitments(desk, said))[:MOST], False
