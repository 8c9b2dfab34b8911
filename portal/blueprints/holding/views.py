"""Who holds families: everybody with what they hold, one family's coordinator, cover, and passing on."""

from portal.blueprints.holding import bp
from portal.blueprints.holding.forms import (
    AwayForm,
    CoordinatorForm,
    DutyForm,
    EndCoverForm,
    PassOnForm,
    away_form,
    coordinator_form,
    duty_form,
    end_cover_form,
    pass_on_form,
)
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families
from portal.queries import holding as read
from portal.services import coordinators, covers, duty
from portal.services import holding as change
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


def everybody_page(_viewer: Viewer, form: EndCoverForm) -> str:
    found = read.everybody()
    listed(len(found.people))
    return render("holding/everybody.html", found=found, form=form)


@bp.get("/coordinators", policy=Policy(P.COORDINATOR_ASSIGN))
def everybody(viewer: Viewer) -> str:
    return everybody_page(viewer, end_cover_form(viewer))


@bp.form(
    "/coordinators/covers/end",
    policy=Policy(P.COORDINATOR_ASSIGN),
    form=end_cover_form,
    page=everybody_page,
    shown=False,
)
def end_cover(viewer: Viewer, form: EndCoverForm) -> Done:
    covers.end_coordinator_cover(form.number(), by=viewer)
    return Done("/coordinators", "The cover has ended")


def duty_page(_viewer: Viewer, form: DutyForm) -> str:
    return render("holding/duty.html", form=form)


@bp.form("/coordinators/duty", policy=Policy(P.COORDINATOR_ASSIGN), form=duty_form, page=duty_page)
def on_duty(viewer: Viewer, form: DutyForm) -> Done:
    duty.name(int(form.coordinator.data) if form.coordinator.data else None, by=viewer)
    return Done("/coordinators", "Recorded who is on duty")


def cover_page(_viewer: Viewer, form: AwayForm) -> str:
    return render("holding/cover.html", form=form)


@bp.form("/coordinators/cover", policy=Policy(P.COORDINATOR_ASSIGN), form=away_form, page=cover_page)
def cover(viewer: Viewer, form: AwayForm) -> Done:
    covers.cover_coordinator(
        int(form.away.data), int(form.who.data), from_on=form.from_on.data, to_on=form.to_on.data, by=viewer
    )
    return Done("/coordinators", "Cover recorded. Their families stand on the other’s list between those days")


def pass_on_page(_viewer: Viewer, form: PassOnForm) -> str:
    listed(form.held.count if form.held else 0)
    return render("holding/pass_on.html", form=form, held=form.held, takers=form.takers, chosen=form.chosen)


@bp.form("/coordinators/pass-on", policy=Policy(P.COORDINATOR_ASSIGN), form=pass_on_form, page=pass_on_page)
def pass_on(viewer: Viewer, form: PassOnForm) -> Done:
    number = change.pass_on(form.holder, form.passing(), by=viewer)
    return Done(f"/coordinators/pass-on?who={form.holder}", f"{counted(number, 'thing', 'things')} passed on")


def coordinator_page(family: Family, _viewer: Viewer, form: CoordinatorForm) -> str:
    return render("holding/coordinator.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/coordinator",
    policy=Policy(P.COORDINATOR_ASSIGN, Family),
    form=coordinator_form,
    page=coordinator_page,
)
def coordinator(family: Family, viewer: Viewer, form: CoordinatorForm) -> Done:
    coordinators.reassign(family, int(form.coordinator.data), by=viewer)
    return Done(f"/families/{family.ref}", "The family’s {coordinator} is changed")
