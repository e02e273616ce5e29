"""What citizens write in the measurements: a matter, the word that files it, and how it stands."""

from collections.abc import Iterator

PLACES = ("卫滨区", "红旗区", "牧野区", "凤泉区", "辉县市", "长垣市", "获嘉县", "原阳县", "延津县", "封丘县")
MATTERS = (
    "小区门口的路灯坏了半个多月，晚上出门什么都看不见，一直没有人修",
    "去年说好今年六月底交的安置房到现在还停着工，给个说法",
    "工地半夜还在施工，吵得老人孩子都睡不着，希望管一管",
    "承诺的企业技术改造补助已经公示半年了，钱一直没有到账",
    "楼下饭店的油烟直接排到居民窗口，反映过几次都没有人处理",
    "村里的路修了一半就没有人管了，下雨天孩子上学全是泥",
    "物业收了电梯维修的钱，电梯还是隔几天就停一次",
    "合同早就验收了，工程款拖了一年多，每次问都说再等等",
    "河道旁边有人夜里倒垃圾，味道很大，请尽快清理",
    "公交车等了一个多小时也不来，司机还甩站不停，投诉过两次没有人管",
)
CONFIRM, PROGRESS = "确认", "进度"
TURNS = 3


def matter(number: int) -> str:
    """The matter of the citizen with this number; no two of the first ten thousand are alike."""
    place, what = PLACES[number % len(PLACES)], MATTERS[number // len(PLACES) % len(MATTERS)]
    return f"{place}第{number + 1}网格{what}"


def conversations(citizens: int) -> Iterator[tuple[str, ...]]:
    """What each citizen writes, in order: ``TURNS`` messages, of which the first needs Rasa."""
    for number in range(citizens):
        yield matter(number), CONFIRM, PROGRESS
