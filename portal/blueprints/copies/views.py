"""Asking for a copy of what is held about one person, the copy on a page to be printed, and as a file."""

from collections.abc import Iterator
from itertools import chain

from flask import Response, g, url_for

from portal.blueprints.copies import bp
from portal.blueprints.copies.forms import AskForm, ask_form
from portal.core.errors import NotInReach
from portal.core.sheets import MARK, lines
from portal.domain.permissions import P
from portal.domain.redaction import WORDS
from portal.domain.viewer import Viewer
from portal.models.families import Person
from portal.models.subjects import DataCopy
from portal.queries import copies as read
from portal.queries import held_about
from portal.queries.held_about import Held
from portal.services import copies as change
from portal.services import exports
from portal.web.gate import exported
from portal.web.pages import Done, export_line, phrase, print_line, render
from portal.web.policy import Policy

COLUMNS = ("Part of the record", "Reference", "What it is", "What is held", "Before it is given")


def ask_page(person: Person, _viewer: Viewer, form: AskForm) -> str:
    return render("copies/ask.html", person=person, form=form, before=read.of_person(person))


@bp.form("/people/<ref:person>/copy", policy=Policy(P.COPY_GIVE, Person), form=ask_form, page=ask_page)
def ask(person: Person, viewer: Viewer, form: AskForm) -> Done:
    exports.demand_pace(viewer)
    copy = change.ask(
        person,
        why=form.why.data or "",
        asked_by=form.asked_by.data or "",
        identity=form.identity.data or "",
        by=viewer,
    )
    return Done(url_for("copies.one", copy=copy), "")


@bp.get("/copies/<ref:copy>", policy=Policy(P.COPY_GIVE, DataCopy))
def one(copy: DataCopy, viewer: Viewer) -> str:
    person = read.person_of(copy)
    held = _opened(copy, person, viewer) if read.is_open(copy) else None
    head = print_line(f"F-{copy.family_id}", person.ref)
    return render(
        "copies/copy.html",
        copy=read.asked(copy),
        person=person,
        held=held,
        words=WORDS,
        print_line=head,
        left=_left(held),
    )


@bp.get("/copies/<ref:copy>/file", policy=Policy(P.COPY_GIVE, DataCopy))
def file(copy: DataCopy, viewer: Viewer) -> Response:
    if not read.is_open(copy):
        raise NotInReach("This copy cannot be opened any more.")
    person = read.person_of(copy)
    held = _opened(copy, person, viewer)
    head: list[tuple[object, ...]] = [
        (export_line(f"F-{copy.family_id}", person.ref), copy.why),
        *(("Held, and not in this copy", words) for words in _left(held)),
        COLUMNS,
    ]
    headers = {"Content-Disposition": f'attachment; filename="{person.ref}-copy.csv"'}
    return Response([MARK, *lines(chain(head, _rows(held)))], mimetype="text/csv", headers=headers)


def _opened(copy: DataCopy, person: Person, viewer: Viewer) -> Held:
    """That it is opened is in the log, before it is sent, with how many lines it has."""
    exports.demand_pace(viewer)
    held = held_about.about(person, g.words)
    exported(held.count, copy.why)
    return held


def _rows(held: Held) -> Iterator[tuple[object, ...]]:
    for title, ref, called, text, before in held_about.rows_of(held):
        yield phrase(title), ref, phrase(called), text, phrase(WORDS[before])


def _left(held: Held | None) -> list[str]:
    kept = held.kept_back if held else []
    return [phrase(f"{held_about.left_words(each)}: {each.who}") for each in kept]
