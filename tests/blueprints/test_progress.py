"""The page of a step-down: each side reads in its own words who acts next, how far it is, and all of it on paper."""

from portal.core import clock
from portal.domain.dates import near
from portal.domain.plans import Headline
from portal.domain.step_downs import NeedOutcome
from portal.models.handover import OutstandingAction, StepDownNeed
from portal.models.people import User
from tests.blueprints.test_completing import CONFIRM
from tests.support.gates import arrange
from tests.support.handover import Handing, a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family
from tests.support.web import Page, SignIn, counted_statements

MOST = 12


def read_by(user: User, handing: Handing, sign_in: SignIn) -> Page:
    return sign_in(user).get(f"/step-downs/{handing.ref}")


def says_next(page: Page) -> str:
    return page.text_of(".app-next-step")


class TestWhoActsNext:
    def test_while_it_waits_to_be_accepted(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        ours = says_next(read_by(council.coordinator, handing, sign_in))
        theirs = says_next(read_by(council.social_worker, handing, sign_in))

        assert ours.startswith("You act next: accept this step-down, or say why not, since ")
        assert theirs.startswith("Early help acts next: they accept this step-down, or say why not, since ")
        assert "You stay responsible until you confirm that it is complete." in theirs

    def test_while_something_is_missing(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        theirs = read_by(council.social_worker, handing, sign_in)

        assert says_next(theirs).startswith(f"Early help acts next. Waiting on {council.lead.name}, since ")
        assert f"{council.coordinator.name}: the step-down meeting, held and written up; what becomes" in theirs.main

    def test_who_acts_reads_you(self, council: Council, sign_in: SignIn) -> None:
        page = read_by(council.lead, an_accepted(council), sign_in)

        assert says_next(page).startswith("You act next. Still missing: the step-down meeting, held and written up")
        assert f"{council.social_worker.name} stays responsible until it is complete." in page.main

    def test_once_everything_is_in_place(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)

        ours = says_next(read_by(council.coordinator, handing, sign_in))
        theirs = says_next(read_by(council.social_worker, handing, sign_in))

        assert f"Waiting on {council.social_worker.name} to confirm" in ours
        assert "You act next: confirm that this step-down is complete" in theirs

    def test_once_it_is_complete(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)

        page = sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM).follow()

        assert f"Early help is responsible for these children now: {council.lead.name}." in says_next(page)
        assert {step.get_text(" ", strip=True).rsplit(" ", 1)[0] for step in page.soup.select(".app-way__step")}
        assert not page.soup.select("[aria-current=step]")


class TestHowFar:
    def test_each_step_is_done_going_on_or_later(self, council: Council, sign_in: SignIn) -> None:
        page, day = read_by(council.coordinator, an_accepted(council), sign_in), near(clock.today(), clock.today())

        current = page.soup.select("[aria-current=step]")
        waits = f"Waiting on {council.lead.name} since "
        assert [step.get_text(" ", strip=True)[: -len(day)] for step in current] == [f"Step-down meeting held {waits}"]
        way = page.text_of(".app-way")
        for gate in ("Outstanding actions settled", "Family met, each child seen"):
            assert f"{gate} {waits}{day}" in way
        assert "Complete: early help is responsible Later" in way


class TestThePage:
    def test_takes_few_statements_whatever_it_holds(self, council: Council, sign_in: SignIn) -> None:
        few, many = (an_accepted(council, a_family(council, name=name, children=n)) for name, n in (("A", 1), ("B", 6)))
        arrange(
            many,
            *(
                StepDownNeed(
                    family_id=many.home.id,
                    step_down_id=many.step_down_id,
                    headline=Headline.HOUSING,
                    what=f"Need {n}",
                    outcome=NeedOutcome.LEFT,
                )
                for n in range(12)
            ),
            *(
                OutstandingAction(family_id=many.home.id, step_down_id=many.step_down_id, what=f"Action {n}")
                for n in range(12)
            ),
        )
        browser = sign_in(council.manager)

        def cost(handing: Handing) -> int:
            with counted_statements(council.app) as statements:
                assert browser.client.get(f"/step-downs/{handing.ref}").status_code == 200
            return len(statements)

        cost(few)
        assert cost(many) == cost(few)
        assert cost(many) <= MOST
