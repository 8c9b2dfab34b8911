"""The log of one family or of one person as a file."""

from collections.abc import Iterator
from itertools import chain

from flask import Response, stream_with_context, url_for

from portal.blueprints.looks import bp
from portal.blueprints.looks.forms import ExportForm, export_form
from portal.core.sheets import MARK, lines
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.people import User
from portal.queries import log_export as read
from portal.queries.log_export import Export
from portal.services import exports
from portal.web.gate import exported
from portal.web.pages import export_line, phrase, render
from portal.web.policy import Policy


def family_page(family: Family, _viewer: Viewer, form: ExportForm) -> str:
    here, back = url_for("looks.of_family_log", family=family), url_for("looks.of_family", family=family)
    return render("looks/export.html", thing=family, form=form, of=phrase("This {family}"), here=here, back=back)


@bp.form("/families/<ref:family>/log", policy=Policy(P.LOG_EXPORT, Family), form=export_form, page=family_page)
def of_family_log(family: Family, viewer: Viewer, form: ExportForm) -> Response:
    return _file(family.ref, read.of_family(family.id, viewer), viewer, form.purpose.data or "")


def person_page(person: User, _viewer: Viewer, form: ExportForm) -> str:
    here, back = url_for("looks.of_person_log", person=person), url_for("looks.from_outside", person=person)
    return render("looks/export.html", thing=person, form=form, of=person.name, here=here, back=back)


@bp.form("/people/<ref:person>/log", policy=Policy(P.LOG_EXPORT, User), form=export_form, page=person_page)
def of_person_log(person: User, viewer: Viewer, form: ExportForm) -> Response:
    return _file(person.ref, read.of_person(person.id, viewer), viewer, form.purpose.data or "")


def _file(ref: str, log: Export, viewer: Viewer, purpose: str) -> Response:
    """Sent while it is read; that it is exported is in the log before the first line is sent."""
    exports.demand_pace(viewer)
    exported(log.count, purpose)
    head: list[tuple[object, ...]] = [(export_line(ref), purpose), read.COLUMNS]
    sent: Iterator[str] = chain([MARK], lines(chain(head, _said(log))))
    headers = {"Content-Disposition": f'attachment; filename="{ref}-log.csv"'}
    return Response(stream_with_context(sent), mimetype="text/csv", headers=headers)


def _said(log: Export) -> Iterator[tuple[object, ...]]:
    for row in log.rows():
        yield tuple(phrase(cell) if isinstance(cell, str) else cell for cell in row)
