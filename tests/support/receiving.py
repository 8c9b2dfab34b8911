"""What was sent to a service whose people sign in, and their answers to it."""

from portal.core import clock
from portal.core.db import db
from portal.domain.support import HowGiven
from portal.models.following import SharedReferral, SupportReferral
from portal.services import referrals, support_sending
from tests.support.following import of_the_partners_school
from tests.support.people import Council, Home, a_family
from tests.support.web import Browser, Page


def sent(council: Council, home: Home | None = None) -> tuple[Home, SharedReferral]:
    """To a service of the partner's school, by the social worker; nobody there is on the family's team."""
    home = home or a_family(council)
    service = of_the_partners_school(council)
    with council.as_(council.social_worker) as viewer:
        referral, _ = referrals.signpost(
            home.family,
            by=viewer,
            given_on=clock.today(),
            how_given=HowGiven.SAID,
            service_id=service.id,
            need_text="Quarrels about money at home",
            person_id=home.children[0].id,
        )
        support_sending.send(
            referral,
            by=viewer,
            reason="A place in the morning group",
            safe_contact="Ring after ten",
            sent_on=clock.today(),
            agreed_by_id=home.parent.id,
        )
        shared = db.session.query(SharedReferral).filter_by(referral_id=referral.id).one()
    return home, shared


def answer(browser: Browser, shared: SharedReferral, told: str, **answers: str) -> Page:
    page = browser.get(f"/received/{shared.ref}")
    return page.form(f"/received/{shared.ref}").send({"told": told, **answers})


def state_of(council: Council, shared: SharedReferral) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.get_one(SupportReferral, shared.referral_id)
