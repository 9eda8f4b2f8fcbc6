"""What could not be read: one line of JSON for each record, with where it stood, why, and its text."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

FILE: Final = "quarantine.ndjson"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that is not among the rows; `line` is where it begins in the source, from 1."""

    line: int
    columns: Sequence[str]  # empty: the record as a whole
    reason: str
    raw: str


def write(staging: Path, found: Iterable[Quarantined]) -> int:
    """Write what was found, in the order of the source, and return how many records that is."""
    ordered = sorted(found, key=lambda one: one.line)
    with (staging / FILE).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in ordered)
    return len(ordered)
