"""What a form or a JSON body lacks, in plain words by field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from intake.errors import Invalid

Form = TypeVar("Form", bound=BaseModel)

_WORDS = {
    "missing": "要填写",
    "string_too_short": "要填写",
    "string_too_long": "太长",
    "string_type": "要是文字",
    "string_pattern_mismatch": "格式不对",
    "enum": "不是可选的值",
    "literal_error": "不是可选的值",
    "extra_forbidden": "没有这一项",
    "date_from_datetime_parsing": "日期要写成 2026-03-31",
    "date_parsing": "日期要写成 2026-03-31",
    "int_type": "要是整数",
    "int_parsing": "要是整数",
    "bool_type": "要是 true 或 false",
    "bool_parsing": "要是 true 或 false",
    "list_type": "要是列表",
    "too_long": "太多",
    "model_type": "要是一个对象",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
}


def checked(form: type[Form], values: Mapping[str, Any]) -> Form:
    """``values`` as ``form``; raises :class:`Invalid` naming every field."""
    try:
        return form.model_validate(dict(values))
    except ValidationError as error:
        raise Invalid("填写有误", fields=in_words(error)) from None


def versioned(form: type[Form], body: Mapping[str, Any]) -> tuple[Form, int]:
    """What an action asks for, and the version that its page was drawn from; raises as :func:`checked`."""
    fields: dict[str, str] = {}
    version = body.get("version")
    if isinstance(version, bool) or not isinstance(version, int):
        fields["version"] = "要给出办理时看到的版本号"
    asked: Form | None = None
    try:
        asked = form.model_validate({key: value for key, value in body.items() if key != "version"})
    except ValidationError as error:
        fields |= in_words(error)
    if fields or asked is None or not isinstance(version, int):
        raise Invalid("填写有误", fields=fields)
    return asked, version


def in_words(error: ValidationError) -> dict[str, str]:
    """Field → what is wrong with it. A model's own check names its field before a colon."""
    fields: dict[str, str] = {}
    for fault in error.errors(include_url=False):
        name = ".".join(map(str, fault["loc"])) or "body"
        if fault["type"] != "value_error":
            kind = "missing" if fault["input"] is None else fault["type"]
            fields[name] = _WORDS.get(kind, "格式不对")
            continue
        own = fault["msg"].removeprefix("Value error, ")
        head, colon, rest = own.partition(": ")
        fields[head if colon and head.isidentifier() else name] = rest or own
    return fields
