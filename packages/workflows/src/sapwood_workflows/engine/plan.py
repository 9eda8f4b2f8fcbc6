"""What follows from the states of a run's steps: which start, which are skipped, how the run ends.

Pure: the same states give the same decisions, whoever asks and however often, so that an engine that was
killed decides again what it had decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sapwood_workflows.engine.states import RunState, StepState
from sapwood_workflows.spec.graph import dependencies, in_order, references_of
from sapwood_workflows.spec.model import OnFailure, Workflow

States = Mapping[str, StepState]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the steps that wait."""

    ready: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A workflow's graph, ready to be asked; the workflow has no cycle."""

    workflow: Workflow

    @cached_property
    def before(self) -> Mapping[str, frozenset[str]]:
        """The steps that come directly before each."""
        return dependencies(self.workflow)

    @cached_property
    def order(self) -> Sequence[str]:
        """The steps, each after those it waits for."""
        return in_order(self.before)

    @cached_property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        """The steps that come directly after each, in order."""
        found: dict[str, list[str]] = {step: [] for step in self.workflow.steps}
        for step in self.order:
            for earlier in sorted(self.before[step]):
                found[earlier].append(step)
        return {step: tuple(later) for step, later in found.items()}

    @cached_property
    def referred(self) -> Mapping[str, frozenset[str]]:
        """The steps whose outcome each one refers to."""
        return {
            name: frozenset(each.step for _, each in references_of(step) if each.step is not None)
            for name, step in self.workflow.steps.items()
        }

    def start(self) -> dict[str, StepState]:
        """The states of a run that has just been submitted."""
        return dict.fromkeys(self.workflow.steps, StepState.WAITING)

    def decide(self, states: States) -> Decision:
        """Which waiting steps may start, and which never will; nothing more starts once a run has failed."""
        if self.has_failed(states):
            return Decision()
        now = dict(states)
        ready: list[str] = []
        skipped: list[str] = []
        for step in self.order:  # a skipped step is known before those that wait for it are looked at
            if now[step] is not StepState.WAITING:
                continue
            before = self.before[step]
            passed = sum(self.passes(earlier, now[earlier]) for earlier in before)
            open_ = sum(not now[earlier].has_ended for earlier in before)
            now[step] = self.fate(step, passed=passed, open_before=open_)
            if now[step] is StepState.READY:
                ready.append(step)
            elif now[step] is StepState.SKIPPED:
                skipped.append(step)
        return Decision(tuple(ready), tuple(skipped))

    def fate(self, step: str, *, passed: int, open_before: int) -> StepState:
        """What becomes of a waiting step, by how those before it stand: ready, skipped, or still waiting."""
        wanted = self._wanted(step)
        if passed >= wanted:
            return StepState.READY
        return StepState.SKIPPED if passed + open_before < wanted else StepState.WAITING

    def _wanted(self, step: str) -> int:
        """How many of those before it must have ended well."""
        join = self.workflow.steps[step].join
        before = len(self.before[step])
        return before if join == "all" else min(before, 1 if join == "any" else join)

    def passes(self, step: str, state: StepState) -> bool:
        """Whether the step has ended so that others go on from it."""
        failed_on = state is StepState.FAILED and self.workflow.steps[step].on_failure is OnFailure.CONTINUE
        return state is StepState.SUCCEEDED or failed_on

    def has_failed(self, states: States) -> bool:
        """Whether a step has failed whose failure is the run's."""
        return any(
            state is StepState.FAILED and not self.passes(step, state) for step, state in states.items()
        )

    def outcome(self, states: States) -> RunState:
        """How the run stands: it ends when nothing runs, and nothing may start any more."""
        if any(state in (StepState.READY, StepState.RUNNING) for state in states.values()):
            return RunState.RUNNING
        if self.has_failed(states):
            return RunState.FAILED
        if any(state is StepState.CANCELLED for state in states.values()):
            return RunState.CANCELLED
        return RunState.RUNNING if StepState.WAITING in states.values() else RunState.SUCCEEDED

    def to_undo(self, ended: Iterable[str], states: States) -> tuple[str, ...]:
        """The steps whose work is taken back, the last first; `ended` is in the order of their ending."""
        return tuple(
            step for step in reversed(list(ended))
            if states[step] is StepState.SUCCEEDED and self.workflow.steps[step].undo is not None
        )  # fmt: skip
