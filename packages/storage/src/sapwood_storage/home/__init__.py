"""The data directory: its layout and format, who owns it, and how files get into it whole.

Standard library only: the shortest command, an answer from the cache, goes through here.
"""

from sapwood_storage.home.directory import Home, WorkspaceHome
from sapwood_storage.home.filelock import FileLock
from sapwood_storage.home.files import (
    atomic_write,
    full_disk_named,
    private_directory,
    publishing,
    remove_abandoned_parts,
)
from sapwood_storage.home.filesystem import file_system_type, refuse_network_file_system
from sapwood_storage.home.format import FORMAT
from sapwood_storage.home.owner import Owner, OwnerLock, current_owner
from sapwood_storage.home.usage import Usage, usage

__all__ = [
    "FORMAT",
    "FileLock",
    "Home",
    "Owner",
    "OwnerLock",
    "Usage",
    "WorkspaceHome",
    "atomic_write",
    "current_owner",
    "file_system_type",
    "full_disk_named",
    "private_directory",
    "publishing",
    "refuse_network_file_system",
    "remove_abandoned_parts",
    "usage",
]
