"""How somebody can safely be reached, in words."""

from dataclasses import dataclass

NEVER = "never contact"
NO_WAY = "no safe way is known yet"


@dataclass(frozen=True)
class Reach:
    """How one person can safely be reached."""

    phone: str | None = None
    email: str | None = None
    by_phone: bool = False
    by_text: bool = False
    by_email: bool = False
    by_post: bool = False
    never_contact: bool = False
    note: str | None = None

    @property
    def is_known(self) -> bool:
        return self != Reach()

    @property
    def is_safe(self) -> bool:
        """Whether any way is recorded as safe."""
        return not self.never_contact and (self.by_phone or self.by_text or self.by_email or self.by_post)

    @property
    def words(self) -> str:
        if self.never_contact:
            return NEVER
        by_number = [word for word, allowed in (("call", self.by_phone), ("text", self.by_text)) if allowed]
        ways = []
        if by_number:
            ways.append(" or ".join(by_number) + (f" {self.phone}" if self.phone else ""))
        if self.by_email:
            ways.append("email" + (f" {self.email}" if self.email else ""))
        if self.by_post:
            ways.append("write by post")
        return ", or ".join(ways) or NO_WAY
