"""Runs a workflow in this process and forgets it: for tests of specs, and for scripts that need no journal.

What a step is, when it starts and what it sees is as in a durable run. What needs a journal is not here: a
run ends with the process, waits are answered beforehand, and tasks that run in a process run in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from sapwood_shared import Cancelled, DetachedWork, IdKind, InvalidInput, SapwoodError, WorkspaceId, new_id
from sapwood_workflows.engine.inputs import run_input
from sapwood_workflows.engine.plan import Plan
from sapwood_workflows.engine.states import NOT_ENDED, Outcome, RunState, StepState
from sapwood_workflows.spec.checking import check
from sapwood_workflows.spec.expressions import Unresolved, expression, filled
from sapwood_workflows.spec.model import Step, Undo, Workflow
from sapwood_workflows.tasks.policy import RunsOn
from sapwood_workflows.tasks.registry import Tasks
from sapwood_workflows.tasks.task import Task

LOCAL = WorkspaceId("local")
Sleep = Callable[[float], Awaitable[None]]
_SEVERAL = 64
"""So many items of a `foreach` without `at_once` run beside each other."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended, and each of its steps; `ended` is in the order of their ending."""

    state: RunState
    output: dict[str, Any]
    steps: Mapping[str, Outcome]
    ended: tuple[str, ...]
    undone: tuple[str, ...] = ()

    @property
    def errors(self) -> dict[str, str]:
        """What the steps said that failed."""
        return {name: step.error for name, step in self.steps.items() if step.error is not None}


@dataclass(frozen=True)
class MemoryRunner:
    """Runs workflows of `tasks`; `answers` has what a step that waits is given, by its id."""

    tasks: Tasks
    workflows: Mapping[str, Workflow] = field(default_factory=dict[str, Workflow])
    workspace: WorkspaceId = LOCAL
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sleep: Sleep = asyncio.sleep

    async def run(self, workflow: Workflow, given: Mapping[str, Any] | None = None) -> RunResult:
        """Run it to its end. `InvalidInput` before anything runs when the spec or the input is wrong."""
        check(workflow, self.tasks, self.workflows)
        unanswered = [
            name for name, step in workflow.steps.items()
            if (step.wait_for_event or step.approval) and name not in self.answers
        ]  # fmt: skip
        if unanswered:
            raise InvalidInput(
                f"these steps wait for somebody: {', '.join(unanswered)}",
                hint="give their answers beforehand",
            )
        return await _Run(self, workflow, run_input(workflow, given or {})).to_its_end()


