"""What goes into the room of files, what comes out again, and what stays outside."""

import hashlib
import io
import zipfile
from pathlib import Path

import av
import pytest
from PIL import Image, PngImagePlugin

from bot.files import FileGone, FileRefused, FileRoom, open_room
from bot.simulator import samples

CAMERA = b"sample camera"


@pytest.fixture
def room(tmp_path: Path) -> FileRoom:
    return open_room(str(tmp_path / "files"))


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<x/>")  # of a fixed day: ids of tests are made of it
    return out.getvalue()


async def test_a_photo_loses_its_place_and_camera(room: FileRoom) -> None:
    photo = samples.photo()
    assert CAMERA in photo

    stored = await room.put(photo, kind="image")
    kept = await room.read(stored.location)

    assert stored.content_type == "image/jpeg"
    assert CAMERA not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (960, 720)
        assert not picture.getexif()
    assert (stored.size, stored.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())


async def test_a_photo_taken_sideways_is_kept_upright(room: FileRoom) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = encoded(Image.new("RGB", (40, 20), "red"), "JPEG", exif=exif)

    kept = await room.read((await room.put(sideways)).location)

    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (20, 40)


async def test_words_inside_a_png_are_gone_and_its_transparency_is_not(room: FileRoom) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "sample camera")
    words.add_itxt("XML:com.adobe.xmp", "<x>sample camera</x>")
    exif = Image.Exif()
    exif[0x0110] = "sample camera"
    clear = encoded(Image.new("RGBA", (8, 8), (1, 2, 3, 77)), "PNG", pnginfo=words, exif=exif)

    kept = await room.read((await room.put(clear)).location)

    assert CAMERA not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.getpixel((0, 0)) == (1, 2, 3, 77)


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
async def test_a_moving_picture_still_moves(room: FileRoom, form: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    options = {"comment": CAMERA} if form == "GIF" else {"xmp": CAMERA}
    moving = encoded(
        frames[0], form, save_all=True, append_images=frames[1:], duration=120, loop=0, **options
    )
    assert CAMERA in moving

    kept = await room.read((await room.put(moving)).location)

    assert CAMERA not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.n_frames == 3
        picture.seek(1)
        picture.load()
        assert picture.info["duration"] == 120


async def test_a_voice_message_can_be_played_in_a_browser(room: FileRoom) -> None:
    stored = await room.put(samples.voice(), kind="voice")

    assert stored.content_type == "audio/amr"
    assert await room.read(stored.location) == samples.voice()
    assert stored.playable is not None
    with av.open(io.BytesIO(await room.read(stored.playable))) as sound:
        assert sound.format.name == "mp3"
        seconds = sum(frame.samples for frame in sound.decode(audio=0)) / 16000
    assert 1.9 < seconds < 2.3


async def test_a_film_forgets_where_and_by_whom_it_was_taken_and_still_plays(room: FileRoom) -> None:
    out = io.BytesIO()
    with av.open(io.BytesIO(samples.video())) as source, av.open(out, "w", format="mov") as target:
        target.metadata.update({"location": "+35.3026+113.9268/", "artist": CAMERA.decode()})
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    assert CAMERA in out.getvalue()
    assert b"+35.3026" in out.getvalue()

    stored = await room.put(out.getvalue(), kind="video")
    kept = await room.read(stored.location)

    assert CAMERA not in kept
    assert b"+35.3026" not in kept
    with av.open(io.BytesIO(kept)) as film:
        assert sum(1 for _ in film.decode(video=0)) == 10


async def test_a_recording_without_decoder_is_kept_as_it_is_and_says_so(room: FileRoom) -> None:
    silk = b"\x02#!SILK_V3" + bytes(100)

    stored = await room.put(silk, kind="voice")

    assert (stored.content_type, stored.playable, stored.note) == ("audio/silk", None, "not_playable")
    assert await room.read(stored.location) == silk


@pytest.mark.parametrize(
    ("data", "kind", "content_type"),
    [
        (b"%PDF-1.7\n%%EOF", None, "application/pdf"),
        (zipped("[Content_Types].xml", "word/document.xml"), "document", None),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "file", None),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "voice", "audio/wav"),
        (b"\x00\x00\x00\x0cftypM4A ", "voice", "audio/mp4"),
        (b"\x00\x00\x00\x0cftypqt  ", "video", "video/quicktime"),
        (b"\xff\xfb\x90\x64" + bytes(64), "voice", "audio/mpeg"),
    ],
)
async def test_the_content_says_what_a_file_is(
    room: FileRoom, data: bytes, kind: str | None, content_type: str | None
) -> None:
    stored = await room.put(data, kind=kind)

    assert content_type in (None, stored.content_type)
    assert await room.read(stored.location) == data


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", None, "empty"),
        (b"MZ\x90\x00" + bytes(64), None, "unknown_type"),
        (b"<svg onload=alert(1)>", "image", "unknown_type"),
        (b"<html>GIF89a", None, "unknown_type"),
        (b"%PDF-1.7\n", "image", "unknown_type"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None, "unknown_type"),
        (zipped("readme.txt"), None, "unknown_type"),
        (b"PK\x03\x04" + bytes(40), None, "broken"),
        (samples.photo()[:2000], "image", "broken"),
        (b"\x00\x00\x00\x0cftypqt  \x00\x00\x00\x02moov", "video", "broken"),
        (b"#!AMR\n" + bytes(2 * 1024 * 1024), "voice", "too_large"),
    ],
)
async def test_what_is_not_kept(room: FileRoom, data: bytes, kind: str | None, reason: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        await room.put(data, kind=kind)
    assert refusal.value.reason == reason


async def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused(room: FileRoom) -> None:
    bomb = encoded(Image.new("1", (9000, 9000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(FileRefused) as refusal:
        await room.put(bomb)
    assert refusal.value.reason == "too_large"


async def test_names_tell_nothing_and_never_repeat(room: FileRoom, tmp_path: Path) -> None:
    places = {(await room.put(b"%PDF-1.7\n")).location for _ in range(3)}

    assert len(places) == 3
    assert all(place.count("/") == 3 and len(place.rpartition("/")[2]) == 40 for place in places)
    with pytest.raises(FileGone):
        await room.read("2026/01/01/none")
