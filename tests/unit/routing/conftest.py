"""The sample city, read once."""

from pathlib import Path

import pytest

import intake.profiles
from intake.profiles import load_profile
from intake.routing.names import UnitIndex


@pytest.fixture(scope="session")
def index() -> UnitIndex:
    profile = load_profile(Path(intake.profiles.__file__).parent / "xinxiang.yml")
    return UnitIndex(profile.departments, profile.places)
