"""Mail to staff over the city's own SMTP server: one message a call, and every failure told apart.

A failure says whether the server may have taken the message: what was perhaps taken is not sent again.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTP

from bot.settings import is_loopback
from intake.clock import Clock, local

GREETING, MESSAGE = 3.0, 8.0  # seconds up to the message, and until it is taken: less than a lease
FAREWELL = 1.0  # seconds; the message is taken by then
PORTS = {"smtp": 25, "smtps": 465}


class MailRefused(Exception):
    """The server said no. ``passing``: it may say yes later (a 4xx code)."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code
        self.passing = code < 500


class MailAway(Exception):
    """No answer that means anything. ``sent``: whether the server may have taken the message all the same."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Mail:
    """``once``: a name that stays the same when the message is tried again."""

    to: str
    subject: str
    text: str
    once: str


class Mailer:
    """``url``: smtp:// or smtps:// with user and password. smtp:// turns to TLS where the server offers it,
    and no password leaves this machine without."""

    def __init__(self, url: str, sender: str, clock: Clock) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        """Hand one message to the server; raises :class:`MailRefused`, :class:`MailAway`."""
        host = self._url.hostname
        if host is None:
            raise MailAway("mail_off", sent=False)
        server = SMTP(
            hostname=host,
            port=self._url.port or PORTS[self._url.scheme],
            use_tls=self._url.scheme == "smtps",
            username=unquote(self._url.username or "") or None,
            password=unquote(self._url.password or "") or None,
            start_tls=True if self._url.password and not is_loopback(host) else None,
            timeout=MESSAGE,
        )
        try:
            await _greeted(server, parseaddr(self._sender)[1], mail.to)
            await _handed_over(server, self._composed(mail))
            with suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=FAREWELL)
        finally:
            server.close()

    def _composed(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(local(self._clock.now()))
        message["Message-ID"] = f"<{mail.once}@{parseaddr(self._sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text, cte="base64")
        return message


async def _greeted(server: SMTP, sender: str, to: str) -> None:
    """Up to where the server waits for the message: nothing is sent before."""
    try:
        async with asyncio.timeout(GREETING):
            await server.connect()
            await server.mail(sender)
            await server.rcpt(to)
    except aiosmtplib.SMTPRecipientRefused as refused:
        raise MailRefused(refused.code) from None
    except aiosmtplib.SMTPResponseException as refused:  # us, not the reader: settings, or a busy server
        raise MailAway(f"refused:{refused.code}", sent=False) from None
    except TimeoutError:
        raise MailAway("timeout", sent=False) from None
    except (aiosmtplib.SMTPException, OSError, ValueError):
        raise MailAway("unreachable", sent=False) from None


async def _handed_over(server: SMTP, message: EmailMessage) -> None:
    try:
        async with asyncio.timeout(MESSAGE):
            await server.data(message.as_bytes(policy=POLICY))
    except aiosmtplib.SMTPResponseException as refused:
        raise MailRefused(refused.code) from None
    except TimeoutError:
        raise MailAway("timeout", sent=True) from None
    except (aiosmtplib.SMTPException, OSError):
        raise MailAway("broken_off", sent=True) from None
