"""What goes wrong has a message, an exit code, and with --json one object."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import COMMAND, FLIGHTS, Ended, environment, spawned, without_root

import sapwood_cli.doctor


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "--json"),
        ("ask", FLIGHTS, "--json"),
        ("ask", FLIGHTS, "how many flights", "--no-such-option", "--json"),
        ("ask", FLIGHTS, "how many flights", "and", "more", "--json"),
        ("nosuchcommand", "--json"),
        ("--json",),
        ("data", "--json"),
        ("data", "nosuchcommand", "--json"),
        ("data", "prune", "--keep-gb", "-1", "--json"),
        ("data", "prune", "--keep-gb", "lots", "--json"),
        ("data", "prune", "--keep-gb", "nan", "--json"),
        ("data", "prune", "--keep-gb", "inf", "--json"),
        ("clean", FLIGHTS, "--recipe", "", "--json"),
        ("sql", FLIGHTS, "--json"),
        ("columns", "--json"),
        ("doctor", "extra", "--json"),
        ("ask", FLIGHTS, "how many flights", "--types", "dep_delay=money", "--json"),
        ("ask", FLIGHTS, "how many flights", "--delimiter", "::", "--json"),
        ("ask", FLIGHTS, "how many flights", "--encoding", "klingon", "--json"),
        ("ask", FLIGHTS, "how many flights", "--out", "rows.txt", "--json"),
        ("ask", FLIGHTS, "how many flights", "--out", "/no/such/place/rows.csv", "--json"),
        ("ask", FLIGHTS, "flights by weekday", "--chart", "chart.bmp", "--json"),
        ("ask", "", "how many rows", "--json"),
        ("ask", FLIGHTS, "how many flights", "--chart", "chart", "--json"),
        ("sql", FLIGHTS, "", "--json"),
        ("sql", FLIGHTS, "SELECT nocolumn FROM data", "--json"),
        ("sql", FLIGHTS, "SELECT 1; SELECT 2", "--json"),
        ("sql", FLIGHTS, "DROP TABLE data", "--json"),
        ("sql", FLIGHTS, "SELECT * FROM read_csv('/etc/passwd')", "--json"),
        ("sql", FLIGHTS, "SELECT 1", "--out", "rows", "--json"),
        *(
            (command, file, *more, "--json")
            for command, more in (("ask", ("how many rows",)), ("sql", ("SELECT 1",)), ("columns", ()))
            for file in ("nosuchfile.csv", "/tmp", "/dev/null", f"{FLIGHTS}/inside")
        ),
    ],
    ids=" ".join,
)
def test_bad_input_ends_with_2_and_one_object(
    sapwood: Sapwood, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    said = sapwood(*arguments)

    assert said.code == 2
    error = said.json("error")["error"]
    assert error["hint"]
    assert list(tmp_path.iterdir()) == []


def test_another_table_in_sql_is_told_the_name_of_the_only_one(sapwood: Sapwood) -> None:
    said = sapwood("sql", FLIGHTS, "SELECT count(*) FROM flights")

    assert (said.code, said.out) == (2, "")
    assert "Table with name flights does not exist" in said.err
    assert "called data" in said.err
    assert "pg_" not in said.err


def test_a_failure_is_told_on_stderr_with_what_to_do(sapwood: Sapwood) -> None:
    said = sapwood("ask", "nosuchfile.csv", "how many rows")

    assert (said.code, said.out) == (2, "")
    assert said.err == "sapwood: there is no file nosuchfile.csv\n  check the path\n"


def test_no_command_at_all_shows_the_help(sapwood: Sapwood) -> None:
    for arguments in ((), ("data",)):
        said = sapwood(*arguments)

        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("Usage: sapwood")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 100, ""),
        (b"PAR1 and then nothing", ""),
        (b"a,b\n", "no records"),
    ],
    ids=["nothing", "noise", "half a Parquet file", "only a header"],
)
def test_a_file_that_is_no_table_is_bad_input(
    sapwood: Sapwood, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)

    said = sapwood("columns", str(file), "--json")

    if said.code == 2:
        assert words in said.json("error")["error"]["message"]
    else:
        assert content.startswith(b"\x00"), said
        said.json("columns")


def test_an_empty_stdin_is_bad_input(home: Path) -> None:
    said = spawned(home, "ask", "-", "how many rows", "--json")

    assert said.code == 2
    assert "empty" in said.json("error")["error"]["message"]


def test_a_wrong_setting_is_named(home: Path) -> None:
    said = spawned(home, "ask", FLIGHTS, "how many flights", "--json", env={"SAPWOOD_MEMORY_MB": "lots"})

    assert said.code == 2
    assert "SAPWOOD_MEMORY_MB" in said.json("error")["error"]["message"]


def test_a_file_that_may_not_be_read_is_bad_input(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    secret.chmod(0)

    said = spawned(home, "ask", str(secret), "how many rows", "--json", preexec_fn=without_root)

    assert said.code == 2
    assert "cannot be read" in said.json("error")["error"]["message"]


def test_a_place_that_may_not_be_written_is_bad_input(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    home = spawned(closed / "home", "ask", FLIGHTS, "how many flights", "--json", preexec_fn=without_root)
    out = spawned(
        tmp_path / "home", "ask", FLIGHTS, "how many flights", "--json", "--out", str(closed / "x.csv"),
        preexec_fn=without_root,
    )  # fmt: skip

    assert (home.code, out.code) == (2, 2)
    assert "SAPWOOD_HOME" in home.json("error")["error"]["hint"]
    assert "cannot be written" in out.json("error")["error"]["message"]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A directory on a disk with room for almost nothing."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_told_and_keeps_nothing(full_disk: Path) -> None:
    said = spawned(full_disk / "home", "ask", FLIGHTS, "how many flights", "--json")

    assert said.code == 4
    error = said.json("error")["error"]
    assert error["code"] == "storage_full"
    assert error["hint"]
    left = [path for path in full_disk.rglob("*") if path.is_file() and "datasets" in path.parts]
    assert left == []


def test_a_full_disk_under_the_rows_file_is_told_and_keeps_nothing(sapwood: Sapwood, full_disk: Path) -> None:
    for ending in ("csv", "xlsx", "json"):
        said = sapwood(
            "sql", FLIGHTS, "SELECT * FROM data", "--json", "--out", str(full_disk / f"x.{ending}")
        )

        assert (said.code, said.json("error")["error"]["code"]) == (4, "storage_full"), ending
        assert list(full_disk.iterdir()) == []


def test_a_bug_is_told_as_one(sapwood: Sapwood, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, as_json: bool) -> int:
        raise RuntimeError("a wire came loose")

    monkeypatch.setattr(sapwood_cli.doctor, "run", broken)

    said = sapwood("doctor", "--json")

    assert said.code == 4
    assert said.json("error")["error"]["code"] == "internal"
    assert "a wire came loose" in said.err
    assert "Traceback" in said.err


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that takes some seconds to read."""
    file = tmp_path / "large.csv"
    with file.open("w") as out:
        out.write("a,b,c\n")
        line = "".join(f"{number},{number * 7},word {number % 1000}\n" for number in range(10_000))
        for _ in range(150):
            out.write(line)
    return file


