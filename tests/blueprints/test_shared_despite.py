"""What was shared although nobody had agreed, as the auditor reads it."""

from tests.support.people import Council
from tests.support.referral_moves import SEND, agreed, move, suggested
from tests.support.web import SignIn

WHY = "The baby is not safe without it"


class TestTheAuditorsList:
    def test_says_who_sent_what_all_the_same_and_why_and_leads_there(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        sent = {**SEND, "share_agreed_by": "nobody", "shared_despite": WHY}
        move(sign_in, council.social_worker, referral, "send", sent)
        auditor = sign_in(council.auditor)
        assert auditor.get("/account").soup.select("nav a[href='/shared-despite']")

        page = auditor.get("/shared-despite")

        row = page.text_of("tbody tr")
        assert all(words in row for words in (WHY, council.social_worker.name, home.family.name, referral.ref))
        assert [auditor.get(link).status for link in page.links() if referral.ref in link] == [200]

    def test_holds_nothing_that_was_agreed(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        move(sign_in, council.social_worker, referral, "send", agreed(home))

        page = sign_in(council.auditor).get("/shared-despite")

        assert "Nothing was shared without agreement" in page.main
