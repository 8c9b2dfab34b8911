"""What needs somebody today, on whom else things wait, what changed since they last looked, and the days ahead."""

from flask import g, url_for

from portal.blueprints.home import bp
from portal.blueprints.home.forms import SeenForm, UndoForm, seen_form, undo_form
from portal.core import clock
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import changed, covers, leads, received, social_work, standing
from portal.queries import home as read
from portal.services import seen as change
from portal.web.forms import PortalForm, as_saved
from portal.web.gate import listed
from portal.web.lately import reminders_to_undo
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/home", policy=Policy(P.HOME))
def today(viewer: Viewer) -> str:
    return _page(viewer)


def _page(viewer: Viewer, form: PortalForm | None = None) -> str:
    found = read.of(viewer, g.words)
    asked, held = leads.asked_of(viewer), social_work.held_by(viewer)
    listed(len(asked) + len(held) + len(found.needs) + len(found.waiting) + len(found.changed.families))
    return render(
        "home/home.html",
        page=found,
        asked=asked,
        held=held,
        closures=covers.asked_of(viewer),
        sent_to_us=received.waiting_words(viewer),
        changed=found.changed,
        sent=reminders_to_undo(viewer),
        form=form,
        **_forms(),
    )


def _forms() -> dict[str, PortalForm]:
    with as_saved():
        return {"seen": SeenForm(), "undo": UndoForm()}


def refused_page(viewer: Viewer, form: PortalForm) -> str:
    return _page(viewer, form)


@bp.form("/home/seen", policy=Policy(P.HOME), form=seen_form, page=refused_page, shown=False)
def mark(viewer: Viewer, form: SeenForm) -> Done:
    of_theirs = changed.ids(viewer, standing.of(viewer, clock.today()))
    wanted = of_theirs if form.family_id is None else [each for each in of_theirs if each == form.family_id]
    number = change.mark(wanted, by=viewer, until=form.moment)
    return _changed(viewer, f"{counted(number, 'family', 'families')} marked as seen")


@bp.form("/home/seen/undo", policy=Policy(P.HOME), form=undo_form, page=refused_page, shown=False)
def undo_mark(viewer: Viewer, form: UndoForm) -> Done:
    number = change.undo(form.click.data or "", by=viewer)
    return _changed(viewer, f"Undone for {counted(number, 'family', 'families')}")


def not_seen_form(_family: Family, _viewer: Viewer) -> PortalForm:
    return PortalForm()


def not_seen_page(_family: Family, viewer: Viewer, form: PortalForm) -> str:
    return _page(viewer, form)


@bp.form(
    "/families/<ref:family>/not-seen",
    policy=Policy(P.FAMILY_UNSEEN, Family),
    form=not_seen_form,
    page=not_seen_page,
    shown=False,
)
def unmark(family: Family, viewer: Viewer, _form: PortalForm) -> Done:
    change.unmark(family, by=viewer)
    return _changed(viewer, f"{family.ref} marked as not seen")


def _changed(viewer: Viewer, words: str) -> Done:
    def piece() -> str:
        found = changed.of(viewer, standing.of(viewer, clock.today()), g.words)
        return render("home/_changed.html", changed=found, focus=True, **_forms())

    return Done(url_for("home.today", _anchor="changed"), words, block=piece)
