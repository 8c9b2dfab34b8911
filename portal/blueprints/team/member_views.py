"""A member of a team: corrected, leaving, coming back."""

from flask import url_for

from portal.blueprints.team import bp
from portal.blueprints.team.member_forms import (
    ComeBackForm,
    CorrectForm,
    LeaveForm,
    Theirs,
    come_back_form,
    correct_form,
    leave_form,
)
from portal.domain.permissions import P
from portal.domain.team import LeftWhy
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.teamwork import TeamMember
from portal.queries import families
from portal.queries import team_members as read
from portal.services import team_members as change
from portal.web.pages import Done, render
from portal.web.policy import Policy

EDIT = Policy(P.TEAM_EDIT, TeamMember)


def _team_of(member: TeamMember) -> str:
    return url_for("team.of_family", family=f"{Family.ref_prefix}-{member.family_id}")


def _correct_page(member: TeamMember, _viewer: Viewer, form: CorrectForm) -> str:
    return render("team/correct.html", header=families.header(read.family_of(member)), member=member, form=form)


@bp.form("/members/<ref:member>", policy=EDIT, form=correct_form, page=_correct_page)
def correct(member: TeamMember, viewer: Viewer, form: CorrectForm) -> Done:
    change.correct(member, by=viewer, **form.facts)
    return Done(_team_of(member), f"{member.name} is corrected")


def _leave_page(member: TeamMember, _viewer: Viewer, form: LeaveForm) -> str:
    return render(
        "team/leave.html",
        header=families.header(read.family_of(member)),
        member=member,
        form=form,
        leaving=read.leaving(member),
    )


@bp.form("/members/<ref:member>/leave", policy=EDIT, form=leave_form, page=_leave_page)
def leave(member: TeamMember, viewer: Viewer, form: LeaveForm) -> Done:
    passes = "theirs" in form and form.theirs.data == Theirs.ONE
    change.leave(
        member,
        on=form.on.data,
        why=LeftWhy(form.why.data),
        note=form.note.data or None,
        by=viewer,
        pass_to=read.member_of(member.family_id, int(form.to.data)) if passes else None,
    )
    return Done(_team_of(member), f"{member.name} left the {{team}}")


def _come_back_page(member: TeamMember, _viewer: Viewer, form: ComeBackForm) -> str:
    return render(
        "team/come_back.html", header=families.header(read.family_of(member)), member=read.left(member), form=form
    )


@bp.form("/members/<ref:member>/back", policy=EDIT, form=come_back_form, page=_come_back_page)
def come_back(member: TeamMember, viewer: Viewer, form: ComeBackForm) -> Done:
    change.come_back(member, by=viewer, apart_considered=bool(form.apart.data))
    return Done(_team_of(member), f"{member.name} is on the {{team}} again")
