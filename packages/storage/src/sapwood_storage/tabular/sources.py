"""The file that a person names: looked at, hashed once, and recognised when it comes again unchanged."""

import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from sapwood_shared.errors import Conflict, InvalidInput

_BLOCK: Final = 1 << 20
_REMEMBERED: Final = 1000
_RACY_NS: Final = 2_000_000_000  # a file changed this recently may change again without its time moving


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What changes when a file does, without reading it."""

    path: str
    size: int
    mtime_ns: int
    inode: int

    def check_unchanged(self) -> None:
        """Raise `Conflict` unless the file is still what it was."""
        try:
            now = fingerprint(Path(self.path))
        except InvalidInput as error:
            raise Conflict("the file went away while it was read", hint="try again") from error
        if now != self:
            raise Conflict("the file changed while it was read", hint="try again when it is complete")


def fingerprint(path: Path) -> Fingerprint:
    """Return the fingerprint of a file that can be read, or raise `InvalidInput` saying why it cannot."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InvalidInput(f"{path} is a directory", hint="name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(f"{path} is not a regular file", hint="pipe it to standard input instead")
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise InvalidInput(f"there is no file {path}", hint="check the path") from error
    except (NotADirectoryError, PermissionError) as error:
        raise InvalidInput(f"{path} cannot be read", hint="check its permissions") from error
    if not status.st_size:
        raise InvalidInput(f"{path} is empty", hint="check that it is the right file")
    return Fingerprint(os.fspath(path.resolve()), status.st_size, status.st_mtime_ns, status.st_ino)


def sha256(path: Path, stopped: Callable[[], bool]) -> str:
    """Return the hash of a file's bytes, in hex; `Conflict` when told to stop on the way."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            if stopped():
                raise Conflict("hashing was stopped", hint="start again")
    return digest.hexdigest()


def spool(source: BinaryIO, target: Path, stopped: Callable[[], bool]) -> tuple[str, int]:
    """Copy a stream to `target`, readable by all; return its hash, in hex, and its size."""
    digest = hashlib.sha256()
    size = 0
    with target.open("xb") as out:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += out.write(block)
            if stopped():
                raise Conflict("reading was stopped", hint="start again")
    if not size:
        raise InvalidInput("the input is empty", hint="pipe a file into it")
    target.chmod(0o644)
    return digest.hexdigest(), size


class Hashes:
    """The hashes of files that were read before, by fingerprint, in one small file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def recall(self, source: Fingerprint) -> str | None:
        """Return the hash of a file that has not changed since."""
        known = self._load().get(source.path)
        return known[3] if known and known[:3] == [source.size, source.mtime_ns, source.inode] else None

    def remember(self, source: Fingerprint, digest: str) -> None:
        """Keep the hash, unless the file is so new that it could change unseen."""
        if time.time_ns() - source.mtime_ns < _RACY_NS:
            return
        known = self._load()
        known.pop(source.path, None)
        known[source.path] = [source.size, source.mtime_ns, source.inode, digest]
        for path in list(known)[:-_REMEMBERED]:
            del known[path]
        # Two processes may each forget what the other has just learned: it costs a hash, nothing else.
        fd, name = tempfile.mkstemp(dir=self._file.parent, prefix=self._file.name)
        try:
            with open(fd, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
                json.dump(known, file)
            Path(name).replace(self._file)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise

    def _load(self) -> dict[str, list[Any]]:
        try:
            known: object = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        if not isinstance(known, dict):
            return {}
        return {
            str(path): entry  # pyright: ignore[reportUnknownVariableType]  # a list of four, checked here
            for path, entry in known.items()
            if isinstance(entry, list) and len(entry) == 4
        }
