"""What the gates of a step-down are called, and what is missing where one is open."""

from collections.abc import Mapping

from portal.domain.step_downs import Gate

# What is missing where a gate is open, in few words for a list or a refusal.
LACKING: Mapping[Gate, str] = {
    Gate.AGREEMENT: "the family’s agreement",
    Gate.LEAD: "{lead_professional:a} who has accepted",
    Gate.MEETING: "the {step_down_meeting}, held and written up",
    Gate.OUTSTANDING: "what becomes of each outstanding action",
    Gate.FAMILY_MET: "meeting the family and seeing each child",
    Gate.NEEDS: "something agreed for each need",
    Gate.FIRST_TEAM: "a date for the {first_team_meeting}",
    Gate.CHECKS: "a check with an owner for each support",
}

GATES: Mapping[Gate, str] = {
    Gate.AGREEMENT: "Somebody with parental responsibility, or a child who can decide, has agreed to {early_help}",
    Gate.LEAD: "{Lead_professional:a} has accepted",
    Gate.MEETING: "The {step_down_meeting} was held and written up",
    Gate.OUTSTANDING: "Every outstanding action is agreed by its new owner, completed, or dropped and the family told",
    Gate.FAMILY_MET: (
        "The {lead_professional}, with the {social_worker} where possible, has met the family and seen each child"
    ),
    Gate.NEEDS: "Each need left has an agreed action or support, or somebody who brings it to the first meeting",
    Gate.FIRST_TEAM: "The {first_team_meeting} has a date, or the {step_down_meeting} was it",
    Gate.CHECKS: "Each support that has not started has a check with an owner",
}