class _Run:
    def __init__(self, runner: MemoryRunner, workflow: Workflow, given: dict[str, Any]) -> None:
        self.runner, self.workflow, self.plan = runner, workflow, Plan(workflow)
        self.states = self.plan.start()
        self.outcomes: dict[str, Outcome] = {}
        self.ended: list[str] = []
        run = {
            "id": new_id(IdKind.RUN), "workspace": str(runner.workspace), "workflow": workflow.name,
            "version": workflow.version, "started_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        self.known = {"input": given, "run": run}

    async def to_its_end(self) -> RunResult:
        running: dict[asyncio.Task[Outcome], str] = {}
        self._advance(running)
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                self._end(running.pop(each), each.result())
            self._advance(running)
        for name, state in self.states.items():
            if not state.has_ended:
                self._end(name, Outcome(StepState.CANCELLED))
        state = self.plan.outcome(self.states)
        undone = await self._undo() if state is RunState.FAILED else ()
        output = filled(self.workflow.output, self._values()) if state is RunState.SUCCEEDED else {}
        return RunResult(state, output, self.outcomes, tuple(self.ended), undone)

    def _advance(self, running: dict[asyncio.Task[Outcome], str]) -> None:
        """Start and skip what follows from the states, until nothing more does."""
        while True:
            decision = self.plan.decide(self.states)
            for name in decision.skipped:
                self._end(name, Outcome(StepState.SKIPPED))
            for name in decision.ready:
                if self._is_wanted(self.workflow.steps[name]):
                    self.states[name] = StepState.RUNNING
                    running[asyncio.ensure_future(self._do(name))] = name
                else:
                    self._end(name, Outcome(StepState.SKIPPED))
            if not decision.ready:
                return

    def _end(self, name: str, outcome: Outcome) -> None:
        self.states[name] = outcome.state
        self.outcomes[name] = outcome
        if outcome.state not in (StepState.SKIPPED, StepState.CANCELLED):
            self.ended.append(name)

    def _values(self, item: Mapping[str, Any] | None = None) -> dict[str, Any]:
        steps = {
            name: self.outcomes[name].as_value() if name in self.outcomes else NOT_ENDED
            for name in self.workflow.steps
        }
        return {**self.known, "steps": steps, **(item or {})}

    def _is_wanted(self, step: Step) -> bool:
        if step.when is None:
            return True
        try:
            return expression(step.when).holds(self._values())
        except Unresolved:
            return False  # what it asks of is not there, as of a step that was skipped

    async def _do(self, name: str) -> Outcome:
        """One step, with all of its items."""
        step = self.workflow.steps[name]
        try:
            if step.foreach is None:
                output = await self._once(name, step, None)
            else:
                output = await self._for_each(name, step)
        except (SapwoodError, Unresolved) as error:
            return Outcome(StepState.FAILED, error=getattr(error, "message", str(error)))
        return Outcome(StepState.SUCCEEDED, output)

    async def _for_each(self, name: str, step: Step) -> list[Any]:
        assert step.foreach is not None  # noqa: S101 - says it to the type checker
        items = filled(step.foreach.over, self._values())
        if not isinstance(items, list):
            raise InvalidInput(f"foreach.over is no list but {type(items).__name__}", hint="give a list")
        if len(items) > step.foreach.at_most:
            raise InvalidInput(
                f"{len(items)} items, and {step.foreach.at_most} are allowed", hint="raise foreach.at_most"
            )
        places = asyncio.Semaphore(step.foreach.at_once or _SEVERAL)

        async def one(index: int, item: Any) -> Any:
            async with places:
                return await self._once(name, step, {"item": item, "index": index})

        return list(await asyncio.gather(*(one(index, item) for index, item in enumerate(items))))

    async def _once(self, name: str, step: Step, item: Mapping[str, Any] | None) -> Any:
        values = self._values(item)
        match step.kind:
            case "sleep":
                await self.runner.sleep(step.sleep or 0.0)
                return None
            case "wait_for_event":
                return self.runner.answers[name]
            case "approval":
                return self._decided(name)
            case "workflow":
                return await self._sub_workflow(step, filled(step.with_, values))
            case _:
                task = self.runner.tasks.get(step.task or "", step.version)
                return await self._with_retries(task, step, filled(step.with_, values))

    def _decided(self, name: str) -> Any:
        answer = self.runner.answers[name]
        decision = answer if isinstance(answer, Mapping) else {"approved": bool(answer), "by": "somebody"}
        if not decision.get("approved"):
            raise Cancelled(f"{decision.get('by', 'somebody')} said no", hint="ask again when it has changed")
        return dict(decision)

    async def _sub_workflow(self, step: Step, given: Mapping[str, Any]) -> Any:
        ended = await self.runner.run(self.runner.workflows[step.workflow or ""], given)
        if ended.state is not RunState.SUCCEEDED:
            first = next(iter(ended.errors.items()), ("", ended.state.value))
            raise InvalidInput(f"the workflow {step.workflow} failed in {first[0]}: {first[1]}")
        return ended.output

    async def _with_retries(self, task: Task[Any, Any], step: Step, given: Any) -> Any:
        policy = step.retry or task.options.retry
        failures = 0
        while True:
            try:
                return await self._call(task, given, step.timeout or task.options.timeout_s)
            except Exception as error:
                failures += 1
                code, retryable = _code_of(error)
                if not policy.retries(code, retryable=retryable, failures=failures):
                    raise _as_failure(error) from error
                await self.runner.sleep(policy.backoff.wait_s(failures))

    async def _call(self, task: Task[Any, Any], given: Any, timeout_s: float) -> Any:
        try:
            model = task.takes.model_validate(given)
        except ValidationError as error:
            raise _wrong(f"the input of {task.name}", error) from None
        work = DetachedWork(timeout_s=timeout_s)
        async with asyncio.timeout(timeout_s):
            if task.options.runs is RunsOn.LOOP:
                output = await task(self.runner.workspace, model, work)
            else:
                output = await asyncio.to_thread(task, self.runner.workspace, model, work)
        if not isinstance(output, task.gives):
            raise InvalidInput(
                f"{task.name} gave {type(output).__name__} instead of {task.gives.__name__}",
                hint="mend the task",
            )
        return _as_json(output)

    async def _undo(self) -> tuple[str, ...]:
        """Take back what was done, the last first; one that cannot be taken back keeps no other from it."""
        undone: list[str] = []
        for name in self.plan.to_undo(self.ended, self.states):
            undo = self.workflow.steps[name].undo
            assert undo is not None  # noqa: S101 - says it to the type checker
            if await self._undone(undo):
                undone.append(name)
        return tuple(undone)

    async def _undone(self, undo: Undo) -> bool:
        task = self.runner.tasks.get(undo.task, undo.version)
        try:
            await self._with_retries(task, Step(task=undo.task), filled(undo.with_, self._values()))
        except (SapwoodError, Unresolved):
            return False
        return True


def _code_of(error: Exception) -> tuple[str, bool]:
    """The code by which a policy knows the error, and whether it is worth another try by itself."""
    if isinstance(error, SapwoodError):
        return error.code, error.retryable
    return type(error).__name__, True


def _as_failure(error: Exception) -> SapwoodError:
    if isinstance(error, SapwoodError):
        return error
    return InvalidInput(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)


def _wrong(what: str, error: ValidationError) -> InvalidInput:
    problems = error.errors(include_url=False, include_input=False)
    said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
    return InvalidInput(f"{what} is wrong: {said}", hint="look at the references in `with`")


def _as_json(output: BaseModel) -> Any:
    return output.model_dump(mode="json", by_alias=True)
