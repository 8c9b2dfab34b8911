"""What we suggested to a family, on one page: for social workers and the front door, with no step-down needed."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.support import CheckStage
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import Service, SharedReferral, SupportReferral
from portal.models.people import User
from portal.models.record import Audit
from tests.blueprints.test_family_adding import a_whole_family
from tests.support.following import a_referral, coordinated, due_check, of_the_partners_school
from tests.support.people import Council, Home, a_family
from tests.support.web import Page, SignIn, date_parts, from_today

TYPED = {
    "where": "typed",
    "service_name": "Stay and play",
    "need_text": "Somewhere to go with the little one",
    "how_given": "leaflet",
}


def found(sign_in: SignIn, by: User, home: Home) -> Page:
    """The page that is offered for the family, once it was looked up."""
    browser = sign_in(by)
    page = browser.submit("/suggested", {"number": home.ref})
    link = next(link for link in page.soup.select("main a") if "Record what we suggested" in link.text)
    return browser.get(str(link["href"]))


def sent_to(service: Service | None = None) -> dict[str, str]:
    """Answers of whoever sends it, to a service of the directory where there is one."""
    chosen = {"where": "directory", "service": str(service.id)} if service else {}
    return {
        **chosen,
        "then": "send",
        "sent_reason": "Somewhere to go with the baby",
        "safe_contact": "Ring 01632 960 300 after ten",
        "share_agreed_by": "somebody",
        "share_agreed_by_text": "Mary",
    }


def on_duty(council: Council, sign_in: SignIn, user: User | None) -> None:
    answers = {"coordinator": str(user.id) if user else ""}
    assert sign_in(council.manager).submit("/coordinators/duty", answers).status == 303


def referral_of(council: Council, home: Home) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.scalars(select(SupportReferral).where(SupportReferral.family_id == home.id)).one()


def coordinator_of(council: Council, family_id: int) -> int | None:
    with council.behind_the_scenes():
        return db.session.scalars(
            select(CoordinatorAssignment.user_id).where(CoordinatorAssignment.family_id == family_id)
        ).first()


class TestRecordingWhatWeSuggested:
    def test_by_the_front_door_to_a_family_it_does_not_open(self, council: Council, sign_in: SignIn) -> None:
        home = coordinated(council, a_family(council))

        page = found(sign_in, council.front_door, home).form("/suggested/new").send(TYPED).follow()

        referral = referral_of(council, home)
        assert (referral.service_name, referral.recorded_by_id) == ("Stay and play", council.front_door.id)
        assert due_check(council, home).owner_id == council.coordinator.id
        assert f"Recorded for {home.ref}" in page.text
        assert council.coordinator.name in page.text
        assert sign_in(council.front_door).get(f"/families/{home.ref}").status == 404

    def test_by_a_social_worker_of_another_team_who_then_owns_nothing_of_social_work(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = coordinated(council, a_family(council))

        assert found(sign_in, council.social_worker_other_team, home).form("/suggested/new").send(TYPED).status == 303

        assert referral_of(council, home).social_care_team_id == council.other_team.id

    def test_names_and_needs_of_the_family_are_not_shown_and_for_whom_it_is_said_in_words(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = coordinated(council, a_family(council))
        page = found(sign_in, council.front_door, home)

        asked = page.form("/suggested/new").send({**TYPED, "person": "somebody"})
        asked.form("/suggested/new").send({"person_text": "The eldest child"})

        assert home.parent.given_name not in page.main
        assert home.children[0].given_name not in page.main
        assert asked.errors == ["Enter who it is for"]
        referral = referral_of(council, home)
        assert "For whom The eldest child" in sign_in(council.coordinator).get(f"/referrals/{referral.ref}").main
        again = sign_in(council.coordinator).get(f"/families/{home.ref}/support/new?instead_of={referral.ref}")
        assert again.soup.select("[name=person][checked]") == []

    def test_of_a_family_in_reach_the_familys_own_page_asks(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = found(sign_in, council.social_worker, home)

        assert page.response.request.path == f"/families/{home.ref}/support/new"
        assert home.children[0].name in page.main

    def test_the_look_up_has_to_be_ones_own_and_fresh(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        page = found(sign_in, council.front_door, home)
        answers = {**TYPED, "look_up": str(page.soup.select_one("[name=look_up]")["value"])}  # type: ignore[index]

        other = sign_in(council.social_worker).submit("/suggested/new", answers)
        with time_machine.travel(clock.now() + timedelta(minutes=61)):
            late = sign_in(council.front_door).submit("/suggested/new", answers)

        assert (other.status, late.status) == (409, 409)
        assert "Look the family up" in late.main
        with council.behind_the_scenes():
            assert db.session.scalars(select(SupportReferral)).all() == []

    def test_nothing_answered_is_asked_for_and_kept(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = found(sign_in, council.front_door, home).form("/suggested/new").send({**TYPED, "how_given": ""})

        assert page.errors == ["Select how you suggested it"]
        assert "Somewhere to go with the little one" in page.text

    def test_the_record_says_who_changed_this_family(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        found(sign_in, council.front_door, home).form("/suggested/new").send(TYPED)

        with council.behind_the_scenes():
            rows = db.session.scalars(select(Audit).where(Audit.family_id == home.id)).all()
        assert council.front_door.id in {row.user_id for row in rows}

    def test_a_family_that_is_not_known_is_added_by_the_front_door_and_goes_on_here(
        self, council: Council, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.front_door)

        page = browser.submit("/families/new", a_whole_family()).follow()
        assert page.form("/suggested/new").send(TYPED).status == 303

        with council.behind_the_scenes():
            referral = db.session.scalars(select(SupportReferral)).one()
        assert browser.get(f"/families/F-{referral.family_id}").status == 404


class TestSendingItToTheService:
    def test_by_the_front_door_which_opens_no_record_and_says_who_agreed(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = coordinated(council, a_family(council))
        service = of_the_partners_school(council)

        page = found(sign_in, council.front_door, home)
        asked = page.form("/suggested/new").send({**TYPED, "then": "send", **date_parts("sent_on", clock.today())})
        done = asked.form("/suggested/new").send({**sent_to(service), "person": "somebody", "person_text": "The baby"})

        assert asked.errors == [
            "Enter what the service is asked for, and why",
            "Enter how the service can safely reach the family",
            "Select who agreed that this is shared with the service",
        ]
        said = done.follow()
        assert f"Recorded for {home.ref}, R-1, as sent to the service. {council.coordinator.name} asks by" in said.text
        assert "Sent" in said.text_of(".app-worklist tbody")
        check = due_check(council, home)
        assert (check.stage, check.owner_id) == (CheckStage.SENT, council.coordinator.id)
        with council.behind_the_scenes():
            shared = db.session.scalars(select(SharedReferral)).one()
            assert (shared.whom, shared.sent_by_name) == (f"{home.family.name}: The baby", council.front_door.name)
        seen = sign_in(council.coordinator).get("/referrals/R-1").main
        assert "Sharing agreed by Mary" in seen
        assert sign_in(council.front_door).get("/referrals/R-1").status == 404
        assert "Ring 01632 960 300" in sign_in(council.partner).get(f"/received/{shared.ref}").main

    def test_against_what_somebody_said_it_is_refused_without_telling_who_and_an_override_is_named(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = coordinated(council, a_family(council))
        said_no = {"person": str(home.parent.id), "answer": "said_no"}
        assert sign_in(council.coordinator).submit(f"/families/{home.ref}/agreement/new", said_no).status == 303

        page = found(sign_in, council.front_door, home)
        refused = page.form("/suggested/new").send({**TYPED, **sent_to()})
        despite = {"share_agreed_by": "nobody", "shared_despite": "The baby is not safe without it"}
        done = refused.form("/suggested/new").send(despite)

        assert refused.status == 422
        assert "stands against telling this service. Choose “Nobody, or somebody said no" in refused.errors[0]
        assert home.parent.given_name not in refused.main
        assert done.status == 303
        listed = sign_in(council.auditor).get("/shared-despite").text_of("tbody tr")
        assert council.front_door.name in listed
        assert "The baby is not safe without it" in listed

    def test_a_social_worker_goes_on_to_the_page_that_asks_for_it_where_they_reach_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        open_to_them, closed = (coordinated(council, a_family(council, name=name)) for name in ("O’Neill", "B"))
        with council.behind_the_scenes():
            db.session.get_one(Family, closed.id).social_work_closed_on = clock.today() - timedelta(days=900)
        by = council.social_worker_other_team

        goes_on, stays = (
            found(sign_in, by, home).form("/suggested/new").send({**TYPED, "then": "send"}).follow()
            for home in (open_to_them, closed)
        )

        assert goes_on.response.request.path == "/referrals/R-1/send"
        assert stays.response.request.path == "/suggested"
        assert f"you do not reach this family, so ask {council.coordinator.name} to send it" in stays.text


class TestWhatOneRecorded:
    def test_the_latest_first_with_how_it_stands_and_no_more_of_the_family_than_initials(
        self, council: Council, sign_in: SignIn
    ) -> None:
        first, second, barred = (coordinated(council, a_family(council, name=name)) for name in ("O’Neill", "B", "C"))
        for home in (first, second, barred):
            found(sign_in, council.front_door, home).form("/suggested/new").send(TYPED)
        started = {
            "outcome": "happened",
            "started_source": "family",
            "started_what": "Went",
            **from_today("started_on"),
        }
        sign_in(council.coordinator).submit(f"/checks/{due_check(council, first).ref}", started)
        with council.behind_the_scenes():
            db.session.get_one(Family, barred.id).restricted = True

        page = sign_in(council.front_door).get("/suggested")

        rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select(".app-worklist tbody tr")]
        today = near(clock.today(), clock.today())
        assert rows == [
            f"Stay and play R-2 {second.ref} (B) {today} Suggested",
            f"Stay and play R-1 {first.ref} (O) {today} Started (reported)",
        ]
        assert "O’Neill" not in page.main
        assert page.soup.select(".app-worklist a") == []
        assert "You have not recorded anything yet" in sign_in(council.social_worker).get("/suggested").main

    def test_leads_to_it_where_the_family_is_in_reach(self, council: Council, sign_in: SignIn) -> None:
        referral, _ = a_referral(council, a_family(council))

        page = sign_in(council.social_worker).get("/suggested")

        assert f"/referrals/{referral.ref}" in page.links()
        assert "The O’Neill family" in page.main


class TestOnDuty:
    def test_a_family_without_a_coordinator_becomes_theirs(self, council: Council, sign_in: SignIn) -> None:
        on_duty(council, sign_in, council.coordinator)
        home = a_family(council)

        found(sign_in, council.front_door, home).form("/suggested/new").send(TYPED)

        assert coordinator_of(council, home.id) == council.coordinator.id
        assert home.ref in sign_in(council.coordinator).get("/families").text

    def test_a_family_that_has_one_keeps_it(self, council: Council, sign_in: SignIn) -> None:
        home = coordinated(council, a_family(council))
        on_duty(council, sign_in, council.other_coordinator)

        found(sign_in, council.front_door, home).form("/suggested/new").send(TYPED)

        assert coordinator_of(council, home.id) == council.coordinator.id

    def test_with_nobody_on_duty_it_becomes_the_managers(self, council: Council, sign_in: SignIn) -> None:
        on_duty(council, sign_in, council.coordinator)
        on_duty(council, sign_in, None)
        home = a_family(council, by=council.coordinator)

        found(sign_in, council.front_door, home).form("/suggested/new").send(TYPED)

        assert coordinator_of(council, home.id) == council.manager.id
        assert due_check(council, home).owner_id == council.manager.id

    def test_whatever_a_social_worker_suggested_too(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        manager = sign_in(council.manager)
        before = manager.get(f"/families/{home.ref}")
        on_duty(council, sign_in, council.coordinator)

        sign_in(council.social_worker).submit(f"/families/{home.ref}/support/new", TYPED)

        assert "/coordinators/duty" in before.links()
        assert "/coordinators/duty" in manager.get("/families").links()
        assert coordinator_of(council, home.id) == council.coordinator.id
        assert f"coordinator: {council.coordinator.name}" in manager.get(f"/families/{home.ref}").main

    def test_is_said_where_the_manager_sees_who_holds_families(self, council: Council, sign_in: SignIn) -> None:
        on_duty(council, sign_in, council.coordinator)

        assert council.coordinator.name in sign_in(council.manager).get("/coordinators").main
