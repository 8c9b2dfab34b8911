"""What has to be there, or to have been sent, before a form of the portal is offered."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.proving import Told
from portal.domain.roles import Role
from portal.models.following import Service
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import Organisation, OrganisationKind, SharingAgreement, User, UserRole, UserSession
from portal.models.proving import Passkey, TrustedDevice
from portal.models.record import OutboxMessage
from portal.models.teamwork import PlanAction
from portal.services import factor_resets, provider_accounts, second_factors
from tests.support import form_scenes as scene
from tests.support.form_scenes import Place, Scene
from tests.support.proving import with_an_app

if TYPE_CHECKING:
    from tests.support.every_form import Forms


def _has_nobody(forms: "Forms") -> None:
    """Everybody's account there is closed."""
    with forms.council.behind_the_scenes():
        for user in db.session.scalars(select(User).where(User.organisation_id == forms.council.school.id)):
            user.active = False


def _is_the_councils(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        db.session.get_one(Organisation, forms.council.school.id).kind = OrganisationKind.COUNCIL


def _has_not_come(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        db.session.get_one(User, int(forms.world.north.ref(User).removeprefix("U-"))).password_hash = None


def _elsewhere_too(forms: "Forms") -> None:
    """They are signed in in another browser as well."""
    forms.sign_in(forms.council.coordinator)


def _agreement_ends(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        db.session.execute(update(SharingAgreement).values(ends_on=clock.today() + timedelta(days=10)))


def _publisher_differs(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        service = db.session.scalars(select(Service).order_by(Service.id)).first()
        assert service is not None
        service.by_hand, service.publisher_says = ["phone"], {"phone": "01632 960 999"}


def _asked_by_another(forms: "Forms") -> None:
    """Another administrator asks that somebody sets up their codes anew."""
    with forms.council.behind_the_scenes():
        other = User(name="Ada Admin", email="ada@ambleford.example", organisation_id=forms.council.organisation.id)
        other.roles = [UserRole(role=Role.ADMINISTRATOR)]
        db.session.add(other)
    with forms.council.as_(other) as viewer:
        factor_resets.ask(forms.council.partner.id, why="She came in", by=viewer)


def _passed_on(forms: "Forms") -> Place:
    away, other = forms.council.coordinator.id, forms.council.other_coordinator.id
    return Place(page=f"/coordinators/pass-on?who={away}&to={other}")


def _not_sent(forms: "Forms") -> None:
    """A message that the mail server refused for good."""
    with forms.council.behind_the_scenes():
        now = clock.now()
        about = {"kind": "action.proposed", "rule": "action_owner", "subject": forms.world.north.ref(PlanAction)}
        times = {"made_at": now, "due_at": now, "expires_at": now + timedelta(days=7), "sent_at": now}
        message = OutboxMessage(family_id=forms.world.north.home.id, **about, **times)
        db.session.add(message)
        db.session.flush()
        failed = {"status": DeliveryStatus.FAILED, "why": "Refused", "message_id": "one", "settled_at": now}
        user = forms.council.partner.id
        db.session.add(Delivery(outbox_id=message.id, user_id=user, made_at=now, next_at=now, **failed))


def _connected(forms: "Forms") -> None:
    """To an account at the council's own sign-in."""
    forms.set_to(oidc_issuer="https://sign-in.example", oidc_name="Ambleford account")
    with forms.council.behind_the_scenes():
        provider_accounts.connect(forms.council.coordinator.id, Told("https://sign-in.example", "carol", ""))


def _signed_in_long_ago(forms: "Forms") -> None:
    with_an_app(forms.council, forms.council.coordinator)
    with forms.council.behind_the_scenes():
        db.session.execute(update(UserSession).values(started_at=clock.now() - timedelta(hours=2)))


def _trusted(forms: "Forms") -> None:
    with_an_app(forms.council, forms.council.coordinator)
    with forms.council.behind_the_scenes():
        now = clock.now()
        times = {"made_at": now, "used_at": now, "until": now + timedelta(days=30)}
        db.session.add(TrustedDevice(user_id=forms.council.coordinator.id, token_hash="a" * 64, **times))


def _ticked(forms: "Forms") -> Place:
    return Place(page="/families", form="/reminders", answers={"thing": forms.world.north.home.ref})


def _in_the_banner(forms: "Forms") -> Place:
    return Place(page="/families")


def _in_the_banner_at_home(forms: "Forms") -> Place:
    return Place(page="/home")


def _with_a_passkey(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        key = {"credential_id": "abc", "public_key": b"key", "name": "My phone"}
        db.session.add(Passkey(user_id=forms.council.coordinator.id, **key, made_at=clock.now()))


def _with_an_app(forms: "Forms") -> None:
    with_an_app(forms.council, forms.council.coordinator)


def _waiting_app(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        second_factors.prepare(forms.council.coordinator.id)


def _seen(forms: "Forms") -> Place:
    assert forms.fill_at("families.seen", _ticked(forms)).send().status == 303
    return _in_the_banner(forms)


STOP = {"answer": "asked_to_stop"}
# What is sent, with which answers, or arranged, in this order; the last that tells a place tells where the form is.
BEFORE: dict[str, list[str | tuple[str, dict[str, Any]] | Scene]] = {
    "account.end_other_sessions": [_elsewhere_too],
    "account.end_session": [_elsewhere_too],
    "actions.reopen": ["actions.update"],
    "actions.verify": [scene.done_by_the_partner],
    "admin.send_again": [_not_sent],
    "agreement.stop": [("agreement.record", STOP)],
    "agreements.extend": [_agreement_ends],
    "already_helped.already": [scene.helped_already],
    "checks.ask_again": ["checks.waive"],
    "closed_days.take_out": ["closed_days.new"],
    "council_words.reset": ["council_words.change"],
    "closures.take_out": ["closures.new"],
    "directory.publishers": [_publisher_differs],
    "directory.restore": ["directory.retire"],
    "drafts.agree": [scene.to_be_agreed],
    "drafts.agree_as_told": [scene.as_told],
    "drafts.send": [scene.agreed],
    "factor_resets.confirm": [_asked_by_another],
    "factor_resets.withdraw": ["factor_resets.ask"],
    "families.not_seen": [_ticked],
    "families.print_chosen": [_ticked],
    "families.seen": [_ticked],
    "families.undo_seen": [_seen],
    "holding.end_cover": ["holding.cover"],
    "holding.pass_on": [_passed_on],
    "home.undo_mark": ["home.mark", _in_the_banner_at_home],
    "invitations.withdraw": [_has_not_come],
    "leads.answer": [scene.asked_to_lead],
    "leads.ask": [scene.no_lead],
    "leads.cover": ["leads.end_cover"],
    "leads.decide": [scene.declined_twice],
    "leads.end": ["leads.withdraw"],
    "leads.told": [scene.asked_by_phone],
    "meetings.reschedule": [scene.somebody_is_asked],
    "organisations.bring_back": [_has_nobody, "organisations.retire"],
    "organisations.new_team": [_is_the_councils],
    "organisations.retire": [_has_nobody],
    "passkeys.remove": [_with_a_passkey],
    "people.open_again": ["people.close"],
    "plans.begin_revision": [scene.plan_in_force],
    "plans.name_need": [scene.without_need],
    "plans.put_in_force": [scene.whole_plan],
    "plans.reopen": ["plans.met"],
    "plans.review": [scene.updated],
    "plans.templates": [scene.a_starter],
    "provider.disconnect": [_connected],
    "reminders.send": [scene.overdue],
    "reminders.take_back": [scene.reminded],
    "restriction.clear": ["restriction.restrict"],
    "restriction.end": ["restriction.restrict"],
    "restriction.lift": ["restriction.restrict"],
    "restriction.refuse": ["restriction.ask"],
    "restriction.withdraw": ["restriction.ask"],
    "together.choose_lead": [_ticked],
    "together.choose_review": [_ticked],
    "together.review": [scene.to_review],
    "together.lead": [scene.to_lead],
    "together.undo": [scene.asked_to_lead_together],
    "retention.confirm": [scene.to_be_confirmed],
    "retention.lift": ["retention.hold"],
    "retention.propose": [scene.due],
    "retention.withdraw": [scene.to_be_withdrawn],
    "second_factor.app": [_waiting_app],
    "second_factor.confirm": [_signed_in_long_ago],
    "second_factor.forget_device": [_trusted],
    "second_factor.recovery_codes": [_with_an_app],
    "social_work.holder": [scene.nobody_holds],
    "social_work.reopen": ["social_work.closed"],
    "step_downs.accept": [scene.was_proposed],
    "step_downs.agree_to_stay": ["step_downs.ask_to_stay"],
    "step_downs.answer": [scene.was_proposed, "step_downs.ask"],
    "step_downs.ask": [scene.was_proposed],
    "step_downs.complete": [scene.complete],
    "step_downs.decide": [scene.past_its_standard],
    "step_downs.decline": [scene.was_proposed],
    "step_downs.told": [scene.dropped],
    "step_downs.waive": ["step_downs.decision"],
    "step_downs.what_now": [scene.was_proposed, "step_downs.decline"],
    "support.confirm": ["support.start"],
    "support.end": ["support.start"],
    "support.need": ["support.not_started"],
    "support.stopped": ["support.start"],
    "support.suggest_to_found": [scene.found],
    "team.come_back": ["team.leave"],
    "undo.undo": ["actions.update", scene.undone],
}
