"""Pictures drawn anew, so that nothing goes along but the picture: no place, camera, name or comment.

Runs in a thread: everything here takes the processor's time and nothing else.
"""

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageOps

from bot.files.sniff import FileRefused

#: One picture decoded; 50 million pixels are more than any phone's camera takes.
MAX_PIXELS = 50_000_000
#: All frames of a moving picture together.
MAX_MOVING = 60_000_000
JPEG_QUALITY = 90
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_READERS = {"JPEG": ("JPEG", "MPO"), "PNG": ("PNG",), "GIF": ("GIF",), "WEBP": ("WEBP",)}
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def cleaned(data: bytes, content_type: str) -> bytes:
    """The same picture in the same format, upright, in sRGB, without metadata; moving ones still move.

    Raises :class:`FileRefused` (too_large for decompression bombs, broken).
    """
    form = _FORMATS[content_type]
    try:
        with Image.open(io.BytesIO(data), formats=_READERS[form]) as picture:
            return _drawn(picture, form)
    except _BOMBS as error:
        raise FileRefused("too_large") from error
    except _DAMAGE as error:
        raise FileRefused("broken") from error


def _drawn(picture: Image.Image, form: str) -> bytes:
    frames = 1 if form == "JPEG" else getattr(picture, "n_frames", 1)
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS or (frames > 1 and pixels * frames > MAX_MOVING):
        raise FileRefused("too_large")
    out = io.BytesIO()
    if frames > 1:
        picture.save(out, form, save_all=True, **_silent(form))
    else:
        _still(picture, form).save(out, form, **_silent(form))
    return out.getvalue()


def _still(picture: Image.Image, form: str) -> Image.Image:
    picture.load()
    profile, transparency = picture.info.get("icc_profile"), picture.info.get("transparency")
    upright = _in_srgb(ImageOps.exif_transpose(picture), profile)
    upright.info = {} if transparency is None else {"transparency": transparency}
    if form == "JPEG" and upright.mode not in ("L", "RGB", "CMYK"):
        upright = upright.convert("RGB")
    return upright


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as meant, without the profile that may name the device."""
    if not profile or picture.mode != "RGB":
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture  # an unreadable profile is shown by phones as if it were not there
    return converted or picture


def _silent(form: str) -> dict[str, object]:
    """Options under which a format writes nothing but pixels."""
    if form == "GIF":
        return {"comment": b""}
    options: dict[str, object] = {"exif": b"", "icc_profile": None}
    if form == "JPEG":
        options |= {"quality": JPEG_QUALITY, "comment": b"", "xmp": b""}
    if form == "WEBP":
        options |= {"quality": JPEG_QUALITY, "xmp": b""}
    return options
