"""The addresses of the console."""

from aiohttp import web

from bot.console import (
    bulk,
    canned,
    cases,
    commitments,
    exporting,
    guides,
    identities,
    importing,
    learning,
    lists,
    me,
    messages,
    registering,
    reminders,
    robots,
    sign_in,
    start,
)
from bot.console.door import signed_in
from bot.console.live import add_live


def add_console(app: web.Application) -> None:
    """Mount ``/console``; every page but the sign-in form is for whoever is signed in."""
    add_live(app)
    app.add_routes(
        [
            web.get("/console/login", sign_in.form),
            web.post("/console/login", sign_in.submit),
            web.post("/console/logout", signed_in(sign_in.leave)),
            web.get("/console", signed_in(start.start)),
            web.get("/console/", signed_in(start.start)),
            web.get("/console/cases", signed_in(lists.listed)),
            web.get("/console/cases.csv", signed_in(exporting.export)),
            web.get("/console/cases.xlsx", signed_in(exporting.export)),
            web.get("/console/bulk", signed_in(bulk.leave)),
            web.post("/console/bulk", signed_in(bulk.confirm)),
            web.post("/console/bulk/{action}", signed_in(bulk.act)),
            web.get("/console/cases/{tracking_no}", signed_in(cases.one)),
            web.post("/console/cases/{tracking_no}/actions/{action}", signed_in(cases.act)),
            web.post("/console/cases/{tracking_no}/identity", signed_in(cases.identity)),
            web.post("/console/cases/{tracking_no}/canned", signed_in(cases.insert)),
            web.post("/console/cases/{tracking_no}/preview/{action}", signed_in(cases.preview)),
            web.get("/console/canned", signed_in(canned.listed)),
            web.post("/console/canned", signed_in(canned.add)),
            web.post(r"/console/canned/{id:\d{1,18}}", signed_in(canned.change)),
            web.get("/console/files/{id}", signed_in(cases.attachment)),
            web.get("/console/identities", signed_in(identities.listed)),
            web.post("/console/identities", signed_in(identities.look)),
            web.get("/console/register", signed_in(registering.form)),
            web.post("/console/register", signed_in(registering.submit)),
            web.get("/console/commitments", signed_in(commitments.listed)),
            web.post("/console/commitments", signed_in(commitments.create)),
            web.get("/console/commitments/new", signed_in(commitments.blank)),
            web.get("/console/commitments/import", signed_in(importing.form)),
            web.post("/console/commitments/import", signed_in(importing.upload)),
            web.get("/console/commitments/import/{id}", signed_in(importing.one)),
            web.post("/console/commitments/import/{id}", signed_in(importing.confirmed)),
            web.get(
                "/console/template/{kind}.{ending}",
                signed_in(importing.template),
            ),
            web.get("/console/export/{kind}.{ending}", signed_in(importing.export)),
            web.get("/console/commitments/{code}", signed_in(commitments.one)),
            web.post("/console/commitments/{code}/actions/{action}", signed_in(commitments.act)),
            web.get("/console/guides", signed_in(guides.listed)),
            web.post("/console/guides", signed_in(guides.create)),
            web.get("/console/guides/new", signed_in(guides.blank)),
            web.get("/console/guides/{code}", signed_in(guides.one)),
            web.post("/console/guides/{code}", signed_in(guides.change)),
            web.get("/console/messages", signed_in(messages.listed)),
            web.get("/console/reminders", signed_in(reminders.listed)),
            web.get("/console/reminders/log", signed_in(reminders.log)),
            web.get("/console/me", signed_in(me.page)),
            web.post("/console/me", signed_in(me.save)),
            web.post("/console/me/code", signed_in(me.code)),
            web.post("/console/me/unbind", signed_in(me.unbind)),
            web.get("/console/robots", signed_in(robots.listed)),
            web.post("/console/robots", signed_in(robots.save)),
            web.get("/console/learning", signed_in(learning.listed)),
            web.post("/console/learning/model", signed_in(learning.choose)),
            web.post(r"/console/learning/{id:\d{1,18}}", signed_in(learning.decide)),
            web.get("/console/learning/report/{name}", signed_in(learning.picture)),
            web.post(r"/console/messages/{id:\d{1,18}}/reply", signed_in(messages.reply)),
        ]
    )
