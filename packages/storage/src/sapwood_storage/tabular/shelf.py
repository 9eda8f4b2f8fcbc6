"""Dataset versions on disk: what they are called, where they stand, how one appears and goes as a whole.

`<home>/workspaces/<workspace>/datasets/<version>/{data.parquet, version.json, quarantine.ndjson}`. A version
is named after what it was made from, so making it twice gives the same one. Beside them stand `.staging`,
where one is made, and `.hashes.json`, which knows the files that were read before. Standard library only:
a question that is answered from the cache comes through here.
"""

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sapwood_shared.errors import InvalidInput, NotFound, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular import letting_go, wire
from sapwood_storage.tabular.cleaning.lineage import Lineage, lineage_from, lineage_to
from sapwood_storage.tabular.letting_go import HASHES_FILE, STAGING, VERSION_FILE
from sapwood_storage.tabular.model import IngestReport, ReaderOptions

DATA_FILE: Final = "data.parquet"
QUARANTINE_FILE: Final = "quarantine.ndjson"
EXPORT_FILE: Final = "export"  # of a version, on its way out
INGEST_FORMAT: Final = 6  # raise it when the same bytes and options would be read differently

_SCHEMA_VERSION: Final = 1
_VERSION: Final = re.compile(r"dv_[0-9a-f]{40}")
_WORKSPACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_YOUNG_S: Final = 60.0  # between making a staging directory and locking it


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """A file as it was read once, or as a recipe made it; nothing about it changes any more."""

    id: str
    source_name: str
    source_bytes: int
    source_sha256: str
    options: ReaderOptions
    report: IngestReport
    created: str  # ISO 8601, UTC
    bytes: int  # of the Parquet file
    lineage: Lineage | None = None  # of a version that was made out of another; None: of the source


def version_id(sha256: str, options: ReaderOptions, recipe: str = "") -> str:
    """Return the name of what these bytes become under these options."""
    parts = [sha256, wire.options_to(options), recipe, INGEST_FORMAT]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"dv_{hashlib.sha256(text.encode()).hexdigest()[:40]}"


class Shelf:
    """The versions of every workspace under one home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def root(self, workspace: WorkspaceId) -> Path:
        """Return where a workspace's versions stand."""
        if not _WORKSPACE.fullmatch(workspace):
            raise InvalidInput(f"{workspace!r} is no workspace id", hint="letters, digits, - and _")
        return self._home / "workspaces" / workspace / "datasets"

    def directory(self, workspace: WorkspaceId, version: str) -> Path:
        """Return where a version stands, whether or not it does."""
        if not _VERSION.fullmatch(version):
            raise InvalidInput(f"{version!r} is no dataset version", hint="it is dv_ and 40 hex digits")
        return self.root(workspace) / version

    def get(self, workspace: WorkspaceId, version: str) -> DatasetVersion:
        """Return a version that is there, or raise `NotFound`."""
        try:
            text = (self.directory(workspace, version) / VERSION_FILE).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise NotFound(f"there is no dataset version {version}", hint="ingest the file again") from error
        return _parse(version, json.loads(text))

    def touch(self, workspace: WorkspaceId, version: str) -> None:
        """Remember that a version was used now."""
        with suppress(FileNotFoundError):
            os.utime(self.directory(workspace, version) / VERSION_FILE)

    def versions(self, workspace: WorkspaceId) -> list[str]:
        """Return the versions of a workspace, the least recently used first."""
        used: list[tuple[float, str]] = []
        for directory in self.root(workspace).glob("dv_*"):
            with suppress(FileNotFoundError):
                used.append(((directory / VERSION_FILE).stat().st_mtime, directory.name))
        return [version for _, version in sorted(used)]

    def bytes_of(self, workspace: WorkspaceId, version: str) -> int:
        """Return how much disk a version takes; none when it is gone."""
        total = 0
        with suppress(FileNotFoundError):
            for file in self.directory(workspace, version).iterdir():
                total += file.stat().st_size
        return total

    def remove(self, workspace: WorkspaceId, version: str) -> bool:
        """Take a version away, which needs no space; say whether it was there."""
        return letting_go.take_down(self.directory(workspace, version))

    def hashes_file(self, workspace: WorkspaceId) -> Path:
        """Return where the hashes of files that were read before are kept."""
        return self.root(workspace) / HASHES_FILE

    @contextmanager
    def staging(self, workspace: WorkspaceId) -> Generator[Path]:
        """Give a directory that is gone afterwards, or after the next `sweep` if this process is killed."""
        root = self.root(workspace) / STAGING
        with disk_errors():
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory = Path(tempfile.mkdtemp(dir=root))
        lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with disk_errors():
                yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)
            os.close(lock)

    def sweep(self, workspace: WorkspaceId, *, young_s: float = _YOUNG_S) -> None:
        """Remove what killed processes left half made or half removed."""
        letting_go.sweep(self.root(workspace), young_s=young_s)

    def publish(self, workspace: WorkspaceId, version: DatasetVersion, made: Path, staging: Path) -> None:
        """Make the files in `made` the version: whole, durable and at once, or not at all.

        `made` was written by the worker, so nothing but two regular files is taken from it.
        """
        final = staging / version.id
        final.mkdir(mode=0o700)
        for name in (DATA_FILE, QUARANTINE_FILE):
            _take(made / name, final / name)
        document = json.dumps(_document(version), ensure_ascii=False, indent=1)
        (final / VERSION_FILE).write_text(document + "\n", encoding="utf-8")
        _sync(final / VERSION_FILE)
        _sync(final)
        if not _appears(final, self.directory(workspace, version.id)):
            return  # another process made the same version first
        _sync(self.root(workspace))


@contextmanager
def disk_errors() -> Generator[None]:
    """Turn the system's word for a full disk into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                "the disk is full; nothing was kept of this file",
                hint="free some space, or set SAPWOOD_HOME to a larger disk",
            ) from error
        raise


def now() -> str:
    """Return the time as ISO 8601, in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")  # so that a version sorts after its parent


def _appears(made: Path, place: Path) -> bool:
    while True:
        try:
            made.rename(place)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if not letting_go.is_remnant(place):
                return False
            letting_go.take_down(place)
        else:
            return True


def _take(source: Path, target: Path) -> None:
    fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise InvalidInput(f"{source.name} is not a file", hint="the source may be built to do this")
        os.fchmod(fd, 0o600)
        os.fsync(fd)
    finally:
        os.close(fd)
    source.rename(target)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _document(version: DatasetVersion) -> dict[str, Any]:
    values = asdict(version)
    values["options"] = wire.options_to(version.options)
    values["report"] = wire.report_to(version.report)
    values["lineage"] = version.lineage and lineage_to(version.lineage)
    return {"schema_version": _SCHEMA_VERSION, "ingest_format": INGEST_FORMAT, **values}


def _parse(version: str, values: dict[str, Any]) -> DatasetVersion:
    if values.get("schema_version") != _SCHEMA_VERSION:
        raise NotFound(
            f"the dataset version {version} was written by another release", hint="ingest the file again"
        )
    return DatasetVersion(
        id=version,
        source_name=values["source_name"],
        source_bytes=values["source_bytes"],
        source_sha256=values["source_sha256"],
        options=wire.options_from(values["options"]),
        report=wire.report_from(values["report"]),
        created=values["created"],
        bytes=values["bytes"],
        lineage=lineage_from(values["lineage"]) if values.get("lineage") else None,
    )
