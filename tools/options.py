"""What stands after `--` on nox's command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DEFAULT_BASE: Final = "main"


@dataclass(frozen=True, slots=True)
class Options:
    """Which members, how sure, and what the tool itself is told."""

    base: str | None = None
    """Only what changed since this commit, and all that leans on it."""

    force: bool = False
    """Run what has passed on the same content."""

    write: bool = False
    """Repair instead of complaining, where a session can."""

    members: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    """For the tool: an option and what follows it."""

    @classmethod
    def parse(cls, arguments: Sequence[str], members: Sequence[str]) -> "Options":
        """Read `[MEMBER…] [--affected [BASE]] [--force] [--write] [anything for the tool…]`."""
        base: str | None = None
        flags: set[str] = set()
        chosen: list[str] = []
        waiting = list(arguments)
        while waiting:
            word = waiting[0]
            if word == "--affected":
                waiting.pop(0)
                takes_base = bool(waiting) and not waiting[0].startswith("-") and waiting[0] not in members
                base = waiting.pop(0) if takes_base else DEFAULT_BASE
            elif word in ("--force", "--write"):
                flags.add(waiting.pop(0))
            elif word in members:
                chosen.append(waiting.pop(0))
            else:
                break
        return cls(base, "--force" in flags, "--write" in flags, tuple(chosen), tuple(waiting))
