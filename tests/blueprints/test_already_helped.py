"""A family that was in early help before the portal came is brought in as it is, with what is not known."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.episodes import EpisodeState, Stage
from portal.domain.leads import LeadState
from portal.facts import recipients
from portal.models.families import Family
from portal.models.handover import Episode, LeadAssignment
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import ActionPlan
from tests.blueprints.test_family_adding import a_whole_family
from tests.support.people import Council, Home, a_family, an_active_family, summary_of
from tests.support.situations import a_step_down
from tests.support.web import Page, SignIn, date_parts


def here(home: Home) -> str:
    return f"/families/{home.ref}/already"


def bring_in(council: Council, sign_in: SignIn, home: Home, answers: dict[str, Any] | None = None) -> Page:
    return sign_in(council.coordinator).submit(here(home), answers or {})


def ours(council: Council) -> Home:
    """A family that the coordinator added: no social work, nothing open."""
    return a_family(council, by=council.coordinator)


class TestBringingIn:
    def test_begins_active_with_lead_coordinator_plan_and_next_review(self, council: Council, sign_in: SignIn) -> None:
        home, today = ours(council), clock.today()
        started, review = today - timedelta(days=200), today + timedelta(days=14)

        page = bring_in(
            council,
            sign_in,
            home,
            {
                **date_parts("started_on", started),
                **date_parts("next_review_on", review),
                "lead": str(council.lead.id),
            },
        ).follow()

        summary = summary_of(council, home.id)
        assert (summary.stage, summary.coordinator_id) == (Stage.ACTIVE, council.coordinator.id)
        assert (summary.lead_name, summary.lead_asked) == (council.lead.name, False)
        assert (summary.next_kind, summary.next_due_on) == ("arrange_next", review)
        assert f"In early help since {full(started)}. Next review: {full(review)}." in page.main
        with council.behind_the_scenes():
            episode = db.session.scalars(select(Episode).where(Episode.family_id == home.id)).one()
            assert (episode.state, episode.opened_on, episode.brought_in) == (EpisodeState.ACTIVE, started, True)
            assert db.session.scalars(select(ActionPlan.id).where(ActionPlan.episode_id == episode.id)).all()
        assert sign_in(council.lead).get(f"/families/{home.ref}").status == 200

    def test_what_is_not_known_is_said(self, council: Council, sign_in: SignIn) -> None:
        home = ours(council)

        page = bring_in(council, sign_in, home).follow()

        assert "In early help since a day that is not known. Next review: not known." in page.main
        assert "No lead professional yet" in page.main
        assert here(home) in page.links()

    def test_who_leads_is_not_asked_but_told_that_it_was_recorded(self, council: Council, sign_in: SignIn) -> None:
        home = ours(council)

        bring_in(council, sign_in, home, {"lead": str(council.lead.id)})

        with council.behind_the_scenes():
            lead = db.session.scalars(select(LeadAssignment).where(LeadAssignment.family_id == home.id)).one()
            assert (lead.state, lead.answered_at) == (LeadState.ACCEPTED, None)
            told = db.session.scalars(select(OutboxMessage)).one()
            assert (told.kind, recipients.of_message(told, clock.today())) == ("lead.known", [council.lead.id])
        history = sign_in(council.coordinator).get(f"/families/{home.ref}/history").main
        assert "recorded that Lena Lead is the lead professional already, as was known before" in history
        assert "accepted" not in history
        assert "led already" in sign_in(council.coordinator).get(f"/families/{home.ref}/team/lead").main

    def test_the_family_page_leads_there_while_nothing_is_open(self, council: Council, sign_in: SignIn) -> None:
        home = ours(council)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert "Record that it is in early help already" in page.text_of(".app-next-step")
        assert here(home) in page.links()

    def test_gaps_are_filled_in_later(self, council: Council, sign_in: SignIn) -> None:
        home = ours(council)
        bring_in(council, sign_in, home)
        started = clock.today() - timedelta(days=30)

        page = bring_in(council, sign_in, home, date_parts("started_on", started)).follow()

        assert f"In early help since {full(started)}. Next review: not known." in page.main
        with council.behind_the_scenes():
            kinds = db.session.scalars(select(Event.kind).where(Event.family_id == home.id).order_by(Event.id)).all()
        assert kinds.count("episode.brought_in") == kinds.count("episode.filled_in") == 1
        history = sign_in(council.coordinator).get(f"/families/{home.ref}/history").main
        assert f"Start from not known to {full(started)}" in history


class TestWhatIsRefused:
    def test_of_two_who_fill_in_gaps_the_slower_sees_both(self, council: Council, sign_in: SignIn) -> None:
        home, today = ours(council), clock.today()
        bring_in(council, sign_in, home)
        slow, quick = (sign_in(council.coordinator).get(here(home)).form(here(home)) for _ in range(2))

        first = quick.send(date_parts("started_on", today - timedelta(days=30)))
        second = slow.send(date_parts("started_on", today - timedelta(days=60)))

        assert (first.status, second.status) == (303, 409)
        assert full(today - timedelta(days=30)) in second.text_of(".app-side-by-side")

    @pytest.mark.parametrize(
        ("name", "days", "words"),
        [
            ("started_on", 1, "Date early help started must be today or in the past"),
            ("next_review_on", -1, "Date of the next review must be today or later"),
        ],
    )
    def test_dates_that_cannot_be(self, council: Council, sign_in: SignIn, name: str, days: int, words: str) -> None:
        home = ours(council)
        day = clock.today() + timedelta(days=days)

        page = bring_in(council, sign_in, home, date_parts(name, day))

        assert (page.status, page.errors) == (422, [words])
        assert page.form(here(home)).values[f"{name}-day"] == [str(day.day)]
        assert summary_of(council, home.id).open is False

    def test_somebody_whose_organisation_does_not_share(self, council: Council, sign_in: SignIn) -> None:
        home = ours(council)
        form = sign_in(council.coordinator).get(here(home)).form(here(home))
        form.values["lead"] = [str(council.partner_without_agreement.id)]

        page = form.send()

        assert page.status == 422
        assert summary_of(council, home.id).open is False

    def test_early_help_that_is_open_here(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council, ours(council))

        page = bring_in(council, sign_in, team.home)

        assert page.status == 409
        assert "Early help is open for this family already." in page.main

    def test_a_family_that_comes_with_a_step_down(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = a_step_down(council, home)

        page = bring_in(council, sign_in, home)

        assert page.status == 409
        assert f"This family comes with the step-down {step_down.ref}" in page.main

    def test_social_work_that_goes_on(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = bring_in(council, sign_in, home)

        assert page.status == 409
        assert "Social work is open for this family" in page.main

    def test_a_second_click_brings_in_once(self, council: Council, sign_in: SignIn) -> None:
        home = ours(council)
        form = sign_in(council.coordinator).get(here(home)).form(here(home))

        first, second = form.send(), form.send()

        assert (first.status, second.status) == (303, 303)
        with council.behind_the_scenes():
            assert len(db.session.scalars(select(Episode).where(Episode.family_id == home.id)).all()) == 1


def added(council: Council, sign_in: SignIn, **more: Any) -> Page:
    answers = {**a_whole_family(), "helped": "yes", **more}
    return sign_in(council.coordinator).submit("/families/new", answers)


class TestAddingAFamilyThatIsHelpedAlready:
    def test_one_page_brings_in_people_lead_and_review(self, council: Council, sign_in: SignIn) -> None:
        started, review = clock.today() - timedelta(days=200), clock.today() + timedelta(days=14)
        dates = date_parts("started_on", started) | date_parts("next_review_on", review)

        page = added(council, sign_in, lead=str(council.lead.id), **dates).follow()

        assert f"In early help since {full(started)}. Next review: {full(review)}." in page.main
        assert "Lead professional: Lena Lead" in page.main
        assert "Aoife O’Neill" in page.main
        summary = summary_of(council, 1)
        assert (summary.stage, summary.coordinator_id) == (Stage.ACTIVE, council.coordinator.id)
        with council.behind_the_scenes():
            kinds = db.session.scalars(select(Event.kind).order_by(Event.id)).all()
            assert (kinds[0], kinds.count("episode.brought_in")) == ("family.added", 1)
            assert db.session.scalars(select(OutboxMessage.kind)).all() == ["lead.known"]

    def test_gaps_are_said_on_its_page(self, council: Council, sign_in: SignIn) -> None:
        page = added(council, sign_in).follow()

        assert "In early help since a day that is not known. Next review: not known." in page.main

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            (date_parts("started_on", date(1950, 1, 1)), "Date early help started must be after"),
            ({"coordinator": ""}, "Choose an early help coordinator"),
            ({"helped": ""}, "Select whether early help works with this family already"),
        ],
    )
    def test_what_cannot_be_keeps_everything_that_was_typed(
        self, council: Council, sign_in: SignIn, more: dict[str, str], words: str
    ) -> None:
        page = added(council, sign_in, **({"lead": str(council.lead.id)} | more))

        assert page.status == 422
        assert page.errors[0].startswith(words)
        kept = page.form("/families/new").values
        assert (kept["people-1-given_name"], kept["lead"]) == (["Aoife"], [str(council.lead.id)])
        with council.behind_the_scenes():
            assert db.session.scalars(select(Family)).all() == []

    def test_one_that_is_not_helped_yet_is_added_alone(self, council: Council, sign_in: SignIn) -> None:
        unread = {"started_on-day": "99"}

        page = added(council, sign_in, helped="no", **unread).follow()

        assert "Record that it is in early help already" in page.main
        assert summary_of(council, 1).open is False

    def test_social_care_is_not_asked_and_everybody_can_leave_to_where_they_began(
        self, council: Council, sign_in: SignIn
    ) -> None:
        for who, home, asked in (
            (council.coordinator, "/home", True),
            (council.social_worker, "/step-downs", False),
            (council.front_door, "/look-up", False),
        ):
            page = sign_in(who).get("/families/new")

            assert bool(page.soup.select("[name=helped]")) is asked
            assert page.soup.find("a", string="Cancel")["href"] == home  # type: ignore[index]
