"""The words that rows, rules and pages share, spelled once.

Every value is what the database stores and what the API says; the Chinese labels are what
people read (``docs/glossary.md``). Source: the mechanism's own terms, 新营商办〔2020〕13号.
"""

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


class CaseType(StrEnum):
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    SUGGESTION = "suggestion"


class CaseState(StrEnum):
    RECEIVED = "received"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    REVIEWING = "reviewing"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """All that can be done to a case; the table of what is allowed stands in ``intake.cases.states``."""

    FILE = "file"
    DISPATCH = "dispatch"
    DECLINE = "decline"
    ANSWER_NOW = "answer_now"
    SIGN = "sign"
    REQUEST_RETURN = "request_return"
    RULE_RETURN = "rule_return"
    ANSWER = "answer"
    REQUEST_EXTENSION = "request_extension"
    RULE_EXTENSION = "rule_extension"
    ASK_CITIZEN = "ask_citizen"
    REPLY_CITIZEN = "reply_citizen"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RATE = "rate"
    REOPEN = "reopen"
    CLOSE = "close"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    ASK_UNIT = "ask_unit"
    CONTACTED = "contacted"
    FOLLOW_UP = "follow_up"
    SUPERVISE = "supervise"
    NOTE = "note"
    URGE = "urge"
    SUPPLEMENT = "supplement"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SET_CLAIMS = "set_claims"
    CORRECT_ACCUSED = "correct_accused"
    LINK_COMMITMENT = "link_commitment"
    TRANSCRIBE = "transcribe"
    SUGGEST_ROUTING = "suggest_routing"
    ATTACH = "attach"
    OPEN_IDENTITY = "open_identity"
    LINK_REPORTER = "link_reporter"
    CHANGE_MODE = "change_mode"
    REPORTER_GONE = "reporter_gone"
    ERASED = "erased"
    RECOUNT = "recount"
    LEAD_PROPOSED = "lead_proposed"


class Figure(StrEnum):
    """What is counted of cases; ``storage.stores.figures`` defines each (docs/figures.md)."""

    OPEN = "open"
    UNDISPATCHED = "undispatched"
    PLACELESS = "placeless"
    DUE = "due"
    ON_TIME = "on_time"
    LATE = "late"
    CONTACT_DUE = "contact_due"
    CONTACTED = "contacted"
    NOT_CONTACTED = "not_contacted"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    RATED = "rated"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    ANONYMOUS = "anonymous"
    UNREACHABLE = "unreachable"
    RETURNED = "returned"
    EXTENDED = "extended"
    REOPENED = "reopened"
    TOOK_DISPATCH = "took_dispatch"
    TOOK_SIGN = "took_sign"
    TOOK_ANSWER = "took_answer"
    TOOK_APPROVE = "took_approve"


class Channel(StrEnum):
    WECHAT = "wechat"
    H5 = "h5"
    HOTLINE = "hotline"
    MAYOR_BOX = "mayor_box"
    LETTER = "letter"
    VISIT = "visit"
    EMAIL = "email"
    OPEN311 = "open311"


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


class Outcome(StrEnum):
    RESOLVED = "resolved"
    EXPLAINED = "explained"
    PARTLY = "partly"
    PLANNED = "planned"
    UNFOUNDED = "unfounded"
    OUT_OF_SCOPE = "out_of_scope"


class Origin(StrEnum):
    """Whose word a correction is."""

    CITIZEN = "citizen"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"


class ExampleState(StrEnum):
    """What became of a correction: waiting, to be learned from, or not."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class DeclineCode(StrEnum):
    EMERGENCY_LINE = "emergency_line"
    LITIGATION = "litigation"
    ARBITRATION = "arbitration"
    RECONSIDERATION = "reconsideration"
    PETITION_OPEN = "petition_open"
    DISCIPLINE_CHANNEL = "discipline_channel"
    INFORMATION_DISCLOSURE = "information_disclosure"
    SECRET_OR_PRIVACY = "secret_or_privacy"
    OUTSIDE_CITY = "outside_city"


class ClockKind(StrEnum):
    DISPATCH = "dispatch"
    SIGN = "sign"
    ANSWER = "answer"
    FIRST_CONTACT = "first_contact"
    CONTACT = "contact"
    RULING = "ruling"
    PAUSE = "pause"
    RATING = "rating"
    REWORK = "rework"
    COLLABORATION = "collaboration"
    SUPERVISION = "supervision"
    MILESTONE = "milestone"
    FULFIL = "fulfil"


class RequestKind(StrEnum):
    """What a unit asks the dispatcher for: 退单, 延期; the reporter; another unit, 协办."""

    RETURN = "return"
    EXTENSION = "extension"
    QUESTION = "question"
    HELP = "help"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    RETURNED = "returned"


class Order(StrEnum):
    """How a list of cases goes: the newest, the next deadline, or who has waited longest comes first."""

    NEWEST = "newest"
    DUE = "due"
    WAITING = "waiting"


class Heading(StrEnum):
    """What a supervisor looks after (contract, ``GET /supervision``)."""

    DUE_TODAY = "due_today"
    DUE_IN_THREE_DAYS = "due_in_three_days"
    OVERDUE = "overdue"
    UNSIGNED = "unsigned"
    RETURNED_MORE_THAN_ONCE = "returned_more_than_once"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"


class UnitKind(StrEnum):
    """Kinds of units (seed 二): 政府部门, 事业单位, 公共事务组织, 受委托组织."""

    GOVERNMENT = "government"
    INSTITUTION = "institution"
    PUBLIC_AFFAIRS = "public_affairs"
    ENTRUSTED = "entrusted"


class Sector(StrEnum):
    EDUCATION = "education"
    PUBLIC_SECURITY = "public_security"
    TRANSPORT = "transport"
    HOUSING = "housing"
    URBAN_MANAGEMENT = "urban_management"
    HUMAN_RESOURCES = "human_resources"
    NATURAL_RESOURCES = "natural_resources"
    POWER = "power"
    UTILITIES = "utilities"
    HEALTH = "health"
    ECOLOGY = "ecology"
    WATER = "water"
    CIVIL_AFFAIRS = "civil_affairs"
    FINANCE_TAX = "finance_tax"
    COMMERCE_INDUSTRY = "commerce_industry"
    CULTURE_TOURISM = "culture_tourism"
    AGRICULTURE = "agriculture"
    MARKET = "market"
    DISABLED = "disabled"
    DISCIPLINE = "discipline"
    JUSTICE = "justice"
    ORGANIZATION = "organization"
    DEVELOPMENT = "development"
    EMERGENCY = "emergency"
    BUSINESS_ENVIRONMENT = "business_environment"
    GOVERNMENT_SERVICE = "government_service"
    VETERANS = "veterans"
    MEDICAL_INSURANCE = "medical_insurance"
    SCIENCE = "science"
    DISTRICT = "district"


class Breach(StrEnum):
    """Breach classes of seed 四(一); the letters are the mechanism's two groups."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A9 = "A9"
    B1 = "B1"
    B2 = "B2"
    B3 = "B3"
    B4 = "B4"
    B5 = "B5"
    B9 = "B9"


