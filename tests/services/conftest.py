"""What tests of several changes begin with."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.support.family_sheets import TakeIn
from tests.support.people import Council


@pytest.fixture
def take_in(council: Council, tmp_path: Path) -> TakeIn:
    def run(*lines: str, write: bool = True, by: str | None = None, raw: bytes | None = None) -> Result:
        path = tmp_path / "families.csv"
        text = "\n".join(lines).replace("{lead}", council.lead.email)
        path.write_bytes(raw if raw is not None else text.encode())
        arguments = ["portal", "import", "families", str(path), "--as", by or council.coordinator.email]
        return council.app.test_cli_runner().invoke(args=[*arguments, *(["--write"] if write else [])])

    return run
