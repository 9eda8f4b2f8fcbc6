"""Code of strangers: bare DuckDB fetches and loads it; a worker does not, even without some layers."""

import contextlib
import http.server
import shutil
import threading
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, ClassVar

import _duckdb
import pytest
import zstandard.backend_c

from sapwood_shared.errors import DependencyFailed, Forbidden, InvalidInput
from sapwood_storage.tabular.model import ResultTable

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="module")]

Ask = Callable[..., Awaitable[ResultTable]]
UNSIGNED = {"allow_unsigned_extensions": "true"}
REPOSITORIES = [
    "SET custom_extension_repository = '{repository}'",
    "SET autoinstall_extension_repository = '{repository}'",
]

FETCHES = [
    "INSTALL httpfs",
    "FORCE INSTALL httpfs",
    "INSTALL httpfs FROM '{repository}'",
    "INSTALL '{repository}/stranger.duckdb_extension'",
    "SELECT * FROM read_csv('{repository}/x.csv')",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "ATTACH '{repository}/x.db' AS other",
]

COPIES = ["INSTALL '{extension}'", "FORCE INSTALL '{extension}'"]

LOADS = ["LOAD '{extension}'", "LOAD '/proc/self/root{extension}'"]


class _Repository(http.server.BaseHTTPRequestHandler):
    """Has nothing, and remembers what was wanted."""

    wanted: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.wanted.append(self.path)
        self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it
        """Say nothing on stderr."""


@pytest.fixture(scope="module")
def repository() -> Generator[str]:
    """An extension repository on the loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Repository) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        serving.join()


@pytest.fixture
def wanted(repository: str) -> list[str]:
    """What was asked of the repository since the test began."""
    _Repository.wanted.clear()
    return _Repository.wanted


@pytest.fixture(scope="module")
def extension(open_directory: Path) -> Path:
    """Native code that DuckDB maps before it finds that nobody wrote it for DuckDB."""
    path = open_directory / "stranger.duckdb_extension"
    with _duckdb.connect(":memory:") as connection:
        version, platform = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]  # pyright: ignore[reportOptionalSubscript]  # always a row
            for name in ("version", "platform")
        )
    fields = ("", "", "", "CPP", "1.0", version, platform, "4")
    shutil.copy(zstandard.backend_c.__file__, path)
    with path.open("ab") as file:
        file.write(b"".join(field.encode().ljust(32, b"\0") for field in fields) + bytes(256))
    path.chmod(0o755)
    return path


async def refused(ask: Ask, sql: str) -> None:
    with pytest.raises((Forbidden, InvalidInput, DependencyFailed)):
        await ask(sql)


@pytest.mark.parametrize("sql", FETCHES)
async def test_what_bare_duckdb_fetches_is_not_fetched(
    sql: str, bare: Any, ask_again: Ask, repository: str, wanted: list[str]
) -> None:
    settings = [setting.format(repository=repository) for setting in REPOSITORIES]
    bare.run(*settings, sql.format(repository=repository))
    assert wanted
    wanted.clear()

    await refused(ask_again, sql.format(repository=repository))

    assert not wanted


@pytest.mark.parametrize("sql", FETCHES)
async def test_nothing_is_fetched_without_the_gate_and_without_duckdbs_locks(
    sql: str, ask_within: Ask, repository: str, wanted: list[str]
) -> None:
    for setting in REPOSITORIES:
        with contextlib.suppress(Forbidden, InvalidInput):  # where DuckDB's locks are not taken away
            await ask_within(setting.format(repository=repository))

    await refused(ask_within, sql.format(repository=repository))

    assert not wanted


@pytest.mark.parametrize("sql", COPIES)
async def test_an_extension_that_bare_duckdb_installs_is_not_installed(
    sql: str, bare: Any, ask_again: Ask, extension: Path
) -> None:
    sql = sql.format(extension=extension)
    assert bare.run(sql, **UNSIGNED)["error"] is None
    (installed,) = bare.home.rglob("*.duckdb_extension")
    installed.unlink()

    await refused(ask_again, sql)

    assert not list(bare.home.rglob("*.duckdb_extension"))


@pytest.mark.parametrize("sql", LOADS)
async def test_an_extension_that_bare_duckdb_maps_is_not_loaded(
    sql: str, bare: Any, ask_again: Ask, extension: Path
) -> None:
    sql = sql.format(extension=extension)
    found = bare.run(sql, **UNSIGNED)
    assert [Path(path).name for path in found["foreign_code"]] == [extension.name]

    await refused(ask_again, sql)


async def test_an_installed_extension_is_not_loaded_by_its_name(
    bare: Any, ask_again: Ask, extension: Path
) -> None:
    found = bare.run(f"INSTALL '{extension}'", "LOAD stranger", **UNSIGNED)
    assert len(found["foreign_code"]) == 1

    await refused(ask_again, "LOAD stranger")


@pytest.mark.parametrize("sql", COPIES + LOADS)
async def test_no_extension_is_touched_without_the_gate_and_without_duckdbs_locks(
    sql: str, ask_within: Ask, extension: Path
) -> None:
    with pytest.raises((Forbidden, InvalidInput)) as refusal:
        await ask_within(sql.format(extension=extension))

    assert "entrypoint" not in refusal.value.message  # which it looks for in code that it has mapped