def interrupted(home: Path, *arguments: str, when: Callable[[], bool], env: dict[str, str]) -> Ended:
    running = subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment(home, env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        while not when() and running.poll() is None:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    return Ended(running.returncode, out.decode(), err.decode())


def test_an_interrupt_ends_with_130_and_leaves_nothing_behind(tmp_path: Path, large: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    scratch.mkdir()
    staging = home / "workspaces/local/datasets/.staging"

    def reading() -> bool:
        return any(staging.glob("*/made/*"))

    said = interrupted(
        home, "ask", str(large), "how many rows", "--json", when=reading, env={"TMPDIR": str(scratch)}
    )

    assert said.code == 130
    assert said.json("error")["error"]["code"] == "cancelled"
    assert list(staging.iterdir()) == []
    assert list(staging.parent.glob("dv_*")) == []
    assert list(scratch.iterdir()) == []
    mine = [pid for pid in os.listdir("/proc") if pid.isdigit() and uses(pid, str(home))]  # noqa: PTH208
    assert mine == []


def uses(pid: str, home: str) -> bool:
    try:
        return home in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def test_a_reader_that_leaves_early_is_no_failure(home: Path) -> None:
    command = f"'{COMMAND[0]}' -m sapwood_cli.main sql '{FLIGHTS}' 'SELECT * FROM data'"
    script = f"{command} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], env=environment(home), capture_output=True, check=True, text=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "0"
    assert re.match(r"year +month", done.stdout)
    assert done.stderr == ""


def test_a_closed_stdout_is_no_traceback(home: Path) -> None:
    script = f"'{COMMAND[0]}' -m sapwood_cli.main ask '{FLIGHTS}' 'how many flights' >&-; echo $?"
    done = subprocess.run(
        ["bash", "-c", script], env=environment(home), capture_output=True, check=True, text=True, timeout=60
    )

    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_a_full_disk_under_stdout_is_told(home: Path, more: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "ask", FLIGHTS, "how many flights", *more],
            env=environment(home), stdout=full, stderr=subprocess.PIPE, check=False, text=True, timeout=60,
        )  # fmt: skip

    assert done.returncode == 4
    assert done.stderr == "sapwood: standard output cannot be written: No space left on device\n"
