"""What a step costs: a fan-out of 1,000 and a chain of 100 empty steps, beside the limit and beside peers.

On one PostgreSQL and one Redis, started for this. Each round asks every candidate in turn; the median of
five rounds is printed with its spread, in milliseconds a step, with the CPU time of all its processes. The
limit is bare Dramatiq over two processes, each message of which commits one row. Peers whose environment is
missing are named and left out: `nox -s peers` makes them and runs this.

    python benchmarks/workflow_dag.py [--rounds 5] [--fan 1000] [--chain 100] [--only sapwood]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from packages.storage.tests.redis.server import free_port, running_redis
from tests.kill.places import server

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".nox" / "peers"
SLOW = {"airflow": 10, "prefect": 5}
"""These get a fifth or a tenth of the steps: their cost a step does not depend on it."""


@dataclass
class Candidate:
    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None
    wall: dict[str, list[float]] = field(default_factory=lambda: {"fan": [], "chain": []})
    cpu: dict[str, list[float]] = field(default_factory=lambda: {"fan": [], "chain": []})

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env={**os.environ, **self.environment}, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if self.name in SLOW else None,
        )  # fmt: skip
        self._line("ready")

    def _line(self, what: str) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise SystemExit(f"{self.name} ended while it was asked for: {what}")
        return line

    def ask(self, kind: str, many: int) -> None:
        many //= SLOW.get(self.name, 1)
        assert self.process is not None
        assert self.process.stdin is not None
        before = self._cpu_s()
        self.process.stdin.write(f"{kind} {many}\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self._line(kind))
        assert said["records"] == many, (
            f"{self.name} recorded {said['records']} of {many} steps of the {kind}"
        )
        self.wall[kind].append(1000 * said["wall_s"] / many)
        self.cpu[kind].append(1000 * (self._cpu_s() - before) / many)

    def _cpu_s(self) -> float:
        assert self.process is not None
        root = psutil.Process(self.process.pid)
        times = [each.cpu_times() for each in [root, *root.children(recursive=True)]]
        return sum(each.user + each.system for each in times)

    def stop(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def candidates(address: str, redis: str, scratch: Path, fan: int, chain: int) -> list[Candidate]:
    own = [sys.executable, "-m"]
    both = {"PEER_DATABASE": address, "PEER_REDIS": redis}
    found = [
        Candidate("limit (Dramatiq, 2 processes)", [*own, "benchmarks.peers.limit"], both),
        Candidate("sapwood (2 processes)", [*own, "benchmarks.peers.sapwood", "2"], both),
        Candidate("sapwood (1 process)", [*own, "benchmarks.peers.sapwood", "1"], both),
        Candidate("sapwood (SQLite, 1 process)", [*own, "benchmarks.peers.sapwood", "1"], {}),
    ]
    port = free_port()
    peers = {
        "dbos": {"PEER_DATABASE_PSYCOPG": _of_dbos(address)},
        "prefect": {
            "PREFECT_HOME": str(scratch / "prefect"), "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_UI_ENABLED": "false", "DO_NOT_TRACK": "1",
            "PREFECT_LOGGING_LEVEL": "ERROR", "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        },
        "airflow": {
            "AIRFLOW_HOME": str(scratch / "airflow"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(scratch / "airflow" / "dags"),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
            "PEER_SIZES": f"{fan // SLOW['airflow']},{chain // SLOW['airflow']}",
        },
    }  # fmt: skip
    for name, environment in peers.items():
        python = PEERS / name / "bin" / "python"
        if python.exists():
            script = ROOT / "benchmarks" / "peers" / f"{name}_peer.py"
            found.append(Candidate(name, [str(python), str(script)], environment))
        else:
            print(f"{name}: no environment for it; nox -s peers makes one")
    return found


def _of_dbos(address: str) -> str:
    """A database of its own on the same server, through the driver that it wants."""
    return address.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", "/peer_dbos?")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("rounds", 5), ("fan", 1000), ("chain", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="nobody")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch)) as address, running_redis() as redis:
        all_ = candidates(address, redis.address, Path(scratch), asked.fan, asked.chain)
        chosen = [each for each in all_ if asked.only in each.name and asked.without not in each.name]
        for each in chosen:
            each.start()
        try:
            for number in range(asked.rounds + 1):
                for each in chosen:
                    for kind, many in (("fan", asked.fan), ("chain", asked.chain)):
                        each.ask(kind, many)
                        if number == 0:  # the first round warms up
                            each.wall[kind].clear()
                            each.cpu[kind].clear()
        finally:
            for each in chosen:
                each.stop()
    for kind in ("fan", "chain"):
        print(f"{kind}, ms a step: median [least … most], CPU")
        for each in chosen:
            walls = each.wall[kind]
            print(
                f"  {each.name:30} {statistics.median(walls):7.2f} [{min(walls):.2f} … {max(walls):.2f}]"
                f"  {statistics.median(each.cpu[kind]):7.2f}"
            )
    medians = {each.name: {kind: statistics.median(each.wall[kind]) for kind in each.wall} for each in chosen}
    limit, two = medians.get("limit (Dramatiq, 2 processes)"), medians.get("sapwood (2 processes)")
    if limit and two:
        print(f"fan-out: {two['fan'] / limit['fan']:.2f} x the limit (aim: 3)")
    if two and "dbos" in medians:
        best = min(two["chain"], medians["sapwood (1 process)"]["chain"])
        print(f"chain: {best / medians['dbos']['chain']:.2f} x DBOS (aim: 1.5)")


if __name__ == "__main__":
    main()
