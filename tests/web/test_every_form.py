"""Every form: sent twice it is one change, sent over somebody else's change it shows both texts, and loses nothing."""

import pytest

from tests.support.every_form import Forms
from tests.support.people import Council
from tests.support.web import SignIn

PARTS = 3
# Buttons and forms that take more than one page to arrive at, and are tried where those have tests of their own.
ELSEWHERE = {
    *("factor_resets.confirm", "factor_resets.withdraw", "passkeys.make", "passkeys.remove", "provider.disconnect"),
    *("provider.own", "second_factor.app", "second_factor.confirm", "second_factor.forget_device"),
    *("second_factor.recovery_codes",),
    *("account.end_other_sessions", "account.end_session", "account.password"),
    *("account.sign_out", "admin.send_again"),
    *("actions.verify", "agreement.stop", "agreements.extend", "already_helped.already", "directory.publishers"),
    *("drafts.agree", "drafts.agree_as_told", "drafts.send", "drafts.start_found", "drafts.views"),
    *("families.not_seen", "families.print_chosen", "families.seen", "families.undo_seen"),
    *("holding.cover", "holding.end_cover", "holding.pass_on", "home.mark", "home.undo_mark"),
    *("leads.answer", "leads.ask", "leads.decide", "leads.told", "meetings.reschedule"),
    *("plans.agree", "plans.begin_revision", "plans.name_need", "plans.put_in_force", "plans.review"),
    *("plans.templates", "reminders.send", "reminders.take_back", "social_work.holder", "social_work.pass_on"),
    *("retention.confirm", "retention.lift", "retention.propose", "retention.withdraw"),
    *("step_downs.complete", "step_downs.decide", "step_downs.told", "support.suggest_to_found"),
    "undo.undo",
}
# What the other saved stands in a sentence; yours stays in the boxes.
TOLD_IN_A_SENTENCE = {"council_contacts.change", "council_words.change", "standards.change"}


class TestEveryForm:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_is_saved_once_and_never_over_what_somebody_else_saved(
        self, council: Council, sign_in: SignIn, part: int
    ) -> None:
        forms = Forms(council, sign_in)

        wrong = []
        for endpoint in sorted(set(forms.rules) - ELSEWHERE)[part::PARTS]:
            try:
                self._try(forms, endpoint)
            except AssertionError as fault:
                wrong.append(f"{endpoint}: {str(fault).splitlines()[0]}")
            forms.begin_again()

        assert not wrong, "\n" + "\n".join(wrong)

    def _try(self, forms: Forms, endpoint: str) -> None:
        forms.prepare(endpoint)
        filled = forms.fill(endpoint)
        first = filled.send()
        if first.status == 200:
            return  # the answer is a page, which keeps nothing but that it was shown: sent twice it is answered twice
        assert first.status == 303, f"{first.status} {first.errors or first.main[:200]}"
        once = forms.counted()

        second = filled.send()

        assert (second.status, second.location) == (303, first.location), "the second click got another answer"
        assert forms.counted() == once, "two clicks were two changes"
        if not filled.edits:
            return
        stale = filled.send(from_a_page_opened_before=True)
        assert stale.status == 409, f"saved over somebody else: {stale.status} {stale.errors}"
        assert forms.counted() == once, "an old page changed something"
        if filled.typed:
            assert filled.other_words in stale.html, "what was typed is lost"
            both = stale.soup.select(".app-side-by-side") or endpoint in TOLD_IN_A_SENTENCE
            assert both, "both texts are not shown"
