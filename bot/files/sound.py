"""Voice messages in a form that browsers play: AMR becomes MP3. Runs in a thread."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av

RATE = 16000
BIT_RATE = 48_000
#: Seconds that are converted; the platform's voice messages end at 60.
LONGEST = 3600
#: What phones record and browsers do not play.
UNPLAYABLE = frozenset({"audio/amr", "audio/amr-wb", "audio/silk"})


class NotPlayable(Exception):
    """There is no decoder for this recording (SILK), or it is damaged."""


def to_mp3(data: bytes) -> bytes:
    """A recording as MP3, one channel. Raises :class:`NotPlayable`."""
    import av  # 20 MB and a tenth of a second: not for a process that converts nothing

    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="mp3") as target:
            written = _convert(source, target)
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise NotPlayable(type(error).__name__) from error
    if not written:
        raise NotPlayable("no sound")
    return out.getvalue()


def _convert(source: "av.container.InputContainer", target: "av.container.OutputContainer") -> int:
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream

    stream = target.add_stream("libmp3lame", rate=RATE)
    assert isinstance(stream, AudioStream)
    stream.layout, stream.bit_rate = "mono", BIT_RATE
    resampler = AudioResampler(format="s16p", layout="mono", rate=RATE)
    samples = 0
    for frame in source.decode(audio=0):
        for part in resampler.resample(frame):
            samples += part.samples
            target.mux(stream.encode(part))
        if samples > LONGEST * RATE:
            break
    for part in resampler.resample(None):
        target.mux(stream.encode(part))
    target.mux(stream.encode(None))
    return samples
