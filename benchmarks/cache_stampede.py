"""200 callers in 4 processes want one missing key: one computation. The holder is killed: exactly one more.

Each computation leaves a line in a file, so that one which dies is counted too. Run:
python benchmarks/cache_stampede.py
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.cache import CacheKey
from sapwood_storage.cache.memory import MemoryCache
from sapwood_storage.cache.single_flight import SingleFlight
from sapwood_storage.cache.sqlite import SqliteCache
from sapwood_storage.cache.tiered import Tiered

PROCESSES, CALLERS = 4, 50
CLAIM_TTL_S = 2.0
COMPUTE_S = 1.0
WORKSPACE = WorkspaceId("local")
KEY = str(CacheKey("answer", "1", ("the one question",)))


async def callers(directory: Path) -> None:
    """One process: wait for the start, then ask fifty times at once."""
    file = SqliteCache(directory / "cache.db")
    flight = SingleFlight(Tiered(MemoryCache(), file), claim_ttl_s=CLAIM_TTL_S)

    async def compute() -> bytes:
        with (directory / "computations").open("a") as log:
            log.write(f"{os.getpid()}\n")
        await asyncio.sleep(COMPUTE_S)
        return b"answer"

    (directory / f"ready-{os.getpid()}").touch()
    while not (directory / "go").exists():
        time.sleep(0.005)  # noqa: ASYNC251 - nothing else runs yet
    asked = [flight.get_or_compute(WORKSPACE, KEY, compute, ttl_s=60) for _ in range(CALLERS)]
    answers = await asyncio.gather(*asked)
    assert answers == [b"answer"] * CALLERS
    print(len(answers))
    await file.aclose()


def computations(directory: Path) -> list[int]:
    log = directory / "computations"
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def stampede(directory: Path, *, kill_the_holder: bool) -> tuple[int, int, float]:
    """Return computations, answers, and seconds from the start (or the kill) to the last answer."""
    command = [sys.executable, __file__, str(directory)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    while len(list(directory.glob("ready-*"))) < PROCESSES:
        time.sleep(0.01)
    (directory / "go").touch()
    started = time.monotonic()
    if kill_the_holder:
        while not computations(directory):
            time.sleep(0.005)
        time.sleep(COMPUTE_S / 2)
        (holder,) = computations(directory)
        os.kill(holder, signal.SIGKILL)
        started = time.monotonic()
    answers = sum(int(process.communicate()[0] or 0) for process in processes)
    return len(computations(directory)), answers, time.monotonic() - started


def main() -> int:
    wrong = 0
    for kill, expected, expected_answers in ((False, 1, 200), (True, 2, 150)):
        seen: list[tuple[int, int, float]] = []
        for _ in range(5):
            with tempfile.TemporaryDirectory() as scratch:
                seen.append(stampede(Path(scratch), kill_the_holder=kill))
        label = "holder killed -9" if kill else "nobody killed   "
        counts = [count for count, _, _ in seen]
        answers = [answered for _, answered, _ in seen]
        waits = ", ".join(f"{wait:.2f}" for _, _, wait in seen)
        print(f"{label} computations {counts} (expected {expected}), answers {answers}, seconds {waits}")
        wrong += sum(count != expected for count in counts) + sum(n != expected_answers for n in answers)
    verdict = "WRONG" if wrong else "as expected"
    print(f"claim ttl {CLAIM_TTL_S} s, one computation takes {COMPUTE_S} s: {verdict}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(callers(Path(sys.argv[1])))
    else:
        sys.exit(main())
