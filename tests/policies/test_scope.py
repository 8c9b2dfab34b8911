"""Whose rows a viewer can ever read: the reach of every role, and what is narrower than a family."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.step_downs import DeclinedThen, StepDownState
from portal.domain.support import HowGiven, NeedNow, NotStarted, ReferralState, Source
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    ConflictOfInterest,
    Family,
    KeepApart,
    KeepApartKind,
    KeepApartReason,
    Note,
    NoteAudience,
)
from portal.models.following import SupportReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import SharingAgreement, User, UserRole
from portal.models.teamwork import TeamMember
from tests.support.people import Council, a_family
from tests.support.scenes import LONG_AGO, Scene, a_member

ITS_OWN = ["coordinator", "lead", "partner", "social_worker", "social_care_manager"]
WIDE = ["other_coordinator", "manager", "auditor"]
NO_TIE = [
    "partner_other_organisation",
    "partner_without_agreement",
    "social_worker_other_team",
    "front_door",
    "admin",
]
EVERYBODY = [*ITS_OWN, *WIDE, *NO_TIE]


class TestReach:
    """The reach table, row by row. Rows of it that no page uses yet are not reached by anybody."""

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_open_family(self, scene: Scene, who: str) -> None:
        assert scene.is_reached_by(getattr(scene.council, who)) is (who not in NO_TIE)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_restricted_family_is_nobodys_without_clearance(self, scene: Scene, who: str) -> None:
        scene.change(Family, scene.family_id, restricted=True)

        assert not scene.is_reached_by(getattr(scene.council, who))

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_clearance_gives_back_what_the_role_has_and_no_more(self, scene: Scene, who: str) -> None:
        person = getattr(scene.council, who)
        scene.change(Family, scene.family_id, restricted=True)
        scene.arrange(Clearance(family_id=scene.family_id, user_id=person.id, cleared_at=clock.now()))

        assert scene.is_reached_by(person) is (who not in NO_TIE)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_conflict_of_interest_beats_every_role_and_clearance(self, scene: Scene, who: str) -> None:
        person = getattr(scene.council, who)
        scene.arrange(
            Clearance(family_id=scene.family_id, user_id=person.id, cleared_at=clock.now()),
            ConflictOfInterest(family_id=scene.family_id, user_id=person.id, recorded_at=clock.now()),
        )

        assert not scene.is_reached_by(person)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_family_that_is_nobodys_own(self, council: Council, scene: Scene, who: str) -> None:
        other = a_family(council, name="Nobody")
        scene.change(Family, other.id, added_at=clock.now() - LONG_AGO)

        with council.as_(getattr(council, who)):
            found = db.session.scalars(select(Family.id)).all()

        assert (other.id in found) is (who in ["coordinator", *WIDE])

    def test_two_roles_are_a_union(self, scene: Scene) -> None:
        both = scene.council.front_door
        scene.arrange(UserRole(user_id=both.id, role="auditor"))

        assert scene.is_reached_by(both)

    def test_administrator_on_a_team_by_mistake_sees_nothing(self, scene: Scene) -> None:
        scene.arrange(a_member(scene, scene.council.admin))

        assert not scene.is_reached_by(scene.council.admin)


class TestPartners:
    def test_nothing_under_an_ended_agreement(self, scene: Scene) -> None:
        scene.arrange(a_member(scene, scene.council.partner_without_agreement))

        assert not scene.is_reached_by(scene.council.partner_without_agreement)

    def test_agreement_that_ends_takes_the_reach_with_it(self, scene: Scene) -> None:
        assert scene.is_reached_by(scene.council.partner)
        with scene.council.behind_the_scenes():
            db.session.execute(update(SharingAgreement).values(ends_on=clock.today() - timedelta(days=1)))

        assert not scene.is_reached_by(scene.council.partner)
        assert not scene.is_reached_by(scene.council.lead)
        assert scene.is_reached_by(scene.council.coordinator)

    def test_leaving_the_team_takes_the_reach_with_it(self, scene: Scene) -> None:
        scene.change(TeamMember, scene.team.partner.id, left_on=clock.today())

        assert not scene.is_reached_by(scene.council.partner)

    def test_colleague_of_a_member_reaches_nothing(self, scene: Scene) -> None:
        assert not scene.is_reached_by(scene.council.partner_other_organisation)


class TestSocialCare:
    """Own and team's step-downs and referrals, and 30 days on; what the manager's whole team added."""

    OWN = ("social_worker", "social_care_manager")

    @pytest.mark.parametrize("who", OWN)
    @pytest.mark.parametrize("state", [StepDownState.DRAFT, StepDownState.PROPOSED, StepDownState.ACCEPTED])
    def test_while_a_step_down_is_open(self, scene: Scene, who: str, state: StepDownState) -> None:
        scene.change(StepDown, scene.step_down.id, state=state)

        assert scene.is_reached_by(getattr(scene.council, who))
        assert not scene.is_reached_by(scene.council.social_worker_other_team)

    def test_colleague_of_the_same_team(self, scene: Scene) -> None:
        scene.change(User, scene.council.social_worker_other_team.id, social_care_team_id=scene.council.team.id)

        assert scene.is_reached_by(scene.council.social_worker_other_team)

    @pytest.mark.parametrize("who", OWN)
    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_thirty_days_after_completion(self, scene: Scene, who: str, days: int, reached: bool) -> None:
        ended = clock.now() - timedelta(days=days)
        scene.change(StepDown, scene.step_down.id, state=StepDownState.COMPLETED, completed_at=ended)

        assert scene.is_reached_by(getattr(scene.council, who)) is reached

    def test_until_it_was_said_what_happens_after_it_was_not_accepted(self, scene: Scene) -> None:
        long_ago = clock.now() - timedelta(days=99)
        scene.change(
            StepDown, scene.step_down.id, state=StepDownState.DECLINED, answered_at=long_ago, decline_reason="Not now"
        )

        assert scene.is_reached_by(scene.council.social_worker)

    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_thirty_days_after_it_was_not_accepted(self, scene: Scene, days: int, reached: bool) -> None:
        ended = clock.now() - timedelta(days=days)
        scene.change(
            StepDown,
            scene.step_down.id,
            state=StepDownState.DECLINED,
            answered_at=ended,
            decline_reason="Not now",
            declined_then=DeclinedThen.STAYS_OPEN,
            declined_then_words="We go on visiting",
        )

        assert scene.is_reached_by(scene.council.social_worker) is reached

    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_thirty_days_after_social_work_closes(self, scene: Scene, days: int, reached: bool) -> None:
        scene.change(Family, scene.family_id, social_work_closed_on=clock.today() - timedelta(days=days))

        assert scene.is_reached_by(scene.council.social_worker) is reached

    def test_a_step_down_of_another_team_opens_nothing_else(self, scene: Scene) -> None:
        other = a_family(scene.council, name="Other", by=scene.council.social_worker_other_team)

        with scene.council.as_(scene.council.social_worker):
            assert other.id not in db.session.scalars(select(Family.id)).all()

    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_families_they_added(self, council: Council, days: int, reached: bool) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Family, home.id).added_at = clock.now() - timedelta(days=days)

        found = {}
        for who in ("social_worker", "social_care_manager", "social_worker_other_team"):
            with council.as_(getattr(council, who)):
                found[who] = home.id in db.session.scalars(select(Family.id)).all()

        assert found == {
            "social_worker": reached,
            "social_care_manager": reached,
            "social_worker_other_team": False,
        }

    def test_a_colleague_does_not_reach_what_a_worker_added(self, council: Council) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            colleague = db.session.get_one(User, council.social_worker_other_team.id)
            colleague.social_care_team_id = council.team.id

        with council.as_(council.social_worker_other_team):
            assert home.id not in db.session.scalars(select(Family.id)).all()

    @pytest.mark.parametrize(
        ("state", "ended_days_ago", "reached"),
        [
            (ReferralState.INFORMATION_GIVEN, None, True),
            (ReferralState.STARTED, None, True),
            (ReferralState.NOT_STARTED, 29, True),
            (ReferralState.NOT_STARTED, 31, False),
        ],
    )
    def test_referrals(self, scene: Scene, state: ReferralState, ended_days_ago: int | None, reached: bool) -> None:
        council = scene.council
        days = None if ended_days_ago is None else clock.now() - timedelta(days=ended_days_ago)
        scene.arrange(
            SupportReferral(
                family_id=scene.family_id,
                need_text="Somebody to talk to",
                service_name="Listening Ear",
                state=state,
                given_on=clock.today(),
                how_given=HowGiven.SAID,
                recorded_by_id=council.social_worker_other_team.id,
                recorded_by_name=council.social_worker_other_team.name,
                social_care_team_id=council.other_team.id,
                recorded_at=clock.now(),
                started_on=clock.today(),
                started_source=Source.FAMILY,
                started_what="A first talk",
                not_started_code=NotStarted.NO_CAPACITY,
                need_now=NeedNow.FAMILY_MANAGING,
                ended_at=days,
            )
        )

        assert scene.is_reached_by(council.social_worker_other_team) is reached


class TestNarrowerThanAFamily:
    def test_nominee_reads_the_question_and_not_the_family(self, scene: Scene) -> None:
        nominee = scene.council.partner_other_organisation
        scene.arrange(a_nomination(scene, nominee))

        with scene.council.as_(nominee):
            assert db.session.scalars(select(LeadAssignment.state)).all() == [LeadState.NOMINATED]
            assert db.session.scalars(select(Family)).all() == []
            assert db.session.scalars(select(StepDown)).all() == []

    def test_question_is_gone_once_it_is_answered(self, scene: Scene) -> None:
        nominee = scene.council.partner_other_organisation
        scene.arrange(a_nomination(scene, nominee, state=LeadState.DECLINED))

        with scene.council.as_(nominee):
            assert db.session.scalars(select(LeadAssignment)).all() == []

    @pytest.mark.parametrize("barred", ["restricted", "conflict"])
    def test_nominee_who_may_not_know_the_family_is_not_asked(self, scene: Scene, barred: str) -> None:
        nominee = scene.council.partner_other_organisation
        scene.arrange(a_nomination(scene, nominee))
        if barred == "restricted":
            scene.change(Family, scene.family_id, restricted=True)
        else:
            scene.arrange(ConflictOfInterest(family_id=scene.family_id, user_id=nominee.id, recorded_at=clock.now()))

        with scene.council.as_(nominee):
            assert db.session.scalars(select(LeadAssignment)).all() == []

    @pytest.mark.parametrize(
        ("who", "notes"),
        [
            ("partner", ["for the school", "for the team"]),
            ("lead", ["for the team"]),
            ("coordinator", ["for the team"]),
            ("auditor", ["for the team"]),
            ("partner_other_organisation", []),
            ("admin", []),
        ],
    )
    def test_note_for_ones_own_organisation(self, scene: Scene, who: str, notes: list[str]) -> None:
        author = scene.council.partner
        for audience, words in ((NoteAudience.TEAM, "for the team"), (NoteAudience.ORGANISATION, "for the school")):
            scene.arrange(
                Note(
                    family_id=scene.family_id,
                    author_id=author.id,
                    organisation_id=author.organisation_id,
                    audience=audience,
                    text=words,
                    written_at=clock.now(),
                )
            )

        with scene.council.as_(getattr(scene.council, who)):
            assert sorted(note.text for note in db.session.scalars(select(Note))) == notes

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_confidential_address_is_the_coordinators_and_the_leads(self, scene: Scene, who: str) -> None:
        scene.arrange(
            ConfidentialAddress(
                family_id=scene.family_id, person_id=scene.team.home.parent.id, address="2 Safe Street, Ambleford"
            )
        )

        with scene.council.as_(getattr(scene.council, who)):
            seen = [each.address for each in db.session.scalars(select(ConfidentialAddress))]

        assert bool(seen) is (who in {"coordinator", "lead"})

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_why_people_are_kept_apart_is_the_coordinators_the_leads_and_the_writers(
        self, scene: Scene, who: str
    ) -> None:
        child, parent = scene.team.home.children[0], scene.team.home.parent
        of = {"family_id": scene.family_id}
        pair = {"person_id": child.id, "other_id": parent.id, "kind": KeepApartKind.MUST_NOT_MEET}
        row = KeepApart(**of, **pair)
        scene.arrange(row)
        writer = scene.council.social_worker.id
        scene.arrange(KeepApartReason(**of, keep_apart_id=row.id, written_by_id=writer, text="A court order"))

        with scene.council.as_(getattr(scene.council, who)):
            seen = [each.text for each in db.session.scalars(select(KeepApartReason))]

        assert bool(seen) is (who in {"coordinator", "lead", "social_worker"})


def a_nomination(scene: Scene, user: User, state: LeadState = LeadState.NOMINATED) -> LeadAssignment:
    return LeadAssignment(
        family_id=scene.family_id,
        episode_id=scene.team.episode.id,
        user_id=user.id,
        name=user.name,
        state=state,
        nominated_by_name="Carol Coordinator",
        nominated_at=clock.now(),
        answer_by=clock.today(),
        answer_reason="No time" if state is LeadState.DECLINED else None,
    )
