"""A step-down begun, its task list and check page, the manager's agreement, sending."""

from flask import g, url_for

from portal.blueprints.drafts import bp
from portal.blueprints.drafts.forms import (
    AgreeForm,
    OverrideForm,
    SendForm,
    StartForm,
    StartFoundForm,
    ToldForm,
    agree_form,
    open_while_draft,
    override_form,
    send_form,
    start_form,
    start_found_form,
    told_form,
)
from portal.core import clock
from portal.core.errors import Refused
from portal.domain.permissions import P
from portal.domain.step_downs import StepDownState
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.facts.completeness import PARTS
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.queries import drafts as read
from portal.queries import form_drafts as unfinished
from portal.queries.draft_sheet import sheet
from portal.services import drafts as change
from portal.web import form_drafts
from portal.web.forms import as_saved
from portal.web.gate import shows
from portal.web.pages import Done, can, print_line, render, settings
from portal.web.policy import Policy

LONGEST_NUMBER = 9


def start_page(family: Family, _viewer: Viewer, form: StartForm) -> str:
    return render("drafts/start.html", family_name=family.name, family_ref=family.ref, form=form)


@bp.get("/families/<ref:family>/step-downs/new", policy=Policy(P.STEP_DOWN_START, Family))
def new(family: Family, viewer: Viewer) -> str:
    return start_page(family, viewer, start_form(family, viewer))


@bp.form(
    "/families/<ref:family>/step-downs",
    policy=Policy(P.STEP_DOWN_START, Family),
    form=start_form,
    page=start_page,
    shown=False,
)
def start(family: Family, viewer: Viewer, _form: StartForm) -> Done:
    return _begun(change.start(family, by=viewer))


def not_found_page(_viewer: Viewer, form: StartFoundForm) -> str:
    return render("drafts/start_found.html", form=form)


@bp.form(
    "/step-downs/start",
    policy=Policy(P.STEP_DOWN_START),
    form=start_found_form,
    page=not_found_page,
    shown=False,
)
def start_found(viewer: Viewer, form: StartFoundForm) -> Done:
    number = form.look_up.data or ""
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Refused("This look-up was not found. Look the {family} up again.")
    step_down = change.start_found(int(number), by=viewer)
    shows(step_down.family_id, step_down.ref)
    return _begun(step_down)


def _begun(step_down: StepDown) -> Done:
    return Done(
        url_for("drafts.children", step_down=step_down),
        f"{{Step_down}} {step_down.ref} is a draft. You can leave it at any time and come back",
    )


@bp.get("/step-downs/<ref:step_down>/edit", policy=Policy(P.STEP_DOWN_EDIT, StepDown))
def outline(step_down: StepDown, viewer: Viewer) -> str:
    open_while_draft(step_down)
    return render("drafts/outline.html", outline=read.outline(step_down), begun=_begun_parts(step_down, viewer))


def _begun_parts(step_down: StepDown, viewer: Viewer) -> list[str]:
    """The parts in which the viewer has typed something that is not saved: it is not sent with the rest."""
    names = {f"drafts.{part}": part for part in PARTS}
    begun = unfinished.begun(names, step_down.ref, viewer)
    return [part for name, part in names.items() if name in begun]


def override_page(step_down: StepDown, _viewer: Viewer, form: OverrideForm) -> str:
    if step_down.state is not StepDownState.DRAFT:
        words = MOVES["step_down", "override_protection"].refusal
        return render("drafts/sent.html", form=form, head=read.head(step_down), words=words)
    return render("drafts/override.html", form=form, head=read.head(step_down))


@bp.form(
    "/step-downs/<ref:step_down>/child-protection",
    policy=Policy(P.STEP_DOWN_AGREE, StepDown),
    form=override_form,
    page=override_page,
    keeps_draft=True,
)
def override(step_down: StepDown, viewer: Viewer, form: OverrideForm) -> Done:
    change.override_protection(step_down, form.protection_override.data or "", by=viewer)
    words = MOVES["step_down", "override_protection"].confirmation
    return Done(url_for("drafts.check", step_down=step_down), words)


