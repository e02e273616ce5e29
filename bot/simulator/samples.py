"""What a citizen's phone would send: a photo with EXIF, a voice message, a short video. All made here."""

import io
import math
import struct
from functools import cache

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

AMR_RATE = 8000
AMR_FRAME = 160
SILENT_AMR_FRAME = b"\x3c" + bytes(31)
"""A frame of 12.2 kbit/s, good quality bit set, without sound."""
GPS_LATITUDE, GPS_LONGITUDE = (35, 18, 10), (113, 55, 20)


@cache
def photo() -> bytes:
    """A JPEG of a road with a hole, with the camera's EXIF: time, model and a GPS position."""
    picture = Image.new("RGB", (960, 720), (168, 196, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 960, 720), fill=(96, 98, 102))
    draw.polygon([(470, 330), (490, 330), (560, 720), (400, 720)], fill=(222, 214, 150))
    draw.ellipse((560, 500, 800, 610), fill=(42, 40, 40), outline=(70, 66, 62), width=10)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "SIMULATOR", "sample camera", "2026:03:02 09:30:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[3] = "N", "E"
    gps[2] = tuple(IFDRational(part) for part in GPS_LATITUDE)
    gps[4] = tuple(IFDRational(part) for part in GPS_LONGITUDE)
    exif[0x8825] = gps
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, exif=exif)
    return out.getvalue()


@cache
def voice(seconds: int = 2) -> bytes:
    """AMR-NB as WeChat sends it: a humming tone where the encoder is there, else frames of silence."""
    if "libopencore_amrnb" in av.codecs_available:
        return _hum(seconds)
    return b"#!AMR\n" + SILENT_AMR_FRAME * (50 * seconds)


def _hum(seconds: int) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="amr") as container:
        stream = container.add_stream("libopencore_amrnb", rate=AMR_RATE, options={"b": "12200"})
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        for start in range(0, seconds * AMR_RATE, AMR_FRAME):
            container.mux(stream.encode(_tone(start)))
        container.mux(stream.encode(None))
    return out.getvalue()


def _tone(start: int) -> av.AudioFrame:
    samples = (
        int(6000 * math.sin(math.tau * 220 * at / AMR_RATE) * math.sin(math.tau * 2 * at / AMR_RATE))
        for at in range(start, start + AMR_FRAME)
    )
    frame = av.AudioFrame(format="s16", layout="mono", samples=AMR_FRAME)
    frame.planes[0].update(struct.pack(f"<{AMR_FRAME}h", *samples).ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts = AMR_RATE, start
    return frame


@cache
def video() -> bytes:
    """An MP4 of one second."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(10):
            picture = Image.new("RGB", (320, 240), (60 + 10 * number, 120, 160))
            frame = av.VideoFrame(320, 240, "rgb24")
            frame.planes[0].update(picture.tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
