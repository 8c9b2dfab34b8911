"""Every form: sent twice it is one change, sent over somebody else's change it shows both texts, and loses nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.every_form import Filled, Forms
from tests.support.people import Council
from tests.support.web import SignIn

PARTS = 6
# What cannot be opened, filled and sent twice like every other, why, and where it is tried instead.
ELSEWHERE = {
    "account.sign_out": "ends the session that a second click would need: tests/blueprints/test_too_late.py",
    "drafts.start_found": "stands on the answer to a look-up, which has no address: tests/blueprints/test_drafts.py",
    "passkeys.make": "is filled in by a phone: tests/blueprints/test_passkeys.py",
    "provider.own": "is offered on the way back from the council’s own sign-in: tests/blueprints/test_provider.py",
    **dict.fromkeys(
        ("merging.confirm", "merging.decline", "merging.part", "merging.propose", "merging.withdraw"),
        "takes two records: tests/blueprints/test_merging.py",
    ),
}
# What the other saved stands in a sentence; yours stays in the boxes.
TOLD_IN_A_SENTENCE = {"council_contacts.change", "council_words.change", "standards.change"}


class TestEveryForm:
    def test_but_a_few_which_are_tried_elsewhere(self, council: Council, sign_in: SignIn) -> None:
        assert set(ELSEWHERE) <= set(Forms(council, sign_in).rules)
        for why in ELSEWHERE.values():
            assert Path(why.rpartition(": ")[2]).is_file(), why

    @pytest.mark.parametrize("part", range(PARTS))
    def test_is_saved_once_and_never_over_what_somebody_else_saved(
        self, council: Council, sign_in: SignIn, part: int, record_property: Callable[[str, object], None]
    ) -> None:
        forms = Forms(council, sign_in)

        wrong, tried = [], Counter[str]()
        for endpoint in sorted(set(forms.rules) - set(ELSEWHERE))[part::PARTS]:
            try:
                tried.update(self._try(forms, endpoint))
            except AssertionError as fault:
                wrong.append(f"{endpoint}: {str(fault).splitlines()[0]}")
            forms.begin_again()

        for how, often in sorted(tried.items()):
            record_property(how, often)
        assert not wrong, "\n" + "\n".join(wrong)

    def _try(self, forms: Forms, endpoint: str) -> Iterator[str]:
        """In which ways it was sent."""
        filled = forms.fill(endpoint)
        if filled.typed:
            yield "wrong and after the session ended"
            filled = self._keeps_what_was_typed(forms, filled)
        first = filled.send()
        if first.status == 200:
            return  # the answer is a page, which keeps nothing but that it was shown: sent twice it is answered twice
        assert first.status == 303, f"{first.status} {first.errors or first.main[:200]}"
        once = forms.counted()

        yield "sent twice"
        second = filled.send()

        assert (second.status, second.location) == (303, first.location), "the second click got another answer"
        assert forms.counted() == once, "two clicks were two changes"
        if not filled.edits:
            return
        yield "over somebody else’s change"
        stale = filled.send(from_a_page_opened_before=True)
        assert stale.status == 409, f"saved over somebody else: {stale.status} {stale.errors}"
        assert forms.counted() == once, "an old page changed something"
        if filled.typed:
            assert filled.other_words in stale.html, "what was typed is lost"
            both = stale.soup.select(".app-side-by-side") or endpoint in TOLD_IN_A_SENTENCE
            assert both, "both texts are not shown"

    def _keeps_what_was_typed(self, forms: Forms, filled: Filled) -> Filled:
        """Where an answer is wrong, and where the session is over; returns the form as it is then offered."""
        refused = filled.send(wrong=True)
        assert refused.status == 422, f"{refused.status} for what nobody types"
        assert not filled.lost(refused), f"lost beside what is wrong: {filled.lost(refused)}"
        asked = forms.sent_too_late(filled)
        assert asked.status == 303, f"{asked.status} after the session was over"
        page, again = forms.signed_in_again(filled, asked)
        assert not filled.lost(page), f"lost after the session was over: {filled.lost(page)} on {page.status}"
        return again
