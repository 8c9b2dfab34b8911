"""How a lead ends, is followed and covered; answers as told; where nobody is found."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.leads import LeadState
from portal.facts import leading
from portal.models.handover import Episode, LeadAssignment, LeadCover, LeadDecision
from portal.models.people import SharingAgreement, User
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import TeamMember
from portal.services import history, leads, team
from portal.services.team import Outside
from tests.support.handover import Handing, an_accepted
from tests.support.people import Council, Team, an_active_family
from tests.support.situations import without_lead
from tests.support.web import Browser, Page, SignIn, date_parts, from_today


def lead_of(council: Council, family_id: int, state: LeadState = LeadState.ACCEPTED) -> LeadAssignment:
    with council.behind_the_scenes():
        return db.session.scalars(
            select(LeadAssignment)
            .where(LeadAssignment.family_id == family_id, LeadAssignment.state == state)
            .order_by(LeadAssignment.id.desc())
        ).first() or LeadAssignment(id=0)


def accepted(council: Council, family_id: int) -> list[str]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(
                select(LeadAssignment.name).where(
                    LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED
                )
            )
        )


def said(council: Council, family_id: int) -> list[str]:
    with council.behind_the_scenes():
        return [
            str(kind)
            for kind in db.session.scalars(select(Event.kind).where(Event.family_id == family_id).order_by(Event.id))
        ]


def ended(browser: Browser, of: LeadAssignment, **answers: object) -> Page:
    return browser.submit(f"/leads/{of.ref}/end", {"end_code": "left_role", **answers})


class TestUnanswered:
    def late(self, council: Council) -> Handing:
        handing = an_accepted(council, answered=False)
        with council.behind_the_scenes():
            db.session.execute(update(LeadAssignment).values(answer_by=clock.today() - timedelta(days=7)))
            history.changed(handing.home.id)
        return handing

    def test_is_back_on_the_coordinator_s_list(self, council: Council, sign_in: SignIn) -> None:
        handing = self.late(council)
        coordinator = sign_in(council.coordinator)

        listed = coordinator.get("/families?view=unanswered")
        across = coordinator.get("/leading")

        assert f"/families/{handing.family_ref}" in listed.links()
        assert "To answer by" in listed.main
        assert f"{council.lead.name} was to answer by" in across.main
        assert "has not answered" not in coordinator.get("/families?view=overdue").text_of("h1")

    def test_in_time_it_is_not(self, council: Council, sign_in: SignIn) -> None:
        an_accepted(council, answered=False)

        page = sign_in(council.coordinator).get("/families?view=unanswered")

        assert "No families match" in page.main

    def test_is_withdrawn_and_somebody_else_asked(self, council: Council, sign_in: SignIn) -> None:
        handing = self.late(council)
        coordinator = sign_in(council.coordinator)
        ask = f"/families/{handing.family_ref}/team/lead"
        page = coordinator.get(ask)

        withdrawn = coordinator.submit(f"/nominations/{handing.nomination.ref}/withdraw")

        assert "has not answered in time" in page.main
        assert (withdrawn.status, withdrawn.location) == (303, ask)
        assert coordinator.submit(ask, {"lead": str(council.partner.id)}).status == 303
        assert handing.nomination.user_id == council.partner.id

    def test_who_was_asked_can_no_longer_answer(self, council: Council, sign_in: SignIn) -> None:
        handing = self.late(council)
        form = sign_in(council.lead).get(f"/nominations/{handing.nomination.ref}").form()
        sign_in(council.coordinator).submit(f"/nominations/{handing.nomination.ref}/withdraw")

        answer = form.send({"answer": "yes"})

        assert answer.status == 404
        assert accepted(council, handing.home.id) == []

    def test_what_was_answered_is_not_withdrawn(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        coordinator = sign_in(council.coordinator)
        form = coordinator.get(f"/nominations/{handing.nomination.ref}/withdraw").form()
        sign_in(council.lead).submit(f"/nominations/{handing.nomination.ref}", {"answer": "yes"})

        page = form.send()

        assert page.status == 409
        assert "This request has already been answered, or was withdrawn." in page.main
        assert accepted(council, handing.home.id) == [council.lead.name]


class TestEnding:
    def test_leaves_the_family_visibly_without_a_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        coordinator = sign_in(council.coordinator)

        page = ended(
            coordinator,
            lead_of(council, team_of.family.id),
            then="nobody",
            end_reason="New post",
            **date_parts("ended_on", clock.today()),
        )

        assert page.status == 303
        assert "No lead professional" in page.follow().text_of(".app-family__facts .govuk-tag--red")
        assert "No lead professional" in coordinator.get("/families?view=no_lead").text_of("td .govuk-tag--red")
        history = coordinator.get(f"/families/{team_of.ref}/history").main
        assert f"{council.lead.name} stopped being the lead professional on {full(clock.today())}" in history
        assert "They are leaving their role" in history

    def test_does_not_end_membership(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        lead = sign_in(council.lead)

        ended(lead, lead_of(council, team_of.family.id), then="nobody")

        assert lead.get(f"/families/{team_of.ref}").status == 200
        assert lead.get(f"/families/{team_of.ref}/meetings/new").status == 403

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"end_code": None, "then": "nobody"}, "Select why they stop leading"),
            ({"end_code": "time_being", "then": "nobody"}, "Select one of the answers in the list"),
            ({"then": None}, "Select who leads after them"),
            ({"then": "followed"}, "Choose who is asked to lead after them"),
            ({"then": "nobody", "in_days": 1}, "must be today or in the past"),
            ({"then": "nobody", **date_parts("ended_on", date(2020, 1, 1))}, "must be on or after the day they began"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, object], words: str) -> None:
        team_of = an_active_family(council)
        answers = dict(answers)
        days = answers.pop("in_days", None)
        if isinstance(days, int):
            answers |= date_parts("ended_on", clock.today() + timedelta(days=days))

        page = ended(sign_in(council.coordinator), lead_of(council, team_of.family.id), **answers)

        assert page.status == 422
        assert words in " ".join(page.errors)
        assert accepted(council, team_of.family.id) == [council.lead.name]

    def test_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        lead = lead_of(council, team_of.family.id)
        forms = [sign_in(who).get(f"/leads/{lead.ref}/end").form() for who in (council.coordinator, council.manager)]

        first, second = (form.send({"end_code": "caseload", "then": "nobody"}) for form in forms)

        assert (first.status, second.status) == (303, 409)
        assert "so there is nothing to end" in second.main

    def test_a_partner_cannot_end_it(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)

        assert sign_in(council.partner).get(f"/leads/{lead_of(council, team_of.family.id).ref}/end").status == 403

    def test_may_be_said_again_after_another_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        coordinator = sign_in(council.coordinator)
        ended(coordinator, lead_of(council, team_of.family.id), then="nobody")

        page = coordinator.submit(f"/families/{team_of.ref}/team/lead", {"lead": str(council.partner.id)})

        assert page.status == 303
        assert "Stopped leading" in coordinator.get(f"/families/{team_of.ref}/team/lead").main


class TestSuccession:
    def asked(self, council: Council, sign_in: SignIn) -> Team:
        team_of = an_active_family(council)
        page = ended(
            sign_in(council.coordinator),
            lead_of(council, team_of.family.id),
            then="followed",
            lead=str(council.partner.id),
        )
        assert page.status == 303
        return team_of

    def test_the_old_lead_goes_on_until_the_successor_accepts(self, council: Council, sign_in: SignIn) -> None:
        team_of = self.asked(council, sign_in)

        page = sign_in(council.coordinator).get(f"/families/{team_of.ref}")

        assert accepted(council, team_of.family.id) == [council.lead.name]
        assert f"{council.lead.name} leads until somebody else has accepted" in page.text_of(".app-family")

    def test_then_they_change_places_in_one_moment(self, council: Council, sign_in: SignIn) -> None:
        team_of = self.asked(council, sign_in)
        successor = sign_in(council.partner)

        page = successor.submit(
            f"/nominations/{lead_of(council, team_of.family.id, LeadState.NOMINATED).ref}", {"answer": "yes"}
        )

        assert page.status == 303
        assert accepted(council, team_of.family.id) == [council.partner.name]
        before = lead_of(council, team_of.family.id, LeadState.ENDED)
        assert (before.name, before.ended_on, str(before.end_code)) == (council.lead.name, clock.today(), "left_role")
        assert said(council, team_of.family.id)[-4:] == [
            "lead.leaving",
            "lead.nominated",
            "lead.ended",
            "lead.accepted",
        ]

    def test_a_no_keeps_the_old_lead_and_somebody_else_is_asked(self, council: Council, sign_in: SignIn) -> None:
        team_of = self.asked(council, sign_in)
        nomination = lead_of(council, team_of.family.id, LeadState.NOMINATED)

        sign_in(council.partner).submit(f"/nominations/{nomination.ref}", {"answer": "no", "answer_reason": "No room"})
        across = sign_in(council.coordinator).get("/leading")
        again = sign_in(council.coordinator).submit(
            f"/families/{team_of.ref}/team/lead", {"lead": str(council.partner_other_organisation.id)}
        )

        assert accepted(council, team_of.family.id) == [council.lead.name]
        assert f"{council.lead.name} leads until somebody else has accepted, and nobody is asked" in across.main
        assert again.status == 303

    def test_nobody_follows_themselves(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)

        page = ended(
            sign_in(council.coordinator),
            lead_of(council, team_of.family.id),
            then="followed",
            lead=str(council.lead.id),
        )

        assert page.errors == [f"{council.lead.name} leads now. Choose who follows them"]
        assert lead_of(council, team_of.family.id).end_code is None

    def test_who_leads_says_so_and_early_help_finds_somebody(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        lead = lead_of(council, team_of.family.id)
        me = sign_in(council.lead)

        page = ended(me, lead, then="followed")

        assert page.status == 303
        assert 'name="lead"' not in me.get(f"/leads/{lead.ref}/end").html
        assert "Ask somebody to be the lead professional" in sign_in(council.coordinator).get("/families").main


class TestAsTold:
    def outside(self, council: Council) -> tuple[Team, TeamMember]:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        with council.as_(council.coordinator) as viewer:
            member = team.join_outside(
                db.session.get_one(type(team_of.family), team_of.family.id),
                Outside("Nan Okafor", "Hillside Church", "Youth worker", "01632 960 400"),
                by=viewer,
            )
        return team_of, member

    def asked(self, council: Council, sign_in: SignIn) -> tuple[Team, LeadAssignment]:
        team_of, member = self.outside(council)
        page = sign_in(council.coordinator).submit(f"/families/{team_of.ref}/team/lead", {"lead": f"m-{member.id}"})
        assert page.status == 303, page.main
        return team_of, lead_of(council, team_of.family.id, LeadState.NOMINATED)

    def test_somebody_without_a_sign_in_accepts_by_word_of_mouth(self, council: Council, sign_in: SignIn) -> None:
        team_of, nomination = self.asked(council, sign_in)
        coordinator = sign_in(council.coordinator)

        page = coordinator.submit(
            f"/nominations/{nomination.ref}/as-told",
            {"answer": "yes", "told_by": "Nan Okafor", "told_how": "call", **date_parts("told_on", clock.today())},
        )

        assert page.status == 303
        assert accepted(council, team_of.family.id) == ["Nan Okafor"]
        assert "Lead professional: Nan Okafor" in coordinator.get(f"/families/{team_of.ref}").main
        assert "Nan Okafor Lead professional" in coordinator.get(f"/families/{team_of.ref}/team").main
        with council.behind_the_scenes():
            event = db.session.scalars(
                select(Event).where(Event.kind == "lead.accepted").order_by(Event.id.desc())
            ).first()
            assert event is not None
            assert (event.told_by, event.data["how"], event.happened_on) == ("Nan Okafor", "call", clock.today())

    @pytest.mark.parametrize("second", ["yes", "no"])
    def test_an_answer_that_somebody_else_recorded_meanwhile_is_kept(
        self, council: Council, sign_in: SignIn, second: str
    ) -> None:
        team_of, nomination = self.asked(council, sign_in)
        address = f"/nominations/{nomination.ref}/as-told"
        told = {"told_by": "Nan Okafor", "told_how": "call", **date_parts("told_on", clock.today())}
        opened = sign_in(council.manager).get(address).form(address)
        sign_in(council.coordinator).submit(address, {"answer": "yes", **told})

        page = opened.send({"answer": second, "answer_reason": "Too far away", **told})

        assert page.status == 409
        assert "This request has already been answered" in page.main
        assert accepted(council, team_of.family.id) == ["Nan Okafor"]

    def test_their_answer_is_the_next_step_of_the_coordinator(self, council: Council, sign_in: SignIn) -> None:
        team_of, nomination = self.asked(council, sign_in)

        page = sign_in(council.coordinator).get(f"/families/{team_of.ref}")

        assert "Ask Nan Okafor whether they will be the lead professional" in page.main
        assert f"/nominations/{nomination.ref}/as-told" in page.links()

    def test_a_no_needs_its_reason_and_is_kept(self, council: Council, sign_in: SignIn) -> None:
        _team, nomination = self.asked(council, sign_in)
        told = {"told_by": "Nan Okafor", "told_how": "meeting", **date_parts("told_on", clock.today())}
        coordinator, address = sign_in(council.coordinator), f"/nominations/{nomination.ref}/as-told"

        bare = coordinator.submit(address, {"answer": "no", **told})
        page = coordinator.submit(address, {"answer": "no", "answer_reason": "Too far away", **told})

        assert bare.errors == ["Enter why they cannot lead"]
        assert page.status == 303
        assert "Too far away" in page.follow().main

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"told_by": " "}, "Enter who told you"),
            ({"told_how": None}, "Select how you were told"),
            (
                from_today("told_on", 1),
                "The date you were told must be today or in the past",
            ),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, object], words: str) -> None:
        _team, nomination = self.asked(council, sign_in)

        page = sign_in(council.coordinator).submit(
            f"/nominations/{nomination.ref}/as-told",
            {"answer": "yes", "told_how": "call", **answers},
        )

        assert page.errors == [words]

    def test_who_has_a_sign_in_answers_for_themselves(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.coordinator).submit(
            f"/nominations/{handing.nomination.ref}/as-told",
            {"answer": "yes", "told_by": "Lena", "told_how": "call", **date_parts("told_on", clock.today())},
        )

        assert page.status == 409
        assert f"{council.lead.name} has a sign-in, and answers for themselves." in page.main
        assert handing.nomination.state is LeadState.NOMINATED

    def test_an_organisation_without_an_agreement_cannot_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of, member = self.outside(council)
        with council.behind_the_scenes():
            db.session.execute(
                update(TeamMember).where(TeamMember.id == member.id).values(organisation="Ambleford Police")
            )

        page = sign_in(council.coordinator).submit(f"/families/{team_of.ref}/team/lead", {"lead": f"m-{member.id}"})

        assert page.errors == ["This person’s organisation has no sharing agreement at present. Choose somebody else"]


class TestWhoCannotLead:
    @pytest.mark.parametrize("why", ["account", "agreement"])
    def test_is_neither_offered_nor_taken(self, council: Council, sign_in: SignIn, why: str) -> None:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        coordinator, address = sign_in(council.coordinator), f"/families/{team_of.ref}/team/lead"
        form = coordinator.get(address).form()
        close(council, why)

        page = form.send({"lead": str(council.lead.id)})

        assert council.lead.name not in coordinator.get(address).text_of("select")
        assert page.status == 422
        assert accepted(council, team_of.family.id) == []

    @pytest.mark.parametrize("why", ["account", "agreement"])
    def test_a_lead_who_can_no_longer_see_the_family_is_named_so(
        self, council: Council, sign_in: SignIn, why: str
    ) -> None:
        team_of = an_active_family(council)
        close(council, why)
        coordinator = sign_in(council.coordinator)

        for address in (f"/families/{team_of.ref}", "/families", "/leading", f"/families/{team_of.ref}/team"):
            assert "can’t see this family" in coordinator.get(address).main, address

    def test_each_is_told_in_their_own_words(self, council: Council) -> None:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        words = []
        for why in ("account", "agreement"):
            close(council, why)
            with council.as_(council.coordinator) as viewer:
                try:
                    leads.ask(team_of.family, leads.Whom(council.lead.id), by=viewer)
                except Exception as refusal:  # noqa: BLE001  (whatever it is, its words are compared)
                    words.append(str(refusal))
            with council.behind_the_scenes():
                db.session.execute(update(User).values(active=True))

        assert "account is closed" in words[0]
        assert "no sharing agreement" in words[1]


def close(council: Council, why: str) -> None:
    with council.behind_the_scenes():
        if why == "account":
            db.session.execute(update(User).where(User.id == council.lead.id).values(active=False))
        else:
            db.session.execute(
                update(SharingAgreement)
                .where(SharingAgreement.organisation_id == council.health.id)
                .values(ends_on=clock.today() - timedelta(days=1))
            )


class TestNotFound:
    def declined_twice(self, council: Council) -> Handing:
        handing = an_accepted(council, answered=False)
        for who in (council.lead, council.partner):
            with council.as_(who) as viewer:
                asked = db.session.scalars(
                    select(LeadAssignment).where(LeadAssignment.state == LeadState.NOMINATED)
                ).one()
                leads.decline(asked, "No room", by=viewer)
            if who is council.lead:
                with council.as_(council.coordinator) as viewer:
                    leads.ask(handing.home.family, leads.Whom(council.partner.id), by=viewer)
        return handing

    def test_after_two_declines_the_manager_decides_in_three_days(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)
        manager = sign_in(council.manager)

        page = manager.get(f"/families/{handing.family_ref}/team/lead")

        assert "No lead professional found" in page.main
        assert "2 people have said no" in page.main
        limit = Calendar().working_days_after(clock.today(), 3)
        assert f"{limit.day} {limit:%B}" in page.main
        assert handing.home.family.name in manager.get("/leading").main

    def test_one_decline_is_not_enough(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        sign_in(council.lead).submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "no", "answer_reason": "No room"}
        )

        page = sign_in(council.manager).get(f"/families/{handing.family_ref}/team/lead")

        assert "No lead professional found" not in page.main

    @pytest.mark.parametrize(("worked", "found"), [(9, False), (10, True)])
    def test_nor_are_nine_working_days(self, council: Council, sign_in: SignIn, worked: int, found: bool) -> None:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        began = clock.today()
        while Calendar().working_days_between(began, clock.today()) < worked:
            began -= timedelta(days=1)
        with council.behind_the_scenes():
            db.session.execute(update(Episode).values(opened_on=began))
            history.changed(team_of.family.id)
        manager = sign_in(council.manager)

        assert ("No lead professional found" in manager.get(f"/families/{team_of.ref}/team/lead").main) is found
        assert (f"{team_of.family.name}, {team_of.ref}" in manager.get("/leading").main) is found

    def test_a_council_worker_leads_for_the_time_being(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)
        until = clock.today() + timedelta(days=30)
        manager = sign_in(council.manager)

        page = manager.submit(
            f"/families/{handing.family_ref}/team/lead/not-found",
            {
                "decision": "council_worker",
                "worker": str(council.other_coordinator.id),
                "why": "Nobody else has room",
                **date_parts("until_on", until),
            },
        )

        assert page.status == 303
        assert accepted(council, handing.home.id) == [council.other_coordinator.name]
        shown = page.follow()
        assert "leads for the time being, until" in shown.text_of(".app-family")
        assert shown.soup.select("main select[name=lead]"), "somebody can be asked to follow"

    def test_whoever_follows_takes_over_from_them(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)
        address = f"/families/{handing.family_ref}/team/lead"
        sign_in(council.manager).submit(
            f"{address}/not-found",
            {
                "decision": "council_worker",
                "worker": str(council.other_coordinator.id),
                "why": "Nobody else has room",
                **date_parts("until_on", clock.today() + timedelta(days=30)),
            },
        )
        sign_in(council.coordinator).submit(address, {"lead": str(council.partner_other_organisation.id)})

        page = sign_in(council.partner_other_organisation).submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "yes"}
        )

        assert page.status == 303
        assert accepted(council, handing.home.id) == [council.partner_other_organisation.name]

    @pytest.mark.parametrize("decision", ["single_agency", "stays_with_social_care"])
    def test_another_way_is_recorded_and_no_longer_due(self, council: Council, sign_in: SignIn, decision: str) -> None:
        handing = self.declined_twice(council)
        manager, address = sign_in(council.manager), f"/families/{handing.family_ref}/team/lead"

        page = manager.submit(f"{address}/not-found", {"decision": decision, "why": "It fits the family"})

        assert page.status == 303
        assert "It fits the family" in page.follow().main
        assert handing.home.family.name not in manager.get("/leading").main
        with council.behind_the_scenes():
            assert db.session.scalars(select(LeadDecision.decision)).all() == [decision]

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({}, "Select what happens now"),
            ({"decision": "single_agency", "why": " "}, "Enter why you decide this"),
            ({"decision": "council_worker", "why": "x"}, "Choose who leads for the time being"),
            (
                {"decision": "council_worker", "why": "x", "worker": "me", **from_today("until_on")},
                "The date until which they lead must be in the future",
            ),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, object], words: str) -> None:
        handing = self.declined_twice(council)
        if answers.get("worker"):
            answers = {**answers, "worker": str(council.coordinator.id)}

        page = sign_in(council.manager).submit(f"/families/{handing.family_ref}/team/lead/not-found", answers)

        assert words in page.errors
        assert accepted(council, handing.home.id) == []

    def test_only_the_manager_decides(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)

        page = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/team/lead/not-found")

        assert page.status == 403

    def test_declines_are_counted_for_each_organisation(self, council: Council, sign_in: SignIn) -> None:
        self.declined_twice(council)

        rows = sign_in(council.manager).get("/leading").text_of("table")

        assert f"{council.health.name} 0 0 1" in rows
        assert f"{council.school.name} 0 0 1" in rows


class TestCover:
    def named(
        self, council: Council, sign_in: SignIn, *, start: int = 0, end: int = 5, who: User | None = None
    ) -> tuple[Team, Page]:
        team_of = an_active_family(council)
        return team_of, self.name(council, sign_in(council.lead), team_of, start=start, end=end, who=who)

    def name(
        self, council: Council, by: Browser, team_of: Team, *, start: int = 0, end: int = 5, who: User | None = None
    ) -> Page:
        today = clock.today()
        return by.submit(
            f"/leads/{lead_of(council, team_of.family.id).ref}/cover",
            {
                "who": str((who or council.partner_other_organisation).id),
                **date_parts("from_on", today + timedelta(days=start)),
                **date_parts("to_on", today + timedelta(days=end)),
            },
        )

    @pytest.mark.parametrize(("start", "end", "status"), [(0, 0, 200), (-3, 0, 200), (0, 5, 200), (1, 5, 404)])
    def test_reaches_the_family_between_its_dates(
        self, council: Council, sign_in: SignIn, start: int, end: int, status: int
    ) -> None:
        team_of, page = self.named(council, sign_in, start=start, end=end)

        assert page.status == 303
        assert sign_in(council.partner_other_organisation).get(f"/families/{team_of.ref}").status == status

    def test_is_named_from_the_family_s_and_the_team_s_page(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        cover = f"/leads/{lead_of(council, team_of.family.id).ref}/cover"

        for page in (f"/families/{team_of.ref}", f"/families/{team_of.ref}/team"):
            assert cover in sign_in(council.lead).get(page).links()
            assert cover not in sign_in(council.partner).get(page).links()

    def test_does_what_a_lead_does_and_is_no_second_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)
        cover = sign_in(council.partner_other_organisation)

        lead = lead_of(council, team_of.family.id)
        assert cover.get(f"/families/{team_of.ref}/meetings/new").status == 200
        assert cover.get(f"/leads/{lead.ref}/end").status == 200
        assert accepted(council, team_of.family.id) == [council.lead.name]
        assert "covers for the lead professional until" in cover.get(f"/families/{team_of.ref}").text_of(".app-family")

    def test_receives_what_the_lead_receives(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)

        with council.behind_the_scenes():
            today = clock.today()
            told = leading.told(team_of.family.id, today)
            later = leading.told(team_of.family.id, today + timedelta(days=6))
            rules = db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == "lead.covered")).all()

        assert told == [council.lead.id, council.partner_other_organisation.id]
        assert later == [council.lead.id]
        assert sorted(rules) == ["coordinator", "lead_cover"]

    def test_ends_with_the_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)

        ended(sign_in(council.coordinator), lead_of(council, team_of.family.id), then="nobody")

        assert sign_in(council.partner_other_organisation).get(f"/families/{team_of.ref}").status == 404

    def test_can_be_ended_early(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)
        with council.behind_the_scenes():
            cover = db.session.scalars(select(LeadCover)).one()
        lead = sign_in(council.lead)
        form = lead.get(f"/lead-covers/{cover.ref}/end").form()

        page = form.send()

        assert page.status == 303
        assert sign_in(council.partner_other_organisation).get(f"/families/{team_of.ref}").status == 404
        assert "no longer covers for" in lead.get(f"/families/{team_of.ref}/history").main
        assert lead.submit(f"/lead-covers/{cover.ref}/end").status == 409

    def test_without_a_live_agreement_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)

        page = self.name(council, sign_in(council.coordinator), team_of, who=council.partner_without_agreement)

        assert page.status == 422

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (5, 4, "The last day must be on or after the first day"),
            (-5, -1, "The last day must be today or in the future"),
        ],
    )
    def test_dates_have_to_make_sense(
        self, council: Council, sign_in: SignIn, start: int, end: int, words: str
    ) -> None:
        _team, page = self.named(council, sign_in, start=start, end=end)

        assert page.errors == [words]

    def test_two_do_not_cover_on_one_day(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)

        page = self.name(council, sign_in(council.lead), team_of, start=5, end=9, who=council.partner)

        assert f"{council.partner_other_organisation.name} covers from" in page.errors[0]
        with council.behind_the_scenes():
            assert db.session.scalar(select(func.count(LeadCover.id))) == 1
