"""What a worker is told, by the program that starts it and by the process that watches over it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass

from sapwood_shared.errors import InvalidInput
from sapwood_workflows.tasks import QueueClass


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How many processes there are, what they take, and how long they have to end."""

    queues: str = ",".join(QueueClass)
    processes: int = 1
    places: int = 16
    grace_s: float = 10.0

    @property
    def classes(self) -> tuple[str, ...]:
        """The queue classes, in the order in which they are asked; `InvalidInput` for one that is none."""
        named = tuple(dict.fromkeys(part.strip() for part in self.queues.split(",") if part.strip()))
        unknown = [name for name in named if name not in list(QueueClass)]
        if unknown or not named:
            raise InvalidInput(
                f"--queues {self.queues!r} names no queue class", hint=f"there are: {', '.join(QueueClass)}"
            )
        return named

    def arguments(self) -> list[str]:
        """For the process that does the steps."""
        return [
            "--queues", ",".join(self.classes), "--places", str(self.places), "--grace", str(self.grace_s),
        ]  # fmt: skip

    @classmethod
    def read(cls, arguments: Sequence[str]) -> WorkerOptions:
        """Of such a process, its own."""
        parser = ArgumentParser()
        parser.add_argument("--queues", required=True)
        parser.add_argument("--places", type=int, required=True)
        parser.add_argument("--grace", type=float, required=True)
        found = parser.parse_args(arguments)
        return cls(queues=found.queues, places=found.places, grace_s=found.grace)
