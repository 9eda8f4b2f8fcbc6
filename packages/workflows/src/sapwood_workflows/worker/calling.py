"""One call of a task: its input made, its errors put into the words of the journal."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import BaseModel, ValidationError

from sapwood_shared import SapwoodError, WorkspaceId
from sapwood_workflows.journal.claims import Failure
from sapwood_workflows.tasks.policy import RunsOn
from sapwood_workflows.tasks.task import Task
from sapwood_workflows.worker.work import StepWork

_LONGEST = 2_000


async def call(
    task: Task[Any, Any], workspace: WorkspaceId, given: Any, work: StepWork, timeout_s: float
) -> Any | Failure:
    """What the task gave, as JSON, or why it did not.

    A coroutine is cancelled when its time is over. A thread cannot be: it sees the end at its next
    checkpoint, and what it gives after that is given to nobody.
    """
    try:
        model = task.takes.model_validate(given)
    except ValidationError as error:
        return Failure("invalid_input", _wrong(f"the input of {task.name}", error), retryable=False)
    try:
        async with asyncio.timeout(timeout_s):
            if task.options.runs is RunsOn.LOOP:
                output = await task(workspace, model, work)
            else:
                output = await asyncio.to_thread(task, workspace, model, work)
    except TimeoutError:
        work.lose("the step's time is over")
        return Failure("timeout", f"{task.name} took longer than {timeout_s:g} s", retryable=True)
    except SapwoodError as error:
        return Failure(error.code, error.message, error.retryable, error.hint, _retry_after(error))
    except Exception as error:  # noqa: BLE001 - a task may raise what it likes
        said = f"{type(error).__name__}: {error}"[:_LONGEST]
        return Failure(type(error).__name__, said, retryable=True, retry_after_s=_retry_after(error))
    if not isinstance(output, task.gives):
        said = f"{task.name} gave {type(output).__name__} instead of {task.gives.__name__}"
        return Failure("invalid_input", said, retryable=False, hint="mend the task")
    return _as_json(output)


def _as_json(output: BaseModel) -> Any:
    return output.model_dump(mode="json", by_alias=True)


def _retry_after(error: Exception) -> float:
    """How long whoever refused has asked to wait."""
    asked = getattr(error, "retry_after_s", None)
    return float(asked) if isinstance(asked, int | float) and asked > 0 else 0.0


def _wrong(what: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
    return f"{what} is wrong: {said}"
