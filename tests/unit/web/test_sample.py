"""The sample: enough of it, of units that exist, plainly marked; a faulty file names every fault."""

from pathlib import Path

import pytest

from intake.city import City
from intake.deadlines.workdays import Workdays
from intake.profiles.schema import Profile, Sector, load_profile
from intake.registry import SAMPLE, RegistryFaults, load_sample
from intake.staffing import sample_staff
from storage.vocab import Role


@pytest.fixture(scope="module")
def city() -> City:
    profile: Profile = load_profile(SAMPLE.with_name("xinxiang.yml"))
    units = {unit.code: unit for unit in profile.departments}
    return City(profile.name, units, profile.places, profile.rules, "test", Workdays({}))


def test_the_sample_is_broad_and_says_that_it_is_one(city: City) -> None:
    sample = load_sample(city)
    assert len(sample.commitments) >= 60
    assert len(sample.guides) >= 40
    for entries in (sample.commitments, sample.guides):
        assert {city.units[entry.department].sector for entry in entries} == set(Sector)
    for entry in (*sample.commitments, *sample.guides):
        assert "示例" in entry.title
    text = SAMPLE.read_text(encoding="utf-8")
    assert not any(len(part) >= 7 for part in "".join(c if c.isdigit() else " " for c in text).split())


def test_every_fault_of_a_file_is_named_at_once(city: City, tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(
        "commitments:\n"
        "  - {code: A-1, title: 承诺, text: 承诺内容, category: wrong, department: jiaoyu}\n"
        "  - {code: A-2, title: 承诺, text: 承诺内容, category: other, department: nowhere}\n"
        "  - {code: A-3, title: 承诺, text: 承诺内容, category: other, department: jiaoyu, surprise: 1}\n"
        "guides: nothing\n",
        encoding="utf-8",
    )
    with pytest.raises(RegistryFaults) as caught:
        load_sample(city, file)
    told = "\n".join(caught.value.facts["faults"])
    for part in ("A-1].category", "A-2].department", "A-3].surprise", "guides: a list"):
        assert part in told


def test_sample_accounts_cover_every_role_that_signs_in(city: City) -> None:
    accounts = sample_staff(city)
    assert {a.role for a in accounts} == set(Role) - {Role.CITIZEN, Role.SYSTEM}
    units = {a.department for a in accounts if a.role is Role.HANDLER}
    assert units == {a.department for a in accounts if a.role is Role.HEAD}
    assert len(units) >= 8
    assert len({a.password for a in accounts}) == len({a.login for a in accounts}) == len(accounts)
