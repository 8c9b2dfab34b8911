"""Agreement and sharing: per person, purpose and organisation, with history; asking us to stop raises its task."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.models.families import Person, SafeContact
from portal.models.handover import EngagementRecord, SharingDecision, StopRequest
from portal.models.people import User
from portal.models.record import Event, OutboxMessage
from tests.support.handovers import a_handover, a_meeting
from tests.support.people import Council, Team, an_active_family, summary_of
from tests.support.web import Page, SignIn, counted_statements, date_parts


def here(team: Team) -> str:
    return f"/families/{team.ref}/agreement"


def says(sign_in: SignIn, person: User, team: Team, answer: str, **more: Any) -> Page:
    answers = {"person": str(team.home.parent.id), "answer": answer, **more}
    return sign_in(person).submit(f"{here(team)}/new", answers)


def shares(sign_in: SignIn, person: User, team: Team, organisation_id: int, **more: Any) -> Page:
    answers = {"organisation": str(organisation_id), "share": "yes", "why": "The school asked", **more}
    return sign_in(person).submit(f"{here(team)}/sharing", answers)


class TestWhatWasSaid:
    def test_nobody_was_asked_yet(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.lead).get(here(an_active_family(council)))

        assert "The family has not been asked yet whether they want this help." in page.main

    def test_each_answer_is_kept_and_the_latest_stands(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "agreed", how_explained="At home, with the leaflet")
        says(sign_in, council.lead, team, "said_no", worries="Too many people")

        page = sign_in(council.coordinator).get(here(team))

        assert page.main.index("Said no for now") < page.main.index("said before")
        assert "Too many people" in page.main
        assert "At home, with the leaflet" in page.text_of("details")
        with council.behind_the_scenes():
            assert len(db.session.scalars(select(EngagementRecord)).all()) == 2

    def test_per_purpose_and_organisation(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "agreed")
        says(
            sign_in,
            council.lead,
            team,
            "said_no",
            about="other",
            purpose="Telling about the move",
            organisation=str(council.school.id),
        )

        page = sign_in(council.partner).get(here(team))

        assert f"Telling about the move: {council.school.name}" in page.main
        assert "said before" not in page.main
        assert f"Siobhán O’Neill said no on {full(clock.today())}" in page.text_of(".app-safe-contact")

    def test_the_gate_counts_early_help_alone(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "agreed", about="other", purpose="Photographs")

        history = sign_in(council.lead).get(f"/families/{team.ref}/history").main

        assert "recorded what Siobhán O’Neill said about Photographs: agreed" in history

    @pytest.mark.parametrize(
        ("answer", "more", "words"),
        [
            ("partly_agreed", {}, "Enter what they have not agreed to"),
            ("overridden", {}, "Enter why it goes ahead without their agreement"),
            ("agreed", {"about": "other"}, "Enter what they were asked about"),
            ("", {}, "Select what they said"),
        ],
    )
    def test_what_is_missing(
        self, council: Council, sign_in: SignIn, answer: str, more: dict[str, Any], words: str
    ) -> None:
        team = an_active_family(council)

        page = says(sign_in, council.lead, team, answer, worries="Typed before", **more)

        assert (page.status, page.errors) == (422, [words])
        assert page.form(f"{here(team)}/new").values["worries"] == ["Typed before"]

    def test_a_child_is_only_asked_who_can_decide_and_a_very_young_one_is_asked_about(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        lead, answers = sign_in(council.lead), {"person": str(child.id), "answer": "agreed", "worries": "Typed before"}
        with council.behind_the_scenes():
            db.session.get_one(Person, child.id).date_of_birth = clock.today() - timedelta(days=800)

        unasked = lead.submit(f"{here(team)}/new", answers)
        young = lead.submit(f"{here(team)}/new", {**answers, "child_can_decide": "y"})

        assert unasked.errors == [f"{child.name} is a child. Tick that they can decide this, or choose an adult"]
        assert young.errors[0].startswith(f"{child.name} is 2 years old. Is this right?")
        assert "Typed before" in young.html
        with council.behind_the_scenes():
            assert db.session.scalars(select(EngagementRecord)).all() == []
        assert young.form(f"{here(team)}/new").send({"young": "y"}).status == 303

    def test_not_asked_in_the_future(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        tomorrow = date_parts("asked_on", clock.today() + timedelta(days=1))

        page = says(sign_in, council.lead, team, "agreed", **tomorrow)

        assert page.errors == ["The date they were asked must be today or in the past"]

    def test_somebody_who_must_never_be_contacted_is_not_asked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.scalars(select(SafeContact)).one().never_contact = True

        page = says(sign_in, council.lead, team, "agreed")

        assert page.errors == ["Siobhán O’Neill must never be contacted, so they are not asked"]


class TestSharing:
    def test_a_decision_says_with_whom_on_what_basis_and_why(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = shares(sign_in, council.lead, team, council.school.id).follow()

        assert council.school.name in page.main
        assert "The council’s public task" in page.main
        assert "The school asked" in page.main
        with council.behind_the_scenes():
            event = db.session.scalars(select(Event).where(Event.kind == "sharing.decided")).one()
            assert event.data["what"] == "to share"

    def test_exclusions_stand_where_it_is_decided(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "partly_agreed", exclusions="Nothing about the flat")

        page = sign_in(council.lead).get(f"{here(team)}/sharing")

        assert "not to: Nothing about the flat" in page.text_of(".app-safe-contact")

    def test_and_wherever_else_something_is_about_to_be_shared(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, outstanding=1)
        team = handover.team
        meeting = a_meeting(council, team, step_down=True)
        says(sign_in, council.lead, team, "partly_agreed", exclusions="Nothing about the flat")
        family, lead = f"/families/{team.ref}", sign_in(council.lead)

        for page in (
            f"{family}/support/new",
            f"{family}/team/add",
            f"{family}/meetings/new",
            f"{family}/plan/actions/new",
            f"{family}/plan/copy",
            f"{family}/plan/copy?for={team.home.parent.id}",
            f"/meetings/{meeting.ref}/copy",
            f"/meetings/{meeting.ref}/copy?for={team.partner.id}",
            f"/outstanding/{handover.outstanding[0].ref}",
        ):
            shown = lead.get(page)

            assert "not to: Nothing about the flat" in shown.text_of(".app-safe-contact"), page

    @pytest.mark.parametrize("answer", ["said_no", "asked_to_stop"])
    def test_consent_is_no_basis_after_a_no(self, council: Council, sign_in: SignIn, answer: str) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, answer)

        page = shares(sign_in, council.lead, team, council.school.id, basis="consent")

        assert page.status == 422
        assert "so consent is no basis for this" in page.errors[0]
        with council.behind_the_scenes():
            assert db.session.scalars(select(SharingDecision)).all() == []
        assert shares(sign_in, council.lead, team, council.school.id, basis="vital_interests").status == 303

    def test_not_to_share_needs_no_agreement(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "said_no")

        page = shares(sign_in, council.lead, team, council.school.id, share="no", basis="consent")

        assert page.status == 303


class TestAskingUsToStop:
    def test_raises_a_task_and_tells_lead_and_coordinator(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        says(sign_in, council.partner, team, "asked_to_stop")

        summary = summary_of(council, team.family.id)
        assert (summary.next_kind, summary.next_who) == ("stop_asked", council.lead.name)
        with council.behind_the_scenes():
            told = db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == "engagement.recorded_for"))
            assert set(told) == {"lead_professional", "coordinator"}
        page = sign_in(council.lead).get(f"/families/{team.ref}")
        assert "Siobhán O’Neill asked us to stop: say what is ended" in page.text_of(".app-next-step")
        assert f"{here(team)}/stop" in page.links()

    def test_is_settled_with_what_happens_now(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.partner, team, "asked_to_stop")

        page = (
            sign_in(council.lead)
            .submit(f"{here(team)}/stop", {"what_now": "The school leaves, I ring in May"})
            .follow()
        )

        assert "Lena Lead settled it on" in page.main
        assert "The school leaves, I ring in May" in page.main
        assert summary_of(council, team.family.id).next_kind != "stop_asked"
        with council.behind_the_scenes():
            assert db.session.scalars(select(StopRequest)).one().settled_on == clock.today()

    def test_settling_twice_is_told(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(f"{here(team)}/stop", {"what_now": "Something"})

        assert page.status == 409
        assert "Nobody’s wish that we stop waits for an answer" in page.main

    def test_nobody_new_of_a_partner_is_given_the_family_until_it_is_decided(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "asked_to_stop")
        join = {"who": "user", "user": str(council.partner_other_organisation.id)}

        page = sign_in(council.lead).submit(f"/families/{team.ref}/team/add", join)

        assert page.status == 422
        assert "Siobhán O’Neill asked us to stop" in page.errors[0]
        shares(sign_in, council.lead, team, council.health.id)
        assert sign_in(council.lead).submit(f"/families/{team.ref}/team/add", join).status == 303

    def test_whoever_is_on_the_team_already_is_not_new(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        says(sign_in, council.lead, team, "asked_to_stop")

        page = sign_in(council.lead).submit(
            f"/families/{team.ref}/plan/actions/new", {"what": "Ring on Friday", "who": "me", "due": "two_weeks"}
        )

        assert page.status == 303


def test_many_answers_cost_no_more(council: Council, sign_in: SignIn) -> None:
    team = an_active_family(council)

    def cost() -> int:
        browser = sign_in(council.lead)
        with counted_statements(council.app) as statements:
            assert browser.get(here(team)).status == 200
        return len(statements)

    says(sign_in, council.lead, team, "agreed", organisation=str(council.school.id))
    one = cost()
    for answer in ("said_no", "agreed", "said_no"):
        says(sign_in, council.lead, team, answer, organisation=str(council.school.id))

    assert cost() == one
