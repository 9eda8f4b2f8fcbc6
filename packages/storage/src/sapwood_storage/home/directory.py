"""Where everything is: the one place that knows the data directory's layout.

<home>/ FORMAT  owner.lock  control.db  cache.db  backups/
        workspaces/<id>/ records.db  blobs/  datasets/  vectors/
"""

import errno
import os
import re
from pathlib import Path
from typing import Final, Self

from sapwood_shared.errors import DependencyFailed, InvalidInput, SapwoodError
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home.files import private_directory
from sapwood_storage.home.format import ensure_format

_SAFE_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_ANOTHER: Final = "set SAPWOOD_HOME to another directory"
_NO_PLACE: Final = frozenset(
    {
        errno.EACCES, errno.EEXIST, errno.EINVAL, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT,
        errno.ENOTDIR, errno.EPERM, errno.EROFS,
    }
)  # fmt: skip
"""The error numbers that mean: no directory can be made or used there, however often it is tried."""
_LONGEST_SHOWN: Final = 200


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
        """Open the home at `path`, made if missing; a newer format or a stranger's directory is refused.

        Raises `InvalidInput` for a place where no home can be, `DependencyFailed` for a disk that fails.
        """
        try:
            root = path.expanduser().absolute()
            ensure_format(root)
        except OSError as error:
            raise _unusable(path, error) from error
        except (RuntimeError, ValueError) as error:  # a user that is none; a character that no path has
            raise InvalidInput(f"{str(path)!r} is no data directory: {error}", hint=_ANOTHER) from error
        return cls(root)

    def writable(self) -> Self:
        """This home, if files can be made in it; raises `InvalidInput`."""
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise InvalidInput(
                f"cannot use {self.root} as data directory: it may not be written to",
                hint=f"make it yours, or {_ANOTHER}",
            )
        return self

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


def _unusable(path: Path, error: OSError) -> SapwoodError:
    """What to tell of a home that could not be opened; a name without an end is cut."""
    shown = str(path)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}…"
    if error.errno not in _NO_PLACE:
        return DependencyFailed(
            f"the data directory {shown} does not work: {error.strerror}",
            hint=f"see to the disk it is on, or {_ANOTHER}",
        )
    return InvalidInput(
        f"cannot use {shown} as data directory: {_broken_link(path, error) or error.strerror}", hint=_ANOTHER
    )


def _broken_link(path: Path, error: OSError) -> str | None:
    """What the system calls a thing that is there, or one that is not."""
    for one in (path, *path.parents) if error.errno in (errno.EEXIST, errno.ENOENT) else ():
        if one.is_symlink() and not one.exists():
            return f"{one} is a link to {one.readlink()}, and nothing is there"
    return None


def checked_workspace(workspace: WorkspaceId) -> WorkspaceId:
    """Return `workspace` if it is a plain name, fit for a directory and a schema; raises `InvalidInput`."""
    if not _SAFE_ID.fullmatch(workspace):
        raise InvalidInput(
            f"{workspace!r} is no workspace id", hint="use up to 60 of a-z, 0-9, - and _, as in `local`"
        )
    return workspace
