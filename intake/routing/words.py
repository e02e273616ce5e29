"""The words of reproach, of promise, and for those who may be reproached; ``words.yml`` holds them."""

import re
from pathlib import Path
from typing import Any

from intake.yaml_file import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yml"))


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(WORDS[name]))


SCENERY = frozenset(WORDS["scenery"])
HARSH = _any("harsh")
MILD = _any("mild")
BY_PEOPLE = _any("by_people")
DENIED = re.compile(f"(?:{'|'.join(WORDS['denied'])})[^，。；！？]{{0,4}}$")
PLEDGED = _any("pledged")
FAILED = _any("failed")
NEGATIVE = _any("negative")
KINDLY = _any("kindly")
RESENTED = re.compile(
    r"(?:对|对于|针对)[^，。；！？]{2,24}的?[^，。；！？]{0,8}(?:做法|答复|回复|处理|处罚|决定|认定|结果|态度|解释)"
    r"[^。；！？]{0,8}(?:不满|不服|异议|不认可|不接受|不能接受|气愤|愤怒|失望)"
)
PRIVATE = _any("private")
PUBLIC = _any("public")
OFFICIALS = _any("officials")
STAFF = frozenset(WORDS["staff"])
OF_UNIT: dict[str, str] = WORDS["of_unit"]
