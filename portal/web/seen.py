"""What one response shows or changes, gathered on the way for the log."""

from dataclasses import replace

from portal.domain.log import Tied
from portal.models.record import AuditKind
from portal.services.remember import Entry


class Seen:
    """What this response shows or changes, gathered on the way."""

    def __init__(self) -> None:
        self.family_id: int | None = None
        self.subject: str | None = None
        self.rows: int | None = None
        self.tied: Tied | None = None
        self.reason: str | None = None
        self.kind: AuditKind | None = None
        self.status = 200
        self.committed = False
        # Another family that the same page shows or the same change changes: its number and its reference.
        self.also: tuple[int, str] | None = None

    def each(self, entry: Entry) -> list[Entry]:
        """Of each family that it tells of; what was changed is told once."""
        if self.also is None or entry.kind is AuditKind.REFUSAL:
            return [entry]
        family_id, subject = self.also
        return [entry, replace(entry, family_id=family_id, subject=subject, tied=None, changes=None)]
