"""What people write, and who they are, never reaches a log: ours or another library's."""

import io
import json
import logging

import pytest
import structlog

from bot.observe import set_up_logs

PHONE, OPENID, ID_NUMBER = "13800001234", "oABCDEFGHIJKLMNOPQRSTUVWXYZ1", "41070219800101001X"
URL = "https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=secret-value-77&x=1"


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(autouse=True)
def _own_logging(stream: io.StringIO) -> object:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up_logs(terminal=False, stream=stream)
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def last(stream: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(stream.getvalue().splitlines()[-1])
    return line


@pytest.mark.parametrize("key", ["text", "openid", "phone", "name", "body", "token", "secret", "Password"])
def test_values_under_names_of_contents_are_hidden(stream: io.StringIO, key: str) -> None:
    structlog.get_logger("x").info("filed", **{key: "张三丰说的话", "facts": {key: "张三丰说的话"}})
    assert "张三丰" not in stream.getvalue()
    assert last(stream)["event"] == "filed"


@pytest.mark.parametrize("content", [PHONE, "138 0000 1234", OPENID, ID_NUMBER])
def test_what_looks_like_a_person_or_a_token_is_hidden_anywhere(stream: io.StringIO, content: str) -> None:
    words = f"sent to {content}, {URL}"
    structlog.get_logger("x").warning("failed", detail=words, items=[words], facts={"inner": words})
    logging.getLogger("some.library").warning("cannot reach %s", words)
    assert content not in stream.getvalue()
    assert "secret-value-77" not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 2


def test_tracebacks_keep_places_and_lose_messages(stream: io.StringIO) -> None:
    def fails() -> None:
        raise ValueError(f"INSERT … parameters: ('张三丰', '{PHONE}')")

    for log in (structlog.get_logger("x"), logging.getLogger("aiohttp.server")):
        try:
            fails()
        except ValueError:
            log.exception("broken")
        told = last(stream)
        assert told["exception"] == ["ValueError"]
        assert "test_logs.py" in str(told["where"])
    assert "张三丰" not in stream.getvalue()
    assert PHONE not in stream.getvalue()


def test_ids_and_numbers_stay_readable(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="0123456789abcdef"):
        structlog.get_logger("x").info("answered", case="TS20261123000423", inbox=17, ms=12)
    told = last(stream)
    assert (told["case"], told["inbox"], told["request_id"]) == ("TS20261123000423", 17, "0123456789abcdef")


def test_bytes_and_exceptions_as_values_say_nothing(stream: io.StringIO) -> None:
    structlog.get_logger("x").info("odd", raw="张三丰".encode(), error=ValueError("张三丰"))
    assert last(stream)["error"] == "ValueError"
    assert "张三丰" not in stream.getvalue()


def test_access_lines_of_the_web_server_are_not_written(stream: io.StringIO) -> None:
    logging.getLogger("aiohttp.access").info('"GET /console/cases?q=张三丰"')
    assert stream.getvalue() == ""
