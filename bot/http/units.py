"""The units of the city under headings, as pages list them."""

from intake.city import City
from intake.profiles.schema import Department, Level


def grouped(city: City) -> list[tuple[str, list[Department]]]:
    """The city's own first, then place by place in the profile's order."""
    units = list(city.units.values())
    groups = [("市级单位", [unit for unit in units if unit.level is Level.CITY])]
    groups += [(place.name, [unit for unit in units if unit.place == place.name]) for place in city.places]
    return [(name, some) for name, some in groups if some]
