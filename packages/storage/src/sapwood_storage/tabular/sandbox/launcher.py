"""Starting an unbound worker: by exec, with an empty environment and one inherited socket.

`-I -S -c` instead of `-m`: the child runs no `.pth` file and reads no variable, and is told the parent's
import path, so that it finds the same packages however they were installed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WORKER_MODULE: Final = "sapwood_storage.tabular.sandbox.worker"

_SCRATCH_PREFIX: Final = "sapwood-worker-"
_YOUNG_S: Final = 60  # between making a directory and locking it
_START: Final = """
import sys
module, *sys.path[:0] = sys.argv[3:]
from importlib import import_module
sys.exit(import_module(module).main())
"""


@dataclass(slots=True)
class Started:
    """A worker's process, our end of its socket, and the directory in which it may spill."""

    process: subprocess.Popen[bytes]
    socket: socket.socket
    scratch: Path
    scratch_fd: int
    killed: bool = False

    @property
    def pid(self) -> int:
        """The worker's process and process group."""
        return self.process.pid

    def kill(self) -> None:
        """End the whole process group now; the process stays to be reaped."""
        self.killed = True
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def discard(self) -> None:
        """Kill, reap and clean up; blocks for the milliseconds that takes."""
        self.socket.close()
        self.kill()
        self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        os.close(self.scratch_fd)
        shutil.rmtree(self.scratch, ignore_errors=True)


def start(scratch_root: Path | None, module: str = WORKER_MODULE) -> Started:
    """Start a worker without waiting for it; never forks this process's memory (CPython uses vfork)."""
    with contextlib.ExitStack() as undo:
        scratch, scratch_fd = _make_scratch(scratch_root)
        undo.callback(shutil.rmtree, scratch, ignore_errors=True)
        undo.callback(os.close, scratch_fd)
        ours, theirs = socket.socketpair()
        undo.push(ours)
        with theirs:
            process = _execute(theirs, module)
        undo.pop_all()
    return Started(process, ours, scratch, scratch_fd)


def _execute(theirs: socket.socket, module: str) -> subprocess.Popen[bytes]:
    told = [str(theirs.fileno()), str(os.getpid()), module, *_import_path()]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-I", "-S", "-c", _START, *told],
        env={},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        close_fds=True,
        pass_fds=(theirs.fileno(),),
        start_new_session=True,
    )


def sweep(scratch_root: Path | None) -> None:
    """Remove what workers of a killed parent left behind; a living parent holds a lock on each of its own."""
    root = scratch_root or Path(tempfile.gettempdir())
    for leftover in root.glob(f"{_SCRATCH_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - leftover.stat().st_mtime < _YOUNG_S:
                continue
            fd = os.open(leftover, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(leftover, ignore_errors=True)
            finally:
                os.close(fd)


def _make_scratch(root: Path | None) -> tuple[Path, int]:
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH_PREFIX, dir=root))
    fd = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(fd, fcntl.LOCK_EX)
    return scratch, fd


def _import_path() -> list[str]:
    return [entry for entry in sys.path if Path(entry).is_absolute() and Path(entry).is_dir()]
