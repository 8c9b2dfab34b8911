"""A family and its people: who they are, where they live, how to reach them safely."""

import enum
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.domain import identifiers
from portal.models.base import FamilyScoped, Model, Referenced, Versioned, index_where


class Family(Versioned, Referenced, Model):
    """The people helped together; a family may span homes."""

    ref_prefix: ClassVar[str] = "F"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    restricted: Mapped[bool] = mapped_column(default=False)
    council_reference: Mapped[str | None] = mapped_column(String(40), unique=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime]
    social_worker_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    social_care_team_id: Mapped[int | None] = mapped_column(ForeignKey("social_care_team.id"))
    social_work_closed_on: Mapped[date | None]
    # It is part of that record now: nobody reaches it any more, and its reference leads there.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    __table_args__ = (
        Index("ix_family_added", "added_by_id", "added_at"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
    )


class PersonKind(enum.StrEnum):
    CHILD = "child"
    ADULT = "adult"


class YesNo(enum.StrEnum):
    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class Sex(enum.StrEnum):
    FEMALE = "female"
    MALE = "male"
    NOT_KNOWN = "not_known"


class Person(FamilyScoped, Versioned, Referenced, Model):
    """Somebody in the family. An empty column is shown as *not known*."""

    ref_prefix: ClassVar[str] = "P"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PersonKind]
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    known_as: Mapped[str | None] = mapped_column(String(100))
    date_of_birth: Mapped[date | None]
    expected_on: Mapped[date | None]
    pregnancy_ended_on: Mapped[date | None]
    died_on: Mapped[date | None]
    sex: Mapped[Sex] = mapped_column(default=Sex.NOT_KNOWN)
    gender: Mapped[str | None] = mapped_column(String(60))
    ethnicity: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(60))
    interpreter_needed: Mapped[YesNo] = mapped_column(default=YesNo.NOT_KNOWN)
    disability_or_send: Mapped[str | None] = mapped_column(String(300))
    school: Mapped[str | None]
    health_contact: Mapped[str | None]
    social_care_number: Mapped[str | None] = mapped_column(String(40), index=True)
    nhs_number: Mapped[str | None] = mapped_column(String(10))
    upn: Mapped[str | None] = mapped_column(String(13))
    # Folded copy of the family name, for look-up by surname, date of birth and postcode; kept by `_fold`.
    name_key: Mapped[str] = mapped_column(String(100))
    __table_args__ = (
        CheckConstraint("date_of_birth IS NULL OR expected_on IS NULL", name="born_or_expected"),
        Index("ix_person_look_up", "name_key", "date_of_birth"),
        UniqueConstraint("id", "family_id"),
    )

    @validates("family_name", "name_key")
    def _fold(self, column: str, name: str) -> str:
        if column == "name_key":
            return identifiers.name_key(name)
        self.name_key = name
        return name

    @property
    def name(self) -> str:
        return f"{self.known_as or self.given_name} {self.family_name}"


class Household(FamilyScoped, HasSealed, Versioned, Referenced, Model):
    """A home. The address of one that is confidential lies in ConfidentialAddress instead."""

    ref_prefix: ClassVar[str] = "H"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address_sealed: Mapped[Sealed | None] = mapped_column(SealedText("household.address_sealed"))
    address = SealedField[str | None]("address_sealed", longest=400)
    postcode_sealed: Mapped[Sealed | None] = mapped_column(
        SealedText("household.postcode_sealed", mark="postcode_mark")
    )
    postcode = SealedField[str | None]("postcode_sealed", longest=8)
    # By which a look-up finds it.
    postcode_mark: Mapped[str | None] = mapped_column(String(41), index=True)


class EarlierAddress(FamilyScoped, HasSealed, Model):
    """What the address of a home was said to be before it was corrected. It lies here and not in the history, so that
    it can be kept back as the home's own address is."""

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    address_sealed: Mapped[Sealed | None] = mapped_column(SealedText("earlier_address.address_sealed"))
    address = SealedField[str | None]("address_sealed", longest=400)
    postcode_sealed: Mapped[Sealed | None] = mapped_column(SealedText("earlier_address.postcode_sealed"))
    postcode = SealedField[str | None]("postcode_sealed", longest=8)
    corrected_on: Mapped[date]


class HouseholdMembership(FamilyScoped, Model):
    """Who lives where, between which dates; a child can be in two homes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    __table_args__ = (CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="dates_in_order"),)


class Relationship(FamilyScoped, Model):
    """`person` is the `kind` of `other`: mother of, grandfather of."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="two_people"),
    )


class ParentalResponsibility(FamilyScoped, Model):
    """An adult who has parental responsibility for a child."""

    id: Mapped[int] = mapped_column(primary_key=True)
    adult_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("adult_id", "child_id"),)


class KeepApartKind(enum.StrEnum):
    MUST_NOT_LEARN = "must_not_learn"
    MUST_NOT_MEET = "must_not_meet"