class EntryKind(StrEnum):
    """What citizens look up: both answer questions."""

    COMMITMENT = "commitment"
    GUIDE = "guide"


class CommitmentState(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PREDISCLOSURE = "predisclosure"
    ACTIVE = "active"
    FULFILLED = "fulfilled"
    BROKEN = "broken"
    ENDED = "ended"


class CommitmentAction(StrEnum):
    """All that can be done to a commitment; ``intake.commitments.states`` has the table."""

    CREATE = "create"
    REVISE = "revise"
    SUBMIT = "submit"
    RECORD_STEP = "record_step"
    SET_MILESTONE = "set_milestone"
    PREDISCLOSE = "predisclose"
    OPEN_POLL = "open_poll"
    ANSWER_OPINION = "answer_opinion"
    PUBLISH = "publish"
    REPORT_PROGRESS = "report_progress"
    CLAIM_FULFILLED = "claim_fulfilled"
    CONFIRM_FULFILLED = "confirm_fulfilled"
    REFUSE_FULFILLED = "refuse_fulfilled"
    DECLARE_BROKEN = "declare_broken"
    PROPOSE_CHANGE = "propose_change"
    PROPOSE_END = "propose_end"
    APPROVE_CHANGE = "approve_change"
    APPROVE_END = "approve_end"
    REFUSE = "refuse"
    END = "end"
    ATTACH = "attach"
    DETACH = "detach"


class Step(StrEnum):
    """The ten steps before a commitment is published, in their order (seed 二(二); domain 2)."""

    PUBLIC_PARTICIPATION = "public_participation"
    EXPERT_REVIEW = "expert_review"
    RISK_ASSESSMENT = "risk_assessment"
    LEGALITY_REVIEW = "legality_review"
    INTEGRITY_REVIEW = "integrity_review"
    COLLECTIVE_DECISION = "collective_decision"
    DEPARTMENT_OPINIONS = "department_opinions"
    LEGAL_COUNSEL = "legal_counsel"
    PREDISCLOSURE = "predisclosure"
    POLL = "poll"


class StepState(StrEnum):
    """How a step was recorded; one that was not is open."""

    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


class Choice(StrEnum):
    """A vote in a poll; who would rather say something gives an opinion, with or without a vote."""

    AGREE = "agree"
    AGAINST = "against"


class News(StrEnum):
    """What those who follow a commitment are told of."""

    PROGRESS = "progress"
    MILESTONE = "milestone"
    PUBLISHED = "published"
    CHANGED = "changed"
    DATE_CHANGED = "date_changed"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    BROKEN = "broken"
    ENDED = "ended"
    POLL_OPENED = "poll_opened"
    POLL_CLOSED = "poll_closed"


COMMITMENT_NEWS, OPINION_ANSWERED = "commitment_news", "opinion_answered"
"""Notices on commitments. They wait for the day, and hold up nothing else meanwhile."""
PATIENT = frozenset({COMMITMENT_NEWS, OPINION_ANSWERED})


class MilestoneState(StrEnum):
    OPEN = "open"
    DONE = "done"


class BrokenReason(StrEnum):
    """Why a commitment was not kept: exactly one."""

    NOT_DONE = "not_done"
    PARTLY = "partly"
    TOO_LATE = "too_late"
    CHANGED_WITHOUT_PROCEDURE = "changed_without_procedure"
    NO_FUNDS = "no_funds"
    OTHER = "other"


class Category(StrEnum):
    LIVELIHOOD = "livelihood"
    SERVICE = "service"
    POLICY = "policy"
    OTHER = "other"


class GuideState(StrEnum):
    """Of a service guide; what is retired is shown to nobody but staff, and kept."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class GuideAction(StrEnum):
    """What the archive says was done to a guide."""

    CREATE = "create"
    CHANGE = "change"
    PUBLISH = "publish"
    RETIRE = "retire"
    REDRAFT = "redraft"
