"""The words that rows, rules and pages share, spelled once.

Every value is what the database stores and what the API says; the Chinese labels are what
people read (``docs/glossary.md``). Source: the mechanism's own terms, 新营商办〔2020〕13号.
"""

from storage.vocab.cases import (
    Action,
    CaseState,
    CaseType,
    Channel,
    ClockKind,
    ClockState,
    DeclineCode,
    ExampleState,
    Figure,
    Heading,
    Order,
    Origin,
    Outcome,
    RequestKind,
)
from storage.vocab.commitments import (
    COMMITMENT_NEWS,
    PATIENT,
    BrokenReason,
    Category,
    Choice,
    CommitmentAction,
    CommitmentState,
    EntryKind,
    GuideAction,
    GuideState,
    MilestoneState,
    News,
    Step,
    StepState,
)
from storage.vocab.people import AdminAction, Mode, Reach, ReporterKind, Role
from storage.vocab.units import Breach, Sector, UnitKind

__all__ = [
    "COMMITMENT_NEWS",
    "PATIENT",
    "Action",
    "AdminAction",
    "Breach",
    "BrokenReason",
    "CaseState",
    "CaseType",
    "Category",
    "Channel",
    "Choice",
    "ClockKind",
    "ClockState",
    "CommitmentAction",
    "CommitmentState",
    "DeclineCode",
    "EntryKind",
    "ExampleState",
    "Figure",
    "GuideAction",
    "GuideState",
    "Heading",
    "MilestoneState",
    "Mode",
    "News",
    "Order",
    "Origin",
    "Outcome",
    "Reach",
    "ReporterKind",
    "RequestKind",
    "Role",
    "Sector",
    "Step",
    "StepState",
    "UnitKind",
]