class KeepApart(FamilyScoped, Versioned, Referenced, Model):
    """`person` must not learn of, or must not meet, `other`; until it was ended."""

    ref_prefix: ClassVar[str] = "K"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[KeepApartKind]
    ended_on: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("person_id <> other_id", name="two_people"),
        index_where("uq_kept_apart_once", "person_id", "other_id", "kind", where="ended_on IS NULL", unique=True),
    )


class KeepApartReason(FamilyScoped, HasSealed, Model):
    """Why two people are kept apart, or need not be any more: only for the coordinator, the lead with their cover, and
    who wrote it. Everybody else reads that it is so."""

    id: Mapped[int] = mapped_column(primary_key=True)
    keep_apart_id: Mapped[int] = mapped_column(ForeignKey("keep_apart.id"), index=True)
    # Its line in the family's history.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), unique=True)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    text_sealed: Mapped[Sealed] = mapped_column(SealedText("keep_apart_reason.text_sealed"))
    text = SealedField[str]("text_sealed")


class SafeContact(FamilyScoped, HasSealed, Versioned, Model):
    """How one person can safely be reached, and how never."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    phone_sealed: Mapped[Sealed | None] = mapped_column(SealedText("safe_contact.phone_sealed"))
    phone = SealedField[str | None]("phone_sealed", longest=40)
    email_sealed: Mapped[Sealed | None] = mapped_column(SealedText("safe_contact.email_sealed"))
    email = SealedField[str | None]("email_sealed", longest=254)
    by_phone: Mapped[bool] = mapped_column(default=False)
    by_text: Mapped[bool] = mapped_column(default=False)
    by_email: Mapped[bool] = mapped_column(default=False)
    by_post: Mapped[bool] = mapped_column(default=False)
    never_contact: Mapped[bool] = mapped_column(default=False)
    note_sealed: Mapped[Sealed | None] = mapped_column(SealedText("safe_contact.note_sealed"))
    note = SealedField[str | None]("note_sealed", longest=500)


class ConfidentialAddress(FamilyScoped, HasSealed, Versioned, Model):
    """An address that only the coordinator and the lead see; nowhere else, in no other form."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    address_sealed: Mapped[Sealed] = mapped_column(SealedText("confidential_address.address_sealed"))
    address = SealedField[str]("address_sealed", longest=400)
    postcode_sealed: Mapped[Sealed | None] = mapped_column(SealedText("confidential_address.postcode_sealed"))
    postcode = SealedField[str | None]("postcode_sealed", longest=8)


class Clearance(FamilyScoped, Referenced, Model):
    """Somebody cleared to see one restricted family, until it was ended or its last day has passed: whether it holds
    today, `portal/policies/barred.py` says."""

    ref_prefix: ClassVar[str] = "X"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    cleared_at: Mapped[datetime]
    why: Mapped[str | None] = mapped_column(String(500))
    # The last day, where one was said.
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_why: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (
        index_where("uq_cleared_once", "user_id", "family_id", where="ended_at IS NULL", unique=True),
        CheckConstraint("ended_at IS NULL OR ended_why IS NOT NULL", name="ended_with_reason"),
    )


class ConflictOfInterest(FamilyScoped, Referenced, Model):
    """Somebody who must not see this family, whatever their role, until that was ended: it is their own."""

    ref_prefix: ClassVar[str] = "I"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime]
    # They themselves, or a manager.
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    why: Mapped[str | None] = mapped_column(String(300))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_why: Mapped[str | None] = mapped_column(String(300))
    __table_args__ = (
        index_where("uq_conflicted_once", "user_id", "family_id", where="ended_at IS NULL", unique=True),
        CheckConstraint("ended_at IS NULL OR ended_why IS NOT NULL", name="ended_with_reason"),
    )


class CoordinatorAssignment(FamilyScoped, Model):
    """The family's early help coordinator, between which dates."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    __table_args__ = (index_where("uq_one_coordinator", "family_id", where="to_on IS NULL", unique=True),)


class LookUp(Model):
    """Somebody looked for a family by what they knew, with a reason; one row for each family found, or one that
    nobody was found. The terms themselves are not kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300))
    searched_by: Mapped[str] = mapped_column(String(40))
    # What tells a second click from a second look-up: a hash over the form's own random key and its answers.
    sent: Mapped[str | None] = mapped_column(String(64))
    # Not family-scoped: the look-up is the searcher's own, and is read only to check what they may start.
    found_family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    __table_args__ = (Index("ix_look_up_pace", "user_id", "at"),)


class NoteAudience(enum.StrEnum):
    TEAM = "team"
    ORGANISATION = "organisation"


class Note(FamilyScoped, HasSealed, Model):
    """Something written down for the team, or for the writer's own organisation only."""

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    audience: Mapped[NoteAudience] = mapped_column(default=NoteAudience.TEAM)
    text_sealed: Mapped[Sealed] = mapped_column(SealedText("note.text_sealed"))
    text = SealedField[str]("text_sealed")
    written_at: Mapped[datetime]
    # Its line in the family's history.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), unique=True)
