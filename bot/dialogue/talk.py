"""One message of one citizen within an open unit of work, and what is said to it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.state import Draft, State
from bot.message import Button, Inbound, Reply
from bot.nlu.port import Understanding
from intake.actor import Actor, citizen
from intake.desk import Desk


@dataclass
class Talk:
    """What a turn is given. ``understanding`` is there where ``needs_understanding`` asked for it;
    ``state`` is this turn's own copy, changed in place by the conversations; ``case_id`` is set by whoever
    filed or touched a case; ``lying`` is the draft that nothing was said about for a day."""

    desk: Desk
    reporter_id: str
    said: Inbound
    understanding: Understanding | None
    state: State
    public_url: str
    case_id: str | None = field(default=None, init=False)
    lying: Draft | None = field(default=None, init=False)

    @property
    def actor(self) -> Actor:
        return citizen(self.reporter_id)

    @property
    def now(self) -> datetime:
        return self.desk.now()

    def page(self, name: str) -> str:
        """The address of a citizens' page."""
        return f"{self.public_url.rstrip('/')}/m/{name}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """The reply (None: nothing to say), the state to keep, and the case that the turn was about."""

    reply: Reply | None
    state: State
    case_id: str | None = None


def buttons(*words: str) -> tuple[Button, ...]:
    """Choices whose label is the word itself."""
    return tuple(Button(str(word), str(word)) for word in words)


def row(*words: str) -> tuple[Button, ...]:
    """Choices on one line, whose label is the word itself."""
    return tuple(Button(str(word), str(word), beside=n > 0) for n, word in enumerate(words))


def joined(first: Reply, second: Reply | None, *, all_choices: bool = False) -> Reply:
    """Two replies as one; the choices are those of the second, which is where the talk goes on, or those of
    both."""
    if second is None:
        return first
    above = "\n".join(part for part in (first.text, first.tail) if part)
    text = f"{above}\n\n{second.text}" if above else second.text
    choices = first.buttons + second.buttons if all_choices else second.buttons or first.buttons
    return Reply(text, choices, first.links + second.links, second.tail)
