"""References in addresses: <ref:action> takes A-41 and nothing else."""

from dataclasses import dataclass

from werkzeug.routing import BaseConverter, ValidationError

LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Ref:
    prefix: str
    id: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.id}"


class RefConverter(BaseConverter):
    """A capital letter or two, a dash, a number in ASCII digits. Anything else is a page that does not exist."""

    regex = "[A-Z]{1,2}-[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> Ref:
        prefix, number = value.split("-")
        if int(number) > LARGEST:
            raise ValidationError
        return Ref(prefix, int(number))

    def to_url(self, value: object) -> str:
        return str(getattr(value, "ref", value))


class TokenConverter(BaseConverter):
    """The random part of a family's link. Anything that can stand there is taken: an altered one is answered as an
    expired one is."""

    regex = "[^/]{1,200}"


def number_in(text: str | None) -> int:
    """The number that a hidden field or a query holds; 0, which no row has, where it holds none."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST)):
        return 0
    return int(text) if int(text) <= LARGEST else 0
