"""How a worker that runs as another user may read a version."""

from pathlib import Path
from typing import Final

from sapwood_storage.tabular.sandbox.writing import worker_can_read

_OTHERS_READ: Final = 0o004


def let_read(source: Path) -> None:
    """The file is in a directory that only its owner can enter: a worker gets the file, not the way there."""
    if not worker_can_read(source):
        source.chmod(source.stat().st_mode | _OTHERS_READ)
