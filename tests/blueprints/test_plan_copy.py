"""The family's own copy of the plan: made for one of them, without what that one must not learn."""

from datetime import timedelta

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState
from portal.domain.support import ReferralState
from portal.models.families import ConfidentialAddress, KeepApart, KeepApartKind, Person, PersonKind, SafeContact
from portal.models.following import SupportReferral
from portal.models.teamwork import Meeting, PlanAction, PlanNeed
from portal.services import history
from tests.support.handovers import kept_apart
from tests.support.people import Council, Team, an_action, an_active_family, history_of
from tests.support.plans import a_need, a_review, plan
from tests.support.situations import support
from tests.support.web import Page, SignIn


def copy_for(team: Team, person_id: int, sign_in: SignIn, council: Council, more: str = "") -> Page:
    return sign_in(council.lead).get(plan(team, f"/copy?for={person_id}{more}"))


def paper(page: Page) -> str:
    return page.text_of(".app-copy")


class TestTheFamilysCopy:
    def test_says_who_does_what_by_when_and_whom_to_call(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Ring the nursery")
        an_action(council, team, what="Get up at seven", owner=team.parent)
        an_action(council, team, what="See the doctor", state=ActionState.PROPOSED)
        review = a_review(council, team)
        with council.behind_the_scenes():
            need = db.session.get_one(PlanNeed, team.need.id)
            db.session.query(Meeting).filter_by(family_id=team.family.id).one().place = "Ambleford Library"
            need.desired_outcome, need.scale_start, need.scale_now = "We leave at eight", 2, 7

        page = copy_for(team, team.home.parent.id, sign_in, council)

        said = paper(page)
        for words in (
            "What we agreed",
            "We leave at eight",
            "Pat Partner, Hillside Primary School will: Ring the nursery. By",
            "You will: Get up at seven. By",
            "Asked, not agreed yet: See the doctor. Pat Partner, Hillside Primary School has been asked.",
            "Lena Lead: 01632 960 200",
            "Carol Coordinator: 01632 960 200",
            f"{review.day} {review:%B %Y} at ",
            "Ambleford Library",
        ):
            assert words in said
        for words in ("scale", "Mill Lane", "A-1", "N-1"):
            assert words not in said

    def test_says_what_is_done_what_has_started_and_what_is_late(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        done = an_action(council, team, what="Ring the nursery")
        an_action(council, team, what="See the head teacher", due_on=clock.today() - timedelta(days=20))
        support(council, team.home, need=team.need, state=ReferralState.STARTED)
        with council.behind_the_scenes():
            changed = db.session.get_one(PlanAction, done.id)
            changed.state, changed.done_on = ActionState.DONE, clock.today()
            db.session.flush()
            history.changed(team.family.id)

        said = paper(copy_for(team, team.home.parent.id, sign_in, council))

        today = f"{clock.today().day} {clock.today():%B %Y}"
        assert f"Done on {today}: Ring the nursery. Pat Partner, Hillside Primary School did it." in said
        assert f"Breakfast club started on {today}." in said
        assert "and is late. Lena Lead is looking into it." in said
        assert "Nobody has" not in said

    def test_leaves_out_another_grown_ups_support(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other, _ = support(council, team.home, need=team.need, service="A quiet place")
        with council.behind_the_scenes():
            partner = Person(family_id=team.family.id, given_name="Sam", family_name="Stone", kind=PersonKind.ADULT)
            db.session.add(partner)
            db.session.flush()
            db.session.get_one(SupportReferral, other.id).person_id = partner.id

        page = copy_for(team, team.home.parent.id, sign_in, council)

        assert "A quiet place" not in page.main
        assert "We will talk about it." in paper(page)
        assert "support of another grown-up" in page.main
        assert "A quiet place was suggested" in paper(copy_for(team, partner.id, sign_in, council))

    def test_has_words_of_its_own_and_the_screen_says_where_they_are_missing(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)
        lead.submit(plan(team, "/actions/new"), {"what": "Chase SENCO re EHCP", "said": "ask the school for help"})
        an_action(council, team, what="Ring the nursery")
        action = an_action(council, team, what="Refer to CAMHS")

        before = copy_for(team, team.home.parent.id, sign_in, council)
        lead.submit(f"/actions/{action.ref}/family-words", {"said": "find somebody to talk to"})
        after = copy_for(team, team.home.parent.id, sign_in, council)

        assert "will: ask the school for help. By" in paper(before)
        assert "will: Refer to CAMHS. By" in paper(before)
        assert f"/actions/{action.ref}/family-words" in before.links()
        assert "will: find somebody to talk to. By" in paper(after)
        assert f"/actions/{action.ref}/family-words" not in after.links()
        assert "staff’s own words" not in paper(after)
        assert "CAMHS" not in after.main
        assert "SENCO" not in after.main
        assert history_of(council, team.family.id)[-1] == "action.said"

    def test_can_be_had_in_large_print(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = copy_for(team, team.home.parent.id, sign_in, council)
        large = copy_for(team, team.home.parent.id, sign_in, council, "&size=large")

        assert page.soup.select(".app-copy")
        assert not page.soup.select(".app-copy--large")
        assert large.soup.select(".app-copy--large")

    def test_leaves_out_whom_the_reader_must_not_learn_of(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        parent, child = team.home.parent, team.home.children[0]
        theirs = a_need(council, team, what="Sleeping through the night")
        an_action(council, team, what="Ring the nursery")
        an_action(council, team, what=f"Collect {child.given_name} on Fridays")
        kept = an_action(council, team, what="Buy a night light")
        a_review(council, team)
        with council.behind_the_scenes():
            db.session.get_one(PlanNeed, theirs.id).person_id = child.id
            db.session.get_one(PlanAction, kept.id).plan_need_id = theirs.id
            db.session.add(
                KeepApart(
                    family_id=team.family.id, person_id=parent.id, other_id=child.id, kind=KeepApartKind.MUST_NOT_LEARN
                )
            )

        page = copy_for(team, parent.id, sign_in, council)

        said = paper(page)
        assert "Ring the nursery" in said
        for words in (child.given_name, "Sleeping through", "night light", "When we meet again"):
            assert words not in said
        assert "must not learn it or it would tell a confidential address: 3 lines." in page.main
        assert "night light" in paper(copy_for(team, child.id, sign_in, council))

    def test_where_an_owner_works_is_kept_from_who_is_kept_apart_from_somebody(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        parent, child = team.home.parent, team.home.children[0]
        an_action(council, team, what="Ring the nursery")
        with council.behind_the_scenes():
            for member in (team.partner, team.lead):
                db.session.merge(member).organisation = "Haven Refuge"
        before = paper(copy_for(team, parent.id, sign_in, council))
        kept_apart(council, child, parent)

        after = paper(copy_for(team, parent.id, sign_in, council))

        assert "Haven Refuge" in before
        assert "Haven Refuge" not in after
        assert "Ring the nursery" in after

    def test_names_neither_a_service_of_whom_the_reader_is_kept_from_nor_who_works_there(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        parent, child = team.home.parent, team.home.children[0]
        support(council, team.home, of=child, service="Haven", organisation="Haven Refuge")
        an_action(council, team, what="Ring the nursery")
        an_action(council, team, what="Ask Haven about Fridays", owner=team.lead)
        with council.behind_the_scenes():
            for member in (team.partner, team.lead):
                db.session.merge(member).organisation = "Haven Refuge"
        before = paper(copy_for(team, parent.id, sign_in, council))
        kept_apart(council, child, parent)

        page = copy_for(team, parent.id, sign_in, council)

        for words in ("Haven", "Ring the nursery", team.partner.name, team.lead.name):
            assert words in before
            assert words not in paper(page)
        assert "Left out" in page.main

    def test_holds_no_confidential_address_whoever_prints_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Bring the beds to 2 Safe  Street on Monday")
        an_action(council, team, what="Post the form to af9 9zz")
        a_review(council, team)
        with council.behind_the_scenes():
            db.session.query(Meeting).filter_by(family_id=team.family.id).one().place = "At 2 Safe Street"
            db.session.add(
                ConfidentialAddress(
                    family_id=team.family.id,
                    person_id=team.home.children[0].id,
                    address="2 Safe Street, Ambleford",
                    postcode="AF9 9ZZ",
                )
            )

        for printing in (council.lead, council.other_coordinator):
            page = sign_in(printing).get(plan(team, f"/copy?for={team.home.parent.id}"))
            assert "Safe" not in paper(page)
            assert "af9" not in paper(page)
            assert "3 lines." in page.main

    def test_is_made_for_nobody_who_must_never_be_contacted(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        parent = team.home.parent
        with council.behind_the_scenes():
            db.session.query(SafeContact).filter_by(person_id=parent.id).one().never_contact = True

        page = copy_for(team, parent.id, sign_in, council)

        assert not page.soup.select(".app-copy")
        assert f"{parent.name} must never be contacted, so no copy is made." in page.main

    def test_is_not_made_for_somebody_of_another_family(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = copy_for(team, 99_999, sign_in, council)

        assert "For whom is it?" in page.main
        assert f"/families/{team.ref}/plan/copy?for={team.home.parent.id}" in page.links()
