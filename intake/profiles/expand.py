"""Turns the compact form of a profile into one row a unit.

``duties`` gives the matter words of a sector; a unit without ``duties`` of its own takes them.
``county_bureaus`` lists bureaus that many places have alike; ``{place}`` is the place's name, ``{stem}``
the name without its last character (红旗区 → 红旗). ``in`` names kinds of places; ``without`` names places
that lack the bureau; ``named`` gives the name where a place calls it differently.
"""

from typing import Any

TOP = frozenset({"name", "rules", "contact", "places", "duties", "departments", "county_bureaus"})
BUREAU = frozenset(
    {"suffix", "name", "short_names", "sector", "kind", "in", "without", "named", "duties", "post"}
)
LEVELS = {"county": "county", "city": "county", "district": "district", "zone": "district"}
GOVERNMENT = "gov"

Row = dict[str, Any]


def expand(raw: Row) -> tuple[list[Any], list[str]]:
    """The departments of a profile as plain rows, and the faults found on the way."""
    faults = [f"{key}: unknown key" for key in raw if key not in TOP]
    faults += [f"{key}: missing" for key in ("name", "rules", "places", "departments") if key not in raw]
    duties = _section(raw, "duties", dict, faults)
    contact = _section(raw, "contact", dict, faults)
    rows = list(_section(raw, "departments", list, faults))
    places = [place for place in _section(raw, "places", list, faults) if _usable(place)]
    for n, bureau in enumerate(_section(raw, "county_bureaus", list, faults)):
        rows += _bureau_rows(bureau, f"county_bureaus[{n}]", places, faults)
    return [_filled(row, duties, contact) for row in rows], faults


def _section(raw: Row, key: str, shape: type, faults: list[str]) -> Any:
    value = raw.get(key, shape())
    if isinstance(value, shape):
        return value
    faults.append(f"{key}: a {'list' if shape is list else 'mapping'} is needed")
    return shape()


def _usable(place: Any) -> bool:
    return isinstance(place, dict) and {"code", "name", "kind"} <= place.keys()


def _bureau_rows(bureau: Any, where: str, places: list[Row], faults: list[str]) -> list[Row]:
    if not isinstance(bureau, dict) or not {"suffix", "name", "sector", "in"} <= bureau.keys():
        faults.append(f"{where}: suffix, name, sector and in are needed")
        return []
    faults += [f"{where}.{key}: unknown key" for key in bureau if key not in BUREAU]
    known = {place["name"] for place in places}
    named, without = bureau.get("named", {}), bureau.get("without", [])
    faults += [f"{where}: no place {name}" for name in [*named, *without] if name not in known]
    here = [p for p in places if p["kind"] in bureau["in"] and p["name"] not in without]
    return [_bureau_row(bureau, place, named.get(place["name"], bureau["name"])) for place in here]


def _bureau_row(bureau: Row, place: Row, name: str) -> Row:
    def told(text: str) -> str:
        return text.replace("{place}", place["name"]).replace("{stem}", place["name"][:-1])

    suffix = bureau["suffix"]
    row = {
        "code": f"{place['code']}-{suffix}",
        "name": told(name),
        "short_names": [told(word) for word in bureau.get("short_names", [])],
        "kind": bureau.get("kind", "government"),
        "sector": bureau["sector"],
        "level": LEVELS.get(place["kind"], place["kind"]),
        "parent": None if suffix == GOVERNMENT else f"{place['code']}-{GOVERNMENT}",
        "place": place["name"],
        "leader_post": bureau.get("post", ""),
    }
    return row | ({"duties": bureau["duties"]} if "duties" in bureau else {})


def _filled(row: Any, duties: Row, contact: Row) -> Any:
    if not isinstance(row, dict):
        return row
    inherited = {"duties": duties.get(str(row.get("sector")), []), "kind": "government", "level": "city"}
    return contact | inherited | {key: value for key, value in row.items() if value != ""}
