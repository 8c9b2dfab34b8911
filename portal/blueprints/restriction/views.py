"""Restricting a family, who is cleared for it, lifting it; and every restricted family on one page."""

from typing import Any

from flask import url_for

from portal.blueprints.restriction import bp
from portal.blueprints.restriction.forms import (
    AskForm,
    ClearForm,
    EndForm,
    LiftForm,
    RefuseForm,
    RestrictForm,
    WithdrawForm,
    ask_form,
    clear_form,
    end_form,
    lift_form,
    refuse_form,
    restrict_form,
    withdraw_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Clearance, Family
from portal.queries import conflicts, families, restriction_requests
from portal.queries import restriction as read
from portal.queries.families import Header
from portal.services import restriction as change
from portal.services import restriction_requests as asking
from portal.web.forms import PortalForm
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy

OF_FAMILY = Policy(P.FAMILY_RESTRICT, Family)


@bp.get("/families/<ref:family>/restriction", policy=OF_FAMILY)
def of_family(family: Family, viewer: Viewer) -> str:
    return render(
        "restriction/of_family.html",
        family=family,
        header=families.header(family),
        page=read.of_family(family, viewer),
        requests=restriction_requests.of_family(family, viewer),
        conflicts=conflicts.of_family(family.id),
    )


def ask_page(family: Family, viewer: Viewer, form: AskForm) -> str:
    return render(
        "restriction/ask.html",
        header=families.header(family),
        form=form,
        requests=restriction_requests.of_family(family, viewer),
    )


@bp.form(
    "/families/<ref:family>/restriction/ask", policy=Policy(P.RESTRICTION_ASK, Family), form=ask_form, page=ask_page
)
def ask(family: Family, viewer: Viewer, form: AskForm) -> Done:
    asking.ask(family, form.why.data or "", form.who_stays.data, by=viewer)
    return Done(url_for("restriction.ask", family=family), "Asked. Nothing is restricted yet")


def withdraw_page(family: Family, viewer: Viewer, form: WithdrawForm) -> str:
    asked = ask_form(family, viewer)
    asked.refusal = form.refusal
    return ask_page(family, viewer, asked)


@bp.form(
    "/families/<ref:family>/restriction/ask/withdraw",
    policy=Policy(P.RESTRICTION_ASK, Family),
    form=withdraw_form,
    page=withdraw_page,
    shown=False,
)
def withdraw(family: Family, viewer: Viewer, _form: WithdrawForm) -> Done:
    asking.withdraw(family, by=viewer)
    return Done(url_for("restriction.ask", family=family), "Withdrawn. Nobody has to answer it")


def refuse_page(family: Family, viewer: Viewer, form: RefuseForm) -> str:
    return _form(
        families.header(family),
        form,
        "Say no",
        "The {family} stays open to whoever sees it now. Whoever asked is told, with your reason.",
        ("answer",),
        request_made=restriction_requests.of_family(family, viewer).waiting,
    )


@bp.form("/families/<ref:family>/restriction/refuse", policy=OF_FAMILY, form=refuse_form, page=refuse_page)
def refuse(family: Family, viewer: Viewer, form: RefuseForm) -> Done:
    asking.refuse(family, form.answer.data or "", by=viewer)
    return Done(_after(family.ref), "Answered. Whoever asked is told")


def restrict_page(family: Family, viewer: Viewer, form: RestrictForm) -> str:
    return _form(
        families.header(family),
        form,
        "Restrict this {family}",
        "It vanishes from lists, searches and counts for everybody who is not among those you choose, from their next "
        "click on. Whoever holds something in it and is not chosen can no longer do it.",
        ("why", "who", "without_me"),
        request_made=restriction_requests.of_family(family, viewer).waiting,
    )


@bp.form("/families/<ref:family>/restriction/new", policy=OF_FAMILY, form=restrict_form, page=restrict_page)
def restrict(family: Family, viewer: Viewer, form: RestrictForm) -> Done:
    stays = viewer.user_id in form.chosen()
    change.restrict(family, form.why.data or "", form.chosen(), without_me=bool(form.without_me.data), by=viewer)
    return Done(_after(family.ref, stays=stays), "The {family} is restricted")


def clear_page(family: Family, _viewer: Viewer, form: ClearForm) -> str:
    return _form(
        families.header(family),
        form,
        "Clear somebody to see it",
        "They see it as their role or their place on the {team} lets them, and no more. Whoever has neither still does "
        "not see it.",
        ("who", "why", "until_on"),
        typeahead="who",
    )


@bp.form("/families/<ref:family>/restriction/clear", policy=OF_FAMILY, form=clear_form, page=clear_page)
def clear(family: Family, viewer: Viewer, form: ClearForm) -> Done:
    change.clear(family, int(form.who.data or 0), form.why.data or "", form.until_on.data, by=viewer)
    return Done(_after(family.ref), "They can see this {family} now")


def end_page(clearance: Clearance, _viewer: Viewer, form: EndForm) -> str:
    name = read.name_of(clearance.user_id)
    return _form(
        families.header_of(clearance.family_id),
        form,
        f"End it for {name}",
        f"{name} no longer sees the {{family}} from their next click on. Pass on first what they hold in it.",
        ("why", "without_me"),
    )


@bp.form("/clearances/<ref:clearance>/end", policy=Policy(P.FAMILY_RESTRICT, Clearance), form=end_form, page=end_page)
def end(clearance: Clearance, viewer: Viewer, form: EndForm) -> Done:
    ref, stays = f"{Family.ref_prefix}-{clearance.family_id}", clearance.user_id != viewer.user_id
    change.end_clearance(clearance, form.why.data or "", without_me=bool(form.without_me.data), by=viewer)
    return Done(_after(ref, stays=stays), "They no longer see this {family}" if stays else "You no longer see it")


def lift_page(family: Family, _viewer: Viewer, form: LiftForm) -> str:
    return _form(
        families.header(family),
        form,
        "Lift the restriction",
        "Its {team} sees it again, and whoever may open any {family}. What you cleared people for ends with it.",
        ("why",),
    )


@bp.form("/families/<ref:family>/restriction/lift", policy=OF_FAMILY, form=lift_form, page=lift_page)
def lift(family: Family, viewer: Viewer, form: LiftForm) -> Done:
    change.lift(family, form.why.data or "", by=viewer)
    return Done(_after(family.ref), "The {family} is not restricted any more")


@bp.get("/restricted", policy=Policy(P.RESTRICTED_LIST))
def everywhere(_viewer: Viewer) -> str:
    found = read.everywhere()
    listed(len(found))
    return render("restriction/everywhere.html", found=found)


def _form(header: Header, form: PortalForm, heading: str, intro: str, asked: tuple[str, ...], **more: Any) -> str:
    return render("restriction/form.html", header=header, form=form, heading=heading, intro=intro, asked=asked, **more)


def _after(ref: str, *, stays: bool = True) -> str:
    """Whoever cannot open the family any more is not sent there."""
    return url_for("restriction.of_family", family=ref) if stays else url_for("restriction.everywhere")
