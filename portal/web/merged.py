"""An address that names a record which was merged into another leads to that one."""

from typing import Any

from flask import abort, redirect, request
from sqlalchemy import select

from portal.core.db import db
from portal.facts import merging
from portal.models.families import Family, Person
from portal.web.errors import NotOpen, page_of
from portal.web.refs import Ref

SEE_OTHER = 303


def lead_there(model: type[Any], ref: Ref) -> None:
    """Does nothing where it was not merged, or what it was merged into is out of the viewer's reach: then it is as if
    it had never been there. What was sent is given back on the page that says where it belongs now."""
    if model not in (Family, Person):
        return
    number = merging.into(ref.id) if model is Family else merging.same_person(ref.id)
    if number is None or db.session.execute(select(model.id).where(model.id == number)).first() is None:
        return
    now = f"{model.ref_prefix}-{number}"
    if request.method == "POST":
        words = "This record is part of {now} now. What you typed is below: open {now}, and write it there."
        raise NotOpen(words.format(now=now), page_of(_there(ref, now, query=False)))
    abort(redirect(_there(ref, now, query=True), SEE_OTHER))


def _there(ref: Ref, now: str, *, query: bool) -> str:
    path = request.path.replace(f"/{ref}", f"/{now}", 1)
    asked = request.query_string.decode("ascii", "ignore")
    return f"{path}?{asked}" if query and asked else path
