"""What becomes of the rows of a record that is merged into another: every table that leads to a family says."""

import enum
from collections.abc import Mapping
from typing import Any

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


class Fate(enum.Enum):
    # They are rows of the record that is kept.
    MOVES = enum.auto()
    # The same, but what stands in both stands once: the other's row stays where it is, and what led to it leads to the
    # row that is kept.
    ONCE = enum.auto()
    # The same, but there is one open at a time: where both have one, the other's ends.
    ENDS = enum.auto()
    # The same; each that is open ends, on both sides: nobody is shown more than what they were let in for.
    CLOSES = enum.auto()
    # Nothing is moved while one of either is open: the merge is refused before.
    REFUSED = enum.auto()
    # They stay with what is left of the other record.
    STAYS = enum.auto()


FATES: Mapping[Model, Fate] = {
    **dict.fromkeys(
        (
            *(FamilyQuestion, FamilyLink, FamilyAnswer, JointDecision, EarlierAddress, KeepApartReason, Note),
            *(SupportReferral, SharedReferral, FollowUpCheck, EngagementRecord, LeadCover, LeadDecision),
            *(OutstandingAction, SharingDecision, StepDown, StepDownChild, StepDownNeed, StepDownParent),
            *(StepDownQuestion, StopRequest, HiddenWords, HiddenPlace, Event, FamilySaidNo, StaysWithSocialCare),
            *(DataCopy, ActionPlan, Contact, ContactPerson, Meeting, MeetingInvitee, MeetingVoice, NeedReview),
            *(PlanAction, PlanNeed, ScaleReading, LookUp, FormDraft, ConflictDeclaration, OutboxMessage),
        ),
        Fate.MOVES,
    ),
    **dict.fromkeys(
        (
            *(Person, Household, TeamMember, KeepApart, HouseholdMembership, Relationship, ParentalResponsibility),
            *(SafeContact, ConfidentialAddress, ConflictOfInterest, Clearance, Restriction, FamilySeen),
        ),
        Fate.ONCE,
    ),
    **dict.fromkeys((CoordinatorAssignment, HolderQuestion, RetentionHold, RestrictionRequest), Fate.ENDS),
    EmergencyOpening: Fate.CLOSES,
    **dict.fromkeys((Episode, LeadAssignment, DestructionProposal), Fate.REFUSED),
    **dict.fromkeys((Family, FamilySummary, RecordMerge, MergePerson, MovedValue), Fate.STAYS),
}
# By which column rows that are not scoped to a family belong to one.
BESIDE: Mapping[Model, str] = {
    LookUp: "found_family_id",
    FormDraft: "family_id",
    ConflictDeclaration: "family_id",
    OutboxMessage: "family_id",
}
# Lead to a family, and are left as they are.
UNTOUCHED: Mapping[Model, str] = {
    Audit: "the log is never changed; whoever reads it for the kept record reads both",
    Delivery: "goes with its message",
    DeliveryAttempt: "goes with its message",
}
# In this order: what later ones lead to is settled by then.
ORDER: tuple[Model, ...] = (
    *(Person, Household, TeamMember, KeepApart),
    *(model for model, fate in FATES.items() if fate is not Fate.STAYS),
)


def of_family(model: Model) -> str:
    return BESIDE.get(model, "family_id")
