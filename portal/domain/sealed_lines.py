"""What lines of history tell of how somebody is reached: nobody who holds the database alone can read that."""

from collections.abc import Collection, Mapping

from portal.domain.event_kinds import E

# Under which names of a line's data.
SEALED: Mapping[E, Collection[str]] = {
    E.SAFE_CONTACT_CHANGED: ("old", "new"),
    E.FAMILY_BROUGHT_UP_TO_DATE: ("what",),
    E.TEAM_CORRECTED: ("what",),
}
