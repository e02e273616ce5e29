"""What a file really is, by its content alone; names and claimed types are not looked at."""

import io
import zipfile
from dataclasses import dataclass
from typing import Literal

MB = 1024 * 1024
Family = Literal["image", "voice", "video", "document"]
#: Largest size in bytes; the platform's own limits (wechat 3.11) and what a form takes.
LIMITS: dict[str, int] = {"image": 10 * MB, "voice": 2 * MB, "video": 20 * MB, "document": 20 * MB}
_ZIP_ENTRIES = 5000
_PDF_WITHIN = 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Reason = Literal["too_large", "empty", "unknown_type", "broken"]


class FileRefused(Exception):
    """A file that is not kept; ``reason``: too_large, empty, unknown_type or broken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """``family`` decides limits and treatment."""

    family: Family
    content_type: str


_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind("image", "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Kind("image", "image/png")),
    (b"GIF87a", Kind("image", "image/gif")),
    (b"GIF89a", Kind("image", "image/gif")),
    (b"#!AMR\n", Kind("voice", "audio/amr")),
    (b"#!AMR-WB\n", Kind("voice", "audio/amr-wb")),
    (b"#!SILK_V3", Kind("voice", "audio/silk")),
    (b"\x02#!SILK_V3", Kind("voice", "audio/silk")),
    (b"ID3", Kind("voice", "audio/mpeg")),
)
_MOVIE_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"}
)


def sniff(data: bytes) -> Kind:
    """The kind of a file. Raises :class:`FileRefused` (empty, unknown_type)."""
    if not data:
        raise FileRefused("empty")
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    found = _container(data) or _mp3_frame(data) or _pdf(data) or _office(data)
    if found is None:
        raise FileRefused("unknown_type")
    return found


def _container(data: bytes) -> Kind | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind("image", "image/webp")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Kind("voice", "audio/wav")
    if data[4:8] != b"ftyp":
        return None
    brand = data[8:12]
    if brand in (b"M4A ", b"M4B "):
        return Kind("voice", "audio/mp4")
    if brand == b"qt  ":
        return Kind("video", "video/quicktime")
    return Kind("video", "video/mp4") if brand in _MOVIE_BRANDS else None


def _mp3_frame(data: bytes) -> Kind | None:
    """An MPEG audio frame, layer III, with a bit rate and a sampling rate that exist."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return None
    rate, sampling = data[2] >> 4, data[2] >> 2 & 3
    return Kind("voice", "audio/mpeg") if rate not in (0, 15) and sampling != 3 else None


def _pdf(data: bytes) -> Kind | None:
    return Kind("document", "application/pdf") if b"%PDF-" in data[:_PDF_WITHIN] else None


def _office(data: bytes) -> Kind | None:
    """A Word or Excel file without macros; nothing is unpacked but the list of its parts."""
    if data[:4] != b"PK\x03\x04":
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:_ZIP_ENTRIES])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefused("broken") from error
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return Kind("document", _WORD)
    return Kind("document", _EXCEL) if "xl/workbook.xml" in names else None
