"""Support on its way in a test: suggested a week ago by the social worker, and the answers of each page."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.following import SupportReferral
from portal.models.people import User
from tests.support.following import a_referral
from tests.support.people import Council, Home, a_family
from tests.support.web import Page, SignIn, date_parts

LAST_WEEK = 7
SEND = {"sent_reason": "Somewhere to go with the baby", "safe_contact": "Ring 01632 960 300 after ten"}
KNOWN = {"state_source": "provider"}
START = {"started_source": "family", "started_what": "The Tuesday group"}
NOT_STARTED = {
    "not_started_code": "no_capacity",
    "not_started_reason": "Full until the summer",
    "state_source": "provider",
    "need_now": "family_managing",
}
END = {"ended_how": "completed", "helped": "better", "state_source": "family"}


def days_ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


def suggested(council: Council, home: Home | None = None, **how: int) -> tuple[Home, SupportReferral]:
    """A week ago, by the social worker."""
    home = home or a_family(council)
    referral, _ = a_referral(council, home, given_on=days_ago(LAST_WEEK), **how)  # type: ignore[arg-type]
    return home, referral


def move(sign_in: SignIn, by: User, referral: SupportReferral, to: str, answers: dict[str, str]) -> Page:
    return sign_in(by).submit(f"/referrals/{referral.ref}/{to}", answers)


def refused(
    council: Council, sign_in: SignIn, referral: SupportReferral, to: str, answers: dict[str, str]
) -> tuple[Page, Page]:
    """What no page offers now: the page itself, and what comes of answers that are sent late. They go by the form of
    another family's, where it is open."""
    _, other = a_started(council, sign_in) if to in ("end", "confirm") else suggested(council)
    browser, path = sign_in(council.social_worker), f"/referrals/{referral.ref}/{to}"
    opened = browser.get(f"/referrals/{other.ref}/{to}").form()
    return browser.get(path), opened.instead(path, now(council, referral).version).send(answers)


def agreed(home: Home) -> dict[str, str]:
    return {**SEND, "share_agreed_by": str(home.parent.id)}


def now(council: Council, referral: SupportReferral) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.get_one(SupportReferral, referral.id)


def waiting() -> dict[str, str]:
    return {
        **KNOWN,
        **date_parts("expected_on", clock.today() + timedelta(days=60)),
        "interim": "The health visitor calls each week",
    }


def booked(day: date) -> dict[str, str]:
    return {**KNOWN, **date_parts("booked_for", day)}


def started(day: date, **more: str) -> dict[str, str]:
    return {**START, **date_parts("started_on", day), **more}


def a_started(council: Council, sign_in: SignIn) -> tuple[Home, SupportReferral]:
    home, referral = suggested(council)
    assert move(sign_in, council.social_worker, referral, "start", started(days_ago(3))).status == 303
    return home, referral


def a_referral_of(council: Council, home: Home) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.scalars(select(SupportReferral).where(SupportReferral.family_id == home.id)).one()
