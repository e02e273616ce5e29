"""Tencent's JS-SDK, which set-up fetches (``make assets``) and we serve ourselves.

The package holds it as a CommonJS module; its own file at res.wx.qq.com sets ``wx`` and ``jWeixin``, and so
does the wrapping here.
"""

from pathlib import Path

NAME = "jweixin.js"
FILE = Path(__file__).parents[1] / "assets" / "node_modules" / "weixin-js-sdk" / "index.js"
_BEFORE = b"(function (module) {\n"
_AFTER = b"\nwindow.wx = window.jWeixin = module.exports;\n})({});\n"


def script() -> bytes | None:
    """What a browser can run, or None where set-up has not fetched it."""
    return _BEFORE + FILE.read_bytes() + _AFTER if FILE.is_file() else None
