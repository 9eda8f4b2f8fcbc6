"""A home with a real sandbox, and short ways to write steps and to look at what became of a table."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import _duckdb
import pytest

from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.cleaning.lineage import StepOutcome
from sapwood_storage.tabular.cleaning.steps import Step
from sapwood_storage.tabular.cleaning.versions import CleanedVersions
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ReaderOptions
from sapwood_storage.tabular.sandbox.pool import SandboxPool
from sapwood_storage.tabular.sandbox.settings import SandboxSettings
from sapwood_storage.tabular.shelf import DATA_FILE, DatasetVersion

WORKSPACE = WorkspaceId("ws_test")

_DEFAULTS: dict[str, dict[str, Any]] = {
    "trim": {"collapse": False, "blank_is_null": False},
    "cast": {"thousands": None, "decimal": ".", "affixes": [], "lossy": False, "on_failure": "fail"},
    "parse_dates": {"to": "date", "on_failure": "fail"},
    "dedupe": {"columns": [], "keep": "first"},
    "impute": {"value": None, "flag": None},
    "split": {"keep": True},
    "regex_extract": {"group": 1, "into": None, "on_failure": "fail"},
    "clip": {"low": None, "high": None},
    "drop_rows": {"match": "all"},
    "map_categories": {"others": "keep"},
}


@dataclass(frozen=True, slots=True)
class Bench:
    """Datasets, what cleans them, and a look at their rows from outside the sandbox."""

    root: Path
    datasets: Datasets
    versions: CleanedVersions
    workspace: WorkspaceId = WORKSPACE

    @staticmethod
    def step(kind: str, **values: Any) -> Step:
        """Return a step with everything left out at its default."""
        return cast("Step", {"kind": kind, "reason": "", **_DEFAULTS.get(kind, {}), **values})

    @staticmethod
    def outcome(version: DatasetVersion, place: int = -1) -> StepOutcome:
        """Return what a step of a cleaned version did."""
        assert version.lineage is not None
        return version.lineage.outcomes[place]

    @staticmethod
    def types(version: DatasetVersion) -> dict[str, str]:
        return {column.name: str(column.type) for column in version.report.columns}

    async def apply(self, version: DatasetVersion, *steps: Step) -> DatasetVersion:
        return await self.versions.apply(WORKSPACE, version.id, steps, DetachedWork())

    async def read(self, text: str, name: str = "table.csv", **options: Any) -> DatasetVersion:
        source = self.root.parent / name
        source.write_text(text, encoding="utf-8")
        return await self.datasets.ingest(WORKSPACE, source, ReaderOptions(**options), DetachedWork())

    async def clean(self, text: str, *steps: Step, **options: Any) -> DatasetVersion:
        version = await self.read(text, **options)
        return await self.apply(version, *steps)

    def rows(self, version: DatasetVersion) -> list[tuple[Any, ...]]:
        file = self.datasets.directory(WORKSPACE, version.id) / DATA_FILE
        with _duckdb.connect(":memory:") as connection:
            return connection.execute(f"FROM '{file}'").fetchall()

    def column(self, version: DatasetVersion, name: str) -> list[Any]:
        place = [column.name for column in version.report.columns].index(name)
        return [row[place] for row in self.rows(version)]

    def left_in_staging(self) -> list[Path]:
        return list((self.datasets.shelf.root(WORKSPACE) / ".staging").iterdir())


MakeBench = Callable[..., Bench]


@pytest.fixture
async def make_bench(tmp_path: Path) -> AsyncGenerator[MakeBench]:
    pools: list[SandboxPool] = []

    def make(home: Path | None = None, **settings: Any) -> Bench:
        chosen: dict[str, Any] = {"spares": 0, "bound": 2, **settings}
        pool = SandboxPool(settings=SandboxSettings(**chosen))
        pools.append(pool)
        root = home or tmp_path / "home"
        root.mkdir(exist_ok=True)
        datasets = Datasets(root, pool)
        return Bench(root, datasets, CleanedVersions(datasets, pool))

    yield make
    for pool in pools:
        await pool.aclose()


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench()
