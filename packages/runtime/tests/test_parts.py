import io
import os
from pathlib import Path

import pytest

from sapwood_agents.analyst.ask import Question
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.model import ReaderOptions

LOCAL = WorkspaceId("local")


def written(directory: Path, name: str = "sales.csv", rows: int = 3) -> Path:
    file = directory / name
    file.write_text("price,city\n" + "".join(f"{number},c{number % 7}\n" for number in range(rows)))
    return file


async def read(parts: Parts, file: Path | io.BytesIO) -> str:
    return (await parts.dataset(LOCAL, file, ReaderOptions(), DetachedWork())).version


async def test_parts_answer_a_question_and_remember_it_for_the_next_process(tmp_path: Path) -> None:
    settings, question = Settings(tmp_path / "home"), Question(text="total price")

    async with open_parts(settings, spares=0) as parts:
        dataset = await parts.dataset(LOCAL, written(tmp_path), ReaderOptions(), DetachedWork())
        first = await parts.analyst.ask(LOCAL, dataset, question, DetachedWork())
    async with open_parts(settings, spares=0) as parts:
        dataset = await parts.dataset(LOCAL, tmp_path / "sales.csv", ReaderOptions(), DetachedWork())
        second = await parts.analyst.ask(LOCAL, dataset, question, DetachedWork())

    assert first.rows == ((3,),)
    assert (first.cached, second.cached) == (False, True)


async def test_the_same_bytes_under_another_name_are_one_version_with_two_titles(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        sales = await parts.dataset(LOCAL, written(tmp_path), ReaderOptions(), DetachedWork())
        orders = await parts.dataset(
            LOCAL, written(tmp_path, "orders.tmp.csv"), ReaderOptions(), DetachedWork()
        )
        stream = io.BytesIO((tmp_path / "sales.csv").read_bytes())
        piped = await parts.dataset(LOCAL, stream, ReaderOptions(), DetachedWork())

    assert sales.version == orders.version == piped.version
    assert [dataset.title for dataset in (sales, orders, piped)] == ["sales", "orders", "stdin"]
    assert (sales.rows, sales.quarantined, [column.name for column in sales.columns]) == (
        3,
        0,
        ["price", "city"],
    )


async def test_files_beyond_the_limit_go_with_the_answers_that_stood_on_them(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home", datasets_gb=1e-5), spares=0) as parts:
        old = await read(parts, written(tmp_path, "old.csv", rows=3_000))
        await parts.cache.put(LOCAL, "answer:1:x", b"kept", ttl_s=60, tags=(old,))
        os.utime(parts.datasets.directory(LOCAL, old) / "version.json", (1, 1))

        new = await read(parts, written(tmp_path, "new.csv", rows=3_001))

        assert parts.datasets.shelf.versions(LOCAL) == [new]
        assert await parts.cache.get(LOCAL, "answer:1:x") is None


async def test_a_file_beyond_the_limit_alone_can_still_be_asked_about(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home", datasets_gb=0.0), spares=0) as parts:
        dataset = await parts.dataset(LOCAL, written(tmp_path), ReaderOptions(), DetachedWork())

        answer = await parts.analyst.ask(LOCAL, dataset, Question(text="total price"), DetachedWork())

    assert answer.rows == ((3,),)


async def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        with pytest.raises(InvalidInput, match="no file"):
            await read(parts, tmp_path / "nosuchfile.csv")


async def test_a_home_that_is_a_file_is_refused_before_anything_starts(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")

    with pytest.raises(InvalidInput, match="data directory"):
        async with open_parts(Settings(taken)):
            pass


async def test_nothing_runs_after_the_parts_are_closed(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=1) as parts:
        await read(parts, written(tmp_path))

    assert children() == []


def children() -> list[str]:
    """The processes that this one has started and not reaped."""
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
