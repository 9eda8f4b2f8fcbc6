"""Workers that are killed, again and again, at every boundary of a step and at any instant.

    python -m tests.kill.harness --kills 200 --database sqlite --seed 1

Each try starts two worker processes on two runs, kills one of them, starts another in its place, and asks
whether what came of it is what comes of an undisturbed run: the same results, no step recorded twice, none
done again after it was recorded, none lost, and the step that the dead one had in hand taken up within a
lease and two seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kill import flows

from sapwood_shared import WorkspaceId
from sapwood_storage.database import Database, installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home
from sapwood_workflows.journal import Journal
from sapwood_workflows.journal.index import Index
from sapwood_workflows.queue import Bell
from sapwood_workflows.queue.dramatiq import DramatiqEars, DramatiqWakeUps
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

LEASE_S = 2.0
WORKSPACES = [WorkspaceId("one"), WorkspaceId("two")]
_LONGEST_S = 60.0
_SURE = 0.7


@dataclass(frozen=True)
class Place:
    """Where one try takes place."""

    directory: Path
    address: str | None = None
    """Of an empty PostgreSQL database; SQLite files in the directory, where there is none."""
    redis: str | None = None
    """Of a Redis that carries wake-ups."""

    def database(self) -> Database:
        if self.address is not None:
            chosen = PostgresSettings(self.address, pool_size=4, max_overflow=4)
            return PostgresDatabase(chosen, installed_histories())
        return SqliteDatabase(Home.open(self.directory / "home"), installed_histories())

    @property
    def effects(self) -> Path:
        return self.directory / "effects"


# -- in processes of their own


def forked(work: Callable[[], Awaitable[Any]]) -> int:
    """Do it in a child process; what it gives is written to its pipe by `asked`."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        asyncio.run(work())  # pyright: ignore[reportArgumentType] - a coroutine
        status = 0
    except BaseException as error:  # noqa: BLE001 - the edge of a process
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(status)


def asked(work: Callable[[], Awaitable[Any]]) -> Any:
    """What a coroutine gives that ran in a child process: this one never runs a loop, so that it may fork."""
    reading, writing = os.pipe()

    async def tell() -> None:
        os.write(writing, json.dumps(await work()).encode())

    pid = forked(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"the child ended with {status}")
    return json.loads(told)


async def serve(place: Place, die_at: int, count_to: Path | None) -> None:
    """A worker with its sweeper, which kills itself at its `die_at`-th boundary."""
    flows.EFFECTS = place.effects
    database = place.database()
    sending = None if place.redis is None else DramatiqWakeUps(place.redis)
    journal = Journal(database, Bell(sending), lease_s=LEASE_S)
    ears = None if place.redis is None else DramatiqEars(place.redis, journal.bell)
    if ears is not None:
        ears.start()
    boundaries = Boundaries(die_at, count_to)
    boundaries.watch(journal)
    worker = Worker(journal, flows.TASKS, places=3)
    sweeping = asyncio.create_task(Sweeper(journal, every_s=0.1).run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()
    sweeping.cancel()
    await asyncio.wait([sweeping])
    await database.aclose()


@dataclass
class Boundaries:
    """Counts what a worker crosses: before and after each commit that a step depends on, and each task."""

    die_at: int
    count_to: Path | None = None
    crossed: int = 0

    def cross(self) -> None:
        self.crossed += 1
        if self.count_to is not None:
            self.count_to.write_text(str(self.crossed))
        if self.crossed == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, journal: Journal) -> None:
        for owner, name in (
            (journal, "record"), (journal, "claim"), (journal.index, "add"), (journal.index, "take"),
        ):  # fmt: skip
            self._around(owner, name)
        self._within_marking(journal.index)

    def _around(self, owner: Any, name: str) -> None:
        inner = getattr(owner, name)

        async def crossed(*arguments: Any, **more: Any) -> Any:
            found = name in ("record", "add")
            if found:
                self.cross()
            given = await inner(*arguments, **more)
            if found or given:
                self.cross()
            return given

        setattr(owner, name, crossed)

    def _within_marking(self, index: Index) -> None:
        """Between the mark in control, the commit in the workspace, and what follows it."""
        inner = index.marking
        boundaries = self

        class Marking:
            def __init__(self, *arguments: Any, **more: Any) -> None:
                self._inner = inner(*arguments, **more)

            async def __aenter__(self) -> Any:
                boundaries.cross()
                found = await self._inner.__aenter__()
                boundaries.cross()
                return found

            async def __aexit__(self, *error: Any) -> Any:
                boundaries.cross()
                return await self._inner.__aexit__(*error)

        index.marking = Marking  # pyright: ignore[reportAttributeAccessIssue]


