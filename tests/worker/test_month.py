"""A month over Christmas, day by day, with the worker at half past seven, at eight and at one: who got what when."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import pytest
import time_machine

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import to_utc
from portal.domain.notice_words import initials
from portal.models.people import User
from portal.models.teamwork import TeamMember
from portal.worker.post import Letter
from tests.support.following import a_referral
from tests.support.handover import an_accepted
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.post import Postbox, links_in
from tests.support.web import SignIn

FIRST, LAST = date(2026, 12, 14), date(2027, 1, 12)
ROUNDS = (time(7, 30), time(8), time(13))
NOON = time(12)
DONE = {"note": "Rang them", "then": "done"}


# CC coordinates, LL leads, PP and OO are partners, SS does social work, and MM is in the place of
# a coordinator on duty. Never told a third time after A-2 was due; the
# coordinator is, on 4 January. Monday 28 December is a bank holiday.
TABLE = [
    "Mon 14 Dec 08:00 MM 1 new: F-2",
    "Mon 14 Dec 08:00 SS 1 due: C-1",
    "Mon 14 Dec 08:00 PP 2 due: A-1 A-2",
    "Mon 14 Dec 08:00 OO 1 due: A-4",
    "Mon 14 Dec 13:00 LL Answer needed by 17 December: L-2",
    "Fri 18 Dec 08:00 CC 1 new: team",
    "Mon 21 Dec 08:00 SS 1 due, 1 new: C-1 S-1",
    "Mon 21 Dec 08:00 LL 1 due: A-3",
    "Mon 21 Dec 08:00 PP 1 due: A-2",
    "Mon 21 Dec 08:00 OO 4 due: A-4 A-5 A-6 A-7",
    "Tue 22 Dec 13:00 PP Update needed by 5 January 2027: A-10",
    "Tue 29 Dec 08:00 MM 1 due: C-1",
    "Tue 29 Dec 08:00 SS 1 due: C-1",
    "Tue 29 Dec 08:00 LL 1 due: A-3",
    "Tue 29 Dec 08:00 PP 1 due: A-10",
    "Tue 29 Dec 08:00 OO 5 due: A-4 A-5 A-6 A-7 A-8",
    "Thu 31 Dec 08:00 CC 1 due: A-4",
    "Mon 4 Jan 08:00 CC 1 due: A-2",
    "Mon 4 Jan 08:00 LL 1 due: A-3",
    "Mon 4 Jan 08:00 PP 2 due: A-2 A-10",
    "Mon 4 Jan 08:00 OO 5 due: A-5 A-6 A-7 A-8 A-9",
    "Fri 8 Jan 08:00 CC 1 due: A-5",
    "Mon 11 Jan 08:00 CC 1 due: A-3",
    "Mon 11 Jan 08:00 LL 1 due: A-3",
    "Mon 11 Jan 08:00 PP 1 due: A-10",
    "Mon 11 Jan 08:00 OO 4 due: A-6 A-7 A-8 A-9",
    "Tue 12 Jan 08:00 CC 2 due: A-6 A-7",
]


@dataclass
class Month:
    """What happens on which day at noon, and every letter that left."""

    council: Council
    sign_in: SignIn
    team: Team
    happens: dict[date, Callable[[], object]] = field(default_factory=dict)
    letters: list[tuple[date, time, User, Letter]] = field(default_factory=list)

    def go_by(self) -> None:
        postbox = Postbox(self.council.app)
        people = {user.email: user for user in vars(self.council).values() if isinstance(user, User)}
        day = FIRST
        while day <= LAST:
            for at in ROUNDS:
                if at > NOON and day in self.happens:
                    with self.at(day, NOON):
                        self.happens[day]()
                with self.at(day, at):
                    before = len(postbox.letters)
                    postbox.work()
                    self.letters += [(day, at, people[each.to], each) for each in postbox.letters[before:]]
            day += timedelta(days=1)

    @contextmanager
    def at(self, day: date, at: time) -> Iterator[None]:
        with time_machine.travel(to_utc(day, at), tick=False):
            yield

    @property
    def table(self) -> list[str]:
        """Mon 14 Dec 08:00 PP 2 due: A-1 A-2"""
        return [
            f"{day:%a} {day.day} {day:%b} {at:%H:%M} {initials(user.name)} {_told(letter)}"
            for day, at, user, letter in self.letters
        ]


def _told(letter: Letter) -> str:
    if not is_digest(letter):
        return letter.subject
    things = [link.removesuffix("/update").rpartition("/")[2] for link in links_in(letter.text)]
    return f"{letter.subject.partition(':')[0]}: {' '.join(things)}"


def is_digest(letter: Letter) -> bool:
    return re.match(r"\d+ (due|new)", letter.subject) is not None


@pytest.fixture
def month(council: Council, sign_in: SignIn) -> Month:
    """On the Wednesday before: one family in early help, one whose lead is just asked, one with support suggested."""
    with time_machine.travel(to_utc(FIRST - timedelta(days=5), time(10)), tick=False):
        team = an_active_family(council)
        month = Month(council, sign_in, team)
        with council.behind_the_scenes():
            housing = TeamMember(
                family_id=team.family.id,
                outside_name="Olu Outside",
                name="Olu Outside",
                organisation="Housing Office",
                joined_on=clock.today(),
            )
            ola = TeamMember(
                family_id=team.family.id,
                user_id=council.partner_other_organisation.id,
                name="Ola Other",
                organisation=council.health.name,
                joined_on=clock.today(),
            )
            db.session.add_all([housing, ola])
        an_action(council, team, what="Done in time", due_on=date(2026, 12, 17))
        an_action(council, team, what="Never done", due_on=date(2026, 12, 18))
        an_action(council, team, owner=housing, what="Look at the damp", due_on=date(2026, 12, 29))
        chance = random.Random(2026)
        for number in range(6):
            due_on = FIRST + timedelta(days=chance.randrange(28))
            an_action(council, team, owner=ola, what=f"Visit {number}", due_on=due_on)
        a_referral(council, a_family(council, name="Marsh"), given_on=date(2026, 12, 9))
    month.happens = {
        date(2026, 12, 14): lambda: an_accepted(council, a_family(council, name="Hill"), answered=False),
        date(2026, 12, 16): lambda: sign_in(council.partner).submit("/actions/A-1/update", DONE),
        date(2026, 12, 22): lambda: sign_in(council.lead).submit(
            f"/families/{team.ref}/plan/actions/new",
            {"what": "Ring the school", "who": f"member-{team.partner.id}", "due": "two_weeks"},
        ),
    }
    return month


class TestAMonth:
    def test_tells_each_person_what_is_theirs_when_it_is(self, month: Month) -> None:
        month.go_by()

        assert month.table == TABLE

        in_week: defaultdict[tuple[str, int, int], list[Letter]] = defaultdict(list)
        for day, _, user, letter in month.letters:
            if user is not month.council.coordinator:
                in_week[user.name, *day.isocalendar()[:2]].append(letter)
        assert all(sum(map(is_digest, letters)) <= 1 for letters in in_week.values())
        normal = [letters for letters in in_week.values() if all(map(is_digest, letters))]
        assert {len(letters) for letters in normal} == {1}