@bp.get("/step-downs/<ref:step_down>/check", policy=Policy(P.STEP_DOWN_EDIT, StepDown))
def check(step_down: StepDown, viewer: Viewer) -> str:
    open_while_draft(step_down)
    return check_page(step_down, viewer, _left(step_down, viewer))


def _left(step_down: StepDown, viewer: Viewer) -> AgreeForm | SendForm:
    """The form on this page that its reader had begun, or the plain one."""
    for name, permission, make in (
        ("drafts.agree", P.STEP_DOWN_AGREE, agree_form),
        ("drafts.agree_as_told", P.STEP_DOWN_AGREE_AS_TOLD, told_form),
    ):
        if can(permission, step_down):
            made: AgreeForm = form_drafts.offer(name, make, (step_down, viewer))
            if made.unfinished:
                return made
    return send_form(step_down, viewer)


def check_page(step_down: StepDown, viewer: Viewer, form: AgreeForm | SendForm) -> str:
    """The page has a form for the manager and one for sending; `form` is the one that was sent, if either was."""
    if step_down.state is not StepDownState.DRAFT:
        words = MOVES["step_down", "propose" if isinstance(form, SendForm) else "agree"].refusal
        return render("drafts/sent.html", form=form, head=read.head(step_down), words=words)
    with as_saved():
        told = form if isinstance(form, ToldForm) else told_form(step_down, viewer)
        agree = form if type(form) is AgreeForm else agree_form(step_down, viewer)
        send = form if isinstance(form, SendForm) else send_form(step_down, viewer)
    found = sheet(step_down, g.words)
    return render(
        "drafts/check.html",
        sheet=found,
        head=found.outline.head,
        step_down=step_down,
        form=form,
        agree=agree,
        send=send,
        told=told if settings().typed_agreement else None,
        told_button=MOVES["step_down", "agree_as_told"].button,
        agree_button=MOVES["step_down", "agree"].button,
        send_button=MOVES["step_down", "propose"].button,
        begun=[(part, PARTS[part]) for part in _begun_parts(step_down, viewer)],
        print_line=print_line(step_down.ref),
    )


@bp.form(
    "/step-downs/<ref:step_down>/check/agree",
    policy=Policy(P.STEP_DOWN_AGREE, StepDown),
    form=agree_form,
    page=check_page,
    shown=False,
    offered=True,
    keeps_draft=True,
)
def agree(step_down: StepDown, viewer: Viewer, form: AgreeForm) -> Done:
    change.agree(step_down, form.rationale.data or "", by=viewer)
    return Done(url_for("drafts.check", step_down=step_down), MOVES["step_down", "agree"].confirmation)


@bp.form(
    "/step-downs/<ref:step_down>/check/agree-as-told",
    policy=Policy(P.STEP_DOWN_AGREE_AS_TOLD, StepDown),
    form=told_form,
    page=check_page,
    shown=False,
    offered=True,
    keeps_draft=True,
)
def agree_as_told(step_down: StepDown, viewer: Viewer, form: ToldForm) -> Done:
    if not settings().typed_agreement:
        raise Refused("{Social_care_manager:a} agrees to {step_down:a} with their own sign-in.")
    change.agree_as_told(
        step_down,
        form.rationale.data or "",
        name=form.agreed_by_name.data or "",
        on=form.agreed_on.data or clock.today(),
        by=viewer,
    )
    return Done(url_for("drafts.check", step_down=step_down), MOVES["step_down", "agree_as_told"].confirmation)


@bp.form(
    "/step-downs/<ref:step_down>/check/send",
    policy=Policy(P.STEP_DOWN_PROPOSE, StepDown),
    form=send_form,
    page=check_page,
    shown=False,
)
def send(step_down: StepDown, viewer: Viewer, _form: SendForm) -> Done:
    change.propose(step_down, by=viewer)
    return Done(f"/step-downs/{step_down.ref}", MOVES["step_down", "propose"].confirmation)
