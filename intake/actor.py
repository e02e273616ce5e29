"""Who acts: a citizen, a member of staff, or the system itself."""

from dataclasses import dataclass

from storage.vocab import Role

ALL_SEEING = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR, Role.CUSTODIAN, Role.SYSTEM})
OF_ONE_UNIT = frozenset({Role.HANDLER, Role.HEAD})


@dataclass(frozen=True, slots=True)
class Actor:
    """``name`` is what events show: a login, a token's label, 'citizen' or 'system'; never an identity."""

    role: Role
    name: str
    department: str | None = None
    reporter_id: str | None = None


SYSTEM = Actor(Role.SYSTEM, "system")


def citizen(reporter_id: str) -> Actor:
    """The reporter acting on their own cases."""
    return Actor(Role.CITIZEN, "citizen", reporter_id=reporter_id)
