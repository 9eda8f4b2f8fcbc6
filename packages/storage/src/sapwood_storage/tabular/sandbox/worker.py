"""The process around DuckDB: starts unbound, is bound once to one dataset or one source, serves, ends.

Binding opens the few places that this worker will ever see, gives up root, closes every layer and only then
lets DuckDB look at a byte of the data. Places are named by descriptor (`/proc/self/fd/7`): such a name works
for a user who may not walk the directories above it, and tells SQL nothing about where the data lives.
"""

import importlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import _duckdb

from sapwood_storage.tabular.sandbox import engine, landlock, layers, limits, protocol
from sapwood_storage.tabular.sandbox.faults import Fault, describe
from sapwood_storage.tabular.sandbox.serve import Bound, Operation, serve

DATA_FILE: Final = "data.parquet"
OPERATIONS_MODULE: Final = "sapwood_storage.tabular.readers.operations"

_FILE_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_DIRECTORY_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW

Serve = Callable[[int, Bound], None]


class Refusal(Exception):
    """The worker will not be bound; it carries what the caller is told."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Place(NamedTuple):
    """Something that the worker may open: its descriptor, its rights, its name in here."""

    fd: int
    rights: int
    path: str


def main(serve: Serve = serve, operations_module: str = OPERATIONS_MODULE) -> int:
    """Run as `<descriptor of the socket> <pid of the parent>` until the parent hangs up."""
    fd, parent = int(sys.argv[1]), int(sys.argv[2])
    if sys.platform == "linux":
        limits.die_with(parent)
    messages = protocol.read_frames(fd)
    try:
        connection = engine.open_engine()
        protocol.write_frame(fd, protocol.encode({"kind": "ready"}))
        bound = _await_binding(messages, connection, operations_module, parent)
    except Refusal as refusal:
        protocol.write_frame(fd, protocol.encode({"kind": "failed", **refusal.fault._asdict()}))
        return 1
    except Exception as error:  # noqa: BLE001 - the edge of this process: every failure becomes an answer
        protocol.write_frame(fd, protocol.encode({"kind": "failed", **describe(error)._asdict()}))
        return 1
    if bound is not None:
        protocol.write_frame(fd, protocol.encode({"kind": "bound"}))
        serve(fd, bound)
    return 0


def _await_binding(
    messages: Iterator[protocol.Message],
    connection: _duckdb.DuckDBPyConnection,
    operations_module: str,
    parent: int,
) -> Bound | None:
    wanted = next(messages, None)
    return None if wanted is None else bind(connection, wanted, operations_module, parent)


def bind(
    connection: _duckdb.DuckDBPyConnection, wanted: protocol.Message, operations_module: str, parent: int
) -> Bound:
    """Close this process around what `wanted` names; there is no way back."""
    status = layers.available()
    if not status.complete and not wanted["unsafe"]:
        raise Refusal(_unsandboxed(status))
    writing = wanted["mode"] == "write"
    # What an operation needs has to be imported now: afterwards no module can be read.
    operations: dict[str, Operation] = (
        importlib.import_module(operations_module).OPERATIONS if writing else {}
    )
    uid = limits.unused_uid() if limits.drops_identity() else None
    if uid is not None and (missing := limits.missing_rights()):
        raise Refusal(_stays_root(missing))
    os.umask(0o022 if uid is not None else 0o077)
    places = _open_places(wanted, uid)
    _close(wanted, places, uid, status, parent)

    trees = [place.path for name, place in places.items() if name == "staging"]
    files = [place.path for name, place in places.items() if name in ("data", "source")]
    engine.configure(
        connection,
        memory_mb=wanted["memory_mb"],
        threads=wanted["threads"],
        temp=places["temp"].path,
        temp_mb=wanted["temp_mb"],
        files=files,
        directories=trees,
        writing=writing,
    )
    if not writing:
        engine.show_data(connection, places["data"].path)
    return Bound(connection, operations, {name: place.path for name, place in places.items()})


def _open_places(wanted: protocol.Message, uid: int | None) -> dict[str, Place]:
    places = {"temp": _directory(wanted["scratch"], uid)}
    if wanted["mode"] == "query":
        places["data"] = _data_file(os.path.join(wanted["directory"], DATA_FILE), uid)  # noqa: PTH118 - no pathlib
        return places
    places["staging"] = _directory(wanted["staging"], uid)
    if wanted["source"] is not None:
        places["source"] = _source(wanted["source"], uid)
    return places


def _close(
    wanted: protocol.Message,
    places: dict[str, Place],
    uid: int | None,
    status: layers.LayerStatus,
    parent: int,
) -> None:
    if uid is not None:
        limits.become(uid)
    if sys.platform == "linux":
        file_mb = wanted["output_mb"] if wanted["mode"] == "write" else wanted["temp_mb"]
        limits.limit_resources(memory_bytes=wanted["memory_mb"] << 20, file_bytes=file_mb << 20)
        limits.die_with(parent)
        limits.forbid_privileges()
        layers.put_on(((place.fd, place.rights) for place in places.values()), status)


def _directory(path: str, uid: int | None) -> Place:
    fd = os.open(path, _DIRECTORY_FLAGS)
    if uid is not None:
        # What lies in there already, a source that was copied in for one, is the worker's for now as well.
        os.fchown(fd, uid, uid)
        for name in os.listdir(fd):  # noqa: PTH208 - no pathlib
            os.chown(name, uid, uid, dir_fd=fd, follow_symlinks=False)
    return Place(fd, landlock.READ_WRITE_TREE, _name(fd, path))


def _data_file(path: str, uid: int | None) -> Place:
    fd, mode = _regular(path, _FILE_FLAGS | os.O_NOFOLLOW)
    if uid is not None and not mode & stat.S_IROTH:
        # Ours, in a directory that only its owner can enter; the worker needs the file and not the way there.
        os.fchmod(fd, stat.S_IMODE(mode) | stat.S_IROTH)
    return Place(fd, landlock.READ_FILE, _name(fd, path))


def _source(path: str, uid: int | None) -> Place:
    fd, mode = _regular(path, _FILE_FLAGS)
    if uid is not None and not mode & stat.S_IROTH and os.fstat(fd).st_uid != uid:
        message = "the worker runs as another user and may not read this file"
        raise Refusal(Fault("forbidden", message, "copy it into the staging directory first"))
    return Place(fd, landlock.READ_FILE, _name(fd, path))


def _regular(path: str, flags: int) -> tuple[int, int]:
    fd = os.open(path, flags)
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        raise Refusal(
            Fault("invalid_input", "this is not a regular file", "name a file, not a device or pipe")
        )
    return fd, mode


def _name(fd: int, path: str) -> str:
    return f"/proc/self/fd/{fd}" if sys.platform == "linux" else path


def _unsandboxed(status: layers.LayerStatus) -> Fault:
    message = f"SQL is not run here, for nothing would hold it: missing {'; '.join(status.missing)}"
    return Fault("forbidden", message, "install what is missing, or accept the risk with --unsafe-no-sandbox")


def _stays_root(missing: list[str]) -> Fault:
    message = f"a worker was started as root and may not become another user, without {', '.join(missing)}"
    return Fault(
        "dependency_failed",
        message,
        "start Sapwood as another user than root, or leave root these capabilities",
    )
