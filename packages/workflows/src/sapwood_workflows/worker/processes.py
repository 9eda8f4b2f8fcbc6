"""Steps in processes of their own: a fresh one each, the next one already waiting, and a whole tree to end.

On Linux a step's process ends with its worker, whatever ends that. What it started is found through its
parents; it is asked to end by SIGTERM, and made to by SIGKILL two seconds later.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psutil

from sapwood_workflows.journal.claims import Failure
from sapwood_workflows.tasks.task import Task
from sapwood_workflows.worker.step_log import StepLog
from sapwood_workflows.worker.work import StepWork

TERM_S: Final = 2.0
_LOOK_S: Final = 0.02
_MOST_BYTES: Final = 64 << 20
"""Of one line: what a task gives is kept in a row, not in a file."""


@dataclass
class _Child:
    process: asyncio.subprocess.Process
    answers: asyncio.StreamReader
    transport: asyncio.BaseTransport


@dataclass
class Processes:
    """The processes of one worker's steps."""

    modules: Sequence[str] = ()
    """What the next process imports while it waits."""
    _spare: asyncio.Task[_Child] | None = None
    _living: set[int] = field(default_factory=set[int])

    async def call(self, task: Task[Any, Any], given: Any, work: StepWork, log: StepLog) -> Any | Failure:
        """What the task gave, as JSON, or why it did not; cancelled, its tree is ended first."""
        child = await self._next()
        logs = asyncio.create_task(_lines_to(child.process, log))
        try:
            return await self._ask(child, task, given, work)
        finally:
            await end_tree(child.process.pid)
            child.transport.close()
            with suppress(ProcessLookupError):
                await child.process.wait()
            self._living.discard(child.process.pid)
            await asyncio.wait([logs], timeout=1)
            logs.cancel()

    async def _ask(self, child: _Child, task: Task[Any, Any], given: Any, work: StepWork) -> Any | Failure:
        identity = work.identity
        assert identity is not None  # noqa: S101 - a worker names every step
        asked = {
            "module": task.function.__module__, "name": task.function.__qualname__, "given": given,
            "timeout_s": work.remaining_s,
            "identity": {
                "workspace": identity.workspace, "run_id": identity.run_id, "step": identity.step,
                "item": identity.item, "attempt": identity.attempt,
            },
        }  # fmt: skip
        assert child.process.stdin is not None  # noqa: S101 - asked for
        with suppress(BrokenPipeError, ConnectionResetError):
            child.process.stdin.write(json.dumps(asked).encode() + b"\n")
            await child.process.stdin.drain()
            child.process.stdin.close()
        while line := await _line_of(child.answers):
            said = json.loads(line)
            if "progress" in said:
                progress = said["progress"]
                work.progress(progress.pop("done"), progress.pop("total"), **progress)
            elif "failure" in said:
                return Failure(**said["failure"])
            else:
                return said["output"]
        status = await child.process.wait()
        why = f"by signal {-status}" if status < 0 else f"with status {status}"
        return Failure(
            "process_died", f"the process of {task.name} ended {why} and said nothing", retryable=True,
            hint="look at the log of the step; it may have used too much memory",
        )  # fmt: skip

    async def _next(self) -> _Child:
        """The process that waits, and start another in its place."""
        spare, self._spare = self._spare, None
        child = await spare if spare is not None else await self._start()
        self._spare = asyncio.create_task(self._start())
        if child.process.returncode is not None:
            return await self._start()
        return child

    async def _start(self) -> _Child:
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "sapwood_workflows.worker.child", str(writing), *self.modules,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT, pass_fds=[writing], start_new_session=True,
            )  # fmt: skip
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._living.add(process.pid)
        answers = asyncio.StreamReader(limit=_MOST_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(answers), os.fdopen(reading, "rb")
        )
        return _Child(process, answers, transport)

    async def aclose(self) -> None:
        """End the process that waits, and any that is left."""
        spare, self._spare = self._spare, None
        if spare is not None:
            child = await spare
            child.transport.close()
            await end_tree(child.process.pid)
            await child.process.wait()
            self._living.discard(child.process.pid)
        for pid in list(self._living):
            await end_tree(pid)


async def _line_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        said = {"code": "invalid_input", "message": "the task gave more than 64 MiB", "retryable": False}
        return json.dumps({"failure": {**said, "hint": "write it to a file, and give its name"}}).encode()


async def _lines_to(process: asyncio.subprocess.Process, log: StepLog) -> None:
    assert process.stdout is not None  # noqa: S101 - asked for
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:  # no line, but a flood
            continue
        if not line:
            return
        log.write("output", line.decode(errors="replace").rstrip("\n"))


async def end_tree(pid: int, *, grace_s: float = TERM_S) -> None:
    """End a process and all that it started: asked first, made to when `grace_s` is over."""
    tree = _tree(pid)
    for each in tree:
        with suppress(psutil.NoSuchProcess):
            each.send_signal(signal.SIGTERM)
    until = asyncio.get_running_loop().time() + grace_s
    while any(map(_lives, tree)) and _is_before(until):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(_LOOK_S)
    while left := [each for each in {*tree, *_tree(pid)} if _lives(each)]:
        for each in left:
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
        await asyncio.sleep(_LOOK_S)


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _is_before(until: float) -> bool:
    return asyncio.get_running_loop().time() < until


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
