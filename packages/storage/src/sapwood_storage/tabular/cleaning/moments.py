"""Text read as a date or a moment by formats, at the price of the format that fits.

A format that does not fit takes DuckDB ten times as long as one that does, so each is tried only on text that
has its separators, and as many digits for the year as it wants. That is also why "21-3-4" is never year 21.
"""

import re
from collections.abc import Sequence
from typing import Final

from sapwood_storage.tabular.cleaning.quoting import text

_DIRECTIVE: Final = re.compile(r"%-?[A-Za-z%]")
_SEPARATORS: Final = "-/.,:"
_FOUR_DIGITS: Final = r"(?:^|\D)\d{4}(?:\D|$)"
_MORE_DIGITS: Final = re.compile(r"%-?[fgnzjGsU]|%-?[A-Za-z]%")  # digits beside those of the year


def moment(x: str, formats: Sequence[str]) -> str:
    """Return SQL for the text `x`, a name, as a timestamp by the first of `formats` that fits."""
    return f"coalesce({', '.join(read(x, one) for one in formats)}, NULL)"


def read(x: str, form: str) -> str:
    """Return SQL for `x` as a timestamp by one format; null where it does not fit."""
    parsed = f"try_strptime({x}, {text(form)})::TIMESTAMP"
    tests = _tests(x, form)
    return f"CASE WHEN {' AND '.join(tests)} THEN {parsed} END" if tests else parsed


def _tests(x: str, form: str) -> list[str]:
    """What text has to hold to fit."""
    plain = _DIRECTIVE.sub("", form)
    tests = [f"contains({x}, {text(one)})" for one in _SEPARATORS if one in plain]
    if not _MORE_DIGITS.search(form):
        four = f"regexp_matches({x}, {text(_FOUR_DIGITS)})"
        if "%Y" in form:
            tests.append(four)
        elif "%y" in form:
            tests.append(f"NOT {four}")
    return tests
