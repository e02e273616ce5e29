"""Cases: what they are, where they stand, what is done to them, and their clocks."""

from enum import StrEnum


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
