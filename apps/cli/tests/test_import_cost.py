"""What a command must not load: a count of modules, since a clock is never fair."""

import subprocess
import sys
from pathlib import Path

import pytest
from apps.cli.tests.house import FLIGHTS, environment, spawned

HEAVY = {
    *("aiohttp", "alembic", "aiosqlite", "asyncpg", "duckdb", "httpx", "obstore", "pydantic"),
    *("pydantic_settings", "rich", "sqlalchemy", "sqlglot", "structlog", "vl_convert", "xlsxwriter"),
}
LISTED = "LOADED: "


def loaded_by(home: Path, *arguments: str) -> set[str]:
    """The top-level modules that were loaded when the command ended."""
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print({LISTED!r} + ' '.join(sys.modules), file=sys.stderr))\n"
        f"sys.argv = ['sapwood', *{list(arguments)!r}]\n"
        "from sapwood_cli.main import main\n"
        "main()"
    )
    # A measured run would load what measures it.
    env = {name: value for name, value in environment(home).items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if line.startswith(LISTED))
    return set(line.removeprefix(LISTED).split())


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["as text", "as JSON"])
def test_a_cached_answer_loads_the_standard_library_and_typer_only(home: Path, more: tuple[str, ...]) -> None:
    asked = ("ask", FLIGHTS, "shortest distance", *more)
    assert spawned(home, *asked).code == 0

    loaded = loaded_by(home, *asked)

    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert "asyncio" not in loaded
    outside = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    ours = {name for name in outside if name.startswith("sapwood")}
    assert outside - ours <= {"typer", "annotated_doc", "shellingham", "__main__", "_distutils_hack"} | {
        name for name in outside if name.startswith(("_", "a1_", "coverage"))
    }


def test_help_loads_no_command(home: Path) -> None:
    loaded = loaded_by(home, "--help")

    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    ours = {name for name in loaded if name.startswith("sapwood_cli.")}
    surface = {"sapwood_cli.workflows", "sapwood_cli.workflows.commands"}
    assert ours == {"sapwood_cli.main", "sapwood_cli.reading", *surface}
    assert {"asyncio", "sqlite3", "sapwood_storage"}.isdisjoint(loaded)


def test_a_question_in_a_new_home_is_recorded_without_sqlalchemy(tmp_path: Path) -> None:
    loaded = loaded_by(tmp_path / "home", "ask", FLIGHTS, "shortest distance")

    assert "sqlalchemy" not in loaded
    assert (tmp_path / "home" / "workspaces" / "local" / "records.db").exists()


@pytest.mark.parametrize("command", ["profile", "clean", "columns"])
def test_what_asks_no_question_loads_no_grammar_and_no_sqlalchemy(home: Path, command: str) -> None:
    assert {"sqlglot", "sqlalchemy"}.isdisjoint(loaded_by(home, command, FLIGHTS))


def test_data_du_opens_no_engine(home: Path) -> None:
    loaded = loaded_by(home, "data", "du")

    assert {"duckdb", "sqlalchemy", "alembic", "vl_convert"}.isdisjoint(loaded)
