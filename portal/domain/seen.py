"""What somebody has seen of what happens to a family: for how long it stands as changed."""

from datetime import timedelta

# What is older is history, and nobody's news.
NEWS = timedelta(weeks=4)
# The pages on which somebody sees what happened.
LOOKED_AT = ("families.overview", "families.past", "families.whole")
TOO_LATE = "What you marked can be undone for ten minutes, and they have passed, or it was undone already."
OPEN_AGAIN = "Open this page again, then mark what you have seen"
NOT_YOURS = "You neither hold nor lead any of these, so no mark of yours stands on them."
