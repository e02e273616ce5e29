"""Whether the run's own SQLite file was already migrated and seeded by this code: a second start skips both.

Wrong only in the harmless direction: another file, table or profile makes it false, and the service itself
refuses tables that are not its own.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot.settings import PREFIX, ROOT

NOTE = "prepared"
SOURCES = ("storage/migrations/versions/*.py", "intake/profiles/*.yml", "intake/*.py")
OWN = "sqlite+aiosqlite:///"


def is_prepared(folder: Path, values: Mapping[str, str]) -> bool:
    """True where :func:`note_prepared` noted this very file, and nothing it is made of has changed since."""
    note, mark = folder / NOTE, _mark(values)
    return mark is not None and note.exists() and note.read_text("utf-8") == mark


def note_prepared(folder: Path, values: Mapping[str, str]) -> None:
    """Note that the database of ``values`` (full names) has been migrated and seeded."""
    mark = _mark(values)
    if mark is not None:
        (folder / NOTE).write_text(mark, "utf-8")


def _mark(values: Mapping[str, str]) -> str | None:
    """The file's identity and a digest of what is written to it; None for databases of another kind."""
    url, profile = values[PREFIX + "DATABASE_URL"], Path(values[PREFIX + "PROFILE"])
    file = Path(url.removeprefix(OWN))
    if not url.startswith(OWN) or not file.exists() or not profile.exists():
        return None
    digest = hashlib.sha256()
    for source in [profile, *sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))]:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return f"{file.stat().st_ino} {digest.hexdigest()}"
