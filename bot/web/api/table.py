"""The table of endpoints (contract, "API"): what is mounted is what is described."""

from aiohttp import web

from bot.http.filters import CaseFilter, CommitmentQuery, GuideFilter
from bot.http.registering import NewCase
from bot.web.api import (
    analysis,
    calendar,
    canned,
    cases,
    commitment_shapes,
    commitments,
    departments,
    files,
    filing,
    guides,
    messages,
    openapi,
    reminders,
    shapes,
    supervision,
    understanding,
)
from bot.web.api.endpoints import Endpoint, mount
from intake.actor import OF_ONE_UNIT
from intake.analysis.asking import AnalysisQuery
from intake.analysis.looking import READERS
from intake.canned import CannedChange, NewCanned
from intake.cases.actions import ACTIONS
from intake.cases.states import STAFF
from intake.commitments import actions as commitment_actions
from intake.commitments.from_cases import FromCase
from intake.commitments.making import NewCommitment
from intake.commitments.states import MAKERS
from intake.guides import WRITERS as GUIDE_WRITERS
from intake.guides import NewGuide
from intake.recounting import DayChange
from storage.vocab import Role

MOVES = (404, 403, 422, 409)
UNIT = tuple(sorted(OF_ONE_UNIT))
ENDPOINTS = [
    Endpoint(
        "POST",
        "/understand",
        understanding.understand,
        "What the service makes of a text; nothing is stored",
        shapes.Understood,
        body=shapes.Text,
        roles=understanding.READERS,
        refusals=(403, 422),
    ),
    Endpoint(
        "GET",
        "/cases",
        cases.page,
        "Cases that the asker may see, newest first unless `sort` says otherwise",
        shapes.CasePage,
        query=CaseFilter,
        refusals=(422,),
    ),
    Endpoint(
        "POST",
        "/cases",
        filing.file,
        "File a case that came by call, visit, letter or mail; 200 with the one that stands, "
        "where this channel's source number was filed before",
        shapes.FiledCase,
        status=201,
        body=NewCase,
        repeats=True,
        roles=(Role.DISPATCHER,),
        refusals=(403, 422),
    ),
    Endpoint("GET", "/cases/{tracking_no}", cases.one, "One case", shapes.Case, refusals=(404,)),
    Endpoint(
        "POST",
        "/cases/{tracking_no}/actions/{action}",
        cases.act,
        "Do something to a case as it stood at `version`",
        shapes.Case,
        variants={action.value: offered.form for action, offered in ACTIONS.items()},
        refusals=MOVES,
    ),
    Endpoint(
        "POST",
        "/cases/{tracking_no}/identity",
        cases.identity,
        "Who reported; each look is written to the archive with its reason",
        shapes.Identity,
        body=shapes.IdentityReason,
        roles=(Role.CUSTODIAN,),
        refusals=(404, 403, 422),
    ),
    Endpoint(
        "POST",
        "/cases/{tracking_no}/commitments",
        commitments.start,
        "Write a commitment down from a case that shows one, and link the case to it",
        commitment_shapes.WholeCommitment,
        status=201,
        body=FromCase,
        roles=(Role.DISPATCHER,),
        refusals=(404, 403, 422),
    ),
    Endpoint(
        "POST",
        "/files",
        files.upload,
        "Keep an attachment, checked by its content",
        shapes.FileId,
        status=201,
        roles=tuple(sorted(STAFF)),
        upload=True,
        refusals=(403, 413, 422),
    ),
    Endpoint("GET", "/files/{id}", files.download, "An attachment's bytes", None, refusals=(404,)),
    Endpoint(
        "GET",
        "/messages",
        messages.listed,
        "What citizens left for a person, unanswered first",
        shapes.Messages,
        roles=(Role.DISPATCHER, Role.SUPERVISOR),
        refusals=(403,),
    ),
    Endpoint(
        "POST",
        "/messages/{id}/reply",
        messages.reply,
        "Answer a message, once",
        shapes.Messages,
        body=shapes.Text,
        roles=(Role.DISPATCHER,),
        refusals=(404, 403, 422),
    ),
    Endpoint(
        "GET",
        "/canned-answers",
        canned.listed,
        "The canned answers of one's own unit, by title",
        canned.CannedList,
        roles=UNIT,
        refusals=(403,),
    ),
    Endpoint(
        "POST",
        "/canned-answers",
        canned.add,
        "Keep another canned answer",
        canned.Canned,
        status=201,
        body=NewCanned,
        roles=UNIT,
        refusals=(403, 422),
    ),
    Endpoint(
        "PUT",
        "/canned-answers/{id}",
        canned.change,
        "Change or retire a canned answer",
        canned.Canned,
        body=CannedChange,
        roles=UNIT,
        refusals=(404, 403, 422),
    ),
    Endpoint(
        "GET",
        "/supervision",
        supervision.headings,
        "What a supervisor looks after: cases by heading",
        shapes.Supervision,
        roles=(Role.SUPERVISOR,),
        refusals=(403,),
    ),
    Endpoint(
        "GET",
        "/analysis",
        analysis.figures,
        "The figures of a period, of the cases that the asker may see; each with the query that lists them",
        analysis.Analysis,
        query=AnalysisQuery,
        roles=tuple(sorted(READERS)),
        refusals=(403, 422),
    ),
    Endpoint(
        "GET",
        "/calendar/{date}",
        calendar.one,
        "Whether people work on a day, and whence that is known",
        shapes.CalendarDay,
        roles=(Role.ADMIN,),
        refusals=(403, 422),
    ),
    Endpoint(
        "PUT",
        "/calendar/{date}",
        calendar.change,
        "Say of a day whether people work; running deadlines are counted anew",
        shapes.CalendarDay,
        body=DayChange,
        roles=(Role.ADMIN,),
        refusals=(403, 422),
    ),
    Endpoint(
        "GET",
        "/reminders",
        reminders.listed,
        "Reminders from `since` on, oldest first: to whom, by which way, whether they arrived",
        shapes.ReminderPage,
        query=reminders.ReminderQuery,
        roles=(Role.SUPERVISOR,),
        refusals=(403, 422),
    ),
    Endpoint(
        "GET",
        "/commitments",
        commitments.page,
        "Commitments; without a token the public ones",
        commitment_shapes.Commitments,
        query=CommitmentQuery,
        public=True,
        refusals=(422,),
    ),
    Endpoint(
        "GET",
        "/commitments/{code}",
        commitments.one,
        "One commitment with its procedure; without a token, without `allowed`, `events` and what follows",
        commitment_shapes.WholeCommitment,
        public=True,
        refusals=(404,),
    ),
    Endpoint(
        "POST",
        "/commitments",
        commitments.create,
        "Write a commitment down as a draft",
        commitment_shapes.WholeCommitment,
        status=201,
        body=NewCommitment,
        roles=tuple(sorted(MAKERS)),
        refusals=(403, 422),
    ),
    Endpoint(
        "POST",
        "/commitments/{code}/actions/{action}",
        commitments.act,
        "Do something to a commitment as it stood at `version`",
        commitment_shapes.WholeCommitment,
        variants={action.value: offered.form for action, offered in commitment_actions.ACTIONS.items()},
        refusals=MOVES,
    ),
    Endpoint(
        "POST",
        "/commitments/{code}/steps/{step}",
        commitments.record_step,
        "Record a step of the procedure, named by its code or by its number from 1 to 10",
        commitment_shapes.WholeCommitment,
        body=commitment_shapes.StepRecord,
        roles=tuple(sorted(MAKERS)),
        refusals=MOVES,
    ),
    Endpoint(
        "GET",
        "/guides",
        guides.page,
        "Service guides; without a token the published ones",
        guides.Guides,
        query=GuideFilter,
        public=True,
        refusals=(422,),
    ),
    Endpoint(
        "GET",
        "/guides/{code}",
        guides.one,
        "One guide; without a token, without `events`",
        guides.WholeGuide,
        public=True,
        refusals=(404,),
    ),
    Endpoint(
        "POST",
        "/guides",
        guides.create,
        "Write a guide down, as a draft or published",
        guides.WholeGuide,
        status=201,
        body=NewGuide,
        roles=tuple(sorted(GUIDE_WRITERS)),
        refusals=(403, 422),
    ),
    Endpoint(
        "PUT",
        "/guides/{code}",
        guides.change,
        "Write a guide anew as it stood at `version`, or publish and retire it",
        guides.WholeGuide,
        body=guides.GuideChange,
        roles=tuple(sorted(GUIDE_WRITERS)),
        refusals=(404, 403, 422, 409),
    ),
    Endpoint(
        "GET", "/departments", departments.departments, "The city's units", shapes.Departments, public=True
    ),
]


def add_api(app: web.Application) -> None:
    """Mount every endpoint and the description of them all."""
    described = Endpoint(
        "GET", "/openapi.json", openapi.serving(ENDPOINTS), "This description", None, public=True
    )
    mount(app, [*ENDPOINTS, described])
