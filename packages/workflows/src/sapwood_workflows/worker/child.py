"""The process of one step: `python -m sapwood_workflows.worker.child MODULE…`.

It reads one line of JSON that says what to do and writes lines of JSON to a pipe: progress, and at the end
the output or why there is none. It ends with its parent, and what it started ends with it.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_EVERY_S: Final = 0.1


def main(answers: int, modules: list[str]) -> None:
    """Do what standard input says, and answer on the descriptor `answers`."""
    _end_with_the_parent()
    for module in modules:  # while nobody waits: the line may come much later
        with suppress(Exception):
            importlib.import_module(module)
    line = sys.stdin.readline()
    if not line:
        return
    os.set_inheritable(answers, False)
    with os.fdopen(answers, "w") as out:

        def say(message: dict[str, Any]) -> None:
            out.write(json.dumps(message) + "\n")
            out.flush()

        say(_answer(json.loads(line), say))


def _answer(asked: dict[str, Any], say: Any) -> dict[str, Any]:
    from sapwood_shared import SystemClock
    from sapwood_workflows.worker.calling import done_in_this_thread
    from sapwood_workflows.worker.work import StepIdentity, StepWork

    last_s = 0.0

    def tell(progress: Any) -> None:
        nonlocal last_s
        if time.monotonic() - last_s >= _EVERY_S:
            last_s = time.monotonic()
            say({"progress": dict(progress)})

    work = StepWork(
        timeout_s=asked["timeout_s"], clock=SystemClock(), tell=tell,
        identity=StepIdentity(**asked["identity"]),
    )  # fmt: skip

    def end(*_: object) -> None:
        work.lose("the step was cancelled")

    signal.signal(signal.SIGTERM, end)
    output, failure = done_in_this_thread(
        _task(asked["module"], asked["name"]), asked["identity"]["workspace"], asked["given"], work
    )
    return {"output": output} if failure is None else {"failure": asdict(failure)}


def _task(module: str, name: str) -> Any:
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _end_with_the_parent() -> None:
    if sys.platform != "linux":
        return
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)  # so that no grandchild gets out of sight
    if os.getppid() != parent:  # it died before this could be asked for
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
