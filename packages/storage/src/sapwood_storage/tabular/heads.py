"""What a person did with a file counts for that file: which version that is, and by which steps.

`<datasets>/.heads/<hash of the origin>` holds it as JSON. The steps stand there too, so that a version which
was evicted is made again, and a file that changed can be cleaned in the same way. Standard library only: each
question looks here first, also one that is answered from the cache.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from sapwood_shared.ids import WorkspaceId
    from sapwood_storage.tabular.cleaning.steps import Step

_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Head:
    """`version` is `root` under `steps`, in the worker's form; `source_sha256` is that of the file then."""

    root: str
    version: str
    source_sha256: str
    steps: tuple[Step, ...]


def origin_of(path: str) -> str:
    """Return what makes a file the same dataset again: its place, as text that every database takes."""
    place = os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")
    return f"file:{place}"


def origin_of_stream(sha256: str) -> str:
    """Return what makes a stream the same dataset again: its bytes."""
    return f"sha256:{sha256}"


def head_of(home: Path, workspace: WorkspaceId, origin: str) -> Head | None:
    """Return what counts for `origin` in the data directory `home`; `None`: the file as it was read."""
    return read_head(head_file(home / "workspaces" / workspace / "datasets", origin))


def head_file(datasets: Path, origin: str) -> Path:
    """Return where a head stands in a workspace's directory of datasets, whether or not it does."""
    return datasets / ".heads" / hashlib.sha256(origin.encode()).hexdigest()[:40]


def read_head(file: Path) -> Head | None:
    """Return the head in a file; one that cannot be read is none."""
    try:
        values = json.loads(file.read_bytes())
        if values["schema_version"] != _SCHEMA:
            return None
        return Head(values["root"], values["version"], values["source_sha256"], tuple(values["steps"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def head_text(head: Head) -> bytes:
    """Return what `read_head` reads."""
    values = {
        "schema_version": _SCHEMA,
        "root": head.root,
        "version": head.version,
        "source_sha256": head.source_sha256,
        "steps": head.steps,
    }
    return json.dumps(values, ensure_ascii=True).encode()
