"""Where people live, how they belong together, and how they are kept safe."""

from flask import url_for

from portal.blueprints.household import bp
from portal.blueprints.household.bonds_form import BondsForm, bonds_form
from portal.blueprints.household.home_forms import (
    AddHomeForm,
    EditHomeForm,
    MoveForm,
    add_home_form,
    edit_home_form,
    move_form,
)
from portal.blueprints.household.safety_forms import (
    ConfidentialForm,
    EndApartForm,
    KeepApartForm,
    ReachForm,
    confidential_form,
    end_apart_form,
    keep_apart_form,
    reach_form,
)
from portal.blueprints.household.views import EDIT, back, page, to_household
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family, Household, KeepApart, KeepApartKind, Person
from portal.queries import household_forms as read
from portal.services import homes, kinship, safety
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.form("/people/<ref:person>/relationships", policy=EDIT, form=bonds_form, page=page("relationships"))
def relationships(person: Person, viewer: Viewer, form: BondsForm) -> Done:
    changed = kinship.bind(person, form.bonds, form.why, by=viewer)
    return to_household(
        person, f"How {person.name} belongs to the others was saved" if changed else "Nothing was different"
    )


@bp.form("/people/<ref:person>/homes", policy=EDIT, form=move_form, page=page("move"))
def move(person: Person, viewer: Viewer, form: MoveForm) -> Done:
    homes.move(person, form.move, by=viewer)
    return to_household(person, f"Where {person.name} lives was saved")


def _add_home_page(family: Family, _viewer: Viewer, form: AddHomeForm) -> str:
    return render("household/home.html", home=None, family=family, caption=read.caption(family.id), form=form)


@bp.form(
    "/families/<ref:family>/household/homes/new",
    policy=Policy(P.HOUSEHOLD_EDIT, Family),
    form=add_home_form,
    page=_add_home_page,
)
def add_home(family: Family, viewer: Viewer, form: AddHomeForm) -> Done:
    home = homes.add(family, form.home, by=viewer)
    return back(family.ref, f"{home.name} added")


def _home_page(home: Household, _viewer: Viewer, form: EditHomeForm) -> str:
    caption = read.caption(home.family_id)
    return render("household/home.html", home=home, caption=caption, form=form, open=read.may_change(home))


@bp.form("/homes/<ref:home>/edit", policy=Policy(P.HOUSEHOLD_EDIT, Household), form=edit_home_form, page=_home_page)
def edit_home(home: Household, viewer: Viewer, form: EditHomeForm) -> Done:
    changed = homes.correct(home, form.home, form.why, by=viewer)
    return back(f"F-{home.family_id}", f"{home.name} was saved" if changed else "Nothing was different")


@bp.form("/people/<ref:person>/safe-contact", policy=EDIT, form=reach_form, page=page("safe_contact"))
def safe_contact(person: Person, viewer: Viewer, form: ReachForm) -> Done:
    changed = safety.reach(person, form.reach, by=viewer)
    return to_household(
        person, f"How {person.name} can safely be reached was saved" if changed else "Nothing was different"
    )


@bp.form(
    "/people/<ref:person>/confidential-address",
    policy=Policy(P.CONFIDENTIAL_ADDRESS, Person),
    form=confidential_form,
    page=page("confidential"),
)
def confidential_address(person: Person, viewer: Viewer, form: ConfidentialForm) -> Done:
    if form.remove.data:
        safety.forget_address(person, form.reason.data or "", by=viewer)
        return to_household(person, "The confidential address was removed")
    changed = safety.hide_address(person, form.address.data or "", form.postcode.data or None, by=viewer)
    return to_household(person, "The confidential address was saved" if changed else "Nothing was different")


def _keep_apart_page(family: Family, _viewer: Viewer, form: KeepApartForm) -> str:
    return render("household/keep_apart.html", family=family, caption=read.caption(family.id), form=form)


@bp.form(
    "/families/<ref:family>/household/keep-apart",
    policy=Policy(P.HOUSEHOLD_EDIT, Family),
    form=keep_apart_form,
    page=_keep_apart_page,
)
def keep_apart(family: Family, viewer: Viewer, form: KeepApartForm) -> Done:
    safety.keep_apart(
        family,
        int(form.person.data),
        int(form.other.data),
        KeepApartKind(form.kind.data),
        reason=form.reason.data or "",
        by=viewer,
    )
    return back(family.ref, "It was recorded that they are kept apart")


def _end_page(row: KeepApart, _viewer: Viewer, form: EndApartForm) -> str:
    caption = read.caption(row.family_id)
    return render("household/end_apart.html", row=row, words=read.apart_line(row), caption=caption, form=form)


@bp.form("/keep-apart/<ref:row>/end", policy=Policy(P.HOUSEHOLD_EDIT, KeepApart), form=end_apart_form, page=_end_page)
def end_apart(row: KeepApart, viewer: Viewer, form: EndApartForm) -> Done:
    safety.end_keep_apart(row, reason=form.reason.data or "", by=viewer)
    return Done(url_for("household.household", family=f"F-{row.family_id}"), "They need not be kept apart any more")
