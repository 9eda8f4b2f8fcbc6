"""A version as a file to take away: Parquet as it lies, CSV and JSON written by a worker, never in memory."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.tabular.cleaning.reading import let_read
from sapwood_storage.tabular.datasets import Datasets, Sandbox
from sapwood_storage.tabular.shelf import DATA_FILE, EXPORT_FILE
from sapwood_storage.tabular.watch import Watch

ExportFormat = Literal["parquet", "csv", "json", "ndjson"]


@asynccontextmanager
async def exported(
    datasets: Datasets,
    sandbox: Sandbox,
    place: tuple[WorkspaceId, str],
    form: ExportFormat,
    work: Work,
) -> AsyncGenerator[Path]:
    """Give the version at `place` as a file of the form `form`, there for the length of the block."""
    source = datasets.directory(*place) / DATA_FILE
    if form == "parquet":
        yield source
        return
    let_read(source)
    with datasets.shelf.staging(place[0]) as staging:
        made = staging / "made"
        made.mkdir(mode=0o700)

        async def write() -> None:
            async with sandbox.writing(source, made) as session:
                await session.run("export", {"format": form})

        watch = Watch(work)
        try:
            await watch.until(watch.start(write()))
        finally:
            await watch.end()
        yield made / EXPORT_FILE
