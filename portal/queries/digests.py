"""What one person's digest says, read as that person at the moment it is sent; or why they get none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain import digest_words, notice_words
from portal.domain import viewer as asking
from portal.domain.dates import Calendar
from portal.domain.digests import Often, begins_month, how_often
from portal.domain.event_kinds import E
from portal.domain.notices import CHOSE_NEVER, Notice, When
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.domain.words import Word, say
from portal.facts import falling_due, looking_through, notice_choices, practice
from portal.facts.falling_due import How, Owed
from portal.models.families import Family
from portal.models.following import FollowUpCheck
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import User
from portal.models.record import OutboxMessage
from portal.queries.notices import TOO_OLD, Nothing, not_theirs, path_of, reader, told_of, which_family

# Told all the same of a family in which no child lives any more.
OF_A_LOSS = frozenset({E.PERSON_DIED, E.PREGNANCY_ENDED})
NO_CHILD_LIVES = "No child of the family lives any more"


@dataclass(frozen=True)
class Line:
    """One line, and the very thing it is about."""

    words: str
    path: str


@dataclass(frozen=True)
class Part:
    """Lines of one kind under a heading."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class Digest:
    """Everything a template needs, and no name in it."""

    to: str
    head: str
    parts: list[Part]
    why: str


@dataclass(frozen=True)
class Read:
    """The digest, or why there is none; `left_out`: which lines that were lined up are not told, and why."""

    digest: Digest | Nothing
    left_out: Mapping[int, str]


def read(delivery_id: int, words: Mapping[str, Word]) -> Read:
    """For one delivery of a digest, with the lines that were taken in. Some statements for each line that is
    new, and a few more."""
    row = db.session.execute(
        select(Delivery.user_id, Delivery.digest_on, User.email)
        .join(User, User.id == Delivery.user_id)
        .where(Delivery.id == delivery_id)
    ).one()
    viewer = reader(row.user_id)
    if isinstance(viewer, Nothing):
        return Read(viewer, {})
    choices, often = notice_choices.of_person(viewer.user_id), how_often(viewer.roles)
    news, left_out = _news(delivery_id, viewer, choices, words)
    owed = _owed(viewer, row.digest_on, often) if choices[Notice.DUE] is not When.NEVER else []
    through = _to_look_through(viewer, row.digest_on, often, words)
    parts = [*_due_parts(owed, words), *([Part("New", news)] if news else [])]
    parts += [Part("To look through", through)] if through else []
    if not parts:
        return Read(Nothing(digest_words.EMPTY), left_out)
    head = digest_words.head(len(owed), len(news) + len(through), clock.today())
    return Read(Digest(row.email, head, parts, digest_words.WHY[often]), left_out)


def _news(
    delivery_id: int, viewer: Viewer, choices: Mapping[Notice, When], words: Mapping[str, Word]
) -> tuple[list[Line], Mapping[int, str]]:
    """What was lined up, the oldest first, each sentence once."""
    rows = db.session.execute(
        select(Delivery.id, Delivery.notice, OutboxMessage)
        .join(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
        .where(Delivery.digest_id == delivery_id, Delivery.status == DeliveryStatus.LINED_UP)
        .order_by(Delivery.id)
    ).all()
    left_out: dict[int, str] = {}
    lines: list[Line] = []
    with asking.asking(viewer):
        for row in rows:
            why_not = _why_not(row.OutboxMessage, row.notice, viewer, choices)
            if why_not is not None:
                left_out[row.id] = why_not
                continue
            lines.append(_line(row.OutboxMessage, words))
    return list(dict.fromkeys(lines)), left_out


def _why_not(outbox: OutboxMessage, notice: Notice, viewer: Viewer, choices: Mapping[Notice, When]) -> str | None:
    if outbox.expires_at <= clock.now():
        return TOO_OLD
    if choices[notice] is When.NEVER:
        return CHOSE_NEVER
    why_not = not_theirs(outbox, viewer)
    if why_not is None and E(outbox.kind) not in OF_A_LOSS and _is_bereaved(outbox.family_id or 0):
        return NO_CHILD_LIVES
    return why_not


def _is_bereaved(family_id: int) -> bool:
    found = select(Family.id).where(Family.id == family_id, falling_due.is_bereaved(Family.id))
    return db.session.execute(found).first() is not None


def _line(outbox: OutboxMessage, words: Mapping[str, Word]) -> Line:
    return Line(notice_words.sentence(E(outbox.kind), told_of(outbox), words), path_of(outbox))


def _owed(viewer: Viewer, day: date, often: Often) -> list[Owed]:
    ladder = falling_due.ladder(practice.calendar())
    window = falling_due.windows_of(day)[often]
    with asking.asking(viewer):
        owed = falling_due.owed(ladder.may_stand_in(window), clock.today(), viewer)
    return falling_due.in_digest(owed.get(viewer.user_id, []), window, ladder)


def _to_look_through(viewer: Viewer, day: date, often: Often, words: Mapping[str, Word]) -> list[Line]:
    """Of managers alone: read as the viewer, who is told of no family that they cannot open."""
    if Role.EARLY_HELP_MANAGER not in viewer.roles:
        return []
    monthly = begins_month(day, often, practice.calendar())
    with asking.asking(viewer):
        opened = looking_through.opened(viewer)
        restricted = looking_through.restricted() if monthly else 0
    return [
        Line(say(said(number), words), path)
        for number, said, path in (
            (opened, digest_words.opened, "/emergencies"),
            (restricted, digest_words.restricted, "/restricted"),
        )
        if number
    ]


_HEADINGS: Mapping[How, str] = {
    How.OWN: "Due",
    How.RING: "They have no sign-in, so that you ring them",
    How.OTHERS: "Overdue, with somebody else",
}


def _due_parts(owed: list[Owed], words: Mapping[str, Word]) -> list[Part]:
    days = practice.calendar()
    which = {family_id: which_family(family_id) for family_id in {each.due.family_id for each in owed}}
    lines = [(each.how, Line(_words(each, which[each.due.family_id], words, days), _path(each))) for each in owed]
    return [
        Part(heading, [line for of, line in lines if of is how])
        for how, heading in _HEADINGS.items()
        if any(of is how for of, _ in lines)
    ]


def _words(each: Owed, which: str, words: Mapping[str, Word], days: Calendar) -> str:
    due = each.due
    ref = digest_words.named(due.ref, words)
    who, when = digest_words.who(due.owner, due.organisation), digest_words.when(due.due_on, clock.today(), days)
    match each.how:
        case How.OWN:
            return digest_words.own(ref, which, when)
        case How.RING:
            return digest_words.ring(ref[:1].lower() + ref[1:], which, who, when)
        case How.OTHERS:
            return digest_words.others(ref, which, who, when)


def _path(each: Owed) -> str:
    """Straight to where its owner says how it stands."""
    if each.due.ref.startswith(FollowUpCheck.ref_prefix):
        return f"/checks/{each.due.ref}"
    return f"/actions/{each.due.ref}" + ("/update" if each.how is How.OWN else "")
