"""Who holds families: the coordinator changed, covered, and what a leaver held passed on in one go."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.models.families import ConflictOfInterest, CoordinatorAssignment
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from tests.support.people import Council, Team, a_family, an_action, an_active_family, history_of
from tests.support.situations import support
from tests.support.web import Browser, Page, SignIn, date_parts


def coordinator_of(council: Council, family_id: int) -> list[int]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(
                select(CoordinatorAssignment.user_id).where(
                    CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None)
                )
            )
        )


class TestChangingTheCoordinator:
    def test_the_manager_gives_a_family_to_another(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _referral, check = support(council, team.home, owner=council.coordinator)
        manager = sign_in(council.manager)

        page = manager.submit(f"/families/{team.ref}/coordinator", {"coordinator": str(council.other_coordinator.id)})

        assert page.status == 303
        assert coordinator_of(council, team.family.id) == [council.other_coordinator.id]
        assert f"{council.other_coordinator.name} became the family’s early help coordinator" in (
            manager.get(f"/families/{team.ref}/history").main
        )
        assert team.family.name in sign_in(council.other_coordinator).get("/families").main
        assert team.family.name not in sign_in(council.coordinator).get("/families").main
        assert check is not None

    def test_checks_that_only_the_coordinator_held_move_too(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, by=council.coordinator)
        _referral, check = support(council, home, owner=council.coordinator)
        with council.behind_the_scenes():
            db.session.add(
                CoordinatorAssignment(family_id=home.id, user_id=council.coordinator.id, from_on=clock.today())
            )

        sign_in(council.manager).submit(
            f"/families/{home.ref}/coordinator", {"coordinator": str(council.other_coordinator.id)}
        )

        assert check is not None
        with council.behind_the_scenes():
            assert db.session.get_one(FollowUpCheck, check.id).owner_id == council.other_coordinator.id
        assert "check.reowned" in history_of(council, home.id)

    @pytest.mark.parametrize(
        ("who", "words"),
        [
            ("", "Choose who coordinates this family"),
            ("coordinator", "They are the family’s early help coordinator already. Choose somebody else"),
            ("partner", "Select one of the answers in the list"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, who: str, words: str) -> None:
        team = an_active_family(council)
        chosen = str(getattr(council, who).id) if who else ""

        page = sign_in(council.manager).submit(f"/families/{team.ref}/coordinator", {"coordinator": chosen})

        assert page.errors == [words]
        assert coordinator_of(council, team.family.id) == [council.coordinator.id]

    def test_a_coordinator_does_not_give_families_away(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        assert sign_in(council.coordinator).get(f"/families/{team.ref}/coordinator").status == 403


class TestCoverForAnAbsence:
    def cover(
        self, council: Council, manager: Browser, *, start: int = 0, end: int = 7, who: str | None = None
    ) -> Page:
        today = clock.today()
        return manager.submit(
            "/coordinators/cover",
            {
                "away": str(council.coordinator.id),
                "who": str(council.other_coordinator.id) if who is None else who,
                **date_parts("from_on", today + timedelta(days=start)),
                **date_parts("to_on", today + timedelta(days=end)),
            },
        )

    @pytest.mark.parametrize(("start", "listed"), [(0, True), (1, False)])
    def test_the_families_stand_on_the_other_s_list_between_its_dates(
        self, council: Council, sign_in: SignIn, start: int, listed: bool
    ) -> None:
        team = an_active_family(council)

        page = self.cover(council, sign_in(council.manager), start=start)

        assert page.status == 303
        assert f"{council.other_coordinator.name} covers for {council.coordinator.name}" in page.follow().main
        seen = sign_in(council.other_coordinator).get("/families").main
        assert (team.family.name in seen) is listed
        assert (f"You cover for {council.coordinator.name} until" in seen) is listed

    def test_the_family_stays_theirs_and_its_page_says_who_covers(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        self.cover(council, sign_in(council.manager))

        assert coordinator_of(council, team.family.id) == [council.coordinator.id]
        assert team.family.name in sign_in(council.coordinator).get("/families").main
        page = sign_in(council.coordinator).get(f"/families/{team.ref}")
        assert f"{council.other_coordinator.name} covers for the early help coordinator until" in page.text_of(
            ".app-family"
        )

    def test_can_be_ended(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        manager = sign_in(council.manager)
        form = self.cover(council, manager).follow().form("/coordinators/covers/end")

        page = form.send()

        assert page.status == 303
        assert team.family.name not in sign_in(council.other_coordinator).get("/families").main

    def test_ending_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        page = self.cover(council, sign_in(council.manager)).follow()
        forms = [
            page.form("/coordinators/covers/end"),
            sign_in(council.manager).get("/coordinators").form("/coordinators/covers/end"),
        ]

        first, second = (form.send() for form in forms)

        assert (first.status, second.status) == (303, 409)
        assert "This cover has already ended." in second.main

    @pytest.mark.parametrize(
        ("who", "end", "words"),
        [
            ("coordinator", 7, "Choose somebody else: they cannot cover for themselves"),
            (None, -1, "The last day must be on or after the first day"),
            ("", 7, "Choose who covers"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, who: str | None, end: int, words: str) -> None:
        chosen = str(council.coordinator.id) if who == "coordinator" else who

        page = self.cover(council, sign_in(council.manager), end=end, who=chosen)

        assert page.errors == [words]

    def test_two_covers_do_not_overlap(self, council: Council, sign_in: SignIn) -> None:
        manager = sign_in(council.manager)
        self.cover(council, manager)

        page = self.cover(council, manager, start=7, end=9)

        assert page.errors == ["Somebody covers on some of these days already. End that cover first"]


class TestPassingOn:
    def held(self, council: Council) -> tuple[Team, PlanAction, FollowUpCheck]:
        """The lead leaves: one family led, one action, one check."""
        team = an_active_family(council)
        action = an_action(council, team, owner=team.lead)
        _referral, check = support(council, team.home, owner=council.lead)
        assert check is not None
        return team, action, check

    def address(self, council: Council, who: User, *to: User) -> str:
        return f"/coordinators/pass-on?who={who.id}" + "".join(f"&to={each.id}" for each in to)

    def test_everything_a_leaver_held_is_listed_on_one_page(self, council: Council, sign_in: SignIn) -> None:
        team, action, check = self.held(council)
        with council.behind_the_scenes():
            db.session.execute(update(User).where(User.id == council.lead.id).values(active=False))
        manager = sign_in(council.manager)

        everybody = manager.get("/coordinators")
        page = manager.get(self.address(council, council.lead))

        assert f"{council.lead.name} {council.health.name} · Account closed" in everybody.main
        for words in (f"{team.family.name}, {team.ref}", action.ref, check.ref):
            assert words in page.main
        coordinates = manager.get(self.address(council, council.coordinator))
        assert "Families they coordinate" in coordinates.main

    def test_goes_to_one_person_in_one_go(self, council: Council, sign_in: SignIn) -> None:
        team, action, check = self.held(council)
        taker = council.partner
        page = sign_in(council.manager).get(self.address(council, council.lead, taker))

        sent = page.form("/coordinators/pass-on").send()

        assert sent.status == 303
        assert "3 things passed on" in sent.follow().text
        with council.behind_the_scenes():
            owner = db.session.get_one(TeamMember, db.session.get_one(PlanAction, action.id).owner_id)
            assert owner.user_id == taker.id
            assert db.session.get_one(FollowUpCheck, check.id).owner_id == taker.id
            states = dict(db.session.execute(select(LeadAssignment.name, LeadAssignment.state)).all())
        # Who takes the lead is asked; the other leads until they accept.
        assert states == {council.lead.name: LeadState.ACCEPTED, taker.name: LeadState.NOMINATED}
        found = history_of(council, team.family.id)
        assert {"lead.leaving", "lead.nominated", "action.passed_on", "check.reowned"} <= set(found)

    def test_goes_to_several_people_in_one_go(self, council: Council, sign_in: SignIn) -> None:
        _team, action, check = self.held(council)
        first, second = council.partner, council.other_coordinator
        page = sign_in(council.manager).get(self.address(council, council.lead, first, second))

        page.form("/coordinators/pass-on").send({f"actions-{action.id}": str(second.id), f"checks-{check.id}": ""})

        with council.behind_the_scenes():
            owner = db.session.get_one(TeamMember, db.session.get_one(PlanAction, action.id).owner_id)
            assert owner.user_id == second.id
            assert db.session.get_one(FollowUpCheck, check.id).owner_id == council.lead.id
            asked = select(LeadAssignment.user_id).where(LeadAssignment.state == LeadState.NOMINATED)
            assert db.session.scalars(asked).one() == first.id

    def test_many_families_get_another_coordinator_together(self, council: Council, sign_in: SignIn) -> None:
        teams = [an_active_family(council) for _ in range(3)]
        page = sign_in(council.manager).get(self.address(council, council.coordinator, council.other_coordinator))

        page.form("/coordinators/pass-on").send({f"families-{teams[2].family.id}": ""})

        found = [coordinator_of(council, team.family.id)[0] for team in teams]
        other = council.other_coordinator.id
        assert found == [other, other, council.coordinator.id]
        assert [history_of(council, team.family.id).count("coordinator.assigned") for team in teams] == [1, 1, 0]

    def test_one_that_cannot_be_taken_keeps_all_where_it_is(self, council: Council, sign_in: SignIn) -> None:
        teams, other = [an_active_family(council) for _ in range(2)], council.other_coordinator
        page = sign_in(council.manager).get(self.address(council, council.coordinator, other))
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=teams[1].family.id, user_id=other.id, recorded_at=clock.now()))

        sent = page.form("/coordinators/pass-on").send()

        assert sent.status == 422
        assert sent.errors[0].startswith("This person cannot be asked for this family")
        assert [coordinator_of(council, team.family.id) for team in teams] == [[council.coordinator.id]] * 2

    def test_each_kind_is_offered_to_those_who_can_take_it(self, council: Council, sign_in: SignIn) -> None:
        team, action, _check = self.held(council)
        _referral, check = support(council, team.home, owner=council.coordinator)
        manager, worker = sign_in(council.manager), council.social_worker
        leaver, partner = council.coordinator, council.partner

        coordinators = manager.get(self.address(council, leaver, partner, council.other_coordinator))
        nobody = manager.get(self.address(council, leaver, partner))
        led = manager.get(self.address(council, council.lead, worker))

        def offered(page: Page, name: str) -> list[str]:
            return [str(option["value"]) for option in page.soup.select(f"select[name={name}] option")]

        assert check is not None
        other = str(council.other_coordinator.id)
        assert offered(coordinators, f"families-{team.family.id}") == ["", other]
        assert offered(coordinators, f"checks-{check.id}") == ["", str(partner.id), other]
        assert offered(nobody, f"families-{team.family.id}") == []
        assert "Stays where it is: nobody you chose is an early help coordinator." in nobody.main
        assert offered(led, f"actions-{action.id}") == ["", str(worker.id)]
        assert "Stays where it is: nobody you chose can be a lead professional." in led.main

    def test_nothing_chosen_is_said(self, council: Council, sign_in: SignIn) -> None:
        _team, action, check = self.held(council)
        page = sign_in(council.manager).get(self.address(council, council.lead, council.partner))
        form = page.form("/coordinators/pass-on")

        sent = form.send({name: "" for name in form.values if name.split("-")[0] in {"leads", "actions", "checks"}})

        assert "Choose who takes over at least one of these." in sent.main
        assert action.owner_id
        assert check.owner_id == council.lead.id

    def test_a_second_time_there_is_nothing_left(self, council: Council, sign_in: SignIn) -> None:
        self.held(council)
        address = self.address(council, council.lead, council.partner)
        forms = [sign_in(council.manager).get(address).form("/coordinators/pass-on") for _ in range(2)]

        first, second = (form.send() for form in forms)

        assert first.status == 303
        assert second.status in (303, 409, 422)
        with council.behind_the_scenes():
            nominated = select(func.count(LeadAssignment.id)).where(LeadAssignment.state == LeadState.NOMINATED)
            assert db.session.scalar(nominated) == 1
