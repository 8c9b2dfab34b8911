"""What tables share: a family's id, a version people's edits are judged by, a reference."""

from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.core.db import Model


class FamilyScoped:
    """Rows of one family. The session narrows every statement on them to what the viewer can reach."""

    @declared_attr
    def family_id(cls) -> Mapped[int]:  # noqa: N805  (SQLAlchemy passes the class)
        return mapped_column(ForeignKey("family.id"), index=True)


class Versioned:
    """Rows that people edit: a form carries the version it was opened with."""

    version: Mapped[int] = mapped_column(Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class Referenced:
    """Rows with a reference of their own, like A-7, that begins as no other kind's does: it stands in addresses, titles
    and file names."""

    ref_prefix: ClassVar[str]
    # How its references began once: addresses and messages that hold one still lead to it.
    earlier_prefix: ClassVar[str | None] = None
    id: Mapped[int]

    @property
    def ref(self) -> str:
        return f"{self.ref_prefix}-{self.id}"


def one_of(*columns: str) -> str:
    """The text of a check that exactly one of these columns is filled, the same on both databases."""
    return " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns) + " = 1"


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows of which `where` holds, the same on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


__all__ = ["FamilyScoped", "Model", "Referenced", "Versioned", "index_where", "one_of"]
