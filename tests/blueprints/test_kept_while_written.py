"""Long text is kept while it is written: offered again to its writer alone, behind the door of its form."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.domain.starters import starters
from portal.models.record import FormDraft
from tests.support.following import a_referral
from tests.support.people import Council, a_family, an_action, an_active_family
from tests.support.web import SignIn


class TestLongTextThatIsWritten:
    @pytest.mark.parametrize(("place", "name"), [("notes", "text"), ("contacts", "note")])
    def test_is_kept_by_a_pause_and_by_a_button_without_script(
        self, council: Council, sign_in: SignIn, place: str, name: str
    ) -> None:
        path = f"/families/{an_active_family(council).ref}/{place}/new"
        browser = sign_in(council.partner)
        page = browser.get(path)
        form = page.form(path)
        button = page.soup.select_one(f"form[hx-post='{path}/draft'] button[formaction='{path}/draft']")
        assert button is not None
        answers = {**form.values, name: "She likes the\nnew teacher"}

        paused = browser.post(f"{path}/draft", answers, htmx=True)
        pressed = browser.post(f"{path}/draft", answers)

        assert paused.text.startswith("Kept at 10am")
        assert (pressed.status, pressed.location) == (303, path)
        assert browser.get(path).form(path).values[name] == ["She likes the\nnew teacher"]
        assert "She likes" not in sign_in(council.lead).get(path).html
        stranger = sign_in(council.partner_other_organisation)
        token = stranger.get("/account").soup.select_one("input[name=csrf_token]")
        assert token is not None
        assert stranger.post(f"{path}/draft", {**answers, "csrf_token": str(token["value"])}).status == 404
        with council.behind_the_scenes():
            assert [draft.user_id for draft in db.session.scalars(select(FormDraft))] == [council.partner.id]

    def test_is_shown_where_somebody_else_was_faster_and_the_form_is_gone(
        self, council: Council, sign_in: SignIn
    ) -> None:
        _, check = a_referral(council, a_family(council), service="Stay and play")
        path = f"/checks/{check.ref}"
        browser = sign_in(council.coordinator)
        form = browser.get(path).form(path)
        browser.post(f"{path}/draft", {**form.values, "note": "I rang twice", "outcome": "no_answer"})
        recorded = sign_in(council.social_worker).submit(path, {"outcome": "no_answer", "method": "call"})
        assert recorded.status == 303, recorded.errors

        page = browser.get(path)

        assert page.status == 200
        assert "What you had begun to write" in page.main
        assert "I rang twice" in page.main
        assert page.soup.select_one(f"form[action='{path}']") is None
        assert page.form("/unfinished/throw-away").send().status == 303
        assert "I rang twice" not in browser.get(path).main


class TestAPageThatDependsOnWhatWasChosen:
    def test_a_starter_plan_is_offered_again_wherever_its_page_is_opened(
        self, council: Council, sign_in: SignIn
    ) -> None:
        path = f"/families/{an_active_family(council).ref}/plan/templates"
        first, other = sorted(starters())[:2]
        browser = sign_in(council.lead)
        form = browser.get(f"{path}?plan={first}").form(path)
        kept = browser.post(f"{path}/draft", {**form.values, "outcome-1": "She sleeps through"})
        assert kept.location == path

        for address in (path, f"{path}?plan={other}"):
            page = browser.get(address)
            assert starters()[first].title in page.text_of("h1")
            assert page.form(path).values["outcome-1"] == ["She sleeps through"]
        thrown = page.form("/unfinished/throw-away").send().follow()
        assert starters()[other].title in thrown.main
        assert "She sleeps through" not in browser.get(f"{path}?plan={first}").html

    def test_why_an_action_cannot_be_done_is_asked_again_until_its_writer_goes_back(
        self, council: Council, sign_in: SignIn
    ) -> None:
        action = an_action(council, an_active_family(council))
        path = f"/actions/{action.ref}/update"
        browser = sign_in(council.partner)
        asked = browser.get(path).form().send({"note": "No key", "more": "cannot"}).form(path)
        paused = browser.post(
            f"{path}/draft", {**asked.values, "why": "in_the_way", "waiting_on": "The landlord"}, htmx=True
        )
        assert paused.text.startswith("Kept at")

        page = browser.get(path)

        assert "Why can this not be done?" in page.main
        assert (page.form(path).values["note"], page.form(path).values["waiting_on"]) == (["No key"], ["The landlord"])
        back = next(link for link in page.links() if link.startswith(f"{path}?"))
        begun = browser.get(back)
        assert "Mark as done" in begun.main
        assert begun.form(path).values["note"] == ["No key"]

    def test_what_is_suggested_instead_of_another_is_offered_as_it_was_typed(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        before, _ = a_referral(council, home, service="Stay and play")
        path = f"/families/{home.ref}/support/new"
        browser = sign_in(council.coordinator)
        form = browser.get(f"{path}?instead_of={before.ref}").form(path)
        mine = {"need_text": "Somewhere to play", "person": str(home.children[0].id)}
        browser.post(f"{path}/draft", {**form.values, **mine})

        page = browser.get(path)

        assert f"Instead of Stay and play ({before.ref})" in page.main
        values = page.form(path).values
        assert {name: values[name] for name in mine} == {name: [answer] for name, answer in mine.items()}
