"""Files that a command is to write: refused before any work where they cannot be, and the person's own."""

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sapwood_cli.source import STDIN, Source
from sapwood_shared.errors import InvalidInput
from sapwood_storage.home import publishing


def target(option: str, name: str, endings: Sequence[str] = (), *, source: Source | None = None) -> Path:
    """Where a file goes, with one of the `endings`; refused where it cannot be, or is the `source`."""
    if not name.strip():
        raise InvalidInput(f"{option} names no file", hint="write the file's name after it")
    path = Path(os.path.realpath(Path(name).expanduser()))
    if endings and path.suffix.casefold() not in endings:
        hint = f"use {', '.join(endings[:-1])} or {endings[-1]}" if endings[1:] else f"use {endings[0]}"
        raise InvalidInput(f"{option} cannot write {path.suffix or 'a file without an ending'}", hint=hint)
    if path.is_dir():
        raise InvalidInput(f"{path} is a directory", hint="name a file in it")
    if not path.parent.is_dir():
        raise InvalidInput(f"there is no directory {path.parent}", hint="make it first")
    if not os.access(path.parent, os.W_OK):
        raise InvalidInput(f"{path.parent} cannot be written to", hint="check its permissions")
    if source is not None and _is_source(path, source):
        raise InvalidInput(
            f"{option} would overwrite {source.file}, which is asked about", hint="name another file"
        )
    return path


@contextmanager
def own_file(path: Path) -> Generator[BinaryIO]:
    """Give a file that appears whole or not at all, with the rights that the person's other files get."""
    mask = os.umask(0o077)
    os.umask(mask)
    with publishing(path) as file:
        os.fchmod(file.fileno(), 0o666 & ~mask)
        yield file


def _is_source(path: Path, source: Source) -> bool:
    if source.file == STDIN:
        return False
    try:
        return path.samefile(Path(source.file).expanduser())
    except OSError:
        return False