async def submit(place: Place) -> list[str]:
    database = place.database()
    journal = Journal(database, lease_s=LEASE_S)
    outer, inner = (read_workflow(text)[0] for text in (flows.OUTER, flows.INNER))
    found: list[str] = []
    for workspace in WORKSPACES:
        await database.create_workspace(workspace)
        found.append(await journal.submit(workspace, outer, {}, flows.TASKS, workflows={"inner": inner}))
    await database.aclose()
    return found


async def outcome(place: Place, run_ids: list[str]) -> list[dict[str, Any]]:
    """How the runs stand, and what was told of them."""
    database = place.database()
    journal = Journal(database)
    found: list[dict[str, Any]] = []
    for workspace, run_id in zip(WORKSPACES, run_ids, strict=True):
        run = await journal.run(workspace, run_id)
        events = await journal.events(workspace, run_id, most=10_000) if run["state"] != "running" else []
        told = [
            {name: event[name] for name in ("cursor", "kind", "run_id", "step", "item", "at_ms", "data")}
            for event in events
        ]
        found.append(
            {"state": run["state"], "output": run["output"], "cursor": run["cursor"], "events": told}
        )
    await database.aclose()
    return found


# -- one try


@dataclass(frozen=True)
class Try:
    """What is killed: at a boundary, or after a time."""

    number: int
    boundary: int | None
    after_s: float


@dataclass(frozen=True)
class Verdict:
    """What came of it; `wrong` is empty when nothing was lost and nothing done twice."""

    wrong: list[str]
    died: bool
    recovery_s: float | None


def attempt(place: Place, chosen: Try) -> Verdict:
    """Run it, kill it, and look."""
    run_ids = asked(lambda: submit(place))
    begun = time.monotonic()
    victim = forked(lambda: serve(place, chosen.boundary or 0, None))
    other = forked(lambda: serve(place, 0, None))
    died_ms = None
    workers = {other}
    if chosen.boundary is None:
        time.sleep(chosen.after_s)
        os.kill(victim, signal.SIGKILL)
    until = begun + _LONGEST_S
    heir = None
    found: list[dict[str, Any]] = []
    while time.monotonic() < until:
        if heir is None:
            ended, _ = os.waitpid(victim, os.WNOHANG)
            if ended:
                died_ms = time.time() * 1000
                heir = forked(lambda: serve(place, 0, None))
                workers.add(heir)
        found = asked(lambda: outcome(place, run_ids))
        if all(each["state"] != "running" for each in found):
            break
        time.sleep(0.15)
    if heir is None:
        workers.add(victim)
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    wrong = [problem for each in found for problem in problems(each)] + done_again(place, found)
    return Verdict(wrong, died_ms is not None, recovery_s(found, died_ms))


def problems(run: Mapping[str, Any]) -> list[str]:
    """What of one run is not as in an undisturbed one."""
    wrong: list[str] = []
    if run["state"] != "succeeded" or run["output"] != flows.EXPECTED:
        wrong.append(f"it ended {run['state']} with {run['output']}")
    successes = Counter(
        (event["run_id"], event["step"], event["item"])
        for event in run["events"]
        if event["kind"] == "step.succeeded"
    )
    wrong += [f"{key} was recorded {count} times" for key, count in successes.items() if count > 1]
    if run["state"] == "succeeded" and len(successes) != flows.SUCCESSES:
        wrong.append(f"{len(successes)} steps succeeded instead of {flows.SUCCESSES}")
    cursors = [event["cursor"] for event in run["events"]]
    if cursors != list(range(1, run["cursor"] + 1)):
        wrong.append("the events have gaps")
    return wrong


