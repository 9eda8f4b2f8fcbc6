"""Whatever happens in whatever order: a state machine over the journal, beside a plain model of its rules.

The model is written anew here: it knows which steps have ended how, and works out what may run by the words
of the documentation, not by the engine's own code.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from packages.storage.tests.conftest import empty_database
from packages.workflows.tests.journal_tasks import TASKS
from sqlalchemy import delete, update

from sapwood_shared import Conflict, WorkspaceId
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Claim, Control, Failure, Journal
from sapwood_workflows.journal.tables import active, ready, steps, workers
from sapwood_workflows.spec.model import Workflow
from sapwood_workflows.sweeper import Sweeper

MINE = WorkspaceId("mine")
KNOWN = [("add", 1)]
EXAMPLES, STEPS = (60, 40) if os.environ.get("SAPWOOD_LONG_TESTS") else (10, 22)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """A few steps, each behind some of those before it."""
    count = draw(st.integers(1, 6))
    steps: dict[str, Any] = {}
    for number in range(count):
        before = (
            draw(st.lists(st.sampled_from([f"s{n}" for n in range(number)]), max_size=3, unique=True))
            if number
            else []
        )
        step: dict[str, Any] = {"task": "add", "with": {"n": number}, "needs": before}
        if len(before) > 1:
            step["join"] = draw(st.sampled_from(["all", "any", 2]))
        kind = draw(st.integers(0, 9))
        if kind == 0:
            step["foreach"] = {"over": [1, 2, 3], "at_once": draw(st.sampled_from([1, 2, None]))}
        elif kind == 1:
            step["on_failure"] = "continue"
        elif kind == 2:
            step["undo"] = {"task": "add", "with": {"n": 100}}
        elif kind == 3:
            step = {"approval": "go on?", "needs": before}
        elif kind == 4:
            step["when"] = "input.flag"
        steps[f"s{number}"] = {key: value for key, value in step.items() if value not in ([], None)}
    return Workflow.model_validate(
        {
            "name": "any",
            "input": {"flag": {"type": "boolean", "default": draw(st.booleans())}},
            "steps": steps,
        }
    )


def expected(workflow: Workflow, states: dict[str, str], flag: bool) -> dict[str, str]:
    """What each waiting step has to be by now, in words: `waiting`, `started` or `skipped`."""

    def passes(name: str) -> bool:
        failed_on = states[name] == "failed" and workflow.steps[name].on_failure == "continue"
        return states[name] == "succeeded" or failed_on

    ended = {"succeeded", "failed", "skipped", "cancelled"}
    halted = any(state == "failed" and not passes(name) for name, state in states.items())
    told: dict[str, str] = {}
    for name, state in states.items():
        step = workflow.steps[name]
        before = list(step.needs)
        good, open_ = sum(map(passes, before)), sum(states[each] not in ended for each in before)
        wanted = (
            len(before)
            if step.join == "all"
            else min(len(before), 1 if step.join == "any" else int(step.join))
        )
        if state != "waiting":
            continue
        if halted:
            told[name] = "waiting"
        elif good >= wanted:
            told[name] = "skipped" if step.when and not flag else "started"
        elif good + open_ < wanted:
            told[name] = "skipped"
        else:
            told[name] = "waiting"
    return told


class Machine(RuleBasedStateMachine):
    """One database for all examples, a fresh run for each."""

    loop: asyncio.Runner
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.journal = Journal(self.database, lease_s=0.5)
        self.claims: list[Claim] = []
        self.past: list[Claim] = []
        self.workflow: Workflow | None = None
        self.run_id = ""
        self.attempts: Counter[Any] = Counter()

    def do(self, coroutine: Any) -> Any:
        return self.loop.run(coroutine)

    # -- rules

    @initialize(workflow=workflows())
    def submit(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.run_id = self.do(self.journal.submit(MINE, workflow, {}, TASKS))

    @rule(worker=st.sampled_from(["w1", "w2"]), most=st.integers(1, 4))
    def claim(self, worker: str, most: int) -> None:
        self.do(self.journal.leases.renew(worker, {}))
        for claim in self.do(self.journal.claim(worker, ["default"], KNOWN, most=most, only=self.run_id)):
            assert claim.attempt > self.attempts[claim.key], "an attempt was given out twice"
            self.attempts[claim.key] = claim.attempt
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9), goes_on=st.booleans())
    def finish(self, which: int, goes_on: bool) -> None:
        claim = self.claims.pop(which % len(self.claims))
        found = self.do(self.journal.finish(claim, {"n": 1, "by": 1}, goes_on=goes_on))
        self.past.append(claim)
        if found.then is not None:
            self.attempts[found.then.key] = found.then.attempt
            self.claims.append(found.then)

    @precondition(lambda self: self.claims)
    @rule(which=st.integers(0, 9), retryable=st.booleans())
    def fail(self, which: int, retryable: bool) -> None:
        claim = self.claims.pop(which % len(self.claims))
        self.do(self.journal.fail(claim, Failure("oops", "oops", retryable)))
        self.past.append(claim)

    @precondition(lambda self: self.past)
    @rule(which=st.integers(0, 9))
    def a_zombie_comes_back(self, which: int) -> None:
        claim = self.past[which % len(self.past)]
        assert not self.do(self.journal.finish(claim, {"n": 666, "by": 1})).recorded

    @precondition(lambda self: self.claims)
    @rule(worker=st.sampled_from(["w1", "w2"]))
    def a_worker_dies(self, worker: str) -> None:
        async def die() -> None:
            async with self.journal.database.write_control() as control:
                await control.execute(delete(workers).where(workers.c.id == worker))
            await self.sweeper().look_at(MINE)

        self.do(die())
        dead = [claim for claim in self.claims if claim.worker == worker]
        self.past += dead
        self.claims = [claim for claim in self.claims if claim.worker != worker]

    @rule(index=st.booleans())
    def what_can_be_made_again_is_lost(self, index: bool) -> None:
        async def lose() -> None:
            async with self.journal.database.write_control() as control:
                await control.execute(delete(ready if index else active))
            await self.journal.index.mark_everyone()
            await self.sweeper().look_at(MINE)

        self.do(lose())

    @rule()
    def sweep(self) -> None:
        self.do(self.sweeper().look_at(MINE))

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        control = Control(self.journal)
        try:
            self.do((control.pause if paused else control.resume)(MINE, self.run_id))
        except Conflict:
            assert self.state()["state"] != "running"

    @rule(approved=st.booleans())
    def decide(self, approved: bool) -> None:
        for row in self.do(self.journal.waiting(MINE, self.run_id, "approval")):
            self.do(Control(self.journal).decide(MINE, self.run_id, row["name"], approved=approved, by="ada"))

    @rule()
    def another_process_goes_on(self) -> None:
        self.journal = Journal(self.journal.database, lease_s=0.5)

    @rule(chance=st.integers(0, 7))
    def cancel(self, chance: int) -> None:
        if chance == 0:
            self.do(Control(self.journal).cancel(MINE, self.run_id))

    @precondition(lambda self: self.workflow is not None and not self.claims)
    @rule()
    def retry(self) -> None:
        try:
            self.do(Control(self.journal).retry_failed(MINE, self.run_id))
        except Conflict:
            return
        self.past.clear()

    # -- what always holds

    def state(self) -> Any:
        return self.do(self.journal.run(MINE, self.run_id))

    def sweeper(self) -> Sweeper:
        made = Sweeper(self.journal)
        made._trusted_from = 0.0  # pyright: ignore[reportPrivateUsage] - it has looked for a lease
        return made

    @invariant()
    def the_journal_is_as_the_model_says(self) -> None:
        if self.workflow is None:
            return
        run = self.state()
        rows = self.do(self.journal.steps(MINE, self.run_id))
        whole = {row["name"]: row["state"] for row in rows if row["item"] < 0 and row["kind"] != "undo"}
        if run["state"] == "running" and not run["cancelled"] and run["ending"] is None:
            told = expected(self.workflow, whole, run["input"]["flag"])
            wrong = {name: what for name, what in told.items() if what != "waiting"}
            assert not wrong, f"{wrong} should have happened: {whole}"
            assert run["open_steps"] == sum(
                state in ("waiting", "ready", "running") for state in whole.values()
            )
        if run["state"] != "running":
            assert not [row for row in rows if row["state"] in ("ready", "running")]
        events = self.do(self.journal.events(MINE, self.run_id, most=10_000))
        assert [event["cursor"] for event in events] == list(range(1, run["cursor"] + 1))
        for event in events:
            if event["kind"] == "run.retried":
                return
        successes = Counter((e["step"], e["item"]) for e in events if e["kind"] == "step.succeeded")
        assert max(successes.values(), default=0) <= 1

    def teardown(self) -> None:
        """Left to a living worker and a sweeper, the run comes to its end."""
        if self.workflow is None:
            return
        control = Control(self.journal)
        for _ in range(60):
            run = self.state()
            if run["state"] != "running":
                return
            if run["paused"]:
                self.do(control.resume(MINE, self.run_id))
            self.decide(approved=True)
            for claim in self.claims:
                self.do(
                    self.journal.cancelled(claim)
                    if run["cancelled"]
                    else self.journal.finish(claim, {"n": 1, "by": 1})
                )
            self.claims = []
            self.do(self._make_due())
            self.do(self.sweeper().look_at(MINE))
            self.claim("w1", 4)
        raise AssertionError(f"the run does not end: {self.do(self.journal.steps(MINE, self.run_id))}")

    async def _make_due(self) -> None:
        """What waits for another try has waited."""
        async with self.journal.database.write(MINE) as connection:
            waiting = update(steps).where(steps.c.state == "ready", steps.c.run_id == self.run_id)
            await connection.execute(waiting.values(due_ms=1))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whatever_happens(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with ExitStack() as stack, asyncio.Runner() as runner:
        if kind == "sqlite":
            database: Database = SqliteDatabase(Home.open(tmp_path / "home"), installed_histories())
        else:
            address = stack.enter_context(empty_database(request.getfixturevalue("postgres_server")))
            database = PostgresDatabase(PostgresSettings(address), installed_histories())
        runner.run(database.create_workspace(MINE))

        class Here(Machine):
            pass

        Here.loop, Here.database = runner, database
        chosen = settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large], print_blob=True,
        )  # fmt: skip
        try:
            run_state_machine_as_test(Here, settings=chosen)
        finally:
            runner.run(database.aclose())
