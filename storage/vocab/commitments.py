"""Commitments, their procedure, their news, and service guides."""

from enum import StrEnum


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
