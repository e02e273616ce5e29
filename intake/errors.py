"""Refusals, each with a stable code. ``bot`` turns a code into a citizen's words or an HTTP status.

Where several apply, the first of this order is raised (contract, "Errors"): not_found, role, invalid,
stale_version, state_refuses, accused_unit, merged.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from storage.vocab import Action, CommitmentAction


class Refused(Exception):
    """The office does not do this; nothing was changed."""

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class NotFound(Refused):
    """There is no such thing, or the asker may not know that there is."""

    code = "not_found"


class WrongRole(Refused):
    code = "role"


class Invalid(Refused):
    """Something asked for is missing or not of its form; ``facts['fields']`` names each."""

    code = "invalid"


class StaleVersion(Refused):
    """The case moved since it was read; ``facts`` has version and state, and what ``changed``."""

    code = "stale_version"


class StateRefuses(Refused):
    """The state of a case or commitment has no such action; ``facts`` has the state and what is allowed."""

    code = "state_refuses"

    def __init__(
        self,
        state: str,
        allowed: Sequence[Action | CommitmentAction],
        detail: str = "当前状态不能这样办理",
        **facts: Any,
    ) -> None:
        super().__init__(detail, state=state, allowed=allowed, **facts)


class AccusedUnit(Refused):
    """The case must not reach the unit it accuses (domain 6)."""

    code = "accused_unit"


class Merged(Refused):
    code = "merged"


class TooManyTries(Refused):
    """Five wrong query codes an hour, per case and per asker (domain 3)."""

    code = "too_many_tries"


class WrongCode(Refused):
    code = "wrong_code"


class OnceOnly(Refused):
    """A right that is used once: reopening by right, an appeal, a reply."""

    code = "once_only"
