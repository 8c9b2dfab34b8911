"""Kinds of organisations that work with families."""

import enum


class OrganisationKind(enum.StrEnum):
    COUNCIL = "council"
    SCHOOL = "school"
    HEALTH = "health"
    HOUSING = "housing"
    VOLUNTARY = "voluntary"
    POLICE = "police"


KINDS = {
    OrganisationKind.COUNCIL: "Council",
    OrganisationKind.SCHOOL: "School",
    OrganisationKind.HEALTH: "Health",
    OrganisationKind.HOUSING: "Housing",
    OrganisationKind.VOLUNTARY: "Voluntary",
    OrganisationKind.POLICE: "Police",
}
