"""Files built to hurt: what each does to bare DuckDB or plain Python, and that a worker bears it."""

import asyncio
import gzip
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sapwood_shared.errors import (
    DependencyFailed,
    Forbidden,
    InvalidInput,
    LimitExceeded,
    NotFound,
    SapwoodError,
)
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular import wire
from sapwood_storage.tabular.model import ReaderOptions, ResultTable
from sapwood_storage.tabular.readers import packed
from sapwood_storage.tabular.sandbox.pool import SandboxPool

pytestmark = pytest.mark.integration

WORKSPACE = WorkspaceId("ws_test")
ALL = "SELECT * FROM data"
BARE = {"memory_limit": "4GB"}
_PAGE = os.sysconf("SC_PAGE_SIZE")
_HANGS_S = 1.5


async def healthy(pool: SandboxPool, dataset: Path) -> bool:
    return (await pool.query(WORKSPACE, "dv_1", dataset, "SELECT sum(n) FROM data")).rows == [[45]]


async def ask_of(pool: SandboxPool, directory: Path, sql: str = ALL) -> ResultTable:
    return await pool.query(WORKSPACE, "dv_hostile", directory, sql)


async def ingest(pool: SandboxPool, source: Path, staging: Path) -> dict[str, Any]:
    """Read it as the product does: in a worker that is bound to it, by the operation that ships."""
    await asyncio.to_thread(staging.mkdir)
    async with pool.writing(source, staging) as session:
        return await session.run("ingest", {"options": wire.options_to(ReaderOptions())})


def plain_python(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)


def hangs(process: subprocess.Popen[str]) -> bool:
    try:
        process.wait(_HANGS_S)
    except subprocess.TimeoutExpired:
        return True
    finally:
        process.kill()
    return False


def grows_beyond(process: subprocess.Popen[str], mb: int) -> bool:
    deadline = time.monotonic() + 60
    try:
        while process.poll() is None and time.monotonic() < deadline:
            pages = (Path(f"/proc/{process.pid}/statm").read_text().split() or [0, 0])[1]
            if int(pages) * _PAGE >> 20 > mb:
                return True
            time.sleep(0.01)
    finally:
        process.kill()
    return False


# What is no file, or not the one it seems.


async def test_a_dataset_that_is_a_symlink_is_not_followed(
    bare: Any, pool: SandboxPool, tmp_path: Path, dataset: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "data.parquet").symlink_to(dataset / "data.parquet")
    assert len(bare.run(f"SELECT * FROM '{elsewhere}/data.parquet'")["rows"]) == 10

    with pytest.raises(SapwoodError):
        await ask_of(pool, elsewhere)


