"""A sandbox that only counts, and what tests of datasets have in common."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork

LOCAL = WorkspaceId("local")


SALES = b"region,amount\nnorth,1\nsouth,2.5\n"


Do = Callable[[Path | None, Path], Any]


class FakeSandbox:
    """Writes what a worker would, or does `instead`; counts how often it was asked."""

    def __init__(self, instead: Do | None = None) -> None:
        self.instead = instead
        self.asked = 0
        self.forgotten: list[str] = []

    @asynccontextmanager
    async def writing(self, source: Path | None, staging: Path) -> AsyncGenerator["FakeSession"]:
        self.asked += 1
        yield FakeSession(self, source, staging)

    async def forget(self, workspace: WorkspaceId, version: str) -> None:
        assert workspace == LOCAL
        self.forgotten.append(version)


class FakeSession:
    def __init__(self, sandbox: FakeSandbox, source: Path | None, staging: Path) -> None:
        self._sandbox, self._source, self._staging = sandbox, source, staging

    async def run(
        self, operation: str, params: dict[str, Any], *, tell: Callable[[dict[str, Any]], None] | None = None
    ) -> dict[str, Any]:
        assert operation == "ingest"
        (self._staging / "data.parquet").write_bytes(b"PAR1" * 1000)
        (self._staging / "quarantine.ndjson").write_bytes(b"")
        if tell is not None:
            tell({"done": 1, "total": 2})
        answer = self._sandbox.instead(self._source, self._staging) if self._sandbox.instead else None
        if asyncio.iscoroutine(answer):
            answer = await answer
        return json.loads(json.dumps(answer or {**_report(), "reader": params["options"]}))


def _report() -> dict[str, Any]:
    return {
        "columns": [{"name": "a", "type": "integer"}],
        "records": 1,
        "rows": 1,
        "quarantined": 0,
        "null_tokens": {},
        "widened": {},
        "reader": {},
    }


def aged(path: Path) -> Path:
    """Make a file look as if it had not been written just now."""
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def restrict(path: Path, mode: int) -> None:
    path.chmod(mode)


def put(path: Path, text: str) -> None:
    path.write_text(text)


def work() -> DetachedWork:
    return DetachedWork(timeout_s=120)


def left_behind(home: Path) -> list[str]:
    root = home / "workspaces" / LOCAL / "datasets"
    return sorted(
        path.name for place in (root, root / ".staging") if place.exists() for path in place.iterdir()
    )
