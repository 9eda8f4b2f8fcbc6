import asyncio
import io
import os
from functools import partial
from pathlib import Path

import pytest

from sapwood_agents.analyst.ask import Question
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings
from sapwood_shared.errors import DependencyFailed, InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.cache.refresh import EarlyRefresh
from sapwood_storage.cache.spaces import ANSWER
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


async def test_what_was_found_in_the_cache_is_counted_by_namespace(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        dataset = await parts.dataset(LOCAL, written(tmp_path), ReaderOptions(), DetachedWork())
        for text in ("total price", "total price", "how many rows", "total price"):
            await parts.analyst.ask(LOCAL, dataset, Question(text=text), DetachedWork())

    counts = {name: (of.hits, of.misses, of.puts) for name, of in parts.statistics.namespaces.items()}
    assert counts == {"answer": (2, 2, 2), "profile": (0, 1, 1)}


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hit is due to be computed again whose entry lives for less than hundreds of its costs."""
    monkeypatch.setattr(
        "sapwood_runtime.parts.EarlyRefresh", partial(EarlyRefresh, beta=1e6, draw=lambda: 0.9)
    )


def short_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sapwood_agents.analyst.ask.ANSWER", ANSWER._replace(ttl_s=30.0))


async def asked_twice(parts: Parts, directory: Path) -> list[bool]:
    dataset = await parts.dataset(LOCAL, written(directory), ReaderOptions(), DetachedWork())
    question = Question(text="total price")
    return [(await parts.analyst.ask(LOCAL, dataset, question, DetachedWork())).cached for _ in range(2)]


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(("spares", "puts"), [(1, 2), (0, 1)], ids=["living", "one-shot"])
async def test_what_is_about_to_expire_is_computed_again_behind_a_hit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spares: int, puts: int
) -> None:
    short_lived(monkeypatch)
    async with open_parts(Settings(tmp_path / "home"), spares=spares) as parts:
        assert await asked_twice(parts, tmp_path) == [False, True]
        for _ in range(100):
            if parts.statistics.namespaces["answer"].puts == 2:
                break
            await asyncio.sleep(0.01)

        assert parts.statistics.namespaces["answer"].puts == puts


@pytest.mark.usefixtures("eager")
async def test_what_only_the_memory_of_this_process_lets_go_of_is_not_computed_again(tmp_path: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=1) as parts:
        assert await asked_twice(parts, tmp_path) == [False, True]
        await asyncio.sleep(0.3)

        assert parts.statistics.namespaces["answer"].puts == 1


@pytest.mark.usefixtures("eager")
async def test_parts_close_cleanly_over_what_is_being_computed_again(tmp_path: Path) -> None:
    """It is a query of minutes, in a worker that is busy with it when the parts are closed."""
    endless = "SELECT count(*) FROM data a, data b, data c WHERE hash(a.price, b.price, c.price) = 7"
    statements = iter(("SELECT 1", endless))
    started = asyncio.Event()
    before = children()

    async with open_parts(Settings(tmp_path / "home"), spares=1) as parts:
        version = await read(parts, written(tmp_path, rows=9_000))

        async def compute() -> bytes:
            statement = next(statements)
            started.set()
            return repr((await parts.tables.query(LOCAL, version, statement)).rows).encode()

        assert await parts.computed.get_or_compute(LOCAL, "answer:1:x", compute, ttl_s=30) == b"[[1]]"
        started.clear()
        assert await parts.computed.get_or_compute(LOCAL, "answer:1:x", compute, ttl_s=30) == b"[[1]]"
        await started.wait()
        await asyncio.sleep(0.1)
        (refresh,) = [one for one in asyncio.all_tasks() if "_refresh" in str(one.get_coro())]

    assert refresh.cancelled()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert children() <= before
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:  # no claim is left to wait for
        assert await parts.cache.claim(LOCAL, "answer:1:x", token="mine", ttl_s=1) == "mine"


async def test_nothing_runs_after_the_parts_are_closed(tmp_path: Path) -> None:
    before = children()

    async with open_parts(Settings(tmp_path / "home"), spares=1) as parts:
        await read(parts, written(tmp_path))

    assert children() <= before


def children() -> set[str]:
    """The processes that this one has started and not reaped."""
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


async def test_the_limits_of_a_worker_are_those_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", start_s=0.001)

    async with open_parts(settings, spares=0) as parts:
        with pytest.raises(DependencyFailed, match=r"not ready within 0.001 s") as refused:
            await read(parts, written(tmp_path))

    assert "SAPWOOD_START_S" in str(refused.value.hint)