async def test_a_symlink_beside_the_data_leads_nowhere(
    bare: Any, ask: Any, dataset: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("word\nswordfish\n")
    (dataset / "link.csv").symlink_to(tmp_path / "secret.csv")

    for sql in (
        f"SELECT content FROM read_text('{dataset}/link.csv')",
        f"SELECT * FROM '{dataset}/link.csv'",
    ):
        assert "swordfish" in str(bare.run(sql)["rows"])
        with pytest.raises((Forbidden, InvalidInput)):
            await ask(sql)


async def test_a_staging_directory_that_is_a_symlink_is_not_followed(
    bare: Any, pool: SandboxPool, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "staging").symlink_to(tmp_path / "real")
    (tmp_path / "source.csv").write_text("a,b\n1,2\n")
    bare.run(f"COPY (SELECT 1) TO '{tmp_path}/staging/written.csv'")
    assert (tmp_path / "real" / "written.csv").exists()

    with pytest.raises(SapwoodError):
        async with pool.writing(tmp_path / "source.csv", tmp_path / "staging"):
            pass

    assert [path.name for path in (tmp_path / "real").iterdir()] == ["written.csv"]


async def test_a_fifo_in_place_of_the_data_does_not_hang(
    bare: Any, pool: SandboxPool, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "data.parquet")
    with bare.start(f"SELECT * FROM read_text('{tmp_path}/data.parquet')") as process:
        assert hangs(process)

    with pytest.raises(InvalidInput, match="regular file"):
        await ask_of(pool, tmp_path)
    with pytest.raises(InvalidInput, match="regular file"):
        await ingest(pool, tmp_path / "data.parquet", tmp_path / "staging")


async def test_a_device_in_place_of_the_source_does_not_fill_the_memory(
    bare: Any, pool: SandboxPool, tmp_path: Path
) -> None:
    source = tmp_path / "source.csv"
    source.symlink_to("/dev/zero")
    with plain_python(f"held = open('{source}', 'rb').read()") as process:
        assert grows_beyond(process, 1024)

    with pytest.raises(InvalidInput, match="regular file"):
        await ingest(pool, source, tmp_path / "staging")


async def test_a_source_whose_name_is_a_pattern_means_itself(
    bare: Any, pool: SandboxPool, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "secret.csv").write_text("word\nswordfish\n")
    source = tmp_path / "files" / "*.csv"
    source.write_text("word\nmine\n")
    assert "swordfish" in str(bare.run(f"SELECT * FROM read_csv('{source}')")["rows"])

    report = await ingest(pool, source, tmp_path / "staging")

    assert report["rows"] == 1
    assert b"swordfish" not in (tmp_path / "staging" / "data.parquet").read_bytes()


async def test_a_missing_dataset_is_not_found(pool: SandboxPool, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await ask_of(pool, tmp_path)


async def test_one_dataset_cannot_see_another(
    pool: SandboxPool, dataset: Path, tmp_path: Path, write_parquet: Any
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_parquet(other / "data.parquet", "SELECT 'theirs' AS owner")
    await pool.query(WorkspaceId("ws_other"), "dv_2", other, ALL)

    with pytest.raises((Forbidden, InvalidInput)):
        await pool.query(WORKSPACE, "dv_1", dataset, "SELECT owner FROM data")


# What a file does to the one that reads it.


async def test_a_file_that_unpacks_to_more_than_fits_is_stopped(
    bare: Any, make_pool: Any, tmp_path: Path, dataset: Path
) -> None:
    bomb = tmp_path / "bomb"
    bomb.mkdir()
    long = "SELECT repeat('x', 1000000) || n AS name FROM range(600) t(n)"
    to = f"TO '{bomb}/data.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100)"
    assert bare.run(f"COPY ({long}) {to}", **BARE)["error"] is None
    assert (bomb / "data.parquet").stat().st_size < 1 << 20
    sql = "SELECT list(name) FROM {table}"
    with bare.start(sql.format(table=f"'{bomb}/data.parquet'"), **BARE) as process:
        assert grows_beyond(process, 128 + 256)
    pool: SandboxPool = make_pool(memory_mb=128, headroom_mb=256, temp_mb=64)

    with pytest.raises(LimitExceeded):
        await ask_of(pool, bomb, sql.format(table="data"))

    assert await healthy(pool, dataset)


async def test_a_file_that_ends_the_process_of_bare_duckdb_ends_a_worker_and_no_more(
    bare: Any, pool: SandboxPool, tmp_path: Path, write_parquet: Any, dataset: Path
) -> None:
    deep = tmp_path / "deep"
    deep.mkdir()
    write_parquet(deep / "data.parquet", "SELECT repeat('[', 100000) || repeat(']', 100000) AS name")
    sql = "SELECT count(name::JSON::VARIANT) FROM {table}"
    with bare.start(sql.format(table=f"'{deep}/data.parquet'")) as process:
        assert process.wait() < 0

    with pytest.raises(DependencyFailed, match="SIG"):
        await ask_of(pool, deep, sql.format(table="data"))

    assert await healthy(pool, dataset)


async def test_a_packed_source_that_unpacks_without_measure_is_refused(
    bare: Any, pool: SandboxPool, tmp_path: Path
) -> None:
    source = tmp_path / "bomb.csv.gz"
    record = b"1" * 1023 + b"\n"
    source.write_bytes(gzip.compress(b"a\n" + record * (160 << 10)))
    allowed = packed.FREE + packed.RATIO * source.stat().st_size
    count = f"SELECT sum(length(a) + 1) FROM read_csv('{source}', all_varchar = true)"
    assert int(bare.run(count, **BARE)["rows"][0][0]) > allowed

    with pytest.raises(InvalidInput, match="unpacks to more than"):
        await ingest(pool, source, tmp_path / "staging")


async def test_a_source_that_exhausts_pythons_stack_is_an_error(pool: SandboxPool, tmp_path: Path) -> None:
    source = tmp_path / "deep.json"
    source.write_text("[" * 200_000 + "]" * 200_000)
    with plain_python(f"import json; json.load(open('{source}'))") as process:
        assert "RecursionError" in process.communicate()[1]

    with pytest.raises(InvalidInput):
        await ingest(pool, source, tmp_path / "staging")


# Damage. Bare DuckDB answers each of these with an error as well; a version that does not is seen here.

Damage = Callable[[bytes], bytes]


def _middle(whole: bytes) -> int:
    return len(whole) // 2


DAMAGES: dict[str, Damage] = {
    "empty": lambda _: b"",
    "text": lambda _: b"a,b\n1,2\n",
    "cut": lambda whole: whole[: _middle(whole)],
    "magic only": lambda _: b"PAR1PAR1",
    "huge footer": lambda whole: whole[:-8] + b"\xff\xff\xff\x7fPAR1",
    "negative footer": lambda whole: whole[:-8] + b"\xff\xff\xff\xffPAR1",
    "zeroed pages": lambda whole: whole[:4] + bytes(_middle(whole)) + whole[4 + _middle(whole) :],
    "flipped pages": lambda whole: (
        whole[:4] + bytes(byte ^ 0xFF for byte in whole[4 : _middle(whole)]) + whole[_middle(whole) :]
    ),
    "flipped footer": lambda whole: (
        whole[: _middle(whole)] + bytes(byte ^ 0x11 for byte in whole[_middle(whole) : -8]) + whole[-8:]
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
async def test_a_damaged_file_is_an_error_and_no_more(
    name: str, bare: Any, pool: SandboxPool, tmp_path: Path, dataset: Path
) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "data.parquet").write_bytes(DAMAGES[name]((dataset / "data.parquet").read_bytes()))
    sql = "SELECT sum(n), max(name) FROM {table}"
    assert bare.run(sql.format(table=f"read_parquet('{damaged}/data.parquet')"))["error"]

    with pytest.raises((InvalidInput, DependencyFailed, LimitExceeded)):
        await ask_of(pool, damaged, sql.format(table="data"))

    assert await healthy(pool, dataset)
