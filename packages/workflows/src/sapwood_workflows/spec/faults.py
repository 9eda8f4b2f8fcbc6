"""What is wrong with a spec, each fault with the step and the field it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sapwood_shared import InvalidInput

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `code` is stable, `hint` says what to do."""

    code: str
    message: str
    step: str | None = None
    field: str | None = None
    hint: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = ".".join(part for part in (self.step, self.field) if part)
        at = f"line {self.line}" if self.line else ""
        place = ", ".join(part for part in (at, where) if part)
        return f"{place}: {self.message}" if place else self.message

    def in_line(self, line: int | None) -> Fault:
        """The same, with the line that it stands on."""
        return replace(self, line=line)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def refusal(name: str, faults: Sequence[Fault]) -> InvalidInput:
    """The error that says all of them; who wants them one by one asks before."""
    shown = [str(fault) for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        shown.append(f"… and {len(faults) - _SHOWN} more")
    many = f"{len(faults)} faults" if len(faults) != 1 else "a fault"
    hint = next((fault.hint for fault in faults if fault.hint), "mend the spec")
    return InvalidInput(f"{name} has {many}:\n  " + "\n  ".join(shown), hint=hint)
