"""Replacing the identity key: every sealed value is sealed anew, openids' lookups with it, batch by batch.

A batch is one unit of work. What is under the key in force already is not read again, so a run that died is
taken up by the next one, and a run more changes nothing. The service works on meanwhile: its vault opens and
finds under both keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.identity import Unreadable, Vault, fingerprint
from intake.reach.binding import staff_lookups
from intake.reporters import OPENID
from storage.stores.sealed import SealedRow, sealed_columns
from storage.unit import Unit

Purposes = Mapping[tuple[str, str], str]
"""(table, column) → the purpose that is bound into its values."""

LOOKUPS = {"identity": Vault.lookups, "staff_reach": staff_lookups}
"""Tables in which an openid is found by a digest."""
BATCH = 300  # rows; a few milliseconds, for which SQLite lets nobody else write


@dataclass
class Progress:
    """What a run has done so far."""

    table: str
    after: Any = None
    done: int = 0
    doubled: int = 0
    """Citizens who stand twice, under either key: processes with different keys met them at once."""


@dataclass(frozen=True, slots=True)
class Census:
    """How many sealed values stand under which key, of all tables."""

    current: int = 0
    previous: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    """Fingerprint of a key that is not set → values that nobody can open."""


async def reseal_batch(unit: Unit, vault: Vault, purposes: Purposes, progress: Progress) -> bool:
    """Seal the next rows of ``progress.table`` anew; False when there are no more.

    What cannot be opened stays as it is and is counted by :func:`census`. ``progress`` is only to be kept
    when the unit has committed.
    """
    rows = await unit.sealed.batch(progress.table, vault.mark, after=progress.after, limit=BATCH)
    standing = await _standing(unit, vault, rows) if progress.table == "identity" else {}
    for row in rows:
        values = _resealed(vault, purposes, progress.table, row)
        if "openid_hmac" in values and standing.get(values["openid_hmac"], row.key) != row.key:
            progress.doubled += 1
            continue
        if values:
            await unit.sealed.put(progress.table, row.key, values)
            progress.done += 1
    if rows:
        progress.after = rows[-1].key
    return bool(rows)


async def census(unit: Unit, vault: Vault) -> Census:
    """Count what stands under the key in force, the previous one, and others. Reads every sealed value."""
    current, previous, unknown = 0, 0, dict[str, int]()
    for table in sealed_columns():
        for mark, count in (await unit.sealed.marks(table)).items():
            if mark == vault.mark:
                current += count
            elif mark == vault.previous_mark:
                previous += count
            else:
                unknown[fingerprint(mark)] = unknown.get(fingerprint(mark), 0) + count
    return Census(current, previous, unknown)


def _resealed(vault: Vault, purposes: Purposes, table: str, row: SealedRow) -> dict[str, Any]:
    """The columns to write: each value that another key sealed and that opens."""
    values: dict[str, Any] = {}
    for name, sealed in row.values.items():
        if not sealed or sealed.startswith(vault.mark):
            continue
        try:
            values[name] = vault.reseal(sealed, purposes[table, name])
            if name == "openid":
                openid = vault.open(sealed, purposes[table, name])
                values["openid_hmac"] = LOOKUPS[table](vault, row.account, openid)[0]
        except Unreadable:
            continue
    return values


async def _standing(unit: Unit, vault: Vault, rows: list[SealedRow]) -> dict[str, Any]:
    """openid_hmac → reporter, for those of the rows whose new digest is taken."""
    digests = []
    for row in rows:
        sealed = row.values["openid"]
        if sealed and not sealed.startswith(vault.mark):
            try:
                digests.append(vault.lookup(row.account, vault.open(sealed, OPENID)))
            except Unreadable:
                continue
    return dict(await unit.identities.by_openids(digests)) if digests else {}
