"""What a sandbox may use, as the operator sets it."""

import os
from dataclasses import dataclass, field
from pathlib import Path


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Sizes are per worker; `spares` and `bound` say how many workers may live."""

    memory_mb: int = 512  # DuckDB's own limit; it spills beyond it
    headroom_mb: int = 384  # resident memory beyond `memory_mb` that ends a worker
    threads: int = field(default_factory=_cores)
    temp_mb: int = 20_480  # spilled to disk by one worker
    output_mb: int = 262_144  # the largest file that a worker in write mode may make
    spares: int = 2  # unbound workers kept ready; none suits a command that asks once
    bound: int = field(default_factory=_cores)
    start_s: float = 20.0  # to start and to bind, on a machine that is busy
    write_s: float = 21_600.0  # for one operation on a source
    grace_s: float = 0.5  # after an interrupt, before a kill; nobody else has that worker meanwhile
    scratch: Path | None = None  # where workers spill; the system's temporary directory otherwise
    unsafe: bool = False  # run even where the operating system cannot hold the worker
