"""Conflicts of interest: declared by oneself, recorded of somebody, ended, and those that wait for a manager."""

from flask import url_for

from portal.blueprints.conflicts import bp
from portal.blueprints.conflicts.forms import (
    AnswerForm,
    DeclareForm,
    EndForm,
    RecordForm,
    answer_form,
    declare_form,
    end_form,
    record_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import ConflictOfInterest, Family
from portal.models.restricting import ConflictDeclaration
from portal.queries import conflicts as read
from portal.queries import families
from portal.services import conflicts as change
from portal.web.gate import listed, shows
from portal.web.pages import Done, render
from portal.web.policy import Policy, SignedIn

SAID = "Recorded. If we work with them, you no longer see them here"


def declare_page(viewer: Viewer, form: DeclareForm) -> str:
    return render("conflicts/declare.html", form=form, said=read.own(viewer))


@bp.form(
    "/account/own-families",
    policy=SignedIn("that a family is one's own: nothing of it is shown"),
    form=declare_form,
    page=declare_page,
)
def declare(viewer: Viewer, form: DeclareForm) -> Done:
    """The same words, whether there is such a family or not."""
    found = change.declare(form.reference.data or "", form.who.data or "", form.why.data or "", by=viewer)
    if found is not None:
        shows(found.id, found.ref)
    return Done(url_for("conflicts.declare"), SAID)


def record_page(family: Family, _viewer: Viewer, form: RecordForm) -> str:
    return render("conflicts/record.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/restriction/conflict",
    policy=Policy(P.CONFLICT_RECORD, Family),
    form=record_form,
    page=record_page,
)
def record(family: Family, viewer: Viewer, form: RecordForm) -> Done:
    ref, who = family.ref, int(form.who.data or 0)
    change.record(family, who, form.why.data or "", by=viewer)
    after = url_for("restriction.of_family", family=ref) if who != viewer.user_id else url_for("conflicts.everywhere")
    return Done(after, "They no longer see this {family}, whatever their role")


def end_page(conflict: ConflictOfInterest, _viewer: Viewer, form: EndForm) -> str:
    return render(
        "conflicts/end.html",
        header=families.header_of(conflict.family_id),
        conflict=conflict,
        named=read.named(conflict),
        form=form,
    )


@bp.form(
    "/conflicts/<ref:conflict>/end",
    policy=Policy(P.CONFLICT_RECORD, ConflictOfInterest),
    form=end_form,
    page=end_page,
)
def end(conflict: ConflictOfInterest, viewer: Viewer, form: EndForm) -> Done:
    change.end(conflict, form.why.data or "", by=viewer)
    ref = f"{Family.ref_prefix}-{conflict.family_id}"
    return Done(url_for("restriction.of_family", family=ref), "They see this {family} again as their role lets them")


@bp.get("/conflicts", policy=Policy(P.CONFLICT_LIST))
def everywhere(viewer: Viewer) -> str:
    waiting, found = read.waiting(viewer), read.everywhere()
    listed(len(found))
    return render("conflicts/everywhere.html", waiting=waiting, found=found)


def answer_page(declared: ConflictDeclaration, _viewer: Viewer, form: AnswerForm) -> str:
    return render("conflicts/answer.html", form=form, said=read.one(declared))


@bp.form(
    "/conflicts/declared/<ref:declared>",
    policy=Policy(P.CONFLICT_LIST, ConflictDeclaration),
    form=answer_form,
    page=answer_page,
)
def answer(declared: ConflictDeclaration, viewer: Viewer, form: AnswerForm) -> Done:
    found = change.answer(declared, form.reference.data or "", form.answer.data or "", by=viewer)
    if found is not None:
        shows(found.id, found.ref)
    return Done(url_for("conflicts.everywhere"), "Recorded")
