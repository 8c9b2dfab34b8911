"""Where somebody lives, opened as pages show it."""

from portal.core.sealed import UNREAD, Sealed, opened, within


def parts(address: Sealed | None, postcode: Sealed | None, row: int) -> list[str]:
    """Address and postcode, what is known of them, of a row by its id. Where nothing can be read, that is said once."""
    told = [text for each in (address, postcode) if (text := opened(each, row))]
    if told and all(text is UNREAD for text in told):
        return [UNREAD]
    return [text for each in told if (text := within(each))]
