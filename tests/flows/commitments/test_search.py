"""Looking for commitments and guides: whatever is typed, and whoever wrote them down."""

from pathlib import Path

import pytest
import yaml

from intake import guides
from intake.commitments.guides import parse_guides, write_guides
from intake.registry import list_commitments, seed_sample
from storage.engine import Database
from storage.migrate import upgrade
from storage.vocab import CommitmentAction, CommitmentState, Role
from tests.conftest import Office as Desks
from tests.flows.commitments.office import CONSULTED, Office
from tests.support.revisions import move
from tests.support.time import START

A = CommitmentAction
ODD = (
    *(
        '"',
        "'",
        "''",
        '"路灯',
        "路灯 AND (",
        "NOT",
        "OR 路灯",
        "路灯*",
        "^路灯",
        "title:路灯",
        "-路灯",
        "{",
        "NEAR(",
    ),
    *(
        "' & !路灯 |",
        ":*",
        "\\",
        "%",
        "_",
        "\x00",
        "路\x00灯",
        "👍👍",
        "＿",
        "\u202e",
        "\ud83d",
        "🏙️路灯",
        "…",
        "　",
    ),
    *("路灯" * 5_000, "a" * 10_000, "1" * 300, "é", "ß", "Ⅳ", "①", "𠮷野家"),
)


@pytest.fixture
async def seeded(office: Desks) -> Desks:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
    return office


async def _found(office: Desks, typed: str, **more: object) -> list[str]:
    async with office() as desk:
        return [row.code for row in await list_commitments(desk, q=typed, **more)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("路灯", "SL-CG-001"),
        ("路灯 修复", "SL-CG-001"),
        ("修复路灯", "SL-CG-001"),
        ("供暖室温", "SL-RL-001"),
        ("室温供暖", "SL-RL-001"),
        ("SL-RL-001", "SL-RL-001"),
        ("sl-rl-001", "SL-RL-001"),
        ("ＳＬ－ＲＬ－００１", "SL-RL-001"),
        ("slrl001", "SL-RL-001"),
        ("公基金", "SL-GJJ-001"),
        ("口带公园", "SL-CG-002"),
        ("隔", "SL-JT-002"),
        ("专精特新", "SL-GX-001"),
        ("160千瓦", "SL-GD-001"),
        ("示例〔2026〕6号", "SL-ZZ-001"),
        ("残联 康复", "SL-CL-001"),
    ],
)
async def test_what_is_meant_comes_first(seeded: Desks, typed: str, code: str) -> None:
    assert (await _found(seeded, typed))[:1] == [code]


@pytest.mark.parametrize("typed", ["鲸鱼", "火星移民", "QQ", "！", "护照办理"])
async def test_what_nobody_wrote_is_not_found(seeded: Desks, typed: str) -> None:
    assert await _found(seeded, typed) == []


async def test_no_input_is_an_error(seeded: Desks) -> None:
    for typed in ODD:
        await _found(seeded, typed)
        async with seeded() as desk:
            await guides.listed(desk, q=typed)


async def test_filters_and_search_go_together(seeded: Desks) -> None:
    assert await _found(seeded, "老人", department="民政局") == ["SL-MZ-001", "SL-MZ-002"]
    assert await _found(seeded, "补贴", state=CommitmentState.FULFILLED) == ["SL-NY-001"]
    assert await _found(seeded, "补贴", state=CommitmentState.DRAFT) == []


async def test_guides_are_found_by_their_steps_and_papers(seeded: Desks) -> None:
    async with seeded() as desk:
        assert (await guides.listed(desk, q="借书证"))[0].code == "ZN-WL-DZ"
        assert [row.code for row in await guides.listed(desk, q="临时证件")] == ["ZN-GA-SF"]


async def test_a_draft_is_found_by_staff_and_its_new_text_once_it_is_in_force(at: Office) -> None:
    async def found(typed: str, role: Role | None = None) -> list[str]:
        answer = await at.service.ask("GET", "/commitments", role, params={"q": typed})
        return [one["code"] for one in (await answer.json())["items"]]

    code = (await at.create(title="【示例】榫卯修缮"))["code"]
    assert (await found("榫卯"), await found("榫卯", Role.SUPERVISOR)) == ([], [code])
    await at.do(A.REVISE, Role.HANDLER, title="【示例】琉璃瓦修缮", text="修缮琉璃瓦。", category="service")
    assert await found("榫卯", Role.SUPERVISOR) == []
    await at.do(A.SUBMIT)
    await at.steps(1, 8)
    await at.do(A.PREDISCLOSE)
    await at.steps(9, 10)
    await at.do(A.PUBLISH)
    assert await found("琉璃瓦") == [code]
    await at.do(A.PROPOSE_CHANGE, text="改为修缮斗拱。", **CONSULTED)
    await at.do(A.APPROVE_CHANGE)
    assert await found("斗拱") == []
    await at.steps()
    await at.do(A.PUBLISH)
    assert (await found("斗拱"), await found("琉璃瓦")) == ([code], [code])


async def test_a_replaced_guide_is_found_by_what_it_says_now(office: Desks, tmp_path: Path) -> None:
    async with office() as desk:
        for step, old in (("榫卯", "琉璃"), ("琉璃", "榫卯")):
            path = tmp_path / "指南.yml"
            guide = {"code": "G-1", "title": "示例", "department": "市教育局", "steps": [step]}
            path.write_text(yaml.safe_dump({"guides": [guide]}, allow_unicode=True), "utf-8")
            await write_guides(desk.unit, parse_guides(path, desk.city).rows, START)
            assert [row.code for row in await guides.listed(desk, q=step)] == ["G-1"]
            assert await guides.listed(desk, q=old) == []


async def test_what_stood_before_is_found_after_the_migration(seeded: Desks, database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    await move(url, "0014", down=True)
    await upgrade(url)
    assert (await _found(seeded, "路灯"))[0] == "SL-CG-001"
    async with seeded() as desk:
        assert (await guides.listed(desk, q="借书证"))[0].code == "ZN-WL-DZ"
