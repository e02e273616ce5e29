"""What a citizen corrects before filing is proposed as an example; what they confirm is not."""

from intake import learning
from intake.actor import Actor
from intake.desk import Desk
from storage.stores.learning import ExampleRow
from storage.vocab import Role

from .conftest import Citizen, Office, heard, number_of

LAMP = "红旗区平原路的路灯不亮一个月了"


async def examples(office: Office) -> list[ExampleRow]:
    async def look(desk: Desk) -> list[ExampleRow]:
        return await learning.listed(desk, Actor(Role.ADMIN, "admin"))

    found: list[ExampleRow] = await office.do(look)
    return found


async def test_a_type_that_was_put_right_is_an_example_once_it_is_filed(
    citizen: Citizen, office: Office
) -> None:
    await citizen.say(LAMP + "，我的电话13712345678", heard("inquiry", 0.8))
    await citizen.say("改类型")
    await citizen.say("投诉")
    assert await examples(office) == []
    number_of(await citizen.say("确认"))
    [row] = await examples(office)
    assert (row.origin, row.said_intent, row.intent, row.confidence) == (
        "citizen",
        "inquiry",
        "complaint",
        0.8,
    )
    assert LAMP in row.text
    assert "13712345678" not in row.text


async def test_a_unit_that_was_put_right_is_an_example(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("改单位")
    await citizen.say("市教育局")
    number_of(await citizen.say("确认"))
    [row] = await examples(office)
    assert (row.origin, row.intent, row.department) == ("citizen", None, "jiaoyu")


async def test_what_was_understood_right_is_no_example(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    number_of(await citizen.say("确认"))
    assert await examples(office) == []
