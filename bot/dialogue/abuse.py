"""Swearing: a message that holds nothing else is no matter, whatever a model made of it."""

import re

from bot.dialogue.words import plain

_ABUSE = re.compile(
    r"[操草艹肏日]你(?:个)?(?:妈的?|娘|全家|奶奶|祖宗|大爷|先人)?|去你(?:妈|娘|大爷)的?|[你他她尼]妈[的逼]?|他娘的|草?泥马|尼玛|妈的|特么|"
    r"我[操草靠艹]|卧槽|[傻煞沙二装][逼比叉笔b]|狗日的?|狗东西|狗屁|狗官|狗娘养的?|王八[蛋羔]子?|龟[孙儿]子?|鳖孙|"
    r"混[蛋账]|浑蛋|畜[生牲]|杂种|贱[人货]|婊子|人渣|废物|饭桶|草包|蠢[货猪材]|猪[头脑]|白痴|脑残|智障|神经病|信球|"
    r"臭?不要脸|吃(?:干饭|屎|白饭)|放(?:你妈的?|狗)?屁|屁用|滚(?:蛋|开|远点|犊子|出去)?|去死|死全家|断子绝孙|不得好死|缺德|"
    r"(?:垃圾|破)(?=政府|单位|部门|机关|东西|玩意|机器人|公众号|平台)|(?<=[妈是帮群])垃圾|"
    r"fuck(?:ing|you)?|shit|\bsb\b|w?cnm|tmd|nmsl"
)
_AROUND = re.compile(
    r"政府|单位|部门|机关|当官的?|领导|干部|客服|机器人|公众号|平台|东西|玩意儿?|老子|祖宗|全家|管不管|干(?:什么|啥)吃?的|"
    r"就?是|都|全|真|太|这|那|帮|群|伙|个|些|种|一|你|您|他|她|们|什么|啥|到底|还|又|和|只会|的|了|吧|啊|呀|吗|呢|么|去"
)


def only_swears(text: str) -> bool:
    """Whether ``text`` is abuse, and says nothing of what happened or where. Pure."""
    bare = plain(text)
    return _ABUSE.search(bare) is not None and not _AROUND.sub("", _ABUSE.sub("", bare))
