"""From a delivery to a letter: what it says is made when it is sent, under its recipient's own viewer."""

from dataclasses import asdict

from flask import g

from portal.core.config import Settings
from portal.core.db import db
from portal.models.messages import Delivery, Way
from portal.queries import labels, notices
from portal.queries.notices import Nothing, Saying
from portal.web.pages import phrase, render
from portal.worker.post import Letter


def write(delivery_id: int, settings: Settings) -> Letter | Nothing:
    """The letter as it is to be sent now; Nothing where it is its recipient's no longer."""
    g.words = labels.words()
    delivery = db.session.get_one(Delivery, delivery_id)
    said = notices.saying(delivery_id, g.words)
    if isinstance(said, Nothing):
        return said
    return _letter(delivery, said, settings)


def _letter(delivery: Delivery, said: Saying, settings: Settings) -> Letter:
    context = {
        **asdict(said),
        "why": phrase(said.why),
        "phone": said.phone or settings.help_phone,
        "open_words": "Open it here",
        "link": settings.begins + said.path,
    }
    return Letter(
        way=Way.EMAIL,
        to=said.to,
        subject=said.head,
        text=render("emails/notice.txt", **context),
        html=render("emails/notice.html", **context),
        message_id=delivery.message_id,
    )
