"""Photos and voices of citizens: fetched at once, cleaned, playable, and honest about what failed."""

import io

import av
import pytest
from PIL import Image

from bot.factory import Process
from bot.simulator import samples
from bot.simulator.faults import CallFault
from bot.workers.gates import Gates
from bot.workers.media import LEASE, Fetcher
from intake.evidence import keep
from storage.stores.files import FileRow
from tests.flows.workers.conftest import Tencent, Town
from tests.support.time import HandClock

GET = "/cgi-bin/media/get"


@pytest.fixture
def fetcher(process: Process) -> Fetcher:
    return Fetcher(process, Gates(process.clock))


async def drain(fetcher: Fetcher) -> None:
    while await fetcher.step():
        pass


async def sends(town: Town, kind: str, content: bytes) -> str:
    """A citizen sends a file; the id of its row."""
    reporter, _ = await town.citizen()
    held = town.tencent.platform.media.keep(kind, content, "application/octet-stream", "x")
    async with town.process.database.write() as unit:
        return await keep(town.process.desk(unit), reporter, kind=kind, media_id=held.id)


async def row_of(town: Town, file_id: str) -> FileRow:
    async with town.process.database.read() as unit:
        row = await unit.files.get(file_id)
    assert row is not None
    return row


async def test_a_photo_is_kept_without_its_place(town: Town, fetcher: Fetcher) -> None:
    file_id = await sends(town, "image", samples.photo())

    await drain(fetcher)

    row = await row_of(town, file_id)
    assert (row.state, row.content_type, row.media_id) == ("stored", "image/jpeg", None)
    assert row.location is not None
    kept = await town.process.files.read(row.location)
    assert row.size == len(kept)
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif()


async def test_a_voice_message_can_be_listened_to(town: Town, fetcher: Fetcher) -> None:
    file_id = await sends(town, "voice", samples.voice())

    await drain(fetcher)

    row = await row_of(town, file_id)
    assert row.playable is not None
    with av.open(io.BytesIO(await town.process.files.read(row.playable))) as sound:
        assert sound.format.name == "mp3"
        assert sum(frame.samples for frame in sound.decode(audio=0)) > 30_000


async def test_a_video_comes_by_its_address(town: Town, fetcher: Fetcher) -> None:
    file_id = await sends(town, "video", samples.video())

    await drain(fetcher)

    row = await row_of(town, file_id)
    assert (row.state, row.content_type, row.size) == ("stored", "video/mp4", len(samples.video()))


async def test_after_three_days_the_row_says_expired(town: Town, fetcher: Fetcher, clock: HandClock) -> None:
    file_id = await sends(town, "image", samples.photo())
    clock.advance(days=3, seconds=1)

    await drain(fetcher)

    row = await row_of(town, file_id)
    assert (row.state, row.reason, row.media_id) == ("failed", "expired", None)


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("image", b"MZ" + bytes(100), "unknown_type"),
        ("image", samples.photo()[:3000], "broken"),
        ("voice", b"#!AMR\n" + bytes(2 * 1024 * 1024), "too_large"),
    ],
)
async def test_what_cannot_be_kept_says_why(
    town: Town, fetcher: Fetcher, kind: str, content: bytes, reason: str
) -> None:
    file_id = await sends(town, kind, content)

    await drain(fetcher)

    row = await row_of(town, file_id)
    assert (row.state, row.reason) == ("failed", reason)


async def test_a_busy_platform_is_asked_again_later(
    town: Town, tencent: Tencent, fetcher: Fetcher, clock: HandClock
) -> None:
    file_id = await sends(town, "image", samples.photo())
    tencent.platform.faults.add([CallFault(GET, errcode=-1, times=2)])

    await drain(fetcher)
    clock.advance(seconds=10)
    await drain(fetcher)
    assert (await row_of(town, file_id)).state == "waiting"
    clock.advance(seconds=60)
    await drain(fetcher)

    assert (await row_of(town, file_id)).state == "stored"


async def test_a_platform_that_stays_busy_is_given_up_after_six_tries(
    town: Town, tencent: Tencent, fetcher: Fetcher, clock: HandClock
) -> None:
    file_id = await sends(town, "image", samples.photo())
    tencent.platform.faults.add([CallFault(GET, errcode=-1, times=None)])

    for _ in range(10):
        await drain(fetcher)
        clock.advance(hours=2)

    row = await row_of(town, file_id)
    assert (row.state, row.reason, row.attempts) == ("failed", "refused:-1", 6)


async def test_a_wrong_setting_costs_no_tries_and_tells_the_operator(
    town: Town, tencent: Tencent, fetcher: Fetcher, clock: HandClock
) -> None:
    file_id = await sends(town, "image", samples.photo())
    tencent.platform.faults.add([CallFault(GET, errcode=48001, times=None)])

    for _ in range(10):
        await drain(fetcher)
        clock.advance(seconds=61)
    assert (await row_of(town, file_id)).attempts == 0
    assert await town.faults() == {"wechat_media": "refused:48001"}

    tencent.platform.faults.clear()
    await drain(fetcher)
    assert (await row_of(town, file_id)).state == "stored"
    assert await town.faults() == {}


async def test_a_fetcher_that_died_is_followed_by_another(
    town: Town, fetcher: Fetcher, clock: HandClock
) -> None:
    file_id = await sends(town, "image", samples.photo())
    async with town.process.database.write() as unit:
        await unit.files.claim(now=clock.wall(), until=clock.wall() + LEASE, limit=5)

    await drain(fetcher)
    assert (await row_of(town, file_id)).state == "fetching"
    clock.advance(seconds=LEASE.total_seconds())
    await drain(fetcher)
    assert (await row_of(town, file_id)).state == "stored"
