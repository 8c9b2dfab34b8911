"""A write-up kept while it is written: for its writer alone, offered again, gone once it is saved."""

from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.meetings import MeetingState
from portal.models.record import Audit, Event, FormDraft
from portal.models.teamwork import Meeting
from tests.support.handovers import a_meeting
from tests.support.people import Council, an_active_family
from tests.support.web import FilledForm, Page, SignIn
from tests.support.write_ups import done, path, said, state_of, when_next

HALF = {"decisions": "We will ask the school\nabout mornings", "family_views": "We are tired"}


def keep(form: FilledForm, answers: dict[str, Any], *, htmx: bool = False) -> Page:
    """As a pause does it, or the button without script."""
    return form.browser.post(f"{form.action}/draft", {**form.values, **answers}, htmx=htmx)


def drafts(council: Council) -> list[FormDraft]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(FormDraft).order_by(FormDraft.id)))


def recorded(council: Council) -> tuple[int, int]:
    """How many lines the log and history have."""
    with council.behind_the_scenes():
        return (
            db.session.scalars(select(func.count(Audit.id))).one(),
            db.session.scalars(select(func.count(Event.id))).one(),
        )


class TestKeepingAnUnfinishedForm:
    def test_what_was_typed_is_offered_again_to_its_writer_alone(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)

        kept = keep(lead.get(path(meeting)).form(path(meeting)), HALF | {f"attendance-{team.lead.id}": "attended"})

        again = kept.follow()
        assert "Kept for later" in again.text
        assert "You had begun to write this" in again.main
        form = again.form(path(meeting))
        assert form.values["decisions"] == [HALF["decisions"]]
        assert form.values[f"attendance-{team.lead.id}"] == ["attended"]
        others = sign_in(council.coordinator).get(path(meeting))
        assert "You had begun" not in others.main
        assert HALF["family_views"] not in others.html

    def test_a_pause_keeps_it_and_touches_nothing_else(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        form = sign_in(council.lead).get(path(meeting)).form(path(meeting))
        before, version = recorded(council), meeting.version

        first, second = keep(form, {"decisions": "W"}, htmx=True), keep(form, HALF, htmx=True)

        assert (first.status, second.status) == (200, 200)
        assert second.text.startswith("Kept at ")
        assert recorded(council) == before
        (draft,) = drafts(council)
        assert draft.answers["decisions"] == [HALF["decisions"]]
        assert not {"csrf_token", "idempotency_key"} & draft.answers.keys()
        with council.behind_the_scenes():
            assert db.session.get_one(Meeting, meeting.id).version == version
        assert state_of(council, meeting) is MeetingState.ARRANGED

    def test_it_goes_with_the_write_up_and_a_late_pause_brings_nothing_back(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        form = sign_in(council.lead).get(path(meeting)).form(path(meeting))
        keep(form, HALF)

        assert form.send(said(team) | when_next()).status == 303
        assert drafts(council) == []

        keep(form, HALF, htmx=True)
        assert drafts(council) == []

    def test_a_refused_write_up_leaves_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        form = sign_in(council.lead).get(path(meeting)).form(path(meeting))
        keep(form, HALF)

        assert form.send(HALF).status == 422

        assert len(drafts(council)) == 1

    def test_written_up_by_somebody_else_it_can_still_be_read_and_thrown_away(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        coordinator = sign_in(council.coordinator)
        keep(coordinator.get(path(meeting)).form(path(meeting)), HALF)
        sign_in(council.lead).submit(path(meeting), said(team) | when_next())

        closed = coordinator.get(path(meeting))
        assert "This meeting has already been written up" in closed.main
        assert "We are tired" in closed.main
        closed.form("/unfinished/throw-away").send()

        assert drafts(council) == []

    def test_what_was_done_meanwhile_is_listed_when_it_is_offered_again(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        keep(lead.get(path(meeting)).form(path(meeting)), HALF)
        action = done(council, team)

        form = lead.get(path(meeting)).form(path(meeting))

        assert form.values["done_shown"] == [str(action.id)]

    def test_it_can_be_thrown_away(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        offered = keep(lead.get(path(meeting)).form(path(meeting)), HALF).follow()

        page = offered.form("/unfinished/throw-away").send().follow()

        assert "You had begun" not in page.main
        assert drafts(council) == []

    def test_only_who_may_write_up_keeps_anything(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        form = sign_in(council.lead).get(path(meeting)).form(path(meeting))
        for person, status in ((council.partner, 403), (council.partner_other_organisation, 404)):
            browser = sign_in(person)
            token = browser.get("/account").soup.select_one("input[name=csrf_token]")
            assert token is not None
            answers = {**form.values, "csrf_token": str(token["value"])}
            assert browser.post(f"{path(meeting)}/draft", answers).status == status
        assert drafts(council) == []
