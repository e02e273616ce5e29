"""Films and recordings in MP4's family without what the phone noted beside them: place, model, owner.

Such notes stand in boxes of their own (ISO/IEC 14496-12, 8.10 and 8.11; QuickTime's ``udta`` and ``meta``).
They become ``free`` boxes of the same length, full of zeros, so that every offset into the file stays right.
"""

from collections.abc import Iterator

from bot.files.sniff import FileRefused

NOTES = frozenset({b"udta", b"meta", b"uuid"})
CONTAINERS = frozenset({b"moov", b"trak"})
FAMILY = frozenset({"video/mp4", "video/quicktime", "audio/mp4"})
_WHOLE, _LONG = 0, 1  # sizes that say: to the end; or: the real size follows in eight bytes


def without_notes(data: bytes) -> bytes:
    """The same film; one that breaks off is kept as far as it goes.

    Raises :class:`FileRefused` (broken) for a box that is smaller than its own head.
    """
    film = bytearray(data)
    _silence(film, 0, len(film))
    return bytes(film)


def _silence(film: bytearray, start: int, end: int) -> None:
    for kind, at, inside, after in _boxes(film, start, end):
        if kind in NOTES:
            film[at + 4 : at + 8] = b"free"
            film[inside:after] = bytes(after - inside)
        elif kind in CONTAINERS:
            _silence(film, inside, after)


def _boxes(film: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(kind, where it begins, where its contents begin, where it ends) of each box between two places."""
    at = start
    while at + 8 <= end:
        size, inside = int.from_bytes(film[at : at + 4]), at + 8
        if size == _LONG:
            size, inside = int.from_bytes(film[at + 8 : at + 16]), at + 16
        after = end if size == _WHOLE else min(at + size, end)
        if after < inside:
            raise FileRefused("broken")
        yield bytes(film[at + 4 : at + 8]), at, inside, after
        at = after
