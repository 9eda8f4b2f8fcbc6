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


class Faults(InvalidInput):
    """A spec that cannot run; `faults` holds all that was found."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            shown.append(f"… and {len(self.faults) - _SHOWN} more")
        many = f"{len(self.faults)} faults" if len(self.faults) != 1 else "a fault"
        hint = next((fault.hint for fault in self.faults if fault.hint), "mend the spec")
        super().__init__(f"{name} has {many}:\n  " + "\n  ".join(shown), hint=hint)

    def __reduce__(self) -> tuple[object, ...]:
        return Faults, (self.name, self.faults)
