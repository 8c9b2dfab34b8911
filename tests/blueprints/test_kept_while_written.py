"""Long text is kept while it is written: offered again to its writer alone, behind the door of its form."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.models.record import FormDraft
from tests.support.following import a_referral
from tests.support.people import Council, a_family, an_active_family
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
