"""One home and several processes that write to it, start on it and are killed."""

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from packages.storage.tests.database.sqlite_rows import rows

from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import Home

ANN = WorkspaceId("ann")


PRELUDE = """
import asyncio, json, sys, time
from pathlib import Path
from sqlalchemy import text
from sapwood_storage.database import installed_histories
from sapwood_storage.database.sqlite import SqliteDatabase
from sapwood_storage.home import Home

database = SqliteDatabase(Home.open(Path(sys.argv[1])), installed_histories())
INSERT = text("INSERT INTO datasets (id, name, created_at) VALUES (:id, 'x', '2026-01-01 00:00:00')")

async def write(id):
    async with database.write("ann") as connection:
        await connection.execute(INSERT, {"id": id})
"""


SHARE = """
async def main(name, seconds):
    print("ready", flush=True)
    sys.stdin.readline()
    end, done, worst = time.monotonic() + float(seconds), 0, 0.0
    while time.monotonic() < end:
        started = time.monotonic()
        await write(f"{name}-{done}")
        worst = max(worst, time.monotonic() - started)
        done += 1
    await database.aclose()
    print(json.dumps([done, worst]))

asyncio.run(main(*sys.argv[2:]))
"""


VICTIM = """
async def main():
    number = 0
    while True:
        await write(f"committed-{number}")
        print(number, flush=True)
        async with database.write("ann") as connection:
            for part in range(200):
                await connection.execute(INSERT, {"id": f"half-{number}-{part}"})
            await connection.rollback()
        number += 1

asyncio.run(main())
"""


START = """
async def main():
    await database.create_workspace("ann")
    await write(sys.argv[2])
    await database.aclose()

asyncio.run(main())
"""


def process(code: str, home: Home, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PRELUDE + code, str(home.root), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def longest_wait(home: Home) -> int:
    """How many rows were written between two of the same writer, at most."""
    connection = sqlite3.connect(home.workspace(ANN).records_db)
    last: dict[str, int] = {}
    longest = 0
    for turn, (name,) in enumerate(connection.execute("SELECT id FROM datasets ORDER BY rowid")):
        writer = name.partition("-")[0]
        longest = max(longest, turn - last.get(writer, turn))
        last[writer] = turn
    connection.close()
    return longest


def let_go(writer: subprocess.Popen[str]) -> None:
    assert writer.stdin
    writer.stdin.write("go\n")
    writer.stdin.flush()


@pytest.mark.integration
def test_none_of_eight_writers_is_starved_or_busy(home: Home) -> None:
    process(START, home, "first").communicate()
    writers = [process(SHARE, home, f"w{number}", "4") for number in range(8)]
    for writer in writers:
        assert writer.stdout
        writer.stdout.readline()
    for writer in writers:
        let_go(writer)
    answers = [json.loads(writer.communicate()[0]) for writer in writers]

    shares = [done for done, _ in answers]
    assert [writer.returncode for writer in writers] == [0] * 8
    assert len(rows(home)) == sum(shares) + 1
    assert (
        longest_wait(home) <= 8 * 16
    )  # in turns of others: 12 to 71 were seen, 590 to 1,170 without the queue


@pytest.mark.integration
def test_a_writer_killed_half_way_loses_what_it_had_not_committed_and_nothing_else(home: Home) -> None:
    process(START, home, "first").communicate()
    victim = process(VICTIM, home)
    assert victim.stdout
    told = [victim.stdout.readline() for _ in range(5)]
    victim.send_signal(signal.SIGKILL)
    told += victim.communicate()[0].splitlines()

    heir = process(START, home, "heir")
    heir.communicate()

    found = rows(home)
    assert heir.returncode == 0
    assert {f"committed-{int(number)}" for number in told} <= set(found)
    assert {"first", "heir"} <= set(found)
    assert not [name for name in found if name.startswith("half")]


@pytest.mark.integration
def test_six_processes_start_at_once_on_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    started = [process(START, home, f"p{number}") for number in range(6)]
    for each in started:
        each.communicate()

    assert [each.returncode for each in started] == [0] * 6
    assert rows(home) == [f"p{number}" for number in range(6)]
