"""Units and places that a text names, however a citizen puts it.

Full names, short names (教育局), a place before the short name (卫辉教育局, 卫辉的教育局, 市里的住建局) and
short names whose place stands elsewhere in the text (在卫辉…县教育局).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from intake.profiles.schema import Department, Flag, Place, PlaceKind
from intake.routing.lexicon import Hit, Lexicon
from intake.routing.matters import Matters
from storage.vocab import Sector

ELSEWHERE = (
    r"(?:省|国家|全国|中央|最高|高级|北京|上海|天津|郑州|开封|洛阳|安阳|焦作|鹤壁|濮阳|许昌|漯河|商丘|周口|信阳"
    r"|南阳|平顶山|三门峡|驻马店|济源|滑县|浚县|武汉|西安|太)"
)
ABROAD = re.compile(ELSEWHERE + r"市?$")
LINK = r"(?:里的|里边|里|那边的|的|当地的?|本地的?)?$"
CITY_SAYS = re.compile(r"(?:市里的|市里|市级|市的|市)$")
COUNTY_SAYS = re.compile(
    r"(?:我们|咱们|俺们|我|咱|俺|本|该)?(县里的|县里|县级|县的|县|区里的|区里|区级|区的|区)$"
)
CITYS_OWN = re.compile(r"市(?!场|民|监局|政(?!府)|长)")
HERE_SAYS = re.compile(r"(?:当地的?|地方|本地的?|我们这里的|我们这的|这边的)$")
NOT_A_NAME = {
    "公安": re.compile(r"厅|部(?!门)|大学|县"),
    "工商": re.compile(r"银行|联|大学|户|业|注册|登记|管理费"),
    "城管": re.compile(r"家"),
    "政府": re.compile(r"网|采购|工作报告|信息公开|投资|补贴|购买"),
}
PLEDGES = re.compile(
    r".{0,4}(?:承诺|答应|许诺|保证|出尔反尔|拖欠|欠|失信|违约|毁约|不兑现|没兑现|言而无信|说话不算)"
)
BEFORE = 12
BRANCH = "分局"
COUNTIES = frozenset({PlaceKind.COUNTY, PlaceKind.CITY})
DISTRICTS = frozenset({PlaceKind.DISTRICT, PlaceKind.ZONE})


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit in a text. ``how``: ``full`` or ``short`` (one unit only has this name), ``qualified`` (its
    place stands before it), ``context`` (its place stands elsewhere), ``default`` (no place: the city's),
    ``either`` (any of several may be meant; each has a mention with the same span)."""

    code: str
    start: int
    end: int
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A district, county or zone in a text; ``name`` is its full name."""

    name: str
    start: int
    end: int
    text: str


class UnitIndex:
    """Every way to name a unit or a place of a jurisdiction. Build once; it never changes."""

    def __init__(self, departments: Iterable[Department], places: Iterable[Place]) -> None:
        self.units = {unit.code: unit for unit in departments}
        self._places = {place.name: place for place in places}
        city = next((p for p in self._places.values() if p.kind is PlaceKind.PREFECTURE), None)
        self._city = (city.name, *city.aliases) if city else ()
        self._place_words = {
            word: place.name
            for place in self._places.values()
            if place is not city
            for word in (place.name, *place.aliases)
        }
        self._place_lexicon = Lexicon(self._place_words)
        self._before = self._before_units()
        self._whole: dict[str, str] = {}
        self._bare: dict[str, dict[str | None, str]] = {}
        for unit in self.units.values():
            for name in (unit.name, *unit.short_names):
                self._learn(unit, name)
        self._lexicon = Lexicon([*self._whole, *self._bare])
        self._sectors: dict[Sector, list[Department]] = {}
        for unit in self.units.values():
            self._sectors.setdefault(unit.sector, []).append(unit)
        self.matters = Matters(self.units.values())

    def unit(self, code: str) -> Department:
        """The unit with this code; raises :class:`KeyError`."""
        return self.units[code]

    def of_sector(self, sector: Sector) -> Sequence[Department]:
        """The units of a sector, in the profile's order."""
        return self._sectors.get(sector, ())

    def flagged(self, flag: Flag) -> Department | None:
        """The unit that plays this part."""
        return next((unit for unit in self.units.values() if flag in unit.flags), None)

    def government(self, place: str) -> Department | None:
        """The government (or administrative committee) of a place."""
        return next((unit for unit in self.of_sector(Sector.DISTRICT) if unit.place == place), None)

    def places(self, text: str) -> tuple[PlaceMention, ...]:
        """Districts, counties and zones in ``text``, in order; the city itself is not one of them."""
        return tuple(
            PlaceMention(self._place_words[hit.word], hit.start, hit.end, hit.word)
            for hit in self._place_lexicon.find(text)
            if not ABROAD.search(text[max(0, hit.start - 4) : hit.start])
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The units that ``text`` names, in order of place; spans never overlap but for ``either``."""
        places = self.places(text)
        found: list[Mention] = []
        for hit in self._lexicon.find(text):
            if self._is_name(text, hit):
                found += self._meant(text, hit, places)
        return tuple(found)

    def meant(self, word: str, text: str, start: int) -> tuple[str, ...]:
        """Codes of the units that the short name ``word`` would mean at ``start`` of ``text``."""
        hit = Hit(word, start, start + len(word))
        return tuple(m.code for m in self._bare_mentions(text, hit, self.places(text)))

    def resolve(self, words: str) -> Department | None:
        """The unit that a person means who types its code, name or short name, with or without its place."""
        words = re.sub(r"\s+", "", words)
        if words in self.units:
            return self.units[words]
        codes = {m.code for m in self.mentions(words) if m.end - m.start == len(words)}
        return self.units[codes.pop()] if len(codes) == 1 else None

    def _before_units(self) -> re.Pattern[str]:
        """A place right before a unit: here the name may lack its last character (红旗公安分局)."""
        words = dict(self._place_words)
        for place in self._places.values():
            if place.kind is not PlaceKind.PREFECTURE and place.name[:-1] not in self._city:
                words.setdefault(place.name[:-1], place.name)
        self._stems = words
        city = "|".join(map(re.escape, self._city)) or "(?!)"
        several = "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"
        return re.compile(f"(?:{city})?(?P<place>{several})(?:市|县|区)?{LINK}|(?P<city>{city}){LINK}")

    def _learn(self, unit: Department, name: str) -> None:
        bare = self._without_place(unit, name)
        if bare != name or name == unit.name:
            self._whole.setdefault(name, unit.code)
        if len(bare) > 1 and bare != BRANCH:
            self._bare.setdefault(bare, {}).setdefault(unit.place, unit.code)

    def _without_place(self, unit: Department, name: str) -> str:
        heads = self._city if unit.place is None else (unit.place, unit.place[:-1], *self._city)
        if unit.place is None and CITYS_OWN.match(name):
            return name[1:]
        for head in heads:
            if name.startswith(head) and len(name) > len(head) + 1:
                return name.removeprefix(head)
        return name

    def _is_name(self, text: str, hit: Hit) -> bool:
        if ABROAD.search(text[max(0, hit.start - 4) : hit.start]):
            return False
        if hit.word.isdigit():
            around = text[max(0, hit.start - 1) : hit.start] + text[hit.end : hit.end + 1]
            return not any(char.isdigit() for char in around)
        barred = NOT_A_NAME.get(hit.word)
        return not (barred and barred.match(text, hit.end))

    def _meant(self, text: str, hit: Hit, places: Sequence[PlaceMention]) -> list[Mention]:
        if hit.word in self._whole and not CITYS_OWN.match(hit.word):
            code = self._whole[hit.word]
            how = "full" if hit.word == self.units[code].name else "short"
            return [Mention(code, hit.start, hit.end, hit.word, how)]
        if hit.word not in self._bare:
            bare = Hit(hit.word[1:], hit.start + 1, hit.end)
            return self._bare_mentions(text, bare, places)
        return self._bare_mentions(text, hit, places)

    def _bare_mentions(self, text: str, hit: Hit, places: Sequence[PlaceMention]) -> list[Mention]:
        units = self._bare.get(hit.word, {})
        before = text[max(0, hit.start - BEFORE) : hit.start]
        named = self._before.search(before)
        if named:
            place = self._stems[named["place"]] if named["place"] else None
            codes = [units[place]] if place in units else []
            return _spelt(text, hit, codes, hit.start - len(named[0]), "qualified")
        said = CITY_SAYS.search(before)
        if said:
            return self._city_mentions(text, hit, units, places, hit.start - len(said[0]))
        said = COUNTY_SAYS.search(before)
        if said:
            kinds = COUNTIES if said[1][0] == "县" else DISTRICTS
            found = self._county_mentions(text, hit, units, self._near(places, hit, kinds), kinds)
            return [replace(m, start=m.start - len(said[1]), text=said[1] + m.text) for m in found]
        return self._plain_mentions(text, hit, units, places, before)

    def _city_mentions(
        self,
        text: str,
        hit: Hit,
        units: dict[str | None, str],
        places: Sequence[PlaceMention],
        start: int,
    ) -> list[Mention]:
        """市教育局 is the city's, but in a text about a county-level city it may be that one's as well."""
        place = self._near(places, hit, {PlaceKind.CITY})
        codes = [units[at] for at in dict.fromkeys((place, None)) if at in units]
        if not codes:
            codes = list(units.values()) if len(units) == 1 else self._citys(units)
        return _spelt(text, hit, codes, start, "qualified" if len(codes) == 1 else "either")

    def _citys(self, units: dict[str | None, str]) -> list[str]:
        """The city's main unit for what only counties call by this name."""
        sectors = {self.units[code].sector for code in units.values()}
        here = (u.code for u in self.units.values() if u.place is None and u.sector in sectors)
        return list(here)[:1]

    def _county_mentions(
        self,
        text: str,
        hit: Hit,
        units: dict[str | None, str],
        place: str | None,
        kinds: Collection[PlaceKind],
    ) -> list[Mention]:
        if place in units and place is not None:
            return _spelt(text, hit, [units[place]], hit.start, "context")
        codes = [code for at, code in units.items() if at and self._places[at].kind in kinds]
        return _spelt(text, hit, codes, hit.start, "either")

    def _plain_mentions(
        self,
        text: str,
        hit: Hit,
        units: dict[str | None, str],
        places: Sequence[PlaceMention],
        before: str,
    ) -> list[Mention]:
        place = self._near(places, hit, set(PlaceKind))
        governs = any(self.units[code].sector is Sector.DISTRICT for code in units.values())
        if governs and not (HERE_SAYS.search(before) or PLEDGES.match(text, hit.end) or hit.word == "管委会"):
            return []
        if place in units and place is not None:
            return _spelt(text, hit, [units[place]], hit.start, "context")
        if governs or not units:
            return []
        if None in units or len(units) == 1:
            return _spelt(text, hit, [units.get(None) or min(units.values())], hit.start, "default")
        return _spelt(text, hit, list(units.values()), hit.start, "either")

    def _near(self, places: Sequence[PlaceMention], hit: Hit, kinds: Collection[PlaceKind]) -> str | None:
        """The last place of these kinds before the hit, else the first after it."""
        fitting = [place for place in places if self._places[place.name].kind in kinds]
        before = [place for place in fitting if place.end <= hit.start]
        return before[-1].name if before else next((place.name for place in fitting), None)


def _spelt(text: str, hit: Hit, codes: Sequence[str], start: int, how: str) -> list[Mention]:
    return [Mention(code, start, hit.end, text[start : hit.end], how) for code in codes]
