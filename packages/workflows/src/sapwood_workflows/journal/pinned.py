"""What a run was started with: its specs and its tasks as they were then, whatever becomes of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sapwood_shared import NotFound
from sapwood_workflows.engine.plan import Plan
from sapwood_workflows.journal.tables import runs
from sapwood_workflows.spec.model import Step, Workflow
from sapwood_workflows.tasks.policy import QueueClass, RetryPolicy
from sapwood_workflows.tasks.registry import Tasks


class TaskFacts(BaseModel):
    """What whoever decides about a step must know of its task, without having it."""

    model_config = ConfigDict(frozen=True)

    queue: QueueClass
    timeout_s: float
    retry: RetryPolicy


class Pinned(BaseModel):
    """A workflow, those that it runs as steps, and the facts of their tasks, by `name@version`."""

    model_config = ConfigDict(frozen=True, ignored_types=(cached_property,))

    workflow: Workflow
    workflows: dict[str, Workflow] = {}
    tasks: dict[str, TaskFacts] = {}

    @cached_property
    def _plans(self) -> dict[str, Plan]:
        return {}

    def plan(self, name: str) -> Plan:
        """The graph of one of the workflows."""
        found = self._plans.get(name)
        if found is None:
            workflow = self.workflow if name == self.workflow.name else self.workflows[name]
            found = self._plans.setdefault(name, Plan(workflow))
        return found

    def facts(self, task: str, version: int) -> TaskFacts:
        """What is known of a task."""
        return self.tasks[f"{task}@{version}"]


@dataclass
class PinnedRuns:
    """Those of the roots that this process had to do with last: what a run was started with never changes."""

    most: int = 256
    _known: OrderedDict[str, Pinned] = field(default_factory=OrderedDict[str, Pinned])

    async def of(self, connection: AsyncConnection, root_id: str) -> Pinned:
        """What the run was started with, in a transaction that has found its row."""
        found = self._known.get(root_id)
        if found is None:
            kept = await connection.execute(_KEPT, {"of_run": root_id})
            found = self.keep(root_id, Pinned.model_validate(kept.scalar_one()))
        self._known.move_to_end(root_id)
        return found

    def keep(self, root_id: str, pinned: Pinned) -> Pinned:
        """Remember one; the one that was not asked for longest goes."""
        self._known[root_id] = pinned
        if len(self._known) > self.most:
            self._known.popitem(last=False)
        return pinned


_KEPT: Final = select(runs.c.pinned).where(runs.c.id == bindparam("of_run"))


def pin(workflow: Workflow, tasks: Tasks, workflows: Mapping[str, Workflow]) -> Pinned:
    """All of it, with every version written down; `NotFound` for a task or a workflow that is not known."""
    kept: dict[str, Workflow] = {}
    facts: dict[str, TaskFacts] = {}
    top = _fixed(workflow, tasks, facts)
    waiting = [top]
    while waiting:
        for step in waiting.pop().steps.values():
            name = step.workflow
            if name is None or name in kept:
                continue
            if name not in workflows:
                raise NotFound(f"no workflow is called {name!r}", hint="give it along with the other")
            kept[name] = _fixed(workflows[name], tasks, facts)
            waiting.append(kept[name])
    return Pinned(workflow=top, workflows=kept, tasks=facts)


def _fixed(workflow: Workflow, tasks: Tasks, facts: dict[str, TaskFacts]) -> Workflow:
    steps = {name: _fixed_step(step, tasks, facts) for name, step in workflow.steps.items()}
    return workflow.model_copy(update={"steps": steps})


def _fixed_step(step: Step, tasks: Tasks, facts: dict[str, TaskFacts]) -> Step:
    update: dict[str, object] = {}
    for name, version in _tasks_of(step):
        task = tasks.get(name, version)
        facts[f"{name}@{task.version}"] = TaskFacts(
            queue=task.options.queue, timeout_s=task.options.timeout_s, retry=task.options.retry
        )
        if name == step.task:
            update["version"] = task.version
        if step.undo is not None and name == step.undo.task:
            update["undo"] = step.undo.model_copy(update={"version": task.version})
    return step.model_copy(update=update)


def _tasks_of(step: Step) -> Iterator[tuple[str, int | None]]:
    if step.task is not None:
        yield step.task, step.version
    if step.undo is not None:
        yield step.undo.task, step.undo.version
