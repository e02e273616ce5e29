"""jsapi_ticket over the stand-in's API."""

from tests.unit.simulator.simulator_stand import HandClock, Service

GET = "cgi-bin/ticket/getticket"


async def test_the_same_ticket_until_shortly_before_its_end(service: Service, hand: HandClock) -> None:
    first = await service.api(GET, type="jsapi")
    assert (first["errcode"], first["errmsg"], first["expires_in"]) == (0, "ok", 7200)
    hand.advance(minutes=114)
    again = await service.api(GET, type="jsapi")
    assert (again["ticket"], again["expires_in"]) == (first["ticket"], 360)
    hand.advance(minutes=1)
    assert (await service.api(GET, type="jsapi"))["ticket"] != first["ticket"]


async def test_what_is_refused(service: Service) -> None:
    assert (await service.api(GET, type="x"))["errcode"] == 40035
    assert (await service.api(GET, type="jsapi", access_token="x"))["errcode"] == 40001
