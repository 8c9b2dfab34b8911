"""Who lives where in a family, and how they belong together."""

from typing import Any

from flask import url_for

from portal.blueprints.household import bp
from portal.blueprints.household.forms import (
    AddPersonForm,
    BornForm,
    CorrectLossForm,
    EditPersonForm,
    LossForm,
    add_person_form,
    born_form,
    died_form,
    edit_person_form,
    ended_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family, Person, Sex
from portal.queries import families, households, whos_who
from portal.queries import household_forms as read
from portal.services import losses
from portal.services import people as change
from portal.web.forms import PortalForm
from portal.web.pages import Done, render
from portal.web.policy import Policy

EDIT = Policy(P.HOUSEHOLD_EDIT, Person)


@bp.get("/families/<ref:family>/household", policy=Policy(P.FAMILY_VIEW, Family))
def household(family: Family, _viewer: Viewer) -> str:
    found = households.of_family(family.id)
    return render(
        "household/household.html",
        header=families.header(family),
        household=found,
        drawing=whos_who.draw(found),
        family=family,
    )


def page(template: str, **about: Any) -> Any:
    """How a form about one person is shown."""

    def show(person: Person, _viewer: Viewer, form: PortalForm) -> str:
        caption = read.caption(person.family_id)
        return render(f"household/{template}.html", person=person, caption=caption, form=form, **about)

    return show


def back(ref: str, words: str) -> Done:
    return Done(f"/families/{ref}/household", words)


def to_household(person: Person, words: str) -> Done:
    return back(f"F-{person.family_id}", words)


def _add_page(family: Family, _viewer: Viewer, form: AddPersonForm) -> str:
    return render("household/add_person.html", family=family, caption=read.caption(family.id), form=form)


@bp.form(
    "/families/<ref:family>/household/people/new",
    policy=Policy(P.HOUSEHOLD_EDIT, Family),
    form=add_person_form,
    page=_add_page,
)
def add_person(family: Family, viewer: Viewer, form: AddPersonForm) -> Done:
    person = change.add(family, form.about, homes=form.home_ids, by=viewer)
    return Done(
        url_for("household.relationships", person=person),
        f"{person.name} added. Say how they belong to the others",
    )


@bp.form("/people/<ref:person>/edit", policy=EDIT, form=edit_person_form, page=page("edit_person"))
def edit_person(person: Person, viewer: Viewer, form: EditPersonForm) -> Done:
    changed = change.change(person, form.about, form.why, by=viewer)
    return to_household(person, f"What is known of {person.name} was saved" if changed else "Nothing was different")


@bp.form("/people/<ref:person>/born", policy=EDIT, form=born_form, page=page("born"))
def born(person: Person, viewer: Viewer, form: BornForm) -> Done:
    change.be_born(
        person,
        given_name=form.given_name.data or "",
        family_name=form.family_name.data or "",
        sex=Sex(form.sex.data or Sex.NOT_KNOWN),
        on=form.on.data,
        by=viewer,
    )
    return to_household(person, f"The birth of {person.name} was recorded")


@bp.form("/people/<ref:person>/died", policy=EDIT, form=died_form, page=page("died"))
def died(person: Person, viewer: Viewer, form: LossForm | CorrectLossForm) -> Done:
    if isinstance(form, CorrectLossForm):
        losses.correct_death(person, None if form.mistake.data else form.on.data, form.reason.data or "", by=viewer)
        return to_household(person, "This was corrected. What was stopped stays off until somebody records it again")
    losses.die(person, form.on.data, note=form.note.data or None, by=viewer)
    return to_household(person, f"It was recorded that {person.name} died. Nothing more will be sent to them")


@bp.form("/people/<ref:person>/pregnancy-ended", policy=EDIT, form=ended_form, page=page("ended"))
def ended(person: Person, viewer: Viewer, form: LossForm | CorrectLossForm) -> Done:
    if isinstance(form, CorrectLossForm):
        on = None if form.mistake.data else form.on.data
        losses.correct_end_of_pregnancy(person, on, form.reason.data or "", by=viewer)
        return to_household(person, "This was corrected")
    losses.end_pregnancy(person, form.on.data, note=form.note.data or None, by=viewer)
    return to_household(person, "It was recorded that the pregnancy has ended. Nobody will be asked about this baby")
