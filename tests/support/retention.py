"""A family whose record is due to be destroyed, and the second manager that it takes."""

from datetime import date

from portal.core import clock
from portal.core.db import db
from portal.domain.roles import Role
from portal.models.families import Family, Person
from portal.models.people import User, UserRole
from tests.support.people import Council, Home, a_family


def another_manager(council: Council) -> User:
    with council.behind_the_scenes():
        user = User(name="Mina Manager", email="mina@ambleford.example", organisation_id=council.organisation.id)
        user.roles = [UserRole(role=Role.EARLY_HELP_MANAGER)]
        db.session.add(user)
    return user


def an_old_family(council: Council, name: str = "Oldham", *, born: date | None = date(1995, 3, 1)) -> Home:
    """Last helped years ago; its youngest is grown up."""
    home = a_family(council, name=name)
    with council.behind_the_scenes():
        family = db.session.get_one(Family, home.id)
        family.added_at = clock.now().replace(year=2009)
        db.session.get_one(Person, home.children[0].id).date_of_birth = born
        db.session.get_one(Person, home.parent.id).date_of_birth = date(1960, 1, 1)
    a_family(council, name="Newer")
    return home
