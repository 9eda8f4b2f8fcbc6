"""What steps share by their input, as their tasks say it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sapwood_shared.logging import get_logger
from sapwood_workflows.journal.limits import Gate
from sapwood_workflows.tasks.registry import Tasks
from sapwood_workflows.tasks.task import KeyOf, Task


@dataclass(frozen=True, slots=True)
class TaskGates:
    """The gates of the tasks that a worker knows."""

    tasks: Tasks

    def has(self, task: str, version: int) -> bool:
        """Whether steps of the task share anything."""
        options = self.tasks.get(task, version).options
        return options.concurrency_key is not None or options.idempotency_key is not None

    def of(self, task: str, version: int, given: Any) -> Gate | None:
        """The gate of one step; none where its input is wrong, which the call will say."""
        known = self.tasks.get(task, version)
        options = known.options
        if not self.has(task, version):
            return None
        try:
            model = known.takes.model_validate(given)
        except ValidationError:
            return None
        return Gate(
            limit=_key(known, "", options.concurrency_key, model),
            places=options.concurrency,
            once=_key(known, f"@{version}:once", options.idempotency_key, model),
        )


def _key(task: Task[Any, Any], kind: str, key_of: KeyOf | None, model: Any) -> str | None:
    if key_of is None:
        return None
    try:
        said = str(key_of(model))
    except Exception as error:  # noqa: BLE001 - a task's own function; without a key it shares nothing
        get_logger(__name__).warning("no_key", task=task.name, error=f"{type(error).__name__}: {error}")
        return None
    return f"{task.name}{kind}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
