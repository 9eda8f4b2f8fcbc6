"""Which version of a file counts: the one that was cleaned last, until that is taken back."""

from sapwood_shared.errors import InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home.files import atomic_write, private_directory
from sapwood_storage.tabular.heads import Head, head_file, head_text, read_head
from sapwood_storage.tabular.shelf import DatasetVersion, Shelf


class Heads:
    """A small file for each origin that was cleaned; of two processes that set it, the later one wins.

    What has no origin of its own goes by its root version.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def get(self, workspace: WorkspaceId, root: str, *, origin: str | None = None) -> DatasetVersion:
        """Return the version that counts for `root`: itself, unless it was cleaned."""
        head = self.remembered(workspace, origin or root)
        if head is not None and head.root == root:
            try:
                version = self._shelf.get(workspace, head.version)
            except (NotFound, InvalidInput):
                return self._shelf.get(workspace, root)
            if version.lineage is not None and version.lineage.root == root:
                return version
        return self._shelf.get(workspace, root)

    def remembered(self, workspace: WorkspaceId, origin: str) -> Head | None:
        """Return what was done with an origin last; it may have changed since."""
        return read_head(head_file(self._shelf.root(workspace), origin))

    def set(self, workspace: WorkspaceId, version: DatasetVersion, *, origin: str | None = None) -> None:
        """Make `version` count; a root is the state of a file that was never cleaned."""
        lineage = version.lineage
        root = version.id if lineage is None else lineage.root
        file = head_file(self._shelf.root(workspace), origin or root)
        if lineage is None:
            file.unlink(missing_ok=True)
            return
        private_directory(file.parent)
        atomic_write(file, head_text(Head(root, version.id, version.source_sha256, lineage.recipe)))
