"""Twenty seeded kills of workers; `nox -s kill` makes two hundred."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.kill import harness

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_killed_worker_loses_nothing_and_nothing_is_done_twice(database: str) -> None:
    # A process of its own: it forks its workers, and this one has threads.
    command = [
        sys.executable,
        "-m",
        "tests.kill.harness",
        "--kills",
        "10",
        "--seed",
        "7",
        "--database",
        database,
    ]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "10 tries" in done.stdout


def test_every_second_kill_is_at_a_boundary_and_each_boundary_has_its_turn() -> None:
    chosen = harness.tries(200, seed=3, boundaries=60)

    assert {one.boundary for one in chosen if one.boundary} == set(range(1, 61))
    assert sum(one.boundary is None for one in chosen) == 100
    assert chosen == harness.tries(200, seed=3, boundaries=60)


def test_a_step_that_is_recorded_twice_is_a_fault() -> None:
    event = {"kind": "step.succeeded", "run_id": "r", "step": "s", "item": None, "at_ms": 1, "data": None}
    run = {
        "state": "succeeded",
        "output": {},
        "cursor": 3,
        "events": [{**event, "cursor": n} for n in (1, 3)],
    }

    found = harness.problems(run)

    assert any("was recorded 2 times" in each for each in found)
    assert "the events have gaps" in found
    assert any("it ended" in each for each in found)
