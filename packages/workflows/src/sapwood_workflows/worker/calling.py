"""One call of a task: its input made, its errors put into the words of the journal."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from sapwood_shared import SapwoodError, WorkspaceId
from sapwood_workflows.journal.claims import Failure
from sapwood_workflows.tasks.policy import RunsOn
from sapwood_workflows.tasks.task import Task
from sapwood_workflows.worker.processes import Processes
from sapwood_workflows.worker.step_log import StepLog, written_to
from sapwood_workflows.worker.work import StepWork

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Calling:
    """Calls tasks where they run: on the loop, in a thread, in a process."""

    processes: Processes

    async def call(
        self,
        task: Task[Any, Any],
        workspace: WorkspaceId,
        given: Any,
        work: StepWork,
        log: StepLog,
        *,
        timeout_s: float,
    ) -> Any | Failure:
        """What the task gave, as JSON, or why it did not.

        A coroutine is cancelled when its time is over, and a process is ended. A thread cannot be: it sees
        the end at its next checkpoint, and what it gives after that is given to nobody.
        """
        try:
            with written_to(log):
                async with asyncio.timeout(timeout_s):
                    match task.options.runs:
                        case RunsOn.LOOP:
                            return await _on_the_loop(task, workspace, given, work)
                        case RunsOn.THREAD:
                            return await _in_a_thread(lambda: _told(task, workspace, given, work))
                        case RunsOn.PROCESS:
                            return await self.processes.call(task, given, work, log)
        except TimeoutError:
            work.lose("the step's time is over")
            return Failure("timeout", f"{task.name} took longer than {timeout_s:g} s", retryable=True)


async def _on_the_loop(
    task: Task[Any, Any], workspace: WorkspaceId, given: Any, work: StepWork
) -> Any | Failure:
    model = _model(task, given)
    if isinstance(model, Failure):
        return model
    try:
        return _given(task, await task(workspace, model, work))
    except TimeoutError as error:
        if not work.remaining_s:
            raise  # the step's own time, not that of something it waited for
        return _failure(error)
    except Exception as error:  # noqa: BLE001 - a task may raise what it likes
        return _failure(error)


def done_in_this_thread(
    task: Task[Any, Any], workspace: WorkspaceId, given: Any, work: StepWork
) -> tuple[Any, Failure | None]:
    """What a function gave, as JSON, and why it did not."""
    model = _model(task, given)
    if isinstance(model, Failure):
        return None, model
    try:
        output = _given(task, task(workspace, model, work))
    except Exception as error:  # noqa: BLE001 - a task may raise what it likes
        return None, _failure(error)
    return (None, output) if isinstance(output, Failure) else (output, None)


def _told(task: Task[Any, Any], workspace: WorkspaceId, given: Any, work: StepWork) -> Any | Failure:
    output, failure = done_in_this_thread(task, workspace, given, work)
    return output if failure is None else failure


async def _in_a_thread(function: Callable[[], Any]) -> Any:
    """Its own thread, which keeps no place when it is given up, and no process from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()
    context = contextvars.copy_context()

    def settle(output: Any, error: BaseException | None) -> None:
        if not future.done():
            future.set_result(output) if error is None else future.set_exception(error)

    def do() -> None:
        output, error = None, None
        try:
            output = context.run(function)
        except BaseException as raised:  # noqa: BLE001 - whoever waits is told
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, output, error)

    threading.Thread(target=do, daemon=True, name="sapwood-step").start()
    return await future


def _model(task: Task[Any, Any], given: Any) -> BaseModel | Failure:
    try:
        return task.takes.model_validate(given)
    except ValidationError as error:
        return Failure("invalid_input", _wrong(f"the input of {task.name}", error), retryable=False)


def _given(task: Task[Any, Any], output: Any) -> Any | Failure:
    if not isinstance(output, task.gives):
        said = f"{task.name} gave {type(output).__name__} instead of {task.gives.__name__}"
        return Failure("invalid_input", said, retryable=False, hint="mend the task")
    return output.model_dump(mode="json", by_alias=True)


def _failure(error: Exception) -> Failure:
    if isinstance(error, SapwoodError):
        return Failure(error.code, error.message, error.retryable, error.hint, _retry_after(error))
    said = f"{type(error).__name__}: {error}"[:_LONGEST]
    return Failure(type(error).__name__, said, retryable=True, retry_after_s=_retry_after(error))


def _retry_after(error: Exception) -> float:
    """How long whoever refused has asked to wait."""
    asked = getattr(error, "retry_after_s", None)
    return float(asked) if isinstance(asked, int | float) and asked > 0 else 0.0


def _wrong(what: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
    return f"{what} is wrong: {said}"
