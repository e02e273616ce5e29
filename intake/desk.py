"""The desk: what a command of the office needs at hand within one unit of work."""

from dataclasses import dataclass
from datetime import datetime

from intake.city import City
from intake.clock import Clock
from intake.identity import Vault
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Desk:
    """An open unit of work with the office's time, keys and city. Commands take one and never commit."""

    unit: Unit
    clock: Clock
    vault: Vault
    city: City

    def now(self) -> datetime:
        return self.clock.now()
