"""A need is met, passed on, or could not be met; and may be opened again."""

import pytest

from portal.domain.plans import NeedState
from tests.support.people import Council, an_action, an_active_family, history_of
from tests.support.plans import needs_of, plan
from tests.support.web import SignIn

ENDS = [
    ("met", {"met_reason": "They leave at eight every day"}, NeedState.MET, "need.met", "Met"),
    (
        "passed-on",
        {"transferred_to": "Ms Rowe, school nurse", "note": "They met on Friday"},
        NeedState.TRANSFERRED,
        "need.transferred",
        "Passed on",
    ),
]


@pytest.mark.parametrize(("end", "answers", "state", "event", "label"), ENDS)
class TestEnding:
    def test_lead_records_how_a_need_ended(
        self,
        council: Council,
        sign_in: SignIn,
        end: str,
        answers: dict[str, str],
        state: NeedState,
        event: str,
        label: str,
    ) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Ring the nursery")
        lead = sign_in(council.lead)
        assert "These actions stay open:" in lead.get(f"/needs/{team.need.ref}/{end}").main

        page = lead.submit(f"/needs/{team.need.ref}/{end}", answers).follow()

        assert needs_of(council, team)[0].state is state
        assert history_of(council, team.family.id)[-1] == event
        assert f"{label} . {'To ' if end == 'passed-on' else ''}{next(iter(answers.values()))}" in page.main
        history = lead.get(f"/families/{team.ref}/history").main
        for words in answers.values():
            assert words in history

    def test_what_is_missing_is_said_at_the_field(
        self,
        council: Council,
        sign_in: SignIn,
        end: str,
        answers: dict[str, str],
        state: NeedState,
        event: str,
        label: str,
    ) -> None:
        team = an_active_family(council)
        name = next(iter(answers))

        page = sign_in(council.lead).submit(f"/needs/{team.need.ref}/{end}", {name: "  "})

        assert (page.status, len(page.errors)) == (422, 1)
        assert needs_of(council, team)[0].state is NeedState.OPEN

    def test_one_that_has_ended_is_refused(
        self,
        council: Council,
        sign_in: SignIn,
        end: str,
        answers: dict[str, str],
        state: NeedState,
        event: str,
        label: str,
    ) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(f"/needs/{team.need.ref}/{end}").form()
        sign_in(council.coordinator).submit(f"/needs/{team.need.ref}/not-met", {"not_met_reason": "No nursery place"})

        page = form.send(answers)

        assert page.status == 409
        assert "No nursery place" in page.main
        assert needs_of(council, team)[0].state is NeedState.NOT_MET


class TestOpeningAgain:
    def test_early_help_opens_one_that_ended_by_mistake(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        sign_in(council.lead).submit(f"/needs/{team.need.ref}/met", {"met_reason": "All well"})
        coordinator, path = sign_in(council.coordinator), f"/needs/{team.need.ref}/reopen"
        opened = coordinator.get(path).form()

        page = coordinator.submit(path, {"reason": "It was the other child’s"}).follow()
        late = opened.instead(path, needs_of(council, team)[0].version).send({"reason": "Why not"})

        assert needs_of(council, team)[0].state is NeedState.OPEN
        assert late.status == 409
        assert "This need is open already." in late.main
        assert "Nobody is covering: education" in page.main
        assert history_of(council, team.family.id)[-2:] == ["need.met", "need.reopened"]

    def test_the_lead_may_not_nor_is_one_opened_that_is_open(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.coordinator).get(f"/needs/{team.need.ref}/reopen")

        assert page.status == 409
        assert "This need is open already." in page.main
        assert f"/families/{team.ref}" in page.links()
        assert sign_in(council.lead).get(f"/needs/{team.need.ref}/reopen").status == 403
        assert f"/needs/{team.need.ref}/reopen" not in sign_in(council.coordinator).get(plan(team)).links()
