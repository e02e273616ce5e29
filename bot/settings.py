"""The settings (``docs/settings.md``): from the environment or the file that ``JIANNUO_ENV_FILE`` names.

Every fault is found at once; an unknown ``JIANNUO_`` name is a fault. Nothing here is ever logged whole.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from intake.identity import KeyFault, key_bytes

PREFIX = "JIANNUO_"
ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = frozenset({"ENV_FILE", "SOAK"})  # names of the prefix that are no settings of the service
_WANTED = {
    "port": "要填 1 到 65535 的整数",
    "idle_minutes": "要填 5 到 720 的整数",
    "simulator": "要填 true 或 false",
}
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SAMPLE_NOTICES = ROOT / "bot" / "wechat" / "notices.sample.yml"


class SettingsFault(Exception):
    """Everything that is wrong with the settings, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """One instance for each process, made by :func:`load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: str = "sqlite+aiosqlite:///var/jiannuo.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8080"
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_aes_key_previous: SecretStr = SecretStr("")
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_open_url: str = "https://open.weixin.qq.com"
    wechat_notices: Path = SAMPLE_NOTICES
    nlu_url: str = "http://127.0.0.1:5005"
    nlu_token: SecretStr = SecretStr("")
    profile: Path = ROOT / "intake" / "profiles" / "xinxiang.yml"
    files_url: str = "var/files"
    secret_key: SecretStr = SecretStr("")
    identity_key: SecretStr = SecretStr("")
    identity_key_previous: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    wecom_url: str = "https://qyapi.weixin.qq.com"
    idle_minutes: int = Field(default=60, ge=5, le=720)
    simulator: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what :func:`load` hands over: it alone reads the environment."""
        return (init_settings,)

    def shown(self) -> dict[str, str]:
        """Every setting as ``python -m bot check`` prints it; secrets only as set or not set."""
        shown = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                value = "（已设置）" if value.get_secret_value() else "（未设置）"
            elif name == "database_url":
                value = _without_password(str(value))
            shown[f"{PREFIX}{name.upper()}"] = str(value)
        return shown


def load(environment: Mapping[str, str] | None = None, *, wechat: bool = False) -> Settings:
    """Read and check the settings; ``wechat``: the command talks to the platform.

    Raises :class:`SettingsFault` naming every fault at once.
    """
    settings, faults = examined(environment, wechat=wechat)
    if faults:
        raise SettingsFault(faults)
    return settings


def examined(
    environment: Mapping[str, str] | None = None, *, wechat: bool = False
) -> tuple[Settings, list[str]]:
    """The settings and everything that is wrong with them; what cannot be read is left at its default.

    Raises :class:`SettingsFault` only where ``JIANNUO_ENV_FILE`` cannot be read.
    """
    values = dict(os.environ if environment is None else environment)
    values = {**_file_values(values.get(f"{PREFIX}ENV_FILE")), **values}
    given = {key[len(PREFIX) :]: value for key, value in values.items() if key.startswith(PREFIX)}
    known = {name.upper() for name in Settings.model_fields}
    faults = [f"{PREFIX}{name}: 没有这个设置" for name in sorted(set(given) - known - OUTSIDE)]
    settings, unread = _read({name.lower(): value for name, value in given.items() if name in known})
    return settings, faults + unread + faults_of(settings, wechat=wechat)


def _read(given: Mapping[str, str]) -> tuple[Settings, list[str]]:
    try:
        return Settings(**given), []  # type: ignore[arg-type]
    except ValidationError as error:
        odd = {str(fault["loc"][0]): fault["msg"] for fault in error.errors()}
    told = [f"{PREFIX}{name.upper()}: {_WANTED.get(name, words)}" for name, words in odd.items()]
    return _read({name: value for name, value in given.items() if name not in odd})[0], told


