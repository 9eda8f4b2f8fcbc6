"""`sapwood worker` as an operator knows it: real processes, real signals, a real kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from sapwood_shared.errors import InvalidInput
from sapwood_workers.options import WorkerOptions

FLIGHTS = Path(__file__).parents[3] / "examples" / "flights.csv"
SAPWOOD = [sys.executable, "-m", "sapwood_cli.main"]
SPEC = f"""
name: ask-twice
steps:
  nap: {{sleep: 200ms}}
  first: {{task: analyst.ask, needs: [nap], with: {{file: {FLIGHTS}, question: how many flights}}}}
  again: {{task: analyst.ask, needs: [first], with: {{file: {FLIGHTS}, question: average dep_delay}}}}
output: {{n: "${{steps.first.output.value}}"}}
"""
Sapwood = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "SAPWOOD_HOME": str(tmp_path / "home"), "SAPWOOD_LEASE_S": "3"}


@pytest.fixture
def sapwood(home: dict[str, str]) -> Sapwood:
    def run(*arguments: str) -> Any:
        done = subprocess.run(
            [*SAPWOOD, *arguments, "--json"], env=home, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def worker(home: dict[str, str], tmp_path: Path) -> Iterator[psutil.Popen]:
    with (tmp_path / "worker.log").open("w") as log:
        started = psutil.Popen([*SAPWOOD, "worker", "--processes", "2", "--grace", "3"], env=home, stderr=log)
        yield started
        if started.is_running():
            started.send_signal(signal.SIGTERM)
            started.wait(30)


def _until(holds: Callable[[], Any], most_s: float = 40) -> Any:
    until = time.monotonic() + most_s
    while time.monotonic() < until:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def _processes(worker: psutil.Popen) -> list[psutil.Process]:
    return [each for each in worker.children() if "sapwood_workers.process" in " ".join(each.cmdline())]


@pytest.mark.timeout(150)
def test_runs_are_done_whatever_dies_and_all_ends_with_the_watcher(
    worker: psutil.Popen, sapwood: Sapwood, tmp_path: Path
) -> None:
    spec = tmp_path / "ask_twice.yaml"
    spec.write_text(SPEC)
    first = sapwood("run", str(spec), "--detach")["run"]
    _until(lambda: sapwood("runs", "show", first)["state"] == "succeeded")

    before = _until(lambda: len(_processes(worker)) == 2 and _processes(worker))
    second = sapwood("run", str(spec), "--detach")["run"]
    before[0].kill()

    shown = _until(lambda: (run := sapwood("runs", "show", second))["state"] == "succeeded" and run)
    assert shown["output"] == {"n": 6099}
    after = _until(lambda: len(_processes(worker)) == 2 and _processes(worker))
    assert {each.pid for each in after} != {each.pid for each in before}

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in after)


@pytest.mark.timeout(100)
def test_workers_end_when_nobody_watches_over_them(worker: psutil.Popen) -> None:
    left = _until(lambda: len(_processes(worker)) == 2 and _processes(worker))
    time.sleep(2)  # until they have said who they are

    worker.kill()
    worker.wait()

    _until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in left))


def test_a_queue_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        WorkerOptions(queues="fast").arguments()
    assert "interactive, default, slow, model" in (caught.value.hint or "")


def test_options_survive_their_way_to_a_process() -> None:
    options = WorkerOptions(queues="slow,model", places=3, grace_s=1.5)

    assert WorkerOptions.read(options.arguments()) == options
