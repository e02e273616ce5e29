"""One unit of work: an open transaction and the stores that speak within it.

A unit is opened by ``storage.engine.Database``, which alone commits. While one is open in a task,
:data:`inside_unit` is true there: nothing may go over the network or to the disk (house rules).
"""

from contextvars import ContextVar
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.administration import AdministrationStore
from storage.stores.analysis import AnalysisStore
from storage.stores.calendar import CalendarStore
from storage.stores.canned import CannedStore
from storage.stores.case_words import CaseWordStore
from storage.stores.cases import CaseStore
from storage.stores.clocks import ClockStore
from storage.stores.commitments import CommitmentStore
from storage.stores.conversations import ConversationStore
from storage.stores.departments import DepartmentStore
from storage.stores.desk import DeskMessageStore
from storage.stores.events import EventStore
from storage.stores.files import FileStore
from storage.stores.follows import FollowStore
from storage.stores.happened import HappenedStore
from storage.stores.identities import IdentityStore
from storage.stores.imports import ImportStore
from storage.stores.inbox import InboxStore
from storage.stores.learning import LearningStore
from storage.stores.lists import ListStore
from storage.stores.news import NewsStore
from storage.stores.operations import OperationsStore
from storage.stores.outbox import OutboxStore
from storage.stores.platform import ConsentStore, TokenRows
from storage.stores.polls import PollStore
from storage.stores.promised import PromisedStore
from storage.stores.reach import ReachStore
from storage.stores.registry import RegistryStore
from storage.stores.reminders import ReminderStore
from storage.stores.requests import RequestStore
from storage.stores.sealed import SealedStore
from storage.stores.search import SearchStore
from storage.stores.second_factors import SecondFactorStore
from storage.stores.sessions import SessionStore
from storage.stores.staff import StaffStore
from storage.stores.stale import Raced
from storage.stores.supervision import SupervisionStore

__all__ = ["Raced", "Unit", "inside_unit"]

inside_unit: ContextVar[bool] = ContextVar("inside_unit", default=False)


class Unit:
    """The stores of one open transaction. They never commit."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.woken: set[str] = set()

    def wake(self, topic: str) -> None:
        """Tell this process's loops after the commit that ``topic`` has work."""
        self.woken.add(topic)

    @cached_property
    def inbox(self) -> InboxStore:
        return InboxStore(self.connection)

    @cached_property
    def outbox(self) -> OutboxStore:
        return OutboxStore(self.connection)

    @cached_property
    def conversations(self) -> ConversationStore:
        return ConversationStore(self.connection)

    @cached_property
    def identities(self) -> IdentityStore:
        return IdentityStore(self.connection)

    @cached_property
    def cases(self) -> CaseStore:
        return CaseStore(self.connection)

    @cached_property
    def case_words(self) -> CaseWordStore:
        return CaseWordStore(self.connection)

    @cached_property
    def lists(self) -> ListStore:
        return ListStore(self.connection)

    @cached_property
    def news(self) -> NewsStore:
        return NewsStore(self.connection)

    @cached_property
    def clocks(self) -> ClockStore:
        return ClockStore(self.connection)

    @cached_property
    def events(self) -> EventStore:
        return EventStore(self.connection)

    @cached_property
    def files(self) -> FileStore:
        return FileStore(self.connection)

    @cached_property
    def imports(self) -> ImportStore:
        return ImportStore(self.connection)

    @cached_property
    def departments(self) -> DepartmentStore:
        return DepartmentStore(self.connection)

    @cached_property
    def registry(self) -> RegistryStore:
        return RegistryStore(self.connection)

    @cached_property
    def commitments(self) -> CommitmentStore:
        return CommitmentStore(self.connection)

    @cached_property
    def search(self) -> SearchStore:
        return SearchStore(self.connection)

    @cached_property
    def follows(self) -> FollowStore:
        return FollowStore(self.connection)

    @cached_property
    def polls(self) -> PollStore:
        return PollStore(self.connection)

    @cached_property
    def happened(self) -> HappenedStore:
        return HappenedStore(self.connection)

    @cached_property
    def staff(self) -> StaffStore:
        return StaffStore(self.connection)

    @cached_property
    def sessions(self) -> SessionStore:
        return SessionStore(self.connection)

    @cached_property
    def second_factors(self) -> SecondFactorStore:
        return SecondFactorStore(self.connection)

    @cached_property
    def administration(self) -> AdministrationStore:
        return AdministrationStore(self.connection)

    @cached_property
    def desk(self) -> DeskMessageStore:
        return DeskMessageStore(self.connection)

    @cached_property
    def sealed(self) -> SealedStore:
        return SealedStore(self.connection)

    @cached_property
    def consents(self) -> ConsentStore:
        return ConsentStore(self.connection)

    @cached_property
    def tokens(self) -> TokenRows:
        return TokenRows(self.connection)

    @cached_property
    def requests(self) -> RequestStore:
        return RequestStore(self.connection)

    @cached_property
    def promised(self) -> PromisedStore:
        return PromisedStore(self.connection)

    @cached_property
    def reminders(self) -> ReminderStore:
        return ReminderStore(self.connection)

    @cached_property
    def reach(self) -> ReachStore:
        return ReachStore(self.connection)

    @cached_property
    def calendar(self) -> CalendarStore:
        return CalendarStore(self.connection)

    @cached_property
    def canned(self) -> CannedStore:
        return CannedStore(self.connection)

    @cached_property
    def learning(self) -> LearningStore:
        return LearningStore(self.connection)

    @cached_property
    def operations(self) -> OperationsStore:
        return OperationsStore(self.connection)

    @cached_property
    def supervision(self) -> SupervisionStore:
        return SupervisionStore(self.connection)

    @cached_property
    def analysis(self) -> AnalysisStore:
        return AnalysisStore(self.connection)
