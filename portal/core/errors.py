"""Named errors that a person can act on; the web room turns them into pages."""


class PortalError(Exception):
    """What went wrong, in words for the person who met it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Refused(PortalError):
    """The move is not open now. Answered with 409; nothing is stored."""


class FieldRefused(PortalError):
    """One answer cannot stand. Answered with 422, the words at the named field."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class TooMany(Refused):
    """Asked too often in a short time. Answered with 429; what was typed is kept."""


class Conflict(Refused):
    """Somebody saved this thing after the form was opened. Answered with 409 and both texts."""


class NotAllowed(PortalError):
    """In reach, but not this person's to do. Answered with 403."""


class NotInReach(PortalError):
    """Not there, as far as this person is concerned. Answered with 404, whether it exists or not."""


class NobodyAsking(RuntimeError):
    """Family rows were read while no viewer was bound: a fault of the program, never of a person."""


class NotNarrowed(RuntimeError):
    """A statement read family rows in a shape that the seat-belt could not narrow: a fault of the program."""


class WriteWhileReading(RuntimeError):
    """A page that only reads tried to change a row: a fault of the program."""


# What stands in the place of one value that cannot be opened.
CANNOT_BE_READ = "This cannot be read."


class Unreadable(RuntimeError):
    """What is sealed in this row cannot be opened: its key is gone, or it is not what was sealed there."""

    def __init__(self, place: str, row: int, why: str) -> None:
        super().__init__(f"{place} of row {row} cannot be read: {why}")
        self.place, self.row, self.why = place, row, why
