"""What an analysis is asked for: a period by its name or its days, a unit, a district."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from intake.deadlines.workdays import DAY

LONGEST = timedelta(days=3 * 366)


class Period(StrEnum):
    """``last_week``: Monday to Sunday."""

    LAST_WEEK = "last_week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    YEAR = "year"


class AnalysisQuery(BaseModel):
    """``from`` and ``to`` are days of Asia/Shanghai, both included; without them ``period`` up to today."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    period: Period = Period.MONTH
    since: date | None = Field(
        default=None, alias="from", description="first day; takes the place of `period`"
    )
    until: date | None = Field(default=None, alias="to", description="last day; today where left out")
    department: str | None = Field(default=None, max_length=100, description="code, name or short name")
    place: str | None = Field(default=None, max_length=64, description="name of the district or county")

    @model_validator(mode="after")
    def _in_order(self) -> "AnalysisQuery":
        if self.since is None and self.until is not None:
            raise ValueError("from: 要写从哪天起")
        if self.since and self.until and not timedelta(0) <= self.until - self.since <= LONGEST:
            raise ValueError("to: 不能早于开始的一天，最长三年")
        return self

    def days(self, today: date) -> tuple[date, date]:
        """First and last day."""
        first, monday = today.replace(day=1), today - timedelta(today.weekday())
        if self.since is not None:
            return self.since, self.until or max(today, self.since)
        if self.period is Period.LAST_MONTH:
            return (first - DAY).replace(day=1), first - DAY
        if self.period is Period.LAST_WEEK:
            return monday - 7 * DAY, monday - DAY
        return (today.replace(month=1, day=1) if self.period is Period.YEAR else first), today
