"""A step in somebody's hands: what it is to do, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sapwood_shared import WorkspaceId
from sapwood_workflows.journal.unit import Key


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at a step. `attempt` is its fencing token: what comes of an older one is refused."""

    workspace: WorkspaceId
    key: Key
    root_id: str
    attempt: int
    worker: str
    queue: str
    task: str
    version: int
    given: Any
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Finished:
    """What was recorded: `False` where somebody else has the step by now. `then` is the next step claimed."""

    recorded: bool
    then: Claim | None = None
