"""What cleaning costs beside bare DuckDB, in CPU time of whole processes with workers and imports.

A messy file (dates in four forms, prices with signs and thousands, shares in per cent, yes and no, blanks,
spellings, words for no value) is read once. Then a proposal is compared with SUMMARIZE of the same Parquet,
and applying it with DuckDB's COPY of that Parquet to Parquet, in turn, with memory_limit 512 MB; the median
of the rounds is printed with its spread. Run: python benchmarks/clean_cost.py [MB, default 100] [--rounds 5]
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from profile_cost import CORES, MEMORY_MB, compare, cost, shown, summarize

_MESSY = """
    SELECT id,
           CASE id % 4 WHEN 0 THEN strftime(ts, '%Y-%m-%d') WHEN 1 THEN strftime(ts, '%d/%m/%Y')
                       WHEN 2 THEN strftime(ts, '%B %-d, %Y') ELSE strftime(ts, '%-d.%-m.%y') END AS day,
           CASE id % 50 WHEN 0 THEN upper(region) WHEN 1 THEN region || ' ' ELSE region END AS region,
           sku, coalesce(status, 'unknown') AS status, qty,
           '$' || format('{:,.2f}', price) AS price, format('{:.1f}', 100 * discount) || '%' AS discount,
           lat, if(member, 'Yes', 'no') AS member, if(id % 20 = 0, ' ' || note, note) AS note
    FROM read_csv(?)
"""
_KINDS = {"cast", "map_categories", "parse_dates", "trim"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("megabytes", nargs="?", type=float, default=100.0)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--scratch", default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.scratch) as scratch:
        measure(Path(scratch), chosen.megabytes, chosen.rounds)


def measure(scratch: Path, megabytes: float, rounds: int) -> None:
    csv, home, recipe = scratch / "messy.csv", scratch / "home", scratch / "recipe.yaml"
    cost("make", str(csv), str(megabytes), script=__file__)
    reading = cost("ingest", str(home), str(csv), script=__file__)
    parquet = next(home.rglob("data.parquet"))
    sizes = f"{csv.stat().st_size / 1e6:.0f} MB of CSV, {parquet.stat().st_size / 1e6:.0f} MB of Parquet"
    print(f"{sizes}; reading it took {shown(reading)}")
    print(f"load {os.getloadavg()[0]:.1f} on {CORES} cores", flush=True)
    ours = str(home), str(csv), str(recipe)
    compare("Parquet", rounds, ("summarize", str(parquet)), ("propose", *ours), script=__file__)
    copied = "copy", str(parquet), str(scratch / "copy.parquet")
    compare("Parquet", rounds, copied, ("apply", *ours), script=__file__)


def job(name: str, *arguments: str) -> None:
    match name:
        case "make":
            make_messy_csv(Path(arguments[0]), float(arguments[1]))
        case "summarize":
            summarize(arguments[0])
        case "copy":
            copy(*arguments)
        case "propose":
            found = asyncio.run(through_sapwood(name, *arguments[:2]))
            Path(arguments[2]).write_text(found, encoding="utf-8")
        case "apply":
            recipe = Path(arguments[2]).read_text(encoding="utf-8")
            asyncio.run(through_sapwood(name, *arguments[:2], recipe))
        case _:
            asyncio.run(through_sapwood(name, *arguments))


def make_messy_csv(target: Path, megabytes: float) -> None:
    import _duckdb
    from make_csv import make_csv

    tidy = target.with_suffix(".tidy")
    make_csv(tidy, megabytes)
    with _duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY ({_MESSY.replace('?', repr(str(tidy)))}) TO '{target}' (FORMAT csv, HEADER)"
        )
    tidy.unlink()


def copy(source: str, target: str) -> None:
    import _duckdb

    from sapwood_storage.tabular.readers.outcome import PARQUET

    config = {"memory_limit": f"{MEMORY_MB}MB", "threads": CORES}
    with tempfile.TemporaryDirectory() as spill, _duckdb.connect(":memory:", config=config) as connection:
        connection.execute(f"SET temp_directory = '{spill}'")
        connection.execute(f"COPY (FROM '{source}') TO '{target}' ({PARQUET})")


async def through_sapwood(what: str, home: str, file: str, recipe: str = "") -> str:
    """Read the file, propose or apply; return the recipe that is proposed."""
    from sapwood_agents.analyst.clean.proposal import ProposeRequest
    from sapwood_agents.analyst.clean.recipe import Recipe
    from sapwood_agents.analyst.clean.service import ApplyRequest, Cleaner
    from sapwood_agents.analyst.profile.service import Profiler
    from sapwood_runtime.parts import open_parts
    from sapwood_runtime.settings import Settings
    from sapwood_shared.ids import WorkspaceId
    from sapwood_shared.work import DetachedWork
    from sapwood_storage.cache.memory import MemoryCache
    from sapwood_storage.cache.single_flight import SingleFlight
    from sapwood_storage.tabular.cleaning.heads import Heads
    from sapwood_storage.tabular.cleaning.versions import CleanedVersions
    from sapwood_storage.tabular.model import ReaderOptions

    workspace, work = WorkspaceId("local"), DetachedWork()
    async with open_parts(Settings(home=Path(home), memory_mb=MEMORY_MB), spares=0) as parts:
        dataset = await parts.dataset(workspace, Path(file), ReaderOptions(), work)
        # A cache of its own, so that each round computes.
        cache = SingleFlight(MemoryCache())
        versions, heads = CleanedVersions(parts.datasets, parts.sandbox), Heads(parts.datasets.shelf)
        cleaner = Cleaner(parts.tables, Profiler(parts.tables, cache), versions, heads, cache)
        if what == "propose":
            proposal = await cleaner.propose(workspace, dataset, ProposeRequest(), work)
            assert {step.kind for step in proposal.recipe.steps} == _KINDS, proposal
            recipe = proposal.recipe.to_yaml()
        elif what == "apply":
            request = ApplyRequest(version=dataset.version, recipe=Recipe.from_yaml(recipe))
            made = await cleaner.apply(workspace, request, work)
            assert made.rows == dataset.rows
            await parts.datasets.delete(workspace, made.version)
        await cache.aclose()
    return recipe


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        job(*sys.argv[2:])
    else:
        main()
