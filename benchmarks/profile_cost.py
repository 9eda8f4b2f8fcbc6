"""What a profile costs beside DuckDB's SUMMARIZE, in CPU time of whole processes with workers and imports.

Each round runs both in turn, each in a process of its own with memory_limit 512 MB; the ratio is taken within
the round, and the median of the rounds is printed with its spread and what it is to be at most with 1000 MB.
`--csv` also compares reading the CSV and profiling it with SUMMARIZE of the CSV. `--ydata PYTHON` names the
interpreter of an environment that has ydata-profiling, to stand beside: both begin with 50 MB of CSV and end
with a page.
Run: python benchmarks/profile_cost.py [MB, default 100] [--csv] [--ydata PYTHON]
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

MEMORY_MB = 512
CORES = os.cpu_count() or 1
SLICE_MB = 50.0
AIMED_AT_MB = 1000.0
MOST_OF_PARQUET, MOST_OF_CSV = 1.5, 2.2  # times the CPU time of SUMMARIZE
MOST_PEAK_MB = 1000.0  # resident, all processes together


class Aim(NamedTuple):
    most: float
    held: bool  # a smaller file is not judged by it: starting takes the same for any size

    def of(self, found: float) -> str:
        if not self.held:
            return f", to be at most {self.most:g} with {AIMED_AT_MB:.0f} MB of CSV"
        return f", to be at most {self.most:g}: {'kept' if found <= self.most else 'MISSED'}"


class Cost(NamedTuple):
    cpu_s: float
    wall_s: float
    peak_mb: float  # resident, of the process and its children together


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("megabytes", nargs="?", type=float, default=100.0)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--csv", action="store_true")
    options.add_argument("--ydata", default=None)
    options.add_argument("--scratch", default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.scratch) as scratch:
        if chosen.ydata:
            beside_ydata(Path(scratch), chosen.ydata)
            return
        measure(Path(scratch), chosen.megabytes, chosen.rounds, with_csv=chosen.csv)


def beside_ydata(scratch: Path, python: str) -> None:
    csv, page = scratch / "made.csv", str(scratch / "page.html")
    cost("make", str(csv), str(SLICE_MB))
    print(f"{csv.stat().st_size / 1e6:.0f} MB of CSV, load {os.getloadavg()[0]:.1f} on {CORES} cores")
    print(f"  sapwood                {shown(cost('afresh', str(scratch), str(csv), page))}", flush=True)
    for how in ("minimal", "default"):
        found = cost("ydata", str(csv), page, how, python=python)
        print(f"  ydata-profiling, {how:7} {shown(found)}", flush=True)


def measure(scratch: Path, megabytes: float, rounds: int, *, with_csv: bool) -> None:
    csv = scratch / "made.csv"
    made = cost("make", str(csv), str(megabytes))
    reading = cost("ingest", str(scratch / "home"), str(csv))
    parquet = next((scratch / "home").rglob("data.parquet"))
    sizes = f"{csv.stat().st_size / 1e6:.0f} MB of CSV, {parquet.stat().st_size / 1e6:.0f} MB of Parquet"
    print(f"{sizes}, made in {made.wall_s:.0f} s; reading it took {shown(reading)}")
    print(f"load {os.getloadavg()[0]:.1f} on {CORES} cores", flush=True)
    held = megabytes >= AIMED_AT_MB
    bare, ours = ("summarize", str(parquet)), ("profile", str(scratch / "home"), str(csv))
    compare("Parquet", rounds, bare, ours, aim=Aim(MOST_OF_PARQUET, held))
    if with_csv:
        bare, ours = ("summarize", str(csv)), ("afresh", str(scratch), str(csv))
        compare("CSV", rounds, bare, ours, aim=Aim(MOST_OF_CSV, held))


def compare(
    what: str,
    rounds: int,
    bare: tuple[str, ...],
    ours: tuple[str, ...],
    script: str = __file__,
    aim: Aim | None = None,
) -> None:
    pairs = [(cost(*bare, script=script), cost(*ours, script=script)) for _ in range(rounds)]
    ratios = [mine.cpu_s / base.cpu_s for base, mine in pairs]
    for name, place in ((bare[0], 0), (ours[0], 1)):
        runs = [pair[place] for pair in pairs]
        middle = Cost(*(statistics.median(figures) for figures in zip(*runs, strict=True)))
        print(f"  {name + ' of ' + what:22} {shown(middle)}")
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    middle = statistics.median(ratios)
    print(
        f"  ratio of CPU time      {middle:.2f} ({spread}, {rounds} rounds){aim.of(middle) if aim else ''}",
        flush=True,
    )
    if aim:
        peak = max(mine.peak_mb for _, mine in pairs)
        print(f"  highest peak           {peak:.0f} MB{Aim(MOST_PEAK_MB, aim.held).of(peak)}", flush=True)


def shown(one: Cost) -> str:
    return f"{one.cpu_s:.2f} CPU s, {one.wall_s:.2f} s, peak {one.peak_mb:.0f} MB"


def cost(*command: str, script: str = __file__, python: str = sys.executable) -> Cost:
    """Run one of a script's jobs in a process of its own; its CPU time has that of its workers in it."""
    started = time.monotonic()
    process = subprocess.Popen([python, script, "--job", *command])
    peak = [0.0]
    watching = threading.Thread(target=watch, args=(process.pid, peak), daemon=True)
    watching.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    watching.join()
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started, peak[0])


