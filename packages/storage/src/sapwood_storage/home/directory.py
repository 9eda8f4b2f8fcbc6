"""Where everything is: the one place that knows the data directory's layout.

<home>/ FORMAT  owner.lock  control.db  cache.db  backups/
        workspaces/<id>/ records.db  blobs/  datasets/  vectors/
"""

import re
from pathlib import Path
from typing import Final, Self

from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home.files import private_directory
from sapwood_storage.home.format import ensure_format

_SAFE_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class WorkspaceHome:
    """The files of one workspace; asking for a path makes nothing."""

    __slots__ = ("root",)

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def records_db(self) -> Path:
        """The workspace's rows."""
        return self.root / "records.db"

    @property
    def blobs(self) -> Path:
        """The directory of its blobs."""
        return self.root / "blobs"

    @property
    def datasets(self) -> Path:
        """The directory of its dataset versions."""
        return self.root / "datasets"

    @property
    def vectors(self) -> Path:
        """The directory of its vector collections."""
        return self.root / "vectors"

    def create(self) -> Self:
        """Make the directory; the parts inside are made by those who fill them."""
        private_directory(self.root)
        return self


class Home:
    """An opened data directory of the current format."""

    __slots__ = ("root",)

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the home at `path`, made if missing; a newer format or a stranger's directory is refused."""
        root = path.expanduser().absolute()
        try:
            ensure_format(root)
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise InvalidInput(
                f"cannot use {root} as data directory: {error.strerror}",
                hint="set SAPWOOD_HOME to another directory",
            ) from error
        return cls(root)

    @property
    def control_db(self) -> Path:
        """What belongs to no single workspace."""
        return self.root / "control.db"

    @property
    def cache_db(self) -> Path:
        """The cache; it may be deleted at any time."""
        return self.root / "cache.db"

    @property
    def backups(self) -> Path:
        """The directory of copies made before an upgrade."""
        return self.root / "backups"

    @property
    def owner_lock(self) -> Path:
        """Held by the process that serves this home; see `OwnerLock` and `current_owner`."""
        return self.root / "owner.lock"

    def workspace(self, workspace: WorkspaceId) -> WorkspaceHome:
        """Return the paths of one workspace; an id that is no plain name is refused."""
        return WorkspaceHome(self.root / "workspaces" / checked_workspace(workspace))

    def workspaces(self) -> list[WorkspaceId]:
        """Return the workspaces that have a directory, sorted."""
        try:
            names = [entry.name for entry in (self.root / "workspaces").iterdir()]
        except FileNotFoundError:
            return []
        return sorted(WorkspaceId(name) for name in names if _SAFE_ID.fullmatch(name))


def checked_workspace(workspace: WorkspaceId) -> WorkspaceId:
    """Return `workspace` if it is a plain name, fit for a directory and a schema; raises `InvalidInput`."""
    if not _SAFE_ID.fullmatch(workspace):
        raise InvalidInput(
            f"{workspace!r} is no workspace id", hint="use up to 60 of a-z, 0-9, - and _, as in `local`"
        )
    return workspace
