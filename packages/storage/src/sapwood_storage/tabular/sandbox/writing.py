"""Write mode: our own operations on one source, and whose files they leave behind."""

import os
from pathlib import Path
from typing import Any

from sapwood_shared.errors import DependencyFailed
from sapwood_storage.tabular.sandbox.channel import WorkerGone
from sapwood_storage.tabular.sandbox.remote import RemoteWorker, Tell


class WritingSession:
    """A worker that reads one source and writes into one staging directory."""

    def __init__(self, worker: RemoteWorker) -> None:
        self._worker = worker

    async def run(
        self, operation: str, params: dict[str, Any], *, tell: Tell | None = None
    ) -> dict[str, Any]:
        """Run `operation` with `params`, to which the worker adds the paths `source`, `staging` and `temp`.

        `tell` is called with what the operation reports meanwhile. Cancelling interrupts DuckDB first and
        ends the worker if that does not help.
        """
        try:
            return await self._worker.run(operation, params, tell)
        except WorkerGone as gone:
            hint = "try again; if it happens with the same file, the file may be built to do that"
            raise DependencyFailed(f"{gone} during {operation}", hint=hint) from gone


def worker_can_read(source: Path) -> bool:
    """Say whether a worker may be given `source` as it lies; started by root it is another user."""
    return os.geteuid() != 0 or bool(source.stat().st_mode & 0o004)


def reclaim(staging: Path) -> None:
    """Give what a worker wrote as another user to this process's user."""
    if os.geteuid() != 0:
        return
    uid, gid = os.geteuid(), os.getegid()
    os.chown(staging, uid, gid, follow_symlinks=False)
    for _, directories, files, at in os.fwalk(staging):
        for name in [*directories, *files]:
            os.chown(name, uid, gid, dir_fd=at, follow_symlinks=False)
