"""What lines of history tell that nobody who holds the database alone can read: how somebody is reached, and why
a family is not restricted."""

from collections.abc import Collection, Mapping

from portal.domain.event_kinds import E

# Under which names of a line's data.
SEALED: Mapping[E, Collection[str]] = {
    E.SAFE_CONTACT_CHANGED: ("old", "new"),
    E.FAMILY_BROUGHT_UP_TO_DATE: ("what",),
    E.TEAM_CORRECTED: ("what",),
    E.RESTRICTION_REFUSED: ("answer",),
}
