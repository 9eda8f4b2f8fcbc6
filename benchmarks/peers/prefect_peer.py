"""Prefect: tasks of a flow, against a server of its own, until the server has stored their states."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

PROGRAM = str(Path(sys.executable).parent / "prefect")
PORT = os.environ["PREFECT_API_URL"].split(":")[2].split("/")[0]
SERVER = subprocess.Popen(
    [PROGRAM, "server", "start", "--host", "127.0.0.1", "--port", PORT],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
)  # fmt: skip
API = os.environ["PREFECT_API_URL"]
for _ in range(300):
    try:
        httpx.get(f"{API}/health", timeout=2).raise_for_status()
        break
    except httpx.HTTPError:
        time.sleep(0.5)

from prefect import flow, task  # noqa: E402 - it looks for the server
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402


@task
def step(number: int) -> int:
    return number


@flow(task_runner=ThreadPoolTaskRunner(max_workers=16))
def fan(many: int) -> int:
    return len([each.result() for each in [step.submit(number) for number in range(many)]])


@flow
def chain(many: int) -> int:
    return len([step(number) for number in range(many)])


def stored() -> int:
    done = {"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    return int(httpx.post(f"{API}/task_runs/count", json=done, timeout=60).json())


fan(2)
time.sleep(3)
print("ready", flush=True)
for line in sys.stdin:
    kind, many = line.split()
    before, begun = stored(), time.perf_counter()
    (fan if kind == "fan" else chain)(int(many))
    while stored() < before + int(many) and time.perf_counter() - begun < 300:
        time.sleep(0.1)
    took = time.perf_counter() - begun
    print(json.dumps({"wall_s": took, "records": stored() - before}), flush=True)
SERVER.terminate()
SERVER.wait()
os._exit(0)
