"""Merging two records that turn out to be one family: for how long it can be taken apart, and who is one person."""

from datetime import timedelta

# How long a merge can be taken apart again.
REVERSIBLE = timedelta(days=30)
# What is copied onto the person who is kept, where it is not known of them.
FILLED = (
    *("known_as", "date_of_birth", "expected_on", "pregnancy_ended_on", "died_on", "gender", "ethnicity", "language"),
    *("disability_or_send", "school", "health_contact", "social_care_number", "nhs_number", "upn"),
)
# Said as *not known*, and filled too.
FILLED_WORDS = ("sex", "interpreter_needed")
# Who differs in one of these is not one person; which words say that.
TELLS_APART = {
    "kind": "one is recorded as a child, the other as an adult",
    "date_of_birth": "they were born on different days",
    "died_on": "they died on different days",
    "nhs_number": "they have different NHS numbers",
    "upn": "they have different unique pupil numbers",
    "social_care_number": "they have different social care numbers",
}
# What belongs to both, of what no page calls by its reference.
CALLED = {
    "contact": "a visit or call",
    "contact_person": "a visit or call",
    "earlier_address": "an earlier address",
    "engagement_record": "what somebody said about {early_help}",
    "household_membership": "where somebody lives",
    "keep_apart": "two people who are kept apart",
    "keep_apart_reason": "two people who are kept apart",
    "meeting_invitee": "who is asked to a meeting",
    "meeting_voice": "what a child said at a meeting",
    "need_review": "a review of a need",
    "parental_responsibility": "who has parental responsibility",
    "relationship": "how two people are related",
    "scale_reading": "how far a need has come",
    "sharing_decision": "a decision about sharing",
    "step_down_child": "a child of {step_down:a}",
    "step_down_need": "a need of {step_down:a}",
    "step_down_parent": "a parent’s view in {step_down:a}",
}
ALREADY = "Something is proposed already for {ref}. It has to be settled first."
NOT_OF_YOURS = "Enter the reference of another {family} that you can open, like F-1042"
