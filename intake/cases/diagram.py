"""``docs/states.md``, written from the tables: ``python -m intake.cases.diagram docs/states.md``."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from intake.cases.states import FINAL, STATE_NAMES, TABLE, Rule
from intake.commitments import diagram as commitments
from storage.vocab import Action, CaseState

HEAD = """# 办件状态

<!-- 由 `make docs` 根据 intake/cases/states.py 和 intake/commitments/states.py 生成，请勿手改 -->

图上是会改变状态的动作；表里是全部动作。表里没有的动作，系统一律拒绝。
到达终结状态时，所有计时结束。除状态之外的条件（每件一次、须先回访等）写在各动作的代码里。
退单获准后回到“已派单待签收”，由新的承办单位签收。
"""


def page() -> str:
    """The whole page: the diagram, then every rule of the table."""
    return "\n".join([HEAD, *_diagram(), "", *_names(), "", *_rules(), "", *commitments.section(), ""])


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f'  state "{STATE_NAMES[state]}" as {state}' for state in CaseState)
    yield f"  [*] --> {CaseState.RECEIVED}"
    for state in CaseState:
        for target, actions in _ways(state).items():
            yield f"  {state} --> {target}: {_joined(actions)}"
    yield from (f"  {state} --> [*]" for state in CaseState if state in FINAL)
    yield "```"


def _ways(state: CaseState) -> dict[CaseState, list[Action]]:
    """Where a state leads, and by which actions, in the order of the words."""
    ways: dict[CaseState, list[Action]] = {}
    for action in Action:
        rule = TABLE.get((state, action))
        if rule is not None and rule.target is not None:
            ways.setdefault(rule.target, []).append(action)
    return ways


def _names() -> Iterator[str]:
    yield "| 代码 | 状态 | 终结 |"
    yield "|---|---|---|"
    yield from (
        f"| `{state}` | {STATE_NAMES[state]} | {'是' if state in FINAL else ''} |" for state in CaseState
    )


def _rules() -> Iterator[str]:
    yield "| 状态 | 动作 | 谁 | 之后 | 开始计时 | 结束计时 | 告知市民 |"
    yield "|---|---|---|---|---|---|---|"
    for state in CaseState:
        for action in Action:
            rule = TABLE.get((state, action))
            if rule is not None:
                yield _row(state, action, rule)


def _row(state: CaseState, action: Action, rule: Rule) -> str:
    cells = (
        f"`{state}`",
        f"`{action}`",
        _joined(sorted(rule.roles)),
        f"`{rule.target}`" if rule.target else "不变",
        _joined(rule.starts),
        _joined(rule.ends),
        rule.notice or "",
    )
    return f"| {' | '.join(cells)} |"


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
