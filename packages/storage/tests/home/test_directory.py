import ctypes
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sapwood_shared.errors import Conflict, InvalidInput, StorageFull
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.home import FORMAT, Home, OwnerLock
from sapwood_storage.home.format import ensure_format

LOCAL = WorkspaceId("local")


def test_a_new_home_is_private_and_has_a_format(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "deep" / "home")

    assert home.root.stat().st_mode & 0o777 == 0o700
    assert (home.root / "FORMAT").read_text() == f"{FORMAT}\n"
    assert Home.open(home.root).root == home.root


def test_every_part_has_its_place(tmp_path: Path) -> None:
    home = Home.open(tmp_path)

    inside = home.workspace(LOCAL)
    paths = [
        home.control_db,
        home.cache_db,
        home.owner_lock,
        inside.records_db,
        inside.blobs,
        inside.datasets,
    ]

    assert [str(path.relative_to(tmp_path)) for path in [*paths, inside.vectors]] == [
        "control.db",
        "cache.db",
        "owner.lock",
        "workspaces/local/records.db",
        "workspaces/local/blobs",
        "workspaces/local/datasets",
        "workspaces/local/vectors",
    ]


def test_workspaces_are_those_that_were_created(tmp_path: Path) -> None:
    home = Home.open(tmp_path)
    assert home.workspaces() == []

    home.workspace(WorkspaceId("ws_2")).create()
    home.workspace(LOCAL).create()

    assert home.workspaces() == ["local", "ws_2"]


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "local\n", ".hidden", "x" * 61, "ws\0"])
def test_a_workspace_id_cannot_name_another_place(tmp_path: Path, name: str) -> None:
    home = Home.open(tmp_path)

    with pytest.raises(InvalidInput, match="is no workspace id"):
        home.workspace(WorkspaceId(name))


def test_a_newer_format_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    (tmp_path / "FORMAT").write_text(f"{FORMAT + 1}\n")

    with pytest.raises(InvalidInput, match="newer Sapwood") as caught:
        Home.open(tmp_path)

    assert "upgrade" in (caught.value.hint or "")
    assert [entry.name for entry in tmp_path.iterdir()] == ["FORMAT"]


@pytest.mark.parametrize("text", [b"", b"one", b"\xff", b"-1"])
def test_a_format_that_is_no_number_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "FORMAT").write_bytes(text)

    with pytest.raises(InvalidInput, match="holds no number"):
        Home.open(tmp_path)


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(InvalidInput, match=r"holds 'thesis\.txt' and no FORMAT"):
        Home.open(tmp_path)


def test_a_first_start_killed_before_its_format_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / "FORMAT.lock").touch()
    (tmp_path / ".FORMAT.0a.part").touch()

    Home.open(tmp_path)

    assert (tmp_path / "FORMAT").exists()


def test_a_file_in_the_place_of_the_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(InvalidInput, match="cannot use"):
        Home.open(tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/proc/home", "No such file or directory"),
        ("n" * 300, "File name too long"),
        ("deep/" * 1_000, "File name too long"),
        ("nul\0inside", "null byte"),
        ("~nosuchuser/home", "home directory"),
        ("dangling", "dangling is a link to .*nowhere, and nothing is there"),
        ("dangling/home", "dangling is a link to .*nowhere, and nothing is there"),
        ("file/home", "Not a directory"),
    ],
    ids=[
        "no place of files",
        "long name",
        "long path",
        "nul",
        "no such user",
        "dangling",
        "below it",
        "in a file",
    ],
)
def test_a_place_where_no_home_can_be_is_refused_with_what_to_do(
    tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").touch()

    with pytest.raises(InvalidInput, match=told) as refused:
        Home.open(Path(name) if name.startswith("~") else tmp_path / name)

    assert "SAPWOOD_HOME" in (refused.value.hint or "")
    assert len(refused.value.message) < 600


def test_a_link_to_an_empty_directory_is_a_home_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")

    Home.open(tmp_path / "link")

    assert (tmp_path / "there" / "FORMAT").exists()


def without_root() -> None:
    """Let permissions hold for root as well, in the process about to start."""
    prctl = ctypes.CDLL(None).prctl
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_a_home_that_may_not_be_written_can_be_looked_at_and_not_used(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from sapwood_storage.home import Home\n"
        f"home = Home.open(Path({str(tmp_path)!r})); print('looked at', flush=True); home.writable()"
    )
    assert Home.open(tmp_path).writable().root == tmp_path
    tmp_path.chmod(0o500)

    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, preexec_fn=without_root
    )

    assert done.stdout == "looked at\n"
    assert "InvalidInput" in done.stderr
    assert "may not be written" in done.stderr


