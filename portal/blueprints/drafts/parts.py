"""The five parts of a step-down: each a form that can be left and come back to."""

from collections.abc import Callable
from functools import wraps

from flask import url_for

from portal.blueprints.drafts import bp, children_form, needs_form, safety_form, views_form
from portal.blueprints.drafts.asking import leaving, words_of
from portal.blueprints.drafts.children_form import ChildrenForm
from portal.blueprints.drafts.forms import VisitForm, open_while_draft, visit_form
from portal.blueprints.drafts.needs_form import NeedsForm
from portal.blueprints.drafts.safety_form import SafetyForm
from portal.blueprints.drafts.views_form import ViewsForm
from portal.domain.permissions import P
from portal.domain.step_downs import StepDownState
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.facts.completeness import PARTS, STRAIGHT_FROM_PROTECTION
from portal.models.handover import StepDown
from portal.queries import drafts as read
from portal.services import drafts as change
from portal.web.forms import PortalForm
from portal.web.pages import Done, render
from portal.web.policy import Policy

EDIT = Policy(P.STEP_DOWN_EDIT, StepDown)
ORDER = list(PARTS)


def _made(make: Callable[[StepDown], PortalForm]) -> Callable[[StepDown, Viewer], PortalForm]:
    @wraps(make)
    def form(step_down: StepDown, _viewer: Viewer) -> PortalForm:
        return make(step_down)

    return form


def _page(part: str) -> Callable[[StepDown, Viewer, PortalForm], str]:
    def page(step_down: StepDown, _viewer: Viewer, form: PortalForm) -> str:
        if step_down.state is not StepDownState.DRAFT:
            if not form.unfinished:
                open_while_draft(step_down)
            return render(
                "drafts/sent.html",
                form=form,
                head=read.head(step_down),
                words=MOVES["step_down", "edit"].refusal,
            )
        return render(
            f"drafts/{part}.html",
            form=form,
            head=read.head(step_down),
            apart=read.apart(step_down) if part in ("safety", "views") else [],
            part=part,
            title=PARTS[part],
            number=ORDER.index(part) + 1,
            straight_from_protection=STRAIGHT_FROM_PROTECTION,
        )

    return page


def _saved(step_down: StepDown, part: str, was_agreed: bool) -> Done:
    words = MOVES["step_down", "edit"].confirmation
    if was_agreed and step_down.agreed_at is None:
        words += ". {Social_care_manager:a} has to agree again, because something has changed"
    if leaving():
        return Done(url_for("drafts.outline", step_down=step_down), words)
    later = ORDER[ORDER.index(part) + 1 :]
    return Done(url_for(f"drafts.{later[0]}" if later else "drafts.check", step_down=step_down), words)


@bp.form(
    "/step-downs/<ref:step_down>/edit/children",
    policy=EDIT,
    form=_made(children_form.make),
    page=_page("children"),
    keeps_draft=True,
)
def children(step_down: StepDown, viewer: Viewer, form: ChildrenForm) -> Done:
    was_agreed = step_down.agreed_at is not None
    change.save_children(step_down, form.decisions, form.chosen_destination, by=viewer)
    return _saved(step_down, "children", was_agreed)


@bp.form(
    "/step-downs/<ref:step_down>/edit/needs",
    policy=EDIT,
    form=_made(needs_form.make),
    page=_page("needs"),
    keeps_draft=True,
)
def needs(step_down: StepDown, viewer: Viewer, form: NeedsForm) -> Done:
    was_agreed = step_down.agreed_at is not None
    change.save_needs(step_down, form.needs_left, form.still_to_do, by=viewer)
    return _saved(step_down, "needs", was_agreed)


@bp.form(
    "/step-downs/<ref:step_down>/edit/safety",
    policy=EDIT,
    form=_made(safety_form.make),
    page=_page("safety"),
    keeps_draft=True,
)
def safety(step_down: StepDown, viewer: Viewer, form: SafetyForm) -> Done:
    was_agreed = step_down.agreed_at is not None
    change.save_safety(
        step_down,
        risks=words_of(form.risks),
        contingency=words_of(form.contingency),
        step_up_triggers=words_of(form.step_up_triggers),
        ways=form.safe_ways,
        by=viewer,
    )
    return _saved(step_down, "safety", was_agreed)


@bp.form(
    "/step-downs/<ref:step_down>/edit/views",
    policy=EDIT,
    form=_made(views_form.make),
    page=_page("views"),
    keeps_draft=True,
)
def views(step_down: StepDown, viewer: Viewer, form: ViewsForm) -> Done:
    was_agreed = step_down.agreed_at is not None
    change.save_views(
        step_down,
        children=form.said_by_children,
        parents=form.said_by_parents,
        asked=form.answers,
        preferred_lead=words_of(form.preferred_lead),
        by=viewer,
    )
    return _saved(step_down, "views", was_agreed)


@bp.form(
    "/step-downs/<ref:step_down>/edit/visit", policy=EDIT, form=_made(visit_form), page=_page("visit"), keeps_draft=True
)
def visit(step_down: StepDown, viewer: Viewer, form: VisitForm) -> Done:
    was_agreed = step_down.agreed_at is not None
    change.save_visit(
        step_down, last_visit_on=form.last_visit_on.data, meeting_wishes=words_of(form.meeting_wishes), by=viewer
    )
    return _saved(step_down, "visit", was_agreed)
