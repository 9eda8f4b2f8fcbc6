"""The version of the data directory's layout: a newer one is refused, an older one migrated after a copy.

`FORMAT` is the first file of a home. A migration runs alone, as the owner of the home, on one whose copy
under `backups/format-<n>` is complete, and may be run again after a kill: the number moves last.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sapwood_shared.errors import Conflict, InvalidInput
from sapwood_storage.home.filelock import FileLock
from sapwood_storage.home.files import atomic_write, full_disk_named, private_directory
from sapwood_storage.home.owner import OwnerLock

FORMAT: Final = 1
"""The layout this code reads and writes."""

MIGRATIONS: Final[Mapping[int, Callable[[Path], None]]] = {}
"""From each older format to the next one; each leaves the same result when it runs twice."""

_NOT_COPIED: Final = ("backups", "cache.db*", "*.lock", "*.part")


def read_format(root: Path) -> int | None:
    """Return the format of the home at `root`, `None` if it has none yet."""
    try:
        text = (root / "FORMAT").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    if not text.isdigit():
        raise InvalidInput(
            f"{root / 'FORMAT'} holds no number", hint="is SAPWOOD_HOME another program's directory?"
        )
    return int(text)


def ensure_format(
    root: Path, *, current: int = FORMAT, migrations: Mapping[int, Callable[[Path], None]] = MIGRATIONS
) -> None:
    """Make `root` a home of the `current` format, whoever else tries at the same time."""
    found = read_format(root)
    if found == current:
        return
    _refuse_newer(root, found, current)
    private_directory(root)
    lock = FileLock(root / "FORMAT.lock")
    try:
        with lock:
            found = read_format(root)  # somebody else may have done it meanwhile
            _refuse_newer(root, found, current)
            if found is None:
                _start(root, current)
            for number in range(current if found is None else found, current):
                _migrate(root, number, migrations)
    finally:
        lock.close()


def _refuse_newer(root: Path, found: int | None, current: int) -> None:
    if found is not None and found > current:
        raise InvalidInput(
            f"{root} was written by a newer Sapwood (format {found}, this one reads up to {current})",
            hint="upgrade Sapwood, or set SAPWOOD_HOME to another directory",
        )


def _start(root: Path, current: int) -> None:
    names = [entry.name for entry in root.iterdir()]
    strangers = [name for name in names if name != "FORMAT.lock" and not name.startswith(".FORMAT.")]
    if strangers:
        raise InvalidInput(
            f"{root} is not a Sapwood data directory: it holds {min(strangers)!r} and no FORMAT",
            hint="set SAPWOOD_HOME to an empty or new directory",
        )
    root.chmod(0o700)
    atomic_write(root / "FORMAT", f"{current}\n".encode())


def _migrate(root: Path, number: int, migrations: Mapping[int, Callable[[Path], None]]) -> None:
    try:
        owner = OwnerLock.acquire(root / "owner.lock")  # held to the end: no server begins meanwhile
    except Conflict as error:
        raise Conflict(
            f"{root} must be brought from format {number} to {number + 1}, and {error.message}",
            hint="stop that server, then try again",
        ) from error
    try:
        if number not in migrations:
            raise InvalidInput(
                f"no way from format {number} to {number + 1}", hint="use a release in between"
            )
        _copy(root, root / "backups" / f"format-{number}")
        migrations[number](root)
        atomic_write(root / "FORMAT", f"{number + 1}\n".encode())
    finally:
        owner.release()


def _copy(root: Path, target: Path) -> None:
    import shutil  # only here: it loads every archive format, and a start hardly ever migrates

    if target.exists():
        return  # complete: it has been renamed

    def copy_file(source: str, copy: str) -> None:
        with full_disk_named(Path(copy)):  # copytree would collect the error as text
            shutil.copy2(source, copy)

    private_directory(target.parent)
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(root, part, ignore=shutil.ignore_patterns(*_NOT_COPIED), copy_function=copy_file)
        os.sync()
        part.rename(target)
    except shutil.Error as error:
        raise Conflict(
            f"could not copy {root} before migrating it: {error}", hint="make it readable"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
