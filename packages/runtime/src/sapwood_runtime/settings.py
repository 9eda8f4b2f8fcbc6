"""The one settings model: frozen, standard library only, read from the environment by apps alone."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sapwood_shared.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCAL_WORKSPACE = "local"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; sizes in the units of their names."""

    home: Path
    memory_mb: int = 512  # of DuckDB in one worker
    temp_mb: int = 20_480  # spilled to disk by one worker
    output_mb: int = 262_144  # the largest file that is made of a source
    start_s: float = 20.0  # for a worker to be ready
    cache_mb: int = 256  # of the cache file
    datasets_gb: float = 10.0  # files ingested by `ask` beyond this are evicted, least recently used first
    sandbox: bool = True  # off: SQL runs without the operating system's layers
    bound_workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    database: str | None = None  # the address of a PostgreSQL; none: SQLite files in the home
    pooler: bool = False  # whether a pooler stands before it that gives each transaction another session
    redis: str | None = None  # of a Redis that carries wake-ups; none: workers look by themselves
    notify: Path | None = None  # the file of the channels over which people are told
    lease_s: float = 15.0  # after so long without a word a worker is taken for dead
    keep_runs_days: float = 30.0  # runs that ended longer ago are deleted; 0 keeps all
    files: tuple[Path, ...] | None = None  # where steps may read and write files; none: where the process may


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `SAPWOOD_*`; raises `InvalidInput` naming the variable that is wrong."""
    values = os.environ if environment is None else environment
    return Settings(
        home=_home(values),
        memory_mb=_whole(values, "SAPWOOD_MEMORY_MB", 512, least=128),
        temp_mb=_whole(values, "SAPWOOD_TEMP_MB", 20_480, least=64),
        output_mb=_whole(values, "SAPWOOD_OUTPUT_MB", 262_144, least=64),
        start_s=_number(values, "SAPWOOD_START_S", 20.0, least=0.1),
        cache_mb=_whole(values, "SAPWOOD_CACHE_MB", 256, least=1),
        datasets_gb=_number(values, "SAPWOOD_DATASETS_GB", 10.0),
        sandbox=not _flag(values, "SAPWOOD_UNSAFE_NO_SANDBOX"),
        bound_workers=_whole(values, "SAPWOOD_WORKERS", os.cpu_count() or 1, least=1),
        database=_database(values),
        pooler=_flag(values, "SAPWOOD_POOLER"),
        redis=_redis(values),
        notify=_path(values, "SAPWOOD_NOTIFY"),
        lease_s=_number(values, "SAPWOOD_LEASE_S", 15.0, least=1.0),
        keep_runs_days=_number(values, "SAPWOOD_KEEP_RUNS_DAYS", 30.0),
        files=_files(values),
    )


def _home(values: Mapping[str, str]) -> Path:
    from pathlib import Path  # 10 ms that a program which has its settings already does not need

    chosen = values.get("SAPWOOD_HOME", "").strip()
    try:
        if chosen:
            return Path(chosen).expanduser().absolute()
        home = Path.home()
    except RuntimeError as error:  # a user who is none, or has no directory
        raise InvalidInput(
            f"SAPWOOD_HOME is {chosen!r}, and whose directory that is cannot be told",
            hint="give it as an absolute path",
        ) from error
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "sapwood"
    base = values.get("XDG_DATA_HOME", "").strip()
    return (Path(base) if base.startswith("/") else home / ".local" / "share") / "sapwood"


def _database(values: Mapping[str, str]) -> str | None:
    text = values.get("SAPWOOD_DATABASE", "").strip()
    if not text:
        return None
    if not text.startswith(("postgresql://", "postgres://")):
        raise InvalidInput(
            "SAPWOOD_DATABASE is no address of a PostgreSQL",
            hint="give postgresql://user@host/database, or leave it out for SQLite",
        )
    return text.replace("postgres://", "postgresql://", 1)


def _redis(values: Mapping[str, str]) -> str | None:
    text = values.get("SAPWOOD_REDIS", "").strip()
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise InvalidInput("SAPWOOD_REDIS is no address of a Redis", hint="give redis://host:6379/0")
    return text or None


def _path(values: Mapping[str, str], name: str) -> Path | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    from pathlib import Path

    return Path(text).expanduser().absolute()


def _files(values: Mapping[str, str]) -> tuple[Path, ...] | None:
    """On one person's machine what that person may read; on a server nothing that is not named."""
    text = values.get("SAPWOOD_FILES", "").strip()
    if not text:
        return () if values.get("SAPWOOD_DATABASE", "").strip() else None
    from pathlib import Path

    return tuple(Path(part).expanduser().absolute() for part in text.split(os.pathsep) if part)


def _whole(values: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < least:
        raise InvalidInput(f"{name} is {text!r}", hint=f"give a whole number from {least} on")
    return int(text)


def _number(values: Mapping[str, str], name: str, default: float, *, least: float = 0.0) -> float:
    text = values.get(name, "").strip()
    try:
        number = float(text) if text else default
    except ValueError:
        number = -1.0
    if not least <= number < float("inf"):
        raise InvalidInput(f"{name} is {text!r}", hint=f"give a number from {least:g} on")
    return number


def _flag(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "").strip().casefold()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise InvalidInput(f"{name} is {text!r}", hint="give 1 or 0")