def test_six_processes_may_start_the_same_home_at_once(tmp_path: Path) -> None:
    code = (
        f"from pathlib import Path; from sapwood_storage.home import Home; Home.open(Path({str(tmp_path)!r}))"
    )
    started = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(6)]

    assert [process.wait() for process in started] == [0] * 6
    assert (tmp_path / "FORMAT").read_text() == f"{FORMAT}\n"


def old_home(root: Path) -> None:
    ensure_format(root, current=1)
    (root / "control.db").write_text("rows of format 1")


def rename_rows(root: Path) -> None:
    (root / "control.db").write_text("rows of format 2")


def test_an_older_home_is_copied_and_then_migrated(tmp_path: Path) -> None:
    old_home(tmp_path)

    ensure_format(tmp_path, current=2, migrations={1: rename_rows})

    assert (tmp_path / "FORMAT").read_text() == "2\n"
    assert (tmp_path / "control.db").read_text() == "rows of format 2"
    assert (tmp_path / "backups/format-1/control.db").read_text() == "rows of format 1"
    assert (tmp_path / "backups/format-1/FORMAT").read_text() == "1\n"


def test_a_migration_that_dies_is_run_again_and_the_first_copy_stays(tmp_path: Path) -> None:
    old_home(tmp_path)

    def dies(root: Path) -> None:
        (root / "control.db").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_format(tmp_path, current=2, migrations={1: dies})
    ensure_format(tmp_path, current=2, migrations={1: rename_rows})

    assert (tmp_path / "control.db").read_text() == "rows of format 2"
    assert (tmp_path / "backups/format-1/control.db").read_text() == "rows of format 1"


def test_a_home_that_is_served_is_not_migrated(tmp_path: Path) -> None:
    old_home(tmp_path)
    lock = OwnerLock.acquire(tmp_path / "owner.lock")

    with pytest.raises(Conflict, match="serves"):
        ensure_format(tmp_path, current=2, migrations={1: rename_rows})

    lock.release()
    assert (tmp_path / "control.db").read_text() == "rows of format 1"


def test_no_server_begins_while_a_home_is_migrated_and_one_may_afterwards(tmp_path: Path) -> None:
    old_home(tmp_path)

    def serves(root: Path) -> None:
        with pytest.raises(Conflict, match="already serves"):
            OwnerLock.acquire(root / "owner.lock")
        rename_rows(root)

    ensure_format(tmp_path, current=2, migrations={1: serves})

    assert (tmp_path / "FORMAT").read_text() == "2\n"
    OwnerLock.acquire(tmp_path / "owner.lock").release()


def test_a_disk_too_full_for_the_copy_stops_the_migration(tmp_path: Path) -> None:
    old_home(tmp_path)
    (tmp_path / "control.db").write_bytes(b"x" * (64 << 10))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (32 << 10, limits[1]))
    try:
        with pytest.raises(StorageFull):
            ensure_format(tmp_path, current=2, migrations={1: rename_rows})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert (tmp_path / "FORMAT").read_text() == "1\n"
    assert list((tmp_path / "backups").iterdir()) == []
