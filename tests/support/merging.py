"""Two records of one family: added twice, proposed by one person and confirmed by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import func, select

from portal.core.db import db
from portal.models.families import Person
from portal.models.people import User
from portal.models.record import Audit
from tests.support.people import Council, Home, a_family
from tests.support.web import Page, SignIn

NONE: Mapping[str, str] = MappingProxyType({})
WHY = "Same mother, same day of birth, and the school says so"


@dataclass
class Two:
    """The record that is kept, and the other one."""

    council: Council
    sign_in: SignIn
    kept: Home
    other: Home

    def beside(self, *, by: User | None = None, of: Home | None = None) -> Page:
        """Both, side by side, where it is proposed."""
        of = of or self.kept
        other = self.other if of is self.kept else self.kept
        return self.sign_in(by or self.council.coordinator).get(f"/families/{of.ref}/merge/propose?other={other.ref}")

    def propose(self, answers: Mapping[str, str] = NONE, *, by: User | None = None, of: Home | None = None) -> Page:
        """As the page offers it: who stands in both is found, the others are somebody else."""
        return self.send(self.beside(by=by, of=of), answers, of=of)

    def send(self, page: Page, answers: Mapping[str, str] = NONE, *, of: Home | None = None) -> Page:
        form = page.form(f"/families/{(of or self.kept).ref}/merge/propose")
        asked = {name: values for name, values in form.values.items() if name.startswith("same_")}
        others = {name: "nobody" for name, values in asked.items() if not any(values)}
        return form.send({"keep": self.kept.ref, "why": WHY, **others, **answers})

    def page(self, by: User | None = None) -> Page:
        return self.sign_in(by or self.council.manager).get(f"/families/{self.kept.ref}/merge")

    def confirm(self, by: User | None = None) -> Page:
        return self.page(by).form(f"/families/{self.kept.ref}/merge/confirm").send()

    def merge(self, answers: Mapping[str, str] = NONE) -> Page:
        """Proposed by the coordinator, confirmed by the manager."""
        proposed = self.propose(answers)
        assert proposed.status == 303, proposed.errors or proposed.main
        confirmed = self.confirm()
        assert confirmed.status == 303, confirmed.main
        return confirmed

    def people(self, home: Home) -> list[str]:
        """Those of one record, in the order in which they were added."""
        with self.council.behind_the_scenes():
            rows = db.session.scalars(select(Person).where(Person.family_id == home.id).order_by(Person.id))
            return [row.name for row in rows]

    def looks(self, home: Home, kind: str) -> int:
        with self.council.behind_the_scenes():
            of_both = (Audit.family_id == home.id, Audit.kind == kind)
            return db.session.execute(select(func.count(Audit.id)).where(*of_both)).scalar_one()


def added_twice(council: Council, sign_in: SignIn, *, children: int = 1, others: int = 2) -> Two:
    """Of the same mother; the other record has one child more, who is not in the one that is kept."""
    return Two(council, sign_in, a_family(council, children=children), a_family(council, children=others))
