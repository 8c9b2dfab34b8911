"""Meetings of the team: arranged, shown, written up."""

from flask import g, request, url_for

from portal.blueprints.meetings import bp
from portal.blueprints.meetings.forms import ArrangeForm, arrange_form
from portal.blueprints.meetings.write_up_fields import write_up_form
from portal.blueprints.meetings.write_up_form import WriteUpForm
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family
from portal.models.teamwork import Meeting
from portal.queries import agreement, families
from portal.queries import meetings as read
from portal.services import meetings as change
from portal.services import write_ups
from portal.services.meetings import Kinds
from portal.web.pages import Done, print_line, render
from portal.web.policy import Policy


def _arrange_page(family: Family, _viewer: Viewer, form: ArrangeForm) -> str:
    return render(
        "meetings/new.html",
        header=families.header(family),
        form=form,
        limits=agreement.limits(family.id, g.words),
    )


@bp.form(
    "/families/<ref:family>/meetings/new",
    policy=Policy(P.MEETING_ARRANGE, Family),
    form=arrange_form,
    page=_arrange_page,
)
def arrange(family: Family, viewer: Viewer, form: ArrangeForm) -> Done:
    meeting = change.arrange_for(
        family,
        Kinds(**dict.fromkeys(form.of_kinds, True)),
        starts_at=form.moment,
        place=form.place.data,
        members=form.asked,
        why_late=form.why_late.data or None,
        apart_considered=bool(form.apart.data),
        by=viewer,
    )
    return Done(url_for("meetings.one", meeting=meeting), f"{meeting.ref} arranged")


@bp.get("/meetings/<ref:meeting>", policy=Policy(P.MEETING_VIEW, Meeting))
def one(meeting: Meeting, _viewer: Viewer) -> str:
    family = read.family_of(meeting)
    return render(
        "meetings/one.html",
        family=family,
        meeting=read.one(meeting),
        thing=meeting,
        print_line=print_line(family.ref),
    )


def _write_up_page(meeting: Meeting, _viewer: Viewer, form: WriteUpForm) -> str:
    closed = (form.about.ahead or not form.about.arranged) and request.method == "GET"
    return render("meetings/write_up.html", meeting=meeting, form=form, about=form.about, closed=closed)


@bp.form(
    "/meetings/<ref:meeting>/write-up",
    policy=Policy(P.MEETING_WRITE_UP, Meeting),
    form=write_up_form,
    page=_write_up_page,
    keeps_draft=True,
)
def write_up(meeting: Meeting, viewer: Viewer, form: WriteUpForm) -> Done:
    following = write_ups.write_up(meeting, form.minutes, by=viewer)
    said = [MOVES["meeting", "hold"].confirmation, *([f"{following.ref} arranged"] if following else []), *form.moved]
    return Done(url_for("meetings.one", meeting=meeting), ". ".join(said))
