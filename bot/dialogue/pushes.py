"""What a push says: in full as a customer-service message, in short values for templates.

Facts are those of ``intake.notices.case_facts`` and of the step. Every push names the tracking number, says
what happened, what comes next and by when; dates that rest on an unpublished calendar say 预计.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.dialogue.dates import day_said, estimate_said
from bot.dialogue.names import brief, name_of, state_name
from bot.dialogue.texts import say
from bot.dialogue.words import Word
from bot.message import Button, Reply
from storage.vocab import CaseState, News

Facts = Mapping[str, Any]
ROOM = 300  # characters of an answer that fit beside its rating buttons
FEW, MOST_POLLS = 4, 2  # news in a digest, and polls that it offers to vote in
TITLE = 24


def push_reply(notice: str, facts: Facts) -> Reply:
    """The customer-service message of a notice; raises :class:`KeyError` for one that has no words."""
    return _PUSHES[notice](facts)


def notice_facts(notice: str, facts: Facts) -> dict[str, str]:
    """Short values for templates: tracking_no, what, state, department, due, date, next, title.

    ``due`` and ``date`` (the day of the step, where the facts have it) are ISO days; ``what`` says the kind
    of matter and never its contents, since templates are shown on locked screens.
    """
    facts = {**facts, **_of_commitments(notice, facts)}
    kind, state = str(facts.get("type") or ""), str(facts.get("state") or "")
    return {
        "tracking_no": str(facts.get("tracking_no") or ""),
        "what": name_of("type", kind) if kind else str(facts.get("title") or say("matter")),
        "state": state_name(state) if state in set(CaseState) else state,
        "department": _unit(facts),
        "due": str(facts.get("due") or facts.get("date") or ""),
        "date": str(facts.get("date") or ""),
        "next": _next(notice, facts),
        "title": str(facts.get("title") or ""),
    }


def _of_commitments(notice: str, facts: Facts) -> dict[str, str]:
    """Title and state of a digest, or of an answer to an opinion; of other notices nothing."""
    if notice == "opinion_answered":
        return {"state": say("short_opinion_answered")}
    items = facts.get("items") or ()
    if not items:
        return {}
    title, titles = str(items[0]["title"]), {one["code"] for one in items}
    if len(titles) > 1:
        title = say("push_news_titles", title=brief(title, 12), n=len(titles))
    return {"title": title, "state": say(f"short_{items[0]['kind']}")}


def _next(notice: str, facts: Facts) -> str:
    if notice == "answered" and (by := facts.get("rate_by")):
        day = _day(by)
        return say("next_answered_by", month=day.month, day=day.day)
    return say(f"next_{notice}")


def _filed(facts: Facts) -> Reply:
    return _about(facts, say("push_filed", type=name_of("type", str(facts["type"]))))


def _dispatched(facts: Facts) -> Reply:
    lines = [say("push_dispatched", department=_unit(facts))]
    if due := _due(facts):
        lines.append(say("push_dispatched_due", due=due))
    return _about(facts, *lines)


def _date_changed(facts: Facts) -> Reply:
    why = [say("push_calendar_changed")] if facts.get("why") == "calendar" else _reason(facts)
    return _about(facts, say("push_date_changed", due=_due(facts)), *why)


def _question(facts: Facts) -> Reply:
    asked = str(facts.get("text") or facts.get("question") or "")
    return _about(facts, say("push_question"), _cut(asked, ROOM), say("push_question_next"))


def _answered(facts: Facts) -> Reply:
    number, text = facts["tracking_no"], str(facts.get("answer") or "")
    outcome = name_of("outcome", str(facts.get("outcome") or "explained"))
    lines = [say("push_answered", department=_unit(facts), outcome=outcome), _cut(text, ROOM)]
    if facts.get("planned_on"):
        lines.append(say("push_planned", date=estimate_said(_day(facts["planned_on"]), estimated=False)))
    if by := facts.get("rate_by"):
        lines.append(say("push_rate_by", date=day_said(_day(by))))
    lines.append(say("push_answered_next"))
    stars = _stars(facts)
    if len(text) > ROOM:
        stars.insert(0, Button(say("button_whole"), f"{Word.WHOLE} {number} 1"))
    return _about(facts, *lines, buttons=tuple(stars))


def _rate_again(facts: Facts) -> Reply:
    lines = [say("push_rate_again", department=_unit(facts))]
    if by := facts.get("rate_by"):
        lines.append(say("push_rate_by", date=day_said(_day(by))))
    return _about(facts, *lines, say("push_answered_next"), buttons=tuple(_stars(facts)))


def _stars(facts: Facts) -> list[Button]:
    number = facts["tracking_no"]
    return [Button(name_of("stars", str(n)), f"{Word.RATE} {n} {number}") for n in range(5, 0, -1)]


def _reopened(facts: Facts) -> Reply:
    lines = [say("push_reopened"), *_reason(facts)]
    if due := _due(facts):
        lines.append(say("push_reopened_due", due=due))
    return _about(facts, *lines)


def _closed(facts: Facts) -> Reply:
    return _about(facts, say("push_closed"))


def _declined(facts: Facts) -> Reply:
    why = say("push_declined", why=name_of("decline", str(facts["decline_code"])))
    appeal = Button(say("button_appeal"), f"{Word.APPEAL} {facts['tracking_no']}")
    return _about(facts, why, *_reason(facts), say("push_declined_next"), buttons=(appeal,))


def _transcribed(facts: Facts) -> Reply:
    text = _cut(str(facts["transcript"]), ROOM)
    return _about(facts, say("push_transcribed"), text, say("push_transcribed_next"))


def _commitment_news(facts: Facts) -> Reply:
    items = list(facts["items"])
    voted = not any(one["followed"] or one["kind"] != News.POLL_CLOSED for one in items)
    lines = [say("push_news_voted" if voted else "push_news")]
    lines += [say("push_news_one", title=brief(one["title"], TITLE), what=_news(one)) for one in items[:FEW]]
    if len(items) > FEW:
        lines.append(say("push_news_more", n=len(items) - FEW))
    polls = [one for one in items if one["kind"] == News.POLL_OPENED][:MOST_POLLS]
    offered = [Button(f"{Word.VOTE}：{brief(one['title'])}", f"{Word.VOTE} {one['code']}") for one in polls]
    offered += [
        Button(f"{Word.FOLLOW}：{brief(one['title'])}", f"{Word.FOLLOW} {one['code']}")
        for one in (items[:MOST_POLLS] if voted else polls)
        if not one["followed"]
    ]
    return Reply("\n".join(lines), (*offered, *(() if voted else (Button(Word.FOLLOWED, Word.FOLLOWED),))))


def _news(one: Facts) -> str:
    """What happened, in a line."""
    day = one.get("closes_on") or one.get("due_on")
    return say(
        f"news_{one['kind']}",
        percent=one.get("percent", 0),
        text=_cut(str(one.get("text") or ""), 80),
        day=day_said(_day(day)) if day else say("news_no_day"),
    )


def _opinion_answered(facts: Facts) -> Reply:
    key = "push_opinion_adopted" if facts["adopted"] else "push_opinion_refused"
    return Reply(
        "\n".join([say(key, title=brief(str(facts["title"]), TITLE)), *_reason({"reason": facts["why"]})])
    )


def _desk_reply(facts: Facts) -> Reply:
    return Reply(
        "\n".join([say("push_desk_reply"), _cut(str(facts["text"]), 500), say("push_desk_reply_next")])
    )


_PUSHES: Mapping[str, Callable[[Facts], Reply]] = {
    "filed": _filed,
    "dispatched": _dispatched,
    "date_changed": _date_changed,
    "question": _question,
    "answered": _answered,
    "rate_again": _rate_again,
    "reopened": _reopened,
    "closed": _closed,
    "declined": _declined,
    "transcribed": _transcribed,
    "commitment_news": _commitment_news,
    "opinion_answered": _opinion_answered,
    "desk_reply": _desk_reply,
}


def _about(facts: Facts, *lines: str, buttons: tuple[Button, ...] = ()) -> Reply:
    text = "\n".join([say("push_number", number=facts["tracking_no"]), *(line for line in lines if line)])
    return Reply(text, buttons)


def _reason(facts: Facts) -> list[str]:
    reason = str(facts.get("reason") or "")
    return [say("push_reason", reason=_cut(reason, 150))] if reason else []


def _due(facts: Facts) -> str:
    due = facts.get("due")
    return estimate_said(_day(due), estimated=bool(facts.get("estimated"))) if due else ""


def _day(iso: object) -> date:
    return date.fromisoformat(str(iso)[:10])


def _unit(facts: Facts) -> str:
    return str(facts.get("department") or "") or say("push_unit_unknown")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