def faults_of(settings: Settings, *, wechat: bool) -> list[str]:
    """What is wrong with settings as they were read."""
    faults = []
    for name in ("secret_key", "identity_key"):
        faults += _key_faults(name, getattr(settings, name).get_secret_value())
    faults += _previous_faults(settings)
    if wechat:
        faults += _wechat_faults(settings)
    if settings.simulator and not is_loopback(settings.host):
        faults.append(f"{PREFIX}SIMULATOR: 只能在本机地址上打开，{PREFIX}HOST 是 {settings.host}")
    faults += _staff_faults(settings)
    if not settings.database_url.startswith(("sqlite+aiosqlite:", "postgresql+asyncpg:")):
        faults.append(f"{PREFIX}DATABASE_URL: 要以 sqlite+aiosqlite: 或 postgresql+asyncpg: 开头")
    for name in ("public_url", "wechat_api_url", "wechat_open_url", "nlu_url"):
        if not getattr(settings, name).startswith(("http://", "https://")):
            faults.append(f"{PREFIX}{name.upper()}: 要以 http:// 或 https:// 开头")
    for name in ("profile", "wechat_notices"):
        if not getattr(settings, name).is_file():
            faults.append(f"{PREFIX}{name.upper()}: 没有文件 {getattr(settings, name)}")
    return faults


def _staff_faults(settings: Settings) -> list[str]:
    """What is wrong with the ways to staff: mail and group robots."""
    faults = []
    mail = settings.smtp_url.get_secret_value()
    if mail and not _leads_to_a_host(mail, "smtp", "smtps"):
        faults.append(f"{PREFIX}SMTP_URL: 要以 smtp:// 或 smtps:// 开头，写上主机")
    if mail and not _ADDRESS.fullmatch(parseaddr(settings.mail_from)[1]):
        faults.append(f"{PREFIX}MAIL_FROM: 设置了 {PREFIX}SMTP_URL，要填发件人的邮箱")
    robots = settings.wecom_url
    at_home = settings.simulator and _leads_to_a_host(robots, "http") and is_loopback(_host(robots))
    if not (_leads_to_a_host(robots, "https") or at_home):
        faults.append(f"{PREFIX}WECOM_URL: 要以 https:// 开头")
    return faults


def _leads_to_a_host(url: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _key_faults(name: str, value: str) -> list[str]:
    if not value:
        return [f"{PREFIX}{name.upper()}: 没有设置（32 字节的 urlsafe base64）"]
    try:
        key_bytes(value)
    except KeyFault:
        return [f"{PREFIX}{name.upper()}: 不是 32 字节的 urlsafe base64"]
    return []


def _previous_faults(settings: Settings) -> list[str]:
    previous = settings.identity_key_previous.get_secret_value()
    if not previous:
        return []
    if previous == settings.identity_key.get_secret_value():
        return [f"{PREFIX}IDENTITY_KEY_PREVIOUS: 和 {PREFIX}IDENTITY_KEY 是同一个"]
    return _key_faults("identity_key_previous", previous)


def _wechat_faults(settings: Settings) -> list[str]:
    needed = {
        "wechat_app_id": settings.wechat_app_id,
        "wechat_app_secret": settings.wechat_app_secret.get_secret_value(),
        "wechat_token": settings.wechat_token.get_secret_value(),
    }
    faults = [f"{PREFIX}{name.upper()}: 没有设置" for name, value in needed.items() if not value]
    if needed["wechat_token"] and not _TOKEN.fullmatch(needed["wechat_token"]):
        faults.append(f"{PREFIX}WECHAT_TOKEN: 是 3 到 32 个字母或数字")
    if settings.wechat_aes_key_previous.get_secret_value() and not settings.wechat_aes_key.get_secret_value():
        faults.append(f"{PREFIX}WECHAT_AES_KEY_PREVIOUS: 要先设置 {PREFIX}WECHAT_AES_KEY")
    for name in ("wechat_aes_key", "wechat_aes_key_previous"):
        value = getattr(settings, name).get_secret_value()
        if value and not (len(value) == 43 and value.isalnum() and value.isascii()):
            faults.append(f"{PREFIX}{name.upper()}: EncodingAESKey 是 43 个字母或数字")
    return faults


def is_loopback(host: str) -> bool:
    """True for addresses that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _file_values(path: str | None) -> dict[str, str]:
    if not path:
        return {}
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsFault([f"{PREFIX}ENV_FILE: 读不了 {path}（{error.strerror}）"]) from error
    pairs = (line.split("=", 1) for line in map(str.strip, lines) if line and not line.startswith("#"))
    return {pair[0].strip(): pair[1].strip().strip("\"'") for pair in pairs if len(pair) == 2}


def _without_password(url: str) -> str:
    head, _, tail = url.rpartition("@")
    if not head:
        return url
    scheme, _, account = head.partition("://")
    return f"{scheme}://{account.split(':')[0]}:***@{tail}"
