"""What the home takes on disk, by kind and by workspace."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home.directory import Home

_KINDS = {"blobs": "blobs", "datasets": "datasets", "vectors": "vectors"}


class Usage(NamedTuple):
    """Allocated bytes: `by_kind` sums to `total`; `by_workspace` leaves out what workspaces share."""

    by_kind: dict[str, int]
    by_workspace: dict[WorkspaceId, int]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.by_kind.values())


def usage(home: Home) -> Usage:
    """Measure the home; kinds are control, records, blobs, datasets, vectors, cache, backups, other."""
    kinds: Counter[str] = Counter()
    workspaces: Counter[WorkspaceId] = Counter()
    for parts, size in _files(home.root):
        kinds[_kind(parts)] += size
        if parts[0] == "workspaces" and len(parts) > 2:
            workspaces[WorkspaceId(parts[1])] += size
    return Usage(dict(kinds), dict(workspaces))


def _kind(parts: Sequence[str]) -> str:
    if parts[0] == "workspaces" and len(parts) > 2:
        return "records" if parts[2].startswith("records.db") else _KINDS.get(parts[2], "other")
    for prefix in ("control", "cache", "backups"):
        if parts[0].startswith(prefix):
            return prefix
    return "other"


def _files(root: Path) -> Iterator[tuple[Sequence[str], int]]:
    seen: set[tuple[int, int]] = set()  # a file with two names takes its space once
    for directory, _, names in os.walk(root):
        inside = Path(directory).relative_to(root).parts
        for name in names:
            try:
                status = os.lstat(os.path.join(directory, name))  # noqa: PTH118 - pathlib costs as much as the stat
            except FileNotFoundError:
                continue  # gone while we looked
            if not stat.S_ISREG(status.st_mode) or (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            yield [*inside, name], status.st_blocks * 512
