"""A meeting to which others are invited, that is moved to another day, or called off."""

from datetime import datetime
from typing import Any

from flask import g, url_for

from portal.blueprints.meetings import bp
from portal.blueprints.meetings.forms import InviteForm, WhenAndWhere, invite_form, starts_at
from portal.domain.meetings import AskedBy
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES, MOVES
from portal.models.teamwork import Meeting
from portal.queries import agreement
from portal.queries import meetings as read
from portal.services import meeting_changes as change
from portal.services.meeting_changes import Wish
from portal.web.forms import PortalForm, RadiosField, Required, TextField, choices
from portal.web.pages import Done, render
from portal.web.policy import Policy


class WishForm(PortalForm):
    edits = True
    told_by_history = True
    asked_by = RadiosField(
        "Who asked for it?", [Required("Select who asked for it")], choices=choices(CHOICES, AskedBy)
    )
    ended_why = TextField(
        "Why?",
        [Required("Enter why")],
        called="The reason",
        longest=500,
        description="Everybody on the {team} can read this, the family too.",
    )

    @property
    def wish(self) -> Wish:
        return Wish(AskedBy(self.asked_by.data), self.ended_why.data or "")


class RescheduleForm(WhenAndWhere, WishForm):
    moment: datetime

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        found = starts_at(self)
        if found is not None:
            self.moment = found
        return not self.errors


def _reschedule_form(meeting: Meeting, _viewer: Viewer) -> RescheduleForm:
    return RescheduleForm(version=str(meeting.version), place=meeting.place)


def _reschedule_page(meeting: Meeting, _viewer: Viewer, form: RescheduleForm) -> str:
    return _page("meetings/reschedule.html", meeting, form)


@bp.form(
    "/meetings/<ref:meeting>/reschedule",
    policy=Policy(P.MEETING_ARRANGE, Meeting),
    form=_reschedule_form,
    page=_reschedule_page,
)
def reschedule(meeting: Meeting, viewer: Viewer, form: RescheduleForm) -> Done:
    moved = change.reschedule(
        meeting,
        form.wish,
        starts_at=form.moment,
        place=form.place.data,
        why_late=form.why_late.data or None,
        apart_considered=bool(form.apart.data),
        by=viewer,
    )
    return Done(url_for("meetings.one", meeting=moved), f"{MOVES['meeting', 'reschedule'].confirmation}: {moved.ref}")


def _cancel_form(meeting: Meeting, _viewer: Viewer) -> WishForm:
    return WishForm(version=str(meeting.version))


def _cancel_page(meeting: Meeting, _viewer: Viewer, form: WishForm) -> str:
    return _page("meetings/cancel.html", meeting, form)


@bp.form(
    "/meetings/<ref:meeting>/cancel",
    policy=Policy(P.MEETING_ARRANGE, Meeting),
    form=_cancel_form,
    page=_cancel_page,
)
def cancel(meeting: Meeting, viewer: Viewer, form: WishForm) -> Done:
    change.cancel(meeting, form.wish, by=viewer)
    return Done(url_for("meetings.one", meeting=meeting), MOVES["meeting", "cancel"].confirmation)


def _invite_page(meeting: Meeting, _viewer: Viewer, form: InviteForm) -> str:
    return render(
        "meetings/invite.html",
        family=read.family_of(meeting),
        meeting=read.named(meeting),
        may=read.may_invite(meeting),
        form=form,
        limits=agreement.limits(meeting.family_id, g.words),
    )


@bp.form(
    "/meetings/<ref:meeting>/invite",
    policy=Policy(P.MEETING_ARRANGE, Meeting),
    form=invite_form,
    page=_invite_page,
)
def invite(meeting: Meeting, viewer: Viewer, form: InviteForm) -> Done:
    change.invite(meeting, form.asked, apart_considered=bool(form.apart.data), by=viewer)
    return Done(url_for("meetings.one", meeting=meeting), MOVES["meeting", "invite"].confirmation)


def _page(template: str, meeting: Meeting, form: WishForm) -> str:
    return render(
        template, family=read.family_of(meeting), meeting=read.named(meeting), may=read.may_end(meeting), form=form
    )
