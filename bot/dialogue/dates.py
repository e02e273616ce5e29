"""Days and moments as people say them, in Asia/Shanghai."""

from datetime import date, datetime

from intake.clock import local

_WEEK = "一二三四五六日"


def day_said(day: date) -> str:
    """``2026年12月7日（周一）``"""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEK[day.weekday()]}）"


def due_said(moment: datetime, *, estimated: bool = False) -> str:
    """The day of a deadline; 预计 where it reaches into a year whose holidays nobody has published."""
    return estimate_said(local(moment).date(), estimated=estimated)


def estimate_said(day: date, *, estimated: bool) -> str:
    return f"预计{day_said(day)}" if estimated else day_said(day)


def moment_said(moment: datetime, now: datetime) -> str:
    """``今天17:00``, ``明天9:05`` or ``11月24日9:05``."""
    at, today = local(moment), local(now).date()
    away = (at.date() - today).days
    day = {0: "今天", 1: "明天"}.get(away, f"{at.month}月{at.day}日")
    return f"{day}{at.hour}:{at.minute:02d}"
