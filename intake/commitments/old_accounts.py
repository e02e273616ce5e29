"""新官理旧账: that the government or who is in charge changed is no reason (seed 四(一); domain 2, B3)."""

import re

_WHO = "(?:领导|负责人|责任人|班子|书记|市长|县长|区长|镇长|局长|主任|院长|主官|一把手)"
_CHANGED = "(?:变更|更换|变动|更替|轮换|调整|调离|调走|调任|换人|换了|离任|卸任|退休|到龄|易人|交接)"
_BETWEEN = "(?:已经|已|均|都|发生|的|了|人员|职务|岗位)*"
_SAID = re.compile(
    "换届|换(?:了|过)?人|人事(?:变动|调整|变更)|政府(?:已经|已)?(?:更替|换了|变更|更换)"
    f"|{_WHO}{_BETWEEN}{_CHANGED}|{_CHANGED}{_BETWEEN}(?:主要|分管)?{_WHO}|换(?:了|过|个)?新?{_WHO}"
    f"|新(?:一届|上任|一任|任|来|的)*(?:主要|分管)?{_WHO}|新一届|上一?届|前任"
)
REFUSED = (
    "“以政府换届，责任人变更等理由，未经相关程序，不与相对人协商，违约毁约”属于失信行为"
    "（新营商办〔2020〕13号四（一））。新官要理旧账，请写明别的理由"
)


def blames_a_change_of_people(reason: str) -> bool:
    """Whether a reason says that the government, or who is in charge, is another one now."""
    return _SAID.search(re.sub(r"\s+", "", reason)) is not None
