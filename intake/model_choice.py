"""Which model of understanding is wanted: chosen by an administrator, taken up by whoever runs Rasa."""

from intake.actor import Actor
from intake.administering.log import note
from intake.desk import Desk
from intake.errors import Invalid, WrongRole
from storage.vocab import AdminAction, Role


async def want(desk: Desk, actor: Actor, name: str, *, offered: frozenset[str]) -> None:
    """Ask for the model ``name``; ``offered`` are those that passed the gate. Raises WrongRole, Invalid."""
    _only_admin(actor)
    if name not in offered:
        raise Invalid("没有这个模型，或它没有通过检验", fields={"name": "不可用"})
    choice = await desk.unit.learning.choice()
    if choice.wanted != name:
        await _choose(desk, actor, wanted=name, before=choice.wanted)


async def back(desk: Desk, actor: Actor) -> str:
    """Ask for the model before this one; its name, empty for the one that belongs to the code."""
    _only_admin(actor)
    choice = await desk.unit.learning.choice()
    if choice.wanted == choice.before:
        raise Invalid("没有可以换回的模型")
    await _choose(desk, actor, wanted=choice.before, before=choice.wanted)
    return choice.before


async def answers_at(desk: Desk, name: str, url: str) -> None:
    """Note where which model answers now: every process of the service asks there within seconds."""
    values = {"answering": name, "url": url, "note": "", "changed_at": desk.now()}
    await desk.unit.learning.set_choice(values)


def _only_admin(actor: Actor) -> None:
    if actor.role is not Role.ADMIN:
        raise WrongRole("只有系统管理员可以换模型")


async def _choose(desk: Desk, actor: Actor, *, wanted: str, before: str) -> None:
    values = {
        "wanted": wanted,
        "before": before,
        "note": "",
        "changed_at": desk.now(),
        "changed_by": actor.name,
    }
    await desk.unit.learning.set_choice(values)
    await note(desk, actor, AdminAction.MODEL_CHOSEN, wanted, {"model": (before, wanted)})
