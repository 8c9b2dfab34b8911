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
ALREADY = "Something is proposed already for {ref}. It has to be settled first."
NOT_OF_YOURS = "Enter the reference of another {family} that you can open, like F-1042"
