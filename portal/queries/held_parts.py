"""Which tables hold something about one person of a family, which rows of them, and which are left out and why."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.domain.redaction import Before
from portal.domain.step_downs import StepDownState
from portal.models.asking import FamilyAnswer, FamilyLink, FamilyQuestion
from portal.models.deciding import JointDecision
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    ConflictOfInterest,
    CoordinatorAssignment,
    EarlierAddress,
    Family,
    Household,
    HouseholdMembership,
    KeepApart,
    KeepApartReason,
    LookUp,
    Note,
    ParentalResponsibility,
    Person,
    Relationship,
    SafeContact,
)
from portal.models.following import FollowUpCheck, SharedReferral, SupportReferral
from portal.models.handover import (
    EngagementRecord,
    Episode,
    LeadAssignment,
    LeadCover,
    LeadDecision,
    OutstandingAction,
    SharingDecision,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
    StepDownQuestion,
    StopRequest,
)
from portal.models.hiding import HiddenPlace, HiddenWords
from portal.models.merging import MergePerson, MovedValue, RecordMerge
from portal.models.messages import Delivery, DeliveryAttempt
from portal.models.record import Audit, Event, FamilySeen, FamilySummary, FormDraft, OutboxMessage
from portal.models.restricting import ConflictDeclaration, EmergencyOpening, Restriction, RestrictionRequest
from portal.models.step_down_ends import FamilySaidNo, HolderQuestion, StaysWithSocialCare
from portal.models.subjects import DataCopy, DestructionProposal, RetentionHold
from portal.models.teamwork import (
    ActionPlan,
    Contact,
    ContactPerson,
    Meeting,
    MeetingInvitee,
    MeetingVoice,
    NeedReview,
    PlanAction,
    PlanNeed,
    ScaleReading,
    TeamMember,
)

Model = type[Any]


class Rows:
    """Every row of the family that whoever asks may read, by table; and which of them lead to the person."""

    def __init__(self, person: Person, rows: Mapping[Model, list[Any]], also: Collection[int] = ()) -> None:
        self.person, self.rows = person, rows
        # Who they were in records that were merged into this one.
        self.ids = frozenset({person.id, *also})

    def own(self, model: Model, back: str = "id") -> frozenset[int]:
        """The numbers that the person's own rows of a table name."""
        return frozenset(getattr(row, back) for row in self.rows[model] if row.person_id in self.ids)

    @cached_property
    def of_another(self) -> frozenset[int]:
        """Needs of another person alone."""
        return self._others(PlanNeed)

    @cached_property
    def referrals_of_another(self) -> frozenset[int]:
        return self._others(SupportReferral)

    @cached_property
    def drafts(self) -> frozenset[int]:
        """Step-downs that social work is still writing: nobody else's, whatever they may do with one that was sent."""
        return frozenset(row.id for row in self.rows[StepDown] if row.state is StepDownState.DRAFT)

    def _others(self, model: Model) -> frozenset[int]:
        return frozenset(row.id for row in self.rows[model] if row.person_id not in (None, *self.ids))


# What a row has to do with the person; None: nothing.
Concerns = Callable[[Any, Rows], Before | None]


@dataclass(frozen=True)
class Part:
    model: Model
    title: str
    concerns: Concerns


def _own(*columns: str) -> Concerns:
    def concerns(row: Any, rows: Rows) -> Before | None:
        return Before.NOTHING if rows.ids & {getattr(row, column) for column in columns} else None

    return concerns


def _own_or_all(row: Any, rows: Rows) -> Before | None:
    """Of the person, or of nobody in particular."""
    if row.person_id in rows.ids:
        return Before.NOTHING
    return Before.WHOLE_FAMILY if row.person_id is None else None


def _all(_row: Any, _rows: Rows) -> Before:
    return Before.WHOLE_FAMILY


def _by(column: str, model: Model, back: str = "id") -> Concerns:
    """Of a row that is the person's own."""

    def concerns(row: Any, rows: Rows) -> Before | None:
        return Before.NOTHING if getattr(row, column) in rows.own(model, back) else None

    return concerns


def _sent(concerns: Concerns) -> Concerns:
    """Of a step-down that was sent."""

    def of_one_sent(row: Any, rows: Rows) -> Before | None:
        number = row.id if isinstance(row, StepDown) else row.step_down_id
        return None if number in rows.drafts else concerns(row, rows)

    return of_one_sent


def _not_of_another_need(row: Any, rows: Rows) -> Before | None:
    return None if row.plan_need_id in rows.of_another else Before.WHOLE_FAMILY


def _not_of_another_referral(row: Any, rows: Rows) -> Before | None:
    return None if row.referral_id in rows.referrals_of_another else Before.WHOLE_FAMILY


def _helper(row: Any, rows: Rows) -> Before | None:
    """Those of the team who work there, and the person themself; not the others of the family."""
    return _own_or_all(row, rows)


def _contact(row: Any, rows: Rows) -> Before | None:
    """A visit at which the person was to be seen, or one of nobody in particular."""
    named = {each.contact_id for each in rows.rows[ContactPerson]}
    if row.id in rows.own(ContactPerson, "contact_id"):
        return Before.WHOLE_FAMILY
    return None if row.id in named else Before.WHOLE_FAMILY


