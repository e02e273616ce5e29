"""What the charts of an analysis draw (static/charts.js): names, numbers, and where a click leads."""

from typing import Any

from bot.console.words import word

MOST = 15
"""Units of a chart; its table has them all."""
CASES, PROMISES = "/console/cases?", "/console/commitments?"
Chart = dict[str, Any]


def charts(told: dict[str, Any]) -> dict[str, Chart]:
    """Name → chart. ``kind``: line, bars (lying), rates (with intervals), times."""
    units = [line for line in told["departments"] if line["code"]][:MOST]
    places = [line for line in told["places"] if line["code"]][:MOST]
    return {
        "days": _counts("line", [(one["day"][5:], one) for one in told["days"]], "登记"),
        "types": _counts("bars", [(word(one["code"], "type"), one) for one in told["types"]], "件"),
        "states": _counts("bars", [(word(one["code"], "state"), one) for one in told["states"]], "件"),
        "rates": _rates([(word(name, "rate"), rate) for name, rate in told["rates"].items()]),
        "departments": _load(units),
        "places": _load(places),
        "steps": _times(told["steps"]),
        "promises": _promises(told["commitments"]),
    }


def _counts(kind: str, named: list[tuple[str, Chart]], series: str) -> Chart:
    return {
        "kind": kind,
        "names": [name for name, _ in named],
        "series": [_series(series, [cell for _, cell in named])],
    }


def _series(name: str, cells: list[Chart], onward: str = CASES) -> Chart:
    return {
        "name": name,
        "values": [cell["n"] for cell in cells],
        "links": [onward + cell["query"] for cell in cells],
    }


def _load(lines: list[Chart]) -> Chart:
    """Cases that were on time and late, of each unit or place."""
    return {
        "kind": "bars",
        "names": [line["name"] for line in lines],
        "series": [
            _series("登记", [line["filed"] for line in lines]),
            _series("超期", [line["figures"]["late"] for line in lines]),
        ],
    }


def _rates(named: list[tuple[str, Chart]]) -> Chart:
    known = [(name, rate) for name, rate in named if rate["per_cent"] is not None]
    return {
        "kind": "rates",
        "names": [name for name, _ in known],
        "values": [rate["per_cent"] for _, rate in known],
        "low": [rate["low"] for _, rate in known],
        "high": [rate["high"] for _, rate in known],
    }


def _times(steps: list[Chart]) -> Chart:
    known = [step for step in steps if step["n"]]
    return {
        "kind": "times",
        "names": [step_name(step["step"]) for step in known],
        "series": [
            {"name": "中位数", "values": [step["median_hours"] for step in known]},
            {"name": "九成用时", "values": [step["p90_hours"] for step in known]},
        ],
    }


def _promises(told: Chart) -> Chart:
    lines = told["departments"][:MOST]
    kinds = (("fulfilled", "已兑现"), ("overdue", "逾期"), ("broken", "未兑现"))
    return {
        "kind": "bars",
        "names": [line["name"] for line in lines],
        "series": [_series(name, [line[kind] for line in lines], PROMISES) for kind, name in kinds],
    }


def step_name(step: str) -> str:
    """What people call a step whose time is told."""
    return "退单耽搁" if step == "hop" else word(step, "figure")
