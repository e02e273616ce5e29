"""Where a conversation stands: kept encrypted between messages, so it goes on after hours and restarts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self


class Step(StrEnum):
    """What the draft waits for."""

    WHAT = "what"
    TYPE = "type"
    CONFIRM = "confirm"
    RETYPE = "retype"
    UNIT = "unit"
    REWRITE = "rewrite"
    CONTACT = "contact"
    ENTRY = "entry"


class Asked(StrEnum):
    """What was asked beside the draft: the answer to it is not part of the draft."""

    HUMAN = "human"
    CASE = "case"
    CODE = "code"
    LINK = "link"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    APPEAL = "appeal"
    SUPPLEMENT = "supplement"
    STALE = "stale"
    SOLVED = "solved"
    COMMITMENT = "commitment"
    POLL = "poll"
    OPINION = "opinion"


FREE_WORDS = frozenset({Asked.HUMAN, Asked.REOPEN, Asked.APPEAL, Asked.SUPPLEMENT, Asked.OPINION})


class _Kept:
    """A dataclass that reads itself from JSON of an older or newer shape: what does not fit is left out."""

    @classmethod
    def _taken(cls, kept: object) -> dict[str, Any]:
        if not isinstance(kept, Mapping):
            return {}
        fresh = cls()
        known = {one.name: getattr(fresh, one.name) for one in fields(fresh)}  # type: ignore[arg-type]
        return {
            name: kept[name]
            for name, usual in known.items()
            if name in kept and (usual is None or _alike(kept[name], usual))
        }


def _alike(value: object, usual: object) -> bool:
    if isinstance(usual, float) and not isinstance(usual, bool):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(usual, StrEnum):
        return isinstance(value, str) and value in {one.value for one in type(usual)}
    return type(value) is type(usual)


@dataclass
class Draft(_Kept):
    """What a citizen has told so far of one matter; nothing of it is recorded before ``确认``.

    ``text`` are the pieces in the order they came; ``department`` a code that the citizen chose; ``files``
    are [id, kind]; ``breach`` [code, score]; ``sectors`` [sector, share]; ``due`` ISO;
    ``amount`` yuan; ``type`` empty while unknown,
    ``type_said`` the citizen's own word for it; ``heard`` is how the first message was understood; ``alike``
    the number of a case that may be the same matter, never shown. ``chosen``: the citizen said what sort it
    is before telling; ``looked``: so many messages of it were looked for in the registry; ``offered`` are
    what may answer it: [kind, code, title, unit]. ``suggested`` is the code of a commitment that it may be
    about, ``commitment`` that of the one which the citizen says it is about, ``promised_by`` the unit whose
    that is, ``not_these`` the codes of those that it is not; ``promises`` were found for the first
    ``promises_of`` messages of it.
    """

    type: str = ""
    step: Step = Step.WHAT
    text: list[str] = field(default_factory=list)
    mode: str = "named"
    department: str = ""
    place: str = ""
    promise: str = ""
    due: str = ""
    amount: float = 0.0
    about_commitment: float = 0.0
    breach: list[list[Any]] = field(default_factory=list)
    sectors: list[list[Any]] = field(default_factory=list)
    understood: str = "none"
    files: list[list[str]] = field(default_factory=list)
    reporter_kind: str = ""
    name: str = ""
    phone: str = ""
    urgent: bool = False
    type_said: str = ""
    heard: dict[str, Any] = field(default_factory=dict)
    alike: str = ""
    chosen: bool = False
    looked: int = 0
    offered: list[list[Any]] = field(default_factory=list)
    suggested: str = ""
    commitment: str = ""
    promised_by: str = ""
    not_these: list[str] = field(default_factory=list)
    promises: list[dict[str, Any]] = field(default_factory=list)
    promises_of: int = 0

    @property
    def words(self) -> str:
        return "\n".join(self.text)

    @property
    def voiced(self) -> bool:
        """Whether there is a voice message and nothing typed: it waits for somebody to write it down."""
        return not self.text and any(kind == "voice" for _, kind in self.files)

    @classmethod
    def from_json(cls, kept: object) -> Self:
        taken = cls._taken(kept)
        if "step" in taken:
            taken["step"] = Step(taken["step"])
        return cls(**taken)


@dataclass
class Pending(_Kept):
    """A question beside the draft. ``action`` is the control word it belongs to; ``numbers`` were offered in
    this order; ``words`` is what the citizen had said with it."""

    asked: Asked = Asked.CASE
    action: str = ""
    numbers: list[str] = field(default_factory=list)
    words: str = ""

    @classmethod
    def from_json(cls, kept: object) -> Self:
        taken = cls._taken(kept)
        if "asked" in taken:
            taken["asked"] = Asked(taken["asked"])
        return cls(**taken)


@dataclass
class State:
    """The whole conversation. ``later`` are drafts that wait for the first one to be finished; ``filed`` is
    the last number filed here; ``left`` the message for a person that files of the same go belong to; the
    moments are aware UTC."""

    draft: Draft | None = None
    later: list[Draft] = field(default_factory=list)
    pending: Pending | None = None
    filed: str = ""
    filed_at: datetime | None = None
    media_at: datetime | None = None
    updated_at: datetime | None = None
    left: int = 0

    @classmethod
    def fresh(cls) -> Self:
        return cls()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; :meth:`from_json` reads it back."""
        kept = asdict(self)
        for name in ("filed_at", "media_at", "updated_at"):
            kept[name] = kept[name].isoformat() if kept[name] else None
        return kept

    @classmethod
    def from_json(cls, kept: object) -> Self:
        """The state that was kept; what an older or a newer version wrote differently is left out."""
        if not isinstance(kept, Mapping):
            return cls.fresh()
        later, left = kept.get("later"), kept.get("left")
        return cls(
            draft=Draft.from_json(kept["draft"]) if isinstance(kept.get("draft"), Mapping) else None,
            later=[Draft.from_json(one) for one in later] if isinstance(later, list) else [],
            pending=Pending.from_json(kept["pending"]) if isinstance(kept.get("pending"), Mapping) else None,
            filed=str(kept.get("filed") or ""),
            filed_at=_moment(kept.get("filed_at")),
            media_at=_moment(kept.get("media_at")),
            updated_at=_moment(kept.get("updated_at")),
            left=left if isinstance(left, int) else 0,
        )


def _moment(kept: object) -> datetime | None:
    if not isinstance(kept, str):
        return None
    try:
        moment = datetime.fromisoformat(kept)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