def _apart(row: Any, rows: Rows) -> Before | None:
    return Before.COULD_HARM if rows.ids & {row.person_id, row.other_id} else None


def _harm(_row: Any, _rows: Rows) -> Before:
    return Before.COULD_HARM


PARTS: tuple[Part, ...] = (
    Part(Person, "The person", _own("id")),
    Part(SafeContact, "Safe contact", _own("person_id")),
    Part(Household, "Homes", _by("id", HouseholdMembership, "household_id")),
    Part(HouseholdMembership, "When they lived there", _own("person_id")),
    Part(EarlierAddress, "Addresses that were corrected", _by("household_id", HouseholdMembership, "household_id")),
    Part(Relationship, "Relationships", _own("person_id", "other_id")),
    Part(ParentalResponsibility, "Parental responsibility", _own("adult_id", "child_id")),
    Part(KeepApart, "Kept apart", _apart),
    Part(Family, "The {family}", _all),
    Part(Restriction, "That only some may see the {family}", _harm),
    Part(RestrictionRequest, "That it was asked that only some may see the {family}", _harm),
    Part(CoordinatorAssignment, "{Coordinator:many}", _all),
    Part(Episode, "Times of {early_help}", _all),
    Part(StepDown, "{Step_down:many}", _sent(_all)),
    Part(StepDownChild, "The child in {step_down:a}", _sent(_own("person_id"))),
    Part(StepDownParent, "The parent’s view of {step_down:a}", _sent(_own("person_id"))),
    Part(StepDownNeed, "Needs as social work left them", _sent(_own_or_all)),
    Part(StepDownQuestion, "Questions about {step_down:a}", _sent(_all)),
    Part(OutstandingAction, "What social work still had to do", _sent(_all)),
    Part(JointDecision, "What both managers decided", _sent(_all)),
    Part(FamilySaidNo, "That the {family} said no", _sent(_all)),
    Part(StaysWithSocialCare, "Whether the {family} stays with social care", _sent(_all)),
    Part(HolderQuestion, "Who holds the {family}", _all),
    Part(EngagementRecord, "What they said about being helped", _own("person_id")),
    Part(StopRequest, "That they asked us to stop", _by("engagement_id", EngagementRecord)),
    Part(SharingDecision, "What is shared with whom", _own_or_all),
    Part(LeadAssignment, "Who was asked to lead", _all),
    Part(LeadCover, "Who stood in for the lead", _all),
    Part(LeadDecision, "What was decided without a lead", _all),
    Part(TeamMember, "The {team}", _helper),
    Part(Meeting, "Meetings", _all),
    Part(MeetingInvitee, "Whether they came to a meeting", _by("member_id", TeamMember)),
    Part(MeetingVoice, "What they wanted to say at a meeting", _own("person_id")),
    Part(Contact, "Visits and calls", _contact),
    Part(ContactPerson, "Whether they were seen", _own("person_id")),
    Part(ActionPlan, "Versions of the {plan}", _all),
    Part(PlanNeed, "Needs in the {plan}", _own_or_all),
    Part(NeedReview, "How needs stood at reviews", _not_of_another_need),
    Part(ScaleReading, "How far things had come", _not_of_another_need),
    Part(PlanAction, "{Action:many}", _not_of_another_need),
    Part(SupportReferral, "Support that was suggested", _own_or_all),
    Part(SharedReferral, "What a service was sent", _not_of_another_referral),
    Part(FollowUpCheck, "Checks on support", _not_of_another_referral),
    Part(FamilyQuestion, "Questions put to them by a link", _own("person_id")),
    Part(FamilyAnswer, "What they answered by a link", _by("question_id", FamilyQuestion)),
    Part(Note, "Notes", _all),
    Part(DataCopy, "Copies made before", _own("person_id")),
    Part(RetentionHold, "Holds on the record", _harm),
    Part(DestructionProposal, "Proposals to destroy the record", _all),
)
# Told in a way of their own (queries/held_about.py).
TOLD_OTHERWISE: Mapping[Model, str] = {
    Event: "the history, line by line in words",
    Audit: "who has looked, person by person; what a change changed stands in the tables themselves",
    LookUp: "who looked the family up and found it",
    OutboxMessage: "messages to the person",
    Delivery: "messages to the person",
}
LEFT_OUT: Mapping[Model, str] = {
    ConfidentialAddress: "only its keepers read it; the copy says that it is held",
    KeepApartReason: "only its keepers read it; the copy says that it is held",
    FormDraft: "only its writer reads it, and it is gone once it is sent; the copy says how many there are",
    Clearance: "which colleagues are cleared, not about the person",
    ConflictOfInterest: "which colleagues must not see the family, about the colleagues",
    EmergencyOpening: "which colleague opened the family in an emergency; its history tells of it",
    ConflictDeclaration: "which colleagues say that the family is their own, about the colleagues",
    FamilySeen: "how far each colleague has read",
    FamilySummary: "counted from the other tables",
    HiddenWords: "words that must not stand anywhere; the history says that some were hidden, and why",
    HiddenPlace: "where such words stood",
    RecordMerge: "that another record was merged into this one, and why: the history tells of it",
    MergePerson: "who of two records is one person; their rows of both are in the copy",
    MovedValue: "numbers of rows that a merge moved",
    FamilyLink: "a hash of a link; when it was made stands with the question",
    DeliveryAttempt: "how often a machine tried to send",
}
