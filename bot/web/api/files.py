"""``/files``: attachments by id."""

from aiohttp import BodyPartReader, web

from bot.http.attachments import hand_out, read_part, take_in
from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import FileId
from intake.cases import states
from intake.errors import Invalid


async def upload(call: Call) -> web.Response:
    """Keep one file (multipart field ``file``) and answer its id, to be used once in a case or an answer."""
    who = call.only(*states.STAFF)
    name, data = await _part(call.request)
    return shown(FileId, await take_in(call.process, who, name, data), status=201)


async def download(call: Call) -> web.Response:
    return await hand_out(call.request, call.who, call.request.match_info["id"])


async def _part(request: web.Request) -> tuple[str, bytes]:
    """Name and bytes of the field ``file``; raises :class:`Invalid`, :class:`TooLarge`."""
    if request.content_type == "multipart/form-data":
        try:
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader) and part.name == "file":
                    return part.filename or "", await read_part(part)
        except ValueError as error:
            raise Invalid("上传的格式不对", fields={"file": "上传的格式不对"}) from error
    raise Invalid("没有文件", fields={"file": "请用 multipart/form-data 上传，字段名 file"})