def done_again(place: Place, runs: list[dict[str, Any]]) -> list[str]:
    """Steps that were called with a later attempt than the one that was recorded."""
    recorded: dict[str, int] = {}
    for workspace, run in zip(WORKSPACES, runs, strict=True):
        attempts: dict[tuple[Any, ...], int] = {}
        for event in run["events"]:
            key = (event["run_id"], event["step"], event["item"])
            if event["kind"] == "step.started" and event["data"] and "attempt" in event["data"]:
                attempts[key] = event["data"]["attempt"]
            elif event["kind"] == "step.succeeded" and key in attempts:
                item = "" if event["item"] is None else f"[{event['item']}]"
                recorded[f"{workspace}/{event['run_id']}/{event['step']}{item}"] = attempts[key]
    wrong: list[str] = []
    called = Counter(tuple(line.split()[:2]) for line in place.effects.read_text().splitlines())
    for (step, number), count in called.items():
        if count > 1:
            wrong.append(f"attempt {number} at {step} was made {count} times")
        if step in recorded and int(number) > recorded[step]:
            wrong.append(f"{step} was done again after it was recorded")
    return wrong


def recovery_s(runs: list[dict[str, Any]], died_ms: float | None) -> float | None:
    """How long after the kill the last of what was lost was given to another."""
    if died_ms is None:
        return None
    lost = [
        e["at_ms"]
        for run in runs
        for e in run["events"]
        if e["kind"] == "step.lost" and e["at_ms"] >= died_ms - 500
    ]
    return max(lost, default=died_ms) / 1000 - died_ms / 1000 if lost else None


# -- many tries


def boundaries_of(place: Place) -> int:
    """How many boundaries one of two workers crosses when nobody is killed; at least 20."""
    counts = place.directory / "count"
    run_ids = asked(lambda: submit(place))
    pids = [forked(lambda: serve(place, 0, counts)), forked(lambda: serve(place, 0, None))]
    while any(each["state"] == "running" for each in asked(lambda: outcome(place, run_ids))):
        time.sleep(0.1)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    # The two share the work as it happens: what a victim may not come to is left out.
    return max(20, round(_SURE * int(counts.read_text())) if counts.exists() else 0)


def tries(kills: int, seed: int, boundaries: int) -> list[Try]:
    """Every second one at a boundary, each of them in turn, the others at any instant."""
    dice = random.Random(seed)
    order = list(range(1, boundaries + 1))
    dice.shuffle(order)
    return [
        Try(n, order[n // 2 % len(order)] if n % 2 == 0 else None, dice.uniform(0.0, 1.2))
        for n in range(kills)
    ]


def campaign(
    kills: int, seed: int, make: Callable[[int], Place], *, tell: Callable[[str], None] = print
) -> tuple[list[str], list[float], int]:
    """All tries one after another; what was wrong, how long recoveries took, and how many died."""
    boundaries = boundaries_of(make(-1))
    wrong: list[str] = []
    recoveries: list[float] = []
    died = 0
    for chosen in tries(kills, seed, boundaries):
        verdict = attempt(make(chosen.number), chosen)
        died += verdict.died
        where = f"boundary {chosen.boundary}" if chosen.boundary else f"after {chosen.after_s:.2f} s"
        wrong += [f"try {chosen.number} ({where}): {each}" for each in verdict.wrong]
        if verdict.recovery_s is not None:
            recoveries.append(verdict.recovery_s)
            if verdict.recovery_s > LEASE_S + 2:
                wrong.append(f"try {chosen.number} ({where}): recovery took {verdict.recovery_s:.1f} s")
        tell(f"{chosen.number + 1}/{kills} {where}: {'; '.join(verdict.wrong) or 'right'}")
    return wrong, recoveries, died


def main() -> int:
    """From the command line, for as many kills as are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    asked_for = parser.parse_args()
    from tests.kill.places import places

    with tempfile.TemporaryDirectory() as scratch, places(asked_for.database, Path(scratch)) as make:
        wrong, recoveries, died = campaign(asked_for.kills, asked_for.seed, make)
    print(f"{asked_for.database}: {asked_for.kills} tries, {died} workers killed, {len(wrong)} faults")
    if recoveries:
        print(
            f"  what was lost was given to another after {statistics.median(recoveries):.2f} s"
            f" (at most {max(recoveries):.2f} s; the lease is {LEASE_S:g} s)"
        )
    for each in wrong:
        print(f"  {each}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
