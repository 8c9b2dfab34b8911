"""Characters that no answer may hold, or none of one line: they cannot be kept, or nobody sees them."""

import re

# Newline and tab are the only control characters that people type on purpose.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Stands where one of these was.
MARK = "\N{REPLACEMENT CHARACTER}"
# What turns the direction of writing, and spaces without width. Scripts that are written from the right need none of
# them; the joiners, which Persian, Urdu and some pictures are written with, are no part of it.
INVISIBLE = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd]")
