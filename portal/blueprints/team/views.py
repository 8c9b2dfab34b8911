"""The team around a family, and who joins it."""

from flask import g, request, url_for

from portal.blueprints.team import bp
from portal.blueprints.team.forms import JoinForm, Who, join_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.teamwork import TeamMember
from portal.queries import agreement, families, team_needs
from portal.queries import team as read
from portal.services import team as change
from portal.services.team import Outside
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/families/<ref:family>/team", policy=Policy(P.TEAM_VIEW, Family))
def of_family(family: Family, viewer: Viewer) -> str:
    found = read.of_family(family, viewer)
    return render("team/of_family.html", header=families.header(family), family=family, team=found)


def _add_page(family: Family, _viewer: Viewer, form: JoinForm) -> str:
    return render(
        "team/add.html",
        header=families.header(family),
        form=form,
        limits=agreement.limits(family.id, g.words),
    )


@bp.form("/families/<ref:family>/team/add", policy=Policy(P.TEAM_EDIT, Family), form=join_form, page=_add_page)
def add(family: Family, viewer: Viewer, form: JoinForm) -> Done:
    member = _join(family, viewer, form)
    return Done(url_for("team.of_family", family=family), f"{member.name} is on the {{team}}")


def _join(family: Family, viewer: Viewer, form: JoinForm) -> TeamMember:
    match form.who.data:
        case Who.USER:
            return change.join_user(family, int(form.user.data), by=viewer, field="user")
        case Who.PERSON:
            person = read.person_of(family, int(form.person.data))
            return change.join_person(
                person, by=viewer, job=form.place.data or None, apart_considered=bool(form.apart.data)
            )
        case _:
            who = Outside(form.name.data or "", form.organisation.data or None, form.job.data, form.contact.data)
            return change.join_outside(family, who, by=viewer)


@bp.get("/team-needs", policy=Policy(P.TEAM_NEEDS_LIST))
def lacking(viewer: Viewer) -> str:
    found = team_needs.page(viewer, after=request.args.get("after"))
    listed(len(found.teams))
    return render("team/lacking.html", page=found)
