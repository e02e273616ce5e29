"""Photos, voice, video, places and links: before, during and after; a voice message alone files."""

from bot.message import Kind

from .conftest import Citizen, Office, heard, number_of, words

LAMP = "红旗区平原路的路灯不亮一个月了"


async def test_a_photo_first_goes_with_what_is_told_then(citizen: Citizen, office: Office) -> None:
    first = await citizen.photo()
    assert first is not None
    assert "一句话" in first.text
    drawn = await citizen.say(LAMP, heard("complaint"))
    assert "照片1份" in drawn.text
    number = number_of(await citizen.say("确认"))
    assert await office.files(number) == ["image"]


async def test_photos_sent_together_get_one_acknowledgement(citizen: Citizen, office: Office) -> None:
    replies = [await citizen.photo() for _ in range(3)]
    assert [reply is None for reply in replies] == [False, True, True]
    office.clock.pass_by(seconds=30)
    assert await citizen.photo() is not None
    await citizen.say(LAMP, heard("complaint"))
    assert len(await office.files(number_of(await citizen.say("确认")))) == 4


async def test_evidence_of_every_kind_in_the_middle(citizen: Citizen, office: Office) -> None:
    await citizen.say("路灯不亮一个月了没人修", heard("complaint"))
    for kind, parts in (
        (Kind.VIDEO, {"media_id": "v"}),
        (
            Kind.LOCATION,
            {"facts": {"latitude": 35.3, "longitude": 113.9, "label": "河南省新乡市牧野区和平路"}},
        ),
        (Kind.LINK, {"facts": {"title": "公告", "url": "https://example.test/a"}}),
        (Kind.FILE, {"facts": {"file_name": "合同.pdf"}}),
    ):
        office.clock.pass_by(seconds=60)
        reply = await citizen.send(kind, **parts)
        assert reply is not None
        assert "会一起登记" in reply.text
        assert "确认" in words(reply)
    number = number_of(await citizen.say("确认"))
    assert sorted(await office.files(number)) == ["file", "link", "location", "video"]
    assert (await office.case(number)).place == "牧野区"


async def test_evidence_after_filing_goes_to_the_new_case(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    reply = await citizen.photo()
    assert reply is not None
    assert number in reply.text
    assert await office.files(number) == ["image"]
    assert "supplement" in await office.events(number)


async def test_a_voice_message_alone_files_after_one_confirmation(citizen: Citizen, office: Office) -> None:
    drawn = await citizen.voice()
    assert drawn is not None
    assert "确认" in words(drawn)
    receipt = await citizen.say("确认")
    assert "待听写" in receipt.text
    case = await office.case(number_of(receipt))
    assert case.awaits_transcript
    assert case.state == "received"
    assert await office.files(case.tracking_no) == ["voice"]


async def test_a_voice_message_may_be_anonymous_and_an_inquiry(citizen: Citizen, office: Office) -> None:
    await citizen.voice()
    await citizen.say("改类型")
    await citizen.say("咨询")
    await citizen.say("匿名")
    case = await office.case(number_of(await citizen.say("确认")))
    assert (case.type, case.mode, case.awaits_transcript) == ("inquiry", "anonymous", True)


async def test_the_transcript_is_shown_to_the_citizen(citizen: Citizen, office: Office) -> None:
    await citizen.voice()
    number = number_of(await citizen.say("确认"))
    assert "待听写" in (await citizen.say("进度")).text
    await office.act(number, "transcribe", text="俺村的水管坏了三天")
    assert "俺村的水管坏了三天" in (await citizen.say(f"进度 {number}")).text


async def test_voice_with_words_does_not_wait_for_a_transcript(citizen: Citizen, office: Office) -> None:
    await citizen.voice()
    await citizen.say(LAMP, heard("complaint"))
    case = await office.case(number_of(await citizen.say("确认")))
    assert not case.awaits_transcript
    assert case.text == LAMP


async def test_later_evidence_is_offered_to_an_open_case(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    office.clock.pass_by(days=2)
    asked = await citizen.photo()
    assert asked is not None
    assert words(asked) == [f"补充 {number}"]
    assert "1份材料" in (await citizen.say(f"补充 {number}")).text
    assert await office.files(number) == ["image"]
    assert citizen.state.draft is None


async def test_evidence_that_was_asked_for_goes_to_its_case(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    office.clock.pass_by(days=1)
    await citizen.say(f"补充 {number}")
    reply = await citizen.voice()
    assert reply is not None
    assert number in reply.text
    assert await office.files(number) == ["voice"]


async def test_new_matter_after_filing(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await citizen.photo()
    await citizen.say("新的事")
    assert await citizen.photo() is not None
    await citizen.say("卫滨区的公交站牌倒了没人修", heard("complaint"))
    second = number_of(await citizen.say("确认"))
    assert await office.files(number) == ["image"]
    assert await office.files(second) == ["image"]


async def test_an_unknown_kind_is_answered_kindly(citizen: Citizen) -> None:
    reply = await citizen.send(Kind.UNKNOWN, msg_type="sticker")
    assert reply is not None
    assert "看不了" in reply.text


async def test_a_voice_right_after_a_photo_can_file_at_once(citizen: Citizen) -> None:
    await citizen.photo()
    answer = await citizen.voice()
    assert answer is not None
    assert "可以直接登记" in answer.text
    assert await citizen.voice() is None
    assert number_of(await citizen.say("好")).startswith("TS")
