"""Which version of a file counts: the one that was cleaned last, until that is taken back."""

from contextlib import suppress
from pathlib import Path

from sapwood_shared.errors import InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home.files import atomic_write, private_directory
from sapwood_storage.tabular.shelf import DatasetVersion, Shelf

_LONGEST: int = 64


class Heads:
    """A small file for each cleaned root; of two processes that set it, the later one wins."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def get(self, workspace: WorkspaceId, root: str) -> DatasetVersion:
        """Return the version that counts for `root`: itself, unless it was cleaned."""
        with suppress(FileNotFoundError, NotFound, InvalidInput):
            name = self._file(workspace, root).read_text(encoding="utf-8")[:_LONGEST].strip()
            head = self._shelf.get(workspace, name)
            if head.lineage is not None and head.lineage.root == root:
                return head
        return self._shelf.get(workspace, root)

    def set(self, workspace: WorkspaceId, root: str, version: str) -> None:
        """Make `version` count; the root itself is the state of a file that was never cleaned."""
        file = self._file(workspace, root)
        if version == root:
            file.unlink(missing_ok=True)
            return
        private_directory(file.parent)
        atomic_write(file, version.encode())

    def _file(self, workspace: WorkspaceId, root: str) -> Path:
        self._shelf.directory(workspace, root)  # refuses what is no version's name
        return self._shelf.root(workspace) / ".heads" / root