def watch(pid: int, peak: list[float]) -> None:
    import psutil  # not in every environment that runs a job

    try:
        root = psutil.Process(pid)
        while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
            resident = 0
            for one in (root, *root.children(recursive=True)):
                try:
                    resident += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak[0] = max(peak[0], resident / 1e6)
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        return


def job(name: str, *arguments: str) -> None:
    match name:
        case "make":
            from make_csv import make_csv

            make_csv(Path(arguments[0]), float(arguments[1]))
        case "summarize":
            summarize(arguments[0])
        case "afresh":
            with tempfile.TemporaryDirectory(dir=arguments[0]) as home:
                asyncio.run(through_sapwood(home, *arguments[1:], profiled=True))
        case "ydata":
            ydata(*arguments)
        case _:
            asyncio.run(through_sapwood(*arguments, profiled=name == "profile"))


def summarize(file: str) -> None:
    import _duckdb

    config = {"memory_limit": f"{MEMORY_MB}MB", "threads": CORES}
    with tempfile.TemporaryDirectory() as spill, _duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = '{spill}'")
        connection.execute(f"SUMMARIZE FROM '{file}'").fetchall()


def ydata(file: str, page: str, how: str) -> None:
    import pandas
    from ydata_profiling import ProfileReport

    found = ProfileReport(pandas.read_csv(file), minimal=how == "minimal", progress_bar=False)
    found.to_file(page, silent=True)


async def through_sapwood(home: str, file: str, written: str = "", *, profiled: bool) -> None:
    from sapwood_agents.analyst.profile.html import page
    from sapwood_agents.analyst.profile.model import ProfileRequest
    from sapwood_agents.analyst.profile.service import profile
    from sapwood_runtime.parts import open_parts
    from sapwood_runtime.settings import Settings
    from sapwood_shared.ids import WorkspaceId
    from sapwood_shared.work import DetachedWork
    from sapwood_storage.tabular.model import ReaderOptions

    workspace, work = WorkspaceId("local"), DetachedWork()
    async with open_parts(Settings(home=Path(home), memory_mb=MEMORY_MB), spares=0) as parts:
        dataset = await parts.dataset(workspace, Path(file), ReaderOptions(), work)
        if profiled:
            found = await profile(parts.tables, workspace, dataset, ProfileRequest(), work)
            assert len(found.columns) == 11
            assert found.keys == ("id",)
            if written:
                await asyncio.to_thread(Path(written).write_text, page(found), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        job(*sys.argv[2:])
    else:
        main()
