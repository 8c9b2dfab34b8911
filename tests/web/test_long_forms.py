"""Every long form: kept while it is written, by a pause and by a button without script, until it is sent."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.models.record import FormDraft
from tests.policies.long_forms import KEPT_WHILE_WRITTEN
from tests.support.every_form import Filled, Forms
from tests.support.people import Council
from tests.support.web import SignIn

PARTS = 4


class TestEveryLongForm:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_is_kept_while_it_is_written_until_it_is_sent(self, council: Council, sign_in: SignIn, part: int) -> None:
        forms = Forms(council, sign_in)

        wrong = []
        for endpoint in KEPT_WHILE_WRITTEN[part::PARTS]:
            try:
                self._try(forms, forms.fill(endpoint))
            except AssertionError as fault:
                wrong.append(f"{endpoint}: {str(fault).splitlines()[0]}")
            forms.begin_again()

        assert not wrong, "\n" + "\n".join(wrong)

    def _try(self, forms: Forms, filled: Filled) -> None:
        browser, aside = filled.form.browser, f"{filled.form.action}/draft"
        written = browser.get(filled.page).soup.select_one(f"form[hx-post='{aside}'], form:has([hx-post='{aside}'])")
        assert written is not None, "a pause keeps nothing"
        assert written.select(f"button[formaction='{aside}'], button[name='then']"), "no button keeps it"
        assert written.select("[id^=draft-kept]"), "nothing says that it was kept"
        answers = {**filled.form.values, **filled.answers}

        paused = browser.post(aside, answers, htmx=True)
        pressed = browser.post(aside, answers)

        assert paused.text.startswith("Kept at"), f"{paused.status} {paused.main[:100]}"
        page = pressed.follow()
        assert "You had begun to write this" in page.main, "not said to be kept"
        assert not filled.lost(page), f"lost: {filled.lost(page)}"
        sent = replace(filled, form=page.form(filled.form.action)).send()
        assert sent.status == 303, f"{sent.status} {sent.errors or sent.main[:200]}"
        with forms.council.behind_the_scenes():
            assert not db.session.scalar(select(func.count(FormDraft.id))), "offered again though it was sent"
