"""Tasks that run in processes of their own."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from pydantic import BaseModel

from sapwood_shared import InvalidInput, Work, WorkspaceId
from sapwood_workflows import RetryPolicy, Tasks, task
from sapwood_workflows.tasks import ONCE


class Told(BaseModel):
    n: int = 0
    file: str = ""


class Done(BaseModel):
    n: int
    pid: int = 0


@task("count", runs="process", retry=ONCE)
def count(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Count up to `n`."""
    for done in range(given.n):
        work.progress(done, given.n, kind="numbers")
    print("counted to", given.n, flush=True)
    return Done(n=given.n, pid=os.getpid())


@task("refuse.apart", runs="process", retry=ONCE)
def refuse(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Refuse."""
    logging.getLogger("apart").warning("about to refuse")
    raise InvalidInput("no", hint="ask another")


@task("die", runs="process", retry=RetryPolicy(attempts=1))
def die(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Be killed, as by a system that is out of memory."""
    os.kill(os.getpid(), 9)
    raise AssertionError


@task("dynasty", runs="process", timeout_s=60, retry=ONCE)
def dynasty(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Start a child that starts a grandchild in a session of its own, and hear no signal."""
    grandchild = (
        "import os,signal,time,pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({given.file!r}).write_text(str(os.getpid())); time.sleep(600)"
    )
    child = (
        f"import subprocess,sys; subprocess.Popen([sys.executable, '-c', {grandchild!r}],"
        " start_new_session=True).wait()"
    )
    subprocess.Popen([sys.executable, "-c", child])
    while not Path(given.file).exists():
        time.sleep(0.01)
    Path(f"{given.file}.parent").write_text(str(os.getpid()))
    while True:
        time.sleep(0.1)


@task("watchful", runs="process", timeout_s=60, retry=ONCE)
def watchful(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Look at each step of the way whether it should stop, and say so."""
    Path(given.file).write_text("began")
    try:
        while True:
            work.checkpoint()  # pyright: ignore[reportUnusedCoroutine] - it looks when it is called
            time.sleep(0.01)
    finally:
        Path(given.file).write_text("tidied")


@task("endless.apart", runs="process", timeout_s=0.5, retry=ONCE)
def endless(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Take too long."""
    time.sleep(600)
    return Done(n=0)


@task("blocking", runs="thread", timeout_s=0.2, retry=ONCE)
def blocking(workspace: WorkspaceId, given: Told, work: Work) -> Done:
    """Take too long in a thread that nobody can end."""
    logging.getLogger("apart").warning("blocking for %s", given.n)
    time.sleep(given.n / 1000)
    return Done(n=given.n)


APART = Tasks([count, refuse, die, dynasty, watchful, endless, blocking])
