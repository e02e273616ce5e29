"""Who acts and how they are reached."""

from enum import StrEnum


class Role(StrEnum):
    """Who may act. ``citizen`` and ``system`` never sign in to the console."""

    CITIZEN = "citizen"
    SYSTEM = "system"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    LIAISON = "liaison"
    CUSTODIAN = "custodian"
    ADMIN = "admin"
    AUDITOR = "auditor"


class AdminAction(StrEnum):
    """What the log of administration names."""

    PASSWORD_CHANGED = "password_changed"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSIONS_ENDED = "sessions_ended"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    STAFF_DISABLED = "staff_disabled"
    STAFF_ENABLED = "staff_enabled"
    PASSWORD_RESET = "password_reset"
    SECOND_FACTOR_RESET = "second_factor_reset"
    SECOND_FACTOR_DEMANDED = "second_factor_demanded"
    TOKEN_CREATED = "token_created"
    DEPARTMENT_ADDED = "department_added"
    DEPARTMENT_CHANGED = "department_changed"
    DEPARTMENT_RETIRED = "department_retired"
    DEPARTMENT_REINSTATED = "department_reinstated"
    ROBOT_SET = "robot_set"
    RULES_CHANGED = "rules_changed"
    CALENDAR_DAY = "calendar_day"
    CALENDAR_YEAR = "calendar_year"
    MENU_ASKED = "menu_asked"
    MENU_ANSWERED = "menu_answered"
    MODEL_CHOSEN = "model_chosen"


class Reach(StrEnum):
    """By which ways staff are reminded. Everybody has the console."""

    CONSOLE = "console"
    WECHAT = "wechat"
    EMAIL = "email"
    WECOM = "wecom"


class Mode(StrEnum):
    """How the reporter is kept: 实名, 保密, 匿名 (domain 6)."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class ReporterKind(StrEnum):
    CITIZEN = "citizen"
    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"
    MEDIA = "media"
    PARTY = "party"
