"""The part of ``docs/states.md`` on commitments, written from their table."""

from collections.abc import Iterator

from intake.commitments.states import FINAL, STATE_NAMES, TABLE, Need
from storage.vocab import CommitmentAction, CommitmentState

HEAD = """## 承诺状态

任何状态都可能“已过期限”（按到期日算，不是状态）或“有变更”（有不止一版）。
已批准的变更和终止先重新走十步程序；公布以前，原来的承诺照样有效。
预公开时开始民意调查；还没截止，“民意调查”这一步就没有完成，不能公布。
历史承诺（本系统以前作出、有文件为据的）登记时就在履行中，程序显示没有记录。"""
NEEDS = {
    Need.EIGHT_STEPS: "前八步有记录",
    Need.TEN_STEPS: "十步有记录",
    Need.CLAIM: "已申报兑现",
    Need.NO_CLAIM: "没有待认定的申报",
    Need.PROPOSAL: "有变更或终止申请",
    Need.NO_PROPOSAL: "没有变更或终止申请",
    Need.CHANGE_PROPOSED: "有变更申请",
    Need.END_PROPOSED: "有终止申请",
    Need.APPROVED: "变更或终止已批准",
    Need.CHANGE_APPROVED: "变更已批准",
    Need.END_APPROVED: "终止已批准",
    Need.NO_POLL: "这次程序还没有开民意调查",
    Need.OPINION: "有没答复的意见",
    Need.PAPERS: "有上传的文件",
}


def section() -> Iterator[str]:
    """The diagram of what leads to another state, then every rule."""
    yield HEAD
    yield ""
    yield from _diagram()
    yield ""
    yield "| 状态 | 动作 | 谁 | 之后 | 还要 |"
    yield "|---|---|---|---|---|"
    yield from _rules()


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f'  state "{STATE_NAMES[state]}" as {state}' for state in CommitmentState)
    yield f"  [*] --> {CommitmentState.DRAFT}: {CommitmentAction.CREATE}"
    for (state, action), rule in sorted(TABLE.items(), key=_place):
        if rule.target is not None:
            yield f"  {state} --> {rule.target}: {action}"
    yield from (f"  {state} --> [*]" for state in CommitmentState if state in FINAL)
    yield "```"


def _rules() -> Iterator[str]:
    for (state, action), rule in sorted(TABLE.items(), key=_place):
        target = f"`{rule.target}`" if rule.target else "不变"
        needs = "，".join(NEEDS[need] for need in rule.needs)
        yield f"| `{state}` | `{action}` | {', '.join(sorted(rule.roles))} | {target} | {needs} |"


def _place(item: tuple[tuple[CommitmentState, CommitmentAction], object]) -> tuple[int, int]:
    (state, action), _ = item
    return list(CommitmentState).index(state), list(CommitmentAction).index(action)
