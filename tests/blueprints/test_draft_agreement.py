"""A manager agrees to a step-down before it is sent, on the page or by word of mouth."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.domain.dates import full
from portal.models.families import Clearance
from tests.support.drafts import a_draft, a_whole_draft, an_agreed_draft, stored
from tests.support.people import Council, a_family, history_of
from tests.support.web import SignIn, date_parts


class TestTheManagersAgreement:
    def test_needs_everything_to_be_there(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = a_draft(council, home)
        manager = sign_in(council.social_care_manager)

        page = manager.get(f"/step-downs/{step_down.ref}/check")
        assert "Still missing" in page.main
        assert not page.soup.select(f'form[action="/step-downs/{step_down.ref}/check/agree"]')

        token = manager.get(f"/step-downs/{step_down.ref}/edit/visit").form()
        token.action = f"/step-downs/{step_down.ref}/check/agree"
        refused = token.send({"rationale": "Fine by me"})
        assert refused.status == 409
        assert "is not complete yet" in refused.main
        assert stored(council, step_down).agreed_at is None

    def test_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        here = f"/step-downs/{step_down.ref}"

        page = sign_in(council.social_care_manager).submit(
            f"{here}/check/agree", {"rationale": "  "}, on=f"{here}/check"
        )

        assert page.errors == ["Enter why you agree to this step-down"]
        assert stored(council, step_down).agreed_at is None

    def test_is_not_the_social_workers_to_give(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        worker = sign_in(council.social_worker)
        here = f"/step-downs/{step_down.ref}"

        assert not worker.get(f"{here}/check").soup.select("main form")
        form = worker.get(f"{here}/edit/visit").form()
        form.action = f"{here}/check/agree"

        assert form.send({"rationale": "I agree with myself"}).status == 403
        assert stored(council, step_down).agreed_at is None

    def test_says_whom_to_ask_where_no_manager_may_see_a_restricted_family(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council, restricted=True)
        step_down = a_whole_draft(council, home)
        worker, here = sign_in(council.social_worker), f"/step-downs/{step_down.ref}/check"

        before = worker.get(here).main
        with council.behind_the_scenes():
            manager = council.social_care_manager.id
            db.session.add(Clearance(family_id=home.id, user_id=manager, cleared_at=clock.now()))
        after = worker.get(here).main

        assert "nobody can agree yet" in before
        assert "Ask an administrator to have one of them cleared" in before
        assert "nobody can agree yet" not in after
        assert "It waits for a social care manager" in after

    def test_is_cleared_by_a_later_change_of_content(self, council: Council, sign_in: SignIn) -> None:
        step_down = an_agreed_draft(council, a_family(council))
        worker = sign_in(council.social_worker)

        page = worker.submit(f"/step-downs/{step_down.ref}/edit/visit", {"meeting_wishes": "At the school"})

        assert "has to agree again" in page.follow().text
        assert stored(council, step_down).agreed_at is None
        assert stored(council, step_down).rationale is None

    def test_stands_when_parts_are_saved_as_they_were(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        step_down = an_agreed_draft(council, home)
        worker = sign_in(council.social_worker)
        before = history_of(council, home.id)

        for part in ("children", "needs", "safety", "views", "visit"):
            assert worker.submit(f"/step-downs/{step_down.ref}/edit/{part}").status == 303, part

        assert stored(council, step_down).agreed_at is not None
        assert history_of(council, home.id) == before

    def test_covers_only_what_the_manager_saw(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        here = f"/step-downs/{step_down.ref}"
        form = sign_in(council.social_care_manager).get(f"{here}/check").form(f"{here}/check/agree")
        sign_in(council.social_worker).submit(f"{here}/edit/visit", {"meeting_wishes": "Something else"})

        page = form.send({"rationale": "They can manage"})

        assert page.status == 409
        assert council.social_worker.name in page.main
        assert "They can manage" in page.html
        assert stored(council, step_down).agreed_at is None


@pytest.fixture
def by_word_of_mouth(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation lets a social worker write down that the manager agreed."""
    monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"typed_agreement": True}))


def as_told(on: date, **other: Any) -> dict[str, Any]:
    return {
        "agreed_by_name": "Selma Senior",
        **date_parts("agreed_on", on),
        "rationale": "They can manage with a team",
        **other,
    }


class TestTheAgreementByWordOfMouth:
    def test_is_neither_asked_nor_taken_unless_it_is_set_so(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        here = f"/step-downs/{step_down.ref}"
        worker = sign_in(council.social_worker)
        assert "If they told you" not in worker.get(f"{here}/check").main
        form = worker.get(f"{here}/edit/visit").form()
        form.action = f"{here}/check/agree-as-told"

        refused = form.send(as_told(clock.today()))

        assert refused.status == 409
        assert "agrees to a step-down with their own sign-in" in refused.main
        assert stored(council, step_down).agreed_at is None

    @pytest.mark.usefixtures("by_word_of_mouth")
    def test_is_shown_as_such_and_listed_for_the_manager(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        step_down = a_whole_draft(council, home)
        here = f"/step-downs/{step_down.ref}"
        worker, manager = sign_in(council.social_worker), sign_in(council.social_care_manager)
        day = clock.today() - timedelta(days=2)

        page = worker.submit(f"{here}/check/agree-as-told", as_told(day), on=f"{here}/check").follow()

        words = f"Selma Senior agreed on {full(day)}, as {council.social_worker.name} wrote down on"
        assert words in page.main
        assert words in manager.get("/step-downs").text
        assert "Agreed by word of mouth" not in worker.get("/step-downs").main
        assert worker.submit(f"{here}/check/send", on=f"{here}/check").status == 303
        assert words in manager.get(here).main
        assert words in manager.get("/step-downs").main
        assert "step_down.agreed_as_told" in history_of(council, home.id)

    @pytest.mark.usefixtures("by_word_of_mouth")
    def test_needs_a_name_a_day_and_why(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))
        here = f"/step-downs/{step_down.ref}"
        tomorrow = clock.today() + timedelta(days=1)
        worker = sign_in(council.social_worker)

        empty = worker.submit(f"{here}/check/agree-as-told", on=f"{here}/check")
        ahead = worker.submit(f"{here}/check/agree-as-told", as_told(tomorrow), on=f"{here}/check")

        assert empty.errors == [
            "Enter who agreed",
            "Enter the date they agreed",
            "Enter why they agree to this step-down",
        ]
        assert ahead.errors == ["The date they agreed must be today or in the past"]
        assert stored(council, step_down).agreed_at is None

    @pytest.mark.usefixtures("by_word_of_mouth")
    def test_a_manager_has_their_own_way(self, council: Council, sign_in: SignIn) -> None:
        step_down = a_whole_draft(council, a_family(council))

        page = sign_in(council.social_care_manager).get(f"/step-downs/{step_down.ref}/check")

        assert "Why do you agree" in page.main
        assert "If they told you" not in page.main
