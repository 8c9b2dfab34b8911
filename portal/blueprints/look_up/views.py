"""Look a family up: to learn whether it is known, or before a step-down is started."""

from portal.blueprints.look_up import bp
from portal.blueprints.look_up.forms import LookUpForm, TermsForm, look_up_form, terms_form
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import doors
from portal.queries import suggested as mine
from portal.services import look_ups
from portal.web import submissions
from portal.web.found import Found, with_buttons
from portal.web.gate import listed, searched
from portal.web.pages import Answer, render
from portal.web.policy import Policy


def look_up_page(_viewer: Viewer, form: LookUpForm, found: list[Found] | None = None) -> str:
    return render("look_up/look_up.html", form=form, found=found, heading=_heading(found))


@bp.form("/look-up", policy=Policy(P.LOOK_UP), form=look_up_form, page=look_up_page)
def look_up(viewer: Viewer, form: LookUpForm) -> Answer:
    found = _find(viewer, form, form.reason.data or "")
    return Answer(lambda: look_up_page(viewer, form, found))


def start_page(_viewer: Viewer, form: TermsForm, found: list[Found] | None = None) -> str:
    return render("look_up/start.html", form=form, found=found, heading=_heading(found))


@bp.form("/step-downs/new", policy=Policy(P.STEP_DOWN_START), form=terms_form, page=start_page)
def new_step_down(viewer: Viewer, form: TermsForm) -> Answer:
    found = _find(viewer, form, look_ups.STARTING)
    return Answer(lambda: start_page(viewer, form, found))


def suggested_page(viewer: Viewer, form: TermsForm, found: list[Found] | None = None) -> str:
    recorded = mine.recorded_by(viewer) if found is None else None
    if recorded is not None:
        listed(len(recorded.rows))
    return render("look_up/suggested.html", form=form, found=found, heading=_heading(found), recorded=recorded)


@bp.form("/suggested", policy=Policy(P.REFERRAL_SUGGEST), form=terms_form, page=suggested_page)
def suggested(viewer: Viewer, form: TermsForm) -> Answer:
    found = _find(viewer, form, look_ups.SUGGESTING)
    return Answer(lambda: suggested_page(viewer, form, found))


def _find(viewer: Viewer, form: TermsForm, reason: str) -> list[Found]:
    look_ups.demand_pace(viewer)
    cards = doors.look_up([form.terms], viewer)
    searched(len(cards), form.searched_by, reason)
    rows = look_ups.record(
        by=viewer,
        reason=reason,
        searched_by=form.searched_by,
        found=[card.family_id for card in cards],
        sent=submissions.fingerprint(),
    )
    return with_buttons(cards, rows)


def _heading(found: list[Found] | None) -> str:
    if found is None:
        return ""
    return counted(len(found), "{family} found", "{family:many} found") if found else "No {family} found"
