"""Logs: ids, states and times; never what people wrote or who they are (house rules).

Ours and other libraries' records go through the same chain: JSON in production, coloured text at a terminal.
Tracebacks keep files, lines and types and lose their messages, which may quote a row or a request.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

Event = MutableMapping[str, Any]

HIDDEN = "[hidden]"
CONTENT = frozenset(
    [
        "text",
        "openid",
        "phone",
        "name",
        "body",
        "token",
        "secret",
        "password",
        "access_token",
        "content",
        "words",
        "answer",
        "title",
        "query_code",
        "media_id",
        "reply",
        "message",
        "user_name",
        "fromusername",
        "tousername",
        "appsecret",
        "authorization",
        "cookie",
    ]
)
FRAMES = 12
_SECRET_IN_URL = re.compile(
    r"((?:access_token|token|secret|appsecret|code|openid|signature|msg_signature|ticket)=)[^&\s\"'>]+",
    re.IGNORECASE,
)
_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?![\dXx])")
_PHONE = re.compile(r"(?<![\d.])(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d){8}(?!\d)")
_OPENID = re.compile(r"(?<![\w-])o[\w-]{27}(?![\w-])", re.ASCII)


def set_up_logs(
    *, terminal: bool | None = None, stream: TextIO | None = None, level: int = logging.INFO
) -> None:
    """Set up the process's logging; ``terminal`` None: whether ``stream`` (standard error) is one."""
    stream = stream or sys.stderr
    pretty = stream.isatty() if terminal is None else terminal
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _traceback,
        without_contents,
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # its lines hold addresses with queries
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def without_contents(_logger: object, _method: str, event: Event) -> Event:
    """Hide values under names of contents, and what looks like a phone, an openid or a token anywhere."""
    for key, value in event.items():
        event[key] = HIDDEN if key.lower() in CONTENT else _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _scrubbed(value)
    if isinstance(value, Mapping):
        return {k: HIDDEN if str(k).lower() in CONTENT else _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    if isinstance(value, bytes):
        return HIDDEN
    if isinstance(value, BaseException):
        return type(value).__name__
    return value


def _scrubbed(text: str) -> str:
    text = _SECRET_IN_URL.sub(rf"\1{HIDDEN}", text)
    text = _ID_NUMBER.sub(HIDDEN, text)
    return _OPENID.sub(HIDDEN, _PHONE.sub(HIDDEN, text))


def _traceback(_logger: object, _method: str, event: Event) -> Event:
    """An exception as its types and places."""
    told = event.pop("exc_info", None)
    if told is None or told is False:
        return event
    error = (
        told
        if isinstance(told, BaseException)
        else (told[1] if isinstance(told, tuple) else sys.exc_info()[1])
    )
    if error is not None:
        event["exception"] = _chain(error)
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["where"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _short(path: str) -> str:
    return "/".join(path.split("/")[-3:])


def _chain(error: BaseException) -> list[str]:
    kinds: list[str] = []
    at: BaseException | None = error
    seen: set[int] = set()
    while at is not None and id(at) not in seen:
        kinds.append(type(at).__qualname__)
        seen.add(id(at))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return kinds
