"""From a delivery to a letter: what it says is made when it is sent, under its recipient's own viewer."""

from dataclasses import asdict, replace
from typing import Any

from flask import g

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.domain import account_news, password_links
from portal.domain.emergencies import UNWATCHED_RULE
from portal.domain.notice_words import head_of_several
from portal.facts import contacts
from portal.models.messages import Delivery, Way
from portal.models.record import OutboxMessage
from portal.queries import digests, labels, notices
from portal.queries.digests import Digest
from portal.queries.notices import Nothing, Saying
from portal.services import account_news as telling
from portal.services import digests as taking
from portal.services import emergency_news, link_messages, reminders_together
from portal.services import password_links as linking
from portal.services.link_messages import Later
from portal.web.pages import phrase, render
from portal.worker.post import Letter

NOT_ASKED = "The family is not asked in this way any more"


def write(delivery_id: int, settings: Settings) -> Letter | Nothing | Later:
    """The letter as it is to be sent now; Nothing where it is its recipient's no longer, Later where it is night for a
    family. A family's link is stored with it, so the caller commits before anything leaves the house."""
    g.words, settings = labels.words(), contacts.told(settings)
    delivery = db.session.get_one(Delivery, delivery_id)
    if delivery.user_id is None and delivery.outbox_id is not None:
        return _to_a_family(delivery, delivery.outbox_id, settings)
    if delivery.digest_on is not None:
        return _digest(delivery, settings)
    message = db.session.get_one(OutboxMessage, delivery.outbox_id)
    if message.rule == password_links.RULE:
        return _password_link(delivery, message, settings)
    if message.rule == account_news.RULE:
        return _account_news(delivery, message, settings)
    if message.rule == UNWATCHED_RULE:
        return _unwatched(delivery, message, settings)
    besides = reminders_together.take_in(delivery_id)
    said = notices.saying(delivery_id, g.words)
    if isinstance(said, Nothing):
        reminders_together.let_go(delivery_id)
        return said
    others = {each: notices.saying(each, g.words) for each in besides}
    taking.leave_out({each: found.why for each, found in others.items() if isinstance(found, Nothing)})
    several = [said, *(found for found in others.values() if isinstance(found, Saying))]
    return _letter(delivery, said, settings) if len(several) == 1 else _of_several(delivery, several, settings)


def _to_a_family(delivery: Delivery, outbox_id: int, settings: Settings) -> Letter | Nothing | Later:
    found = link_messages.letter_of(
        db.session.get_one(OutboxMessage, outbox_id),
        begins=settings.begins,
        council=settings.council_name,
        phone=settings.family_phone,
    )
    if found is None:
        return Nothing(NOT_ASKED)
    if isinstance(found, Later):
        return found
    return Letter(
        way=Way(found.way),
        to=found.to,
        subject=found.subject,
        text=found.text,
        html=None,
        message_id=delivery.message_id,
    )


def _password_link(delivery: Delivery, message: OutboxMessage, settings: Settings) -> Letter | Nothing:
    """Without the foot of other emails: it comes because it was asked for, and nobody can do without it."""
    if message.expires_at <= clock.now():
        return Nothing(notices.TOO_OLD)
    found = linking.letter_of(
        message, begins=settings.begins, service=settings.service_name, council=settings.council_name
    )
    if found is None:
        return Nothing(notices.CLOSED)
    context = {"head": found.subject, "text": found.text, "link": found.link, "phone": settings.help_phone}
    return Letter(
        way=Way.EMAIL,
        to=found.to,
        subject=found.subject,
        text=render("emails/password_link.txt", **context),
        html=render("emails/password_link.html", **context),
        message_id=delivery.message_id,
    )


def _account_news(delivery: Delivery, message: OutboxMessage, settings: Settings) -> Letter | Nothing:
    """Without the foot too: nobody is to be spared it by a choice that somebody else may have made for them."""
    found = telling.letter_of(message, service=settings.service_name)
    if found is None:
        return Nothing(notices.CLOSED)
    context = {"head": found.subject, "text": found.text, "phone": settings.help_phone}
    return Letter(
        way=Way.EMAIL,
        to=found.to,
        subject=found.subject,
        text=render("emails/account_news.txt", **context),
        html=render("emails/account_news.html", **context),
        message_id=delivery.message_id,
    )


def _unwatched(delivery: Delivery, message: OutboxMessage, settings: Settings) -> Letter | Nothing:
    """To an administrator, who is told of no family: without the foot too."""
    if message.expires_at <= clock.now():
        return Nothing(notices.TOO_OLD)
    found = emergency_news.letter_of(message)
    if found is None:
        return Nothing(notices.NO_LONGER_THEIRS)
    head = f"Opened in an emergency: {found.ref}"
    context = {
        "head": head,
        "ref": found.ref,
        "at": found.at,
        "who": found.who,
        "opener_phone": found.phone,
        "link": f"{settings.begins}/admin",
        "phone": settings.help_phone,
    }
    return Letter(
        way=Way.EMAIL,
        to=found.to,
        subject=head,
        text=render("emails/emergency_unwatched.txt", **context),
        html=render("emails/emergency_unwatched.html", **context),
        message_id=delivery.message_id,
    )


def _digest(delivery: Delivery, settings: Settings) -> Letter | Nothing:
    """What was lined up is taken in for good, so the caller commits before anything leaves the house."""
    taking.take_in(delivery.id)
    found = digests.read(delivery.id, g.words)
    taking.leave_out(found.left_out)
    if isinstance(found.digest, Nothing):
        return found.digest
    context = {**vars(found.digest), "begins": settings.begins, "phone": settings.help_phone}
    return _email(delivery, found.digest, "emails/digest", context, settings)


def _letter(delivery: Delivery, said: Saying, settings: Settings) -> Letter:
    context = {
        **asdict(said),
        "phone": said.phone or settings.help_phone,
        "open_words": "Open it here",
        "link": settings.begins + said.path,
    }
    return _email(delivery, said, "emails/notice", context, settings)


def _of_several(delivery: Delivery, several: list[Saying], settings: Settings) -> Letter:
    """Reminders of one click: each thing with a link of its own."""
    first = replace(several[0], head=head_of_several([each.ref for each in several]))
    context = {
        "head": first.head,
        "several": [{**asdict(each), "link": settings.begins + each.path} for each in several],
        "asked_by": first.asked_by,
        "phone": first.phone or settings.help_phone,
    }
    return _email(delivery, first, "emails/reminders", context, settings)


def _email(
    delivery: Delivery, said: Saying | Digest, template: str, context: dict[str, Any], settings: Settings
) -> Letter:
    """Plain text and HTML of one text, and at its foot why it comes and where that is changed."""
    foot = {"why": phrase(said.why), "choose": f"{settings.begins}/account/notices"}
    return Letter(
        way=Way.EMAIL,
        to=said.to,
        subject=said.head,
        text=render(f"{template}.txt", **context | foot),
        html=render(f"{template}.html", **context | foot),
        message_id=delivery.message_id,
    )
