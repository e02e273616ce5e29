"""The sample city is whole, and a faulty profile names all its faults."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import intake.profiles
from intake.profiles import Profile, ProfileFaults, Rules, load_profile
from intake.profiles.schema import Flag
from storage.vocab import CaseType, Sector

SAMPLE = Path(intake.profiles.__file__).parent / "xinxiang.yml"


@pytest.fixture(scope="module")
def city() -> Profile:
    return load_profile(SAMPLE)


def faulty(tmp_path: Path, **changes: Any) -> list[str]:
    """The faults of a small profile with ``changes`` made to it."""
    unit = {"level": "city", "kind": "government", "duties": ["路灯不亮"]}
    profile: dict[str, Any] = {
        "name": "示例市",
        "rules": "limits",
        "places": [{"code": "city", "name": "示例市", "kind": "prefecture"}],
        "departments": [
            {"code": "a", "name": "示例局甲", "sector": "housing", "flags": ["supervision"], **unit},
            {"code": "b", "name": "示例局乙", "sector": "education", "flags": ["discipline"], **unit},
            {"code": "c", "name": "示例局丙", "sector": "water", "flags": ["desk_12345"], **unit},
        ],
    } | changes
    rules = (SAMPLE.parent / "henan-12345.yml").read_text(encoding="utf-8")
    (tmp_path / "limits.yml").write_text(rules, encoding="utf-8")
    path = tmp_path / "city.yml"
    path.write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    try:
        load_profile(path)
    except ProfileFaults as error:
        return error.faults
    return []


def test_every_sector_has_a_unit_of_the_city(city: Profile) -> None:
    assert {unit.sector for unit in city.departments if unit.place is None} == set(Sector)


def test_all_fifteen_places_have_a_government_and_bureaus(city: Profile) -> None:
    places = {place.name for place in city.places} - {"新乡市"}
    units = Counter(unit.place for unit in city.departments if unit.place)
    assert len(places) == 15
    assert set(units) == places
    assert min(units.values()) >= 9


def test_each_part_is_played_by_one_unit(city: Profile) -> None:
    parts = {flag: [u.code for u in city.departments if flag in u.flags] for flag in Flag}
    assert parts == {
        Flag.SUPERVISION: ["yingshang"],
        Flag.DISCIPLINE: ["jiwei"],
        Flag.DESK_12345: ["rexian"],
    }


def test_every_sector_is_known_by_many_words(city: Profile) -> None:
    words: dict[Sector, set[str]] = {sector: set() for sector in Sector}
    for unit in city.departments:
        words[unit.sector].update(unit.duties)
    assert {sector.value: len(found) for sector, found in words.items() if len(found) < 20} == {}


def test_no_contact_could_be_somebodys(city: Profile) -> None:
    contacts = {
        text
        for unit in city.departments
        for text in (unit.phone, unit.email, unit.supervision_phone, unit.supervision_email)
    }
    assert all(text.startswith("示例") for text in contacts)


def test_the_rules_survive_being_stored(city: Profile) -> None:
    stored = city.rules.model_dump(mode="json")
    assert Rules.model_validate(stored) == city.rules
    assert stored["answer_days"] == {"inquiry": 3, "suggestion": 5, "complaint": 10}
    assert city.rules.answer_days[CaseType.COMPLAINT] == 10


def test_a_whole_profile_has_no_faults(tmp_path: Path) -> None:
    assert faulty(tmp_path) == []


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    faults = faulty(
        tmp_path,
        colour="red",
        rules="nowhere",
        departments=[
            {"code": "a", "name": "示例局", "sector": "moon", "flags": ["supervision"]},
            {"code": "b", "name": "示例局乙", "sector": "water", "parent": "zzz", "flags": ["supervision"]},
            {"code": "b", "name": "示例局乙", "sector": "water", "flags": ["supervision"], "fax": "1"},
            {"code": "b", "name": "示例局乙", "sector": "water", "flags": ["supervision"]},
        ],
    )
    told = "\n".join(faults)
    for part in (
        "colour: unknown key",
        "rules: no file nowhere.yml",
        "departments[a].sector",
        "departments[b].parent: no unit zzz",
        "departments[b].fax",
        "code b is used twice",
        "name 示例局乙 is used twice",
        "flag supervision needs one unit, has b, b",
        "flag discipline needs one unit, has none",
    ):
        assert part in told


def test_a_bureau_of_counties_is_checked_too(tmp_path: Path) -> None:
    bureau = {"suffix": "x", "name": "{place}某局", "sector": "water", "in": ["county"], "without": ["月县"]}
    assert "county_bureaus[0]: no place 月县" in faulty(tmp_path, county_bureaus=[bureau, {"name": "甲"}])


def test_a_unit_cannot_be_above_itself(tmp_path: Path) -> None:
    units = [
        {"code": "a", "name": "示例局甲", "sector": "housing", "parent": "b", "flags": ["supervision"]},
        {"code": "b", "name": "示例局乙", "sector": "water", "parent": "a", "flags": ["discipline"]},
        {"code": "c", "name": "示例局丙", "sector": "water", "flags": ["desk_12345"]},
    ]
    faults = faulty(tmp_path, departments=units)
    assert [fault for fault in faults if "above itself" in fault]
