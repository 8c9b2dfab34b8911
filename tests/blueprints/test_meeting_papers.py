"""What leaves the portal about a meeting: an entry for a calendar, and an agenda or minutes for each person."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import KeepApart, KeepApartKind, Person
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, TeamMember
from tests.support.handovers import a_handover, a_meeting, kept_apart, never_contacted
from tests.support.people import Council, Team, an_active_family
from tests.support.situations import confidential, support
from tests.support.web import Browser, Page, SignIn, date_parts
from tests.support.write_ups import path, said, when_next, whole


def entry(browser: Browser, meeting: Meeting) -> tuple[str, Any]:
    """The method of the file, and its one entry."""
    page = browser.get(f"/meetings/{meeting.ref}/calendar")
    assert (page.status, page.response.mimetype) == (200, "text/calendar")
    calendar: Any = Calendar.from_ical(page.html)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def place(council: Council, meeting: Meeting, where: str) -> None:
    with council.behind_the_scenes():
        db.session.get_one(Meeting, meeting.id).place = where


def copy(browser: Browser, meeting: Meeting, member: Any) -> Page:
    return browser.get(f"/meetings/{meeting.ref}/copy?for={member.id}")


def on_paper(page: Page) -> str:
    for hidden in page.soup.select(".app-not-printed"):
        hidden.decompose()
    return page.text_of("main")


def must_not_learn(council: Council, reader: Person, of: Person) -> None:
    with council.behind_the_scenes():
        kind = KeepApartKind.MUST_NOT_LEARN
        db.session.add(KeepApart(family_id=reader.family_id, person_id=reader.id, other_id=of.id, kind=kind))


def held(sign_in: SignIn, council: Council, team: Team, **others: Any) -> Meeting:
    meeting = a_meeting(council, team, review=True)
    page = sign_in(council.lead).submit(path(meeting), said(team, **others) | when_next())
    assert page.status == 303, page.errors
    return meeting


class TestACalendarFile:
    def test_it_names_the_meeting_by_reference_alone(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        method, event = entry(sign_in(council.partner), meeting)

        assert (method, event["SUMMARY"], event["STATUS"]) == ("PUBLISH", meeting.ref, "CONFIRMED")
        assert event["DTSTART"].dt == meeting.starts_at
        assert event["LOCATION"] == "Hillside Primary School"
        assert team.family.name not in event.to_ical().decode()

    def test_moved_it_is_the_same_entry_with_the_new_day_from_the_old_link_too(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        _, before = entry(lead, meeting)
        on = date_parts("on", clock.today() + timedelta(days=9))

        lead.submit(
            f"/meetings/{meeting.ref}/reschedule", {**on, "at": "10am", "asked_by": "family", "ended_why": "Illness"}
        )

        method, after = entry(lead, meeting)
        assert (method, after["UID"], after["SEQUENCE"]) == ("PUBLISH", before["UID"], before["SEQUENCE"] + 1)
        assert after["DTSTART"].dt > before["DTSTART"].dt

    def test_cancelled_it_takes_the_entry_away(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        _, before = entry(lead, meeting)

        lead.submit(f"/meetings/{meeting.ref}/cancel", {"asked_by": "family", "ended_why": "Illness"})

        method, after = entry(lead, meeting)
        assert (method, after["STATUS"], after["UID"]) == ("CANCEL", "CANCELLED", before["UID"])
        assert after["SEQUENCE"] > before["SEQUENCE"]

    def test_a_confidential_address_is_in_no_calendar(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        place(council, meeting, "At home, 12 hidden row")
        confidential(council, team.home)

        assert "LOCATION" not in entry(sign_in(council.partner), meeting)[1]


class TestAPlaceThatIsConfidential:
    def test_nobody_is_asked_to_come_there(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        confidential(council, team.home)
        answers = {"kinds": ["review"], "at": "10am", **date_parts("on", clock.today() + timedelta(days=9))}

        for where in ("12 Hidden Row", "the refuge, AF99ZZ"):
            page = sign_in(council.lead).submit(f"/families/{team.ref}/meetings/new", {**answers, "place": where})

            assert page.errors == ["This place is an address that is kept confidential. Choose another"]
            assert where in page.html

    def test_where_it_became_so_later_no_page_tells_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        place(council, meeting, "12 Hidden Row")
        confidential(council, team.home)

        pages = [
            sign_in(council.partner).get(f"/meetings/{meeting.ref}"),
            sign_in(council.partner).get(f"/families/{team.ref}/team"),
            copy(sign_in(council.lead), meeting, team.partner),
        ]

        assert all("Hidden Row" not in page.html for page in pages)


class TestCopies:
    def test_an_agenda_says_who_comes_and_what_was_to_be_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.add(
                PlanAction(
                    family_id=team.family.id,
                    episode_id=team.episode.id,
                    what="Call the landlord",
                    owner_id=team.partner.id,
                    due_on=clock.today(),
                    first_due_on=clock.today(),
                    asked_by_name="Lena Lead",
                    proposed_at=clock.now(),
                )
            )
        meeting = a_meeting(council, team, review=True)

        paper = on_paper(copy(sign_in(council.lead), meeting, team.parent))

        assert f"For {team.parent.name}" in paper
        assert "Agenda: Review" in paper
        assert "Call the landlord: Pat Partner" in paper
        assert "Hillside Primary School" in paper

    def test_minutes_tell_what_was_said_and_decided(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = held(sign_in, council, team)

        paper = on_paper(copy(sign_in(council.lead), meeting, team.parent))

        assert "Minutes: Review" in paper
        assert "We want one person to ring." in paper
        assert "Worker: 4" in paper
        assert "When we meet next" in paper

    def test_what_must_not_be_learned_is_on_no_copy_of_that_person(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        must_not_learn(council, team.home.parent, team.home.children[0])
        meeting = held(sign_in, council, team, decisions="The aunt takes Child0 to school")
        lead = sign_in(council.lead)

        theirs, partners = copy(lead, meeting, team.parent), copy(lead, meeting, team.partner)

        assert "What was decided" in theirs.text_of(".app-not-printed")
        paper = on_paper(theirs)
        assert "Child0" not in paper
        assert "Left out" not in paper
        assert "The aunt takes Child0 to school" in on_paper(partners)

    def test_what_a_child_said_is_on_no_copy_of_the_rest_of_the_family(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        lead = sign_in(council.lead)
        lead.submit(f"/families/{team.ref}/team/add", {"who": "person", "person": str(child.id)})
        with council.behind_the_scenes():
            member = db.session.scalars(select(TeamMember).where(TeamMember.person_id == child.id)).one()
        meeting = held(sign_in, council, team, **{f"attendance-{member.id}": "attended"})

        parents = copy(lead, meeting, team.parent)

        assert "What a child said is only in that child’s own copy" in parents.text_of(".app-not-printed")
        assert "Child0 likes the new school" not in on_paper(parents)
        for reader in (member, team.partner):
            assert "Child0 likes the new school" in on_paper(copy(lead, meeting, reader))

    def test_numbers_and_the_next_meeting_are_kept_from_who_must_not_meet_somebody(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = held(sign_in, council, team)
        lead = sign_in(council.lead)
        assert "Worker: 4" in on_paper(copy(lead, meeting, team.parent))
        kept_apart(council, team.home.children[0], team.home.parent)

        theirs = copy(lead, meeting, team.parent)

        left_out = theirs.text_of(".app-not-printed")
        assert "How far things have come, When we meet next" in left_out
        paper = on_paper(theirs)
        assert "Worker: 4" not in paper
        assert "When we meet next" not in paper

    def test_minutes_of_a_step_down_say_who_does_what_and_what_became_of_each_action(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead)
        assert lead.submit(path(meeting), whole(handover)).status == 303

        paper = on_paper(copy(lead, meeting, handover.team.parent))

        carried, _completed, _asked, dropped = handover.outstanding
        assert f"{dropped.what}. Dropped: The grant was paid out" in paper
        became, _, agreed = paper.partition("Who does what by when")
        assert f"{carried.what}. " in became
        assert f"{carried.what}: Lena Lead, by " in agreed
        assert "When we meet next First team meeting" in paper

    def test_who_must_not_be_met_is_not_named_among_those_who_will_come(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        lead = sign_in(council.lead)
        lead.submit(f"/families/{team.ref}/team/add", {"who": "person", "person": str(child.id)})
        meeting = a_meeting(council, team, review=True)
        kept_apart(council, child, team.home.parent)

        assert "Child0" not in on_paper(copy(lead, meeting, team.parent))

    def test_where_workers_work_is_kept_from_who_is_kept_apart_from_somebody(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        kept_apart(council, team.home.children[0], team.home.parent)
        with council.behind_the_scenes():
            db.session.merge(team.partner).organisation = "Haven Refuge"
        lead = sign_in(council.lead)

        theirs, partners = copy(lead, meeting, team.parent), copy(lead, meeting, team.partner)

        assert "Where those who work with the family work" in theirs.text_of(".app-not-printed")
        assert "Pat Partner, Haven Refuge" in on_paper(partners)
        paper = on_paper(theirs)
        assert "Pat Partner" in paper
        assert "Haven Refuge" not in paper

    def test_neither_a_service_of_the_other_nor_who_works_there_is_on_a_copy(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        support(council, team.home, of=child, service="Haven", organisation="Haven Refuge")
        with council.behind_the_scenes():
            db.session.merge(team.partner).organisation = "Haven Refuge"
        meeting = held(sign_in, council, team, decisions="Haven rings on Friday")
        place(council, meeting, "Haven Refuge, room 2")
        lead = sign_in(council.lead)
        plain = on_paper(copy(lead, meeting, team.parent))
        assert all(word in plain for word in ("Haven rings", "room 2", "Pat Partner"))
        kept_apart(council, child, team.home.parent)

        theirs = copy(lead, meeting, team.parent)

        assert "Who is asked, Where those who work with the family work, Where it is" in theirs.text_of(
            ".app-not-printed"
        )
        paper = on_paper(theirs)
        assert "Haven" not in paper
        assert "Pat Partner" not in paper

    def test_the_next_meeting_is_told_only_to_whom_is_asked_to_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = held(sign_in, council, team)
        with council.behind_the_scenes():
            following = db.session.get_one(Meeting, meeting.id).next_meeting_id
            asked = select(MeetingInvitee).where(
                MeetingInvitee.meeting_id == following, MeetingInvitee.member_id == team.parent.id
            )
            db.session.delete(db.session.scalars(asked).one())

        assert "When we meet next" not in on_paper(copy(sign_in(council.lead), meeting, team.parent))

    def test_who_must_never_be_contacted_or_left_gets_none(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        never_contacted(council, team.home.parent)
        with council.behind_the_scenes():
            db.session.merge(team.partner).left_on = clock.today()
        lead = sign_in(council.lead)
        copies = f"/meetings/{meeting.ref}/copy?for="

        offered = lead.get(f"/meetings/{meeting.ref}/copy")

        assert [link for link in offered.links() if "for=" in link] == [f"{copies}{team.lead.id}"]
        for who in (team.parent.id, team.partner.id, 999_999, "x"):
            assert lead.get(f"{copies}{who}").status == 404
