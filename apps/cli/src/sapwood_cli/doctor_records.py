"""How the records are: whole, of this release, and what stands in them."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sapwood_cli.ask import WORKSPACE
from sapwood_cli.finding import Finding
from sapwood_runtime.records import TABLES
from sapwood_runtime.settings import Settings
from sapwood_storage.quick.turn import records_of

_NONE_YET = Finding("records", "ok", "none yet: the first file that is read begins them")


def records_finding(settings: Settings) -> Finding:
    """Look at both files of the embedded records, and change nothing."""
    path = records_of(settings.home, WORKSPACE)
    control = _looked_at(
        settings.home / "control.db",
        {one.package: one.control.version for one in TABLES},
        "the next command that needs it makes it again",
    )
    found = _looked_at(
        path,
        {one.package: one.workspace.version for one in TABLES},
        "files are recorded again when they are next asked about, the history of questions is not",
    )
    for one in (found, control):
        if isinstance(one, Finding) and one.state != "ok":
            return one
    return found if isinstance(found, Finding) else Finding("records", "ok", _counted(found))


def _looked_at(path: Path, known: Mapping[str, int], afterwards: str) -> Finding | dict[str, int]:
    """What is the matter with a file, or how many rows of each table it has."""
    try:
        if not path.exists():
            return _NONE_YET
    except OSError as error:
        return Finding(
            "records", "broken", f"{path} cannot be looked at: {error.strerror}", "mend the data directory"
        )
    mend = f"restore {path} from a copy, or delete it, with its -wal and -shm: {afterwards}"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")  # opened for reading alone it would leave its -shm
            ((found,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
            if found != "ok":
                return Finding("records", "broken", f"{path}: {found}", mend)
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return _NONE_YET  # made by a process that was killed: the next one fills it
            for package, version in connection.execute("SELECT package, version FROM migrations"):
                if version > known.get(package, version):
                    text = f"{path} was written by a newer Sapwood, and this one does not write to it"
                    return Finding("records", "broken", text, "upgrade Sapwood")
            return {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - a name of ours
                for name in sorted({"datasets", "questions"} & tables)
            }
    except sqlite3.Error as error:
        return Finding("records", "broken", f"{path}: {error}", mend)


def _counted(rows: Mapping[str, int]) -> str:
    files, questions = rows.get("datasets", 0), rows.get("questions", 0)
    return (
        f"{files:,} {'file' if files == 1 else 'files'} read, "
        f"{questions:,} {'question' if questions == 1 else 'questions'} asked"
    )
