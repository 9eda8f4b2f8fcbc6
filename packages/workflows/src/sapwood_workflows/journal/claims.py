"""A step in somebody's hands: what it is to do, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sapwood_shared import WorkspaceId
from sapwood_workflows.journal.rows import Key


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
class Failure:
    """Why a step did not come to its end; `retry_after_s` is what whoever refused has asked for."""

    code: str
    message: str
    retryable: bool
    hint: str | None = None
    retry_after_s: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"code": self.code, "message": self.message, **({"hint": self.hint} if self.hint else {})}


@dataclass(frozen=True, slots=True)
class Finished:
    """What was recorded: `False` where somebody else has the step by now. `then` is the next step claimed."""

    recorded: bool
    then: Claim | None = None
