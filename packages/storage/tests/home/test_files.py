import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sapwood_shared.errors import StorageFull
from sapwood_storage.home.files import atomic_write, private_directory, publishing, remove_abandoned_parts

HALF_WRITTEN = """
import sys, time
from pathlib import Path
from sapwood_storage.home.files import publishing

with publishing(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


def half_written(target: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", HALF_WRITTEN, str(target)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"writing\n"
    return process


def make_old(part: Path) -> None:
    an_hour_ago = time.time() - 3600
    os.utime(part, (an_hour_ago, an_hour_ago))


def test_a_written_file_is_private_and_alone_in_its_directory(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a", b"one")
    atomic_write(tmp_path / "a", b"two")

    assert (tmp_path / "a").read_bytes() == b"two"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_an_error_while_writing_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a", b"old")

    with pytest.raises(TypeError), publishing(tmp_path / "a") as file:
        file.write("text")  # pyright: ignore[reportArgumentType, reportCallIssue] - the mistake under test

    assert (tmp_path / "a").read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_is_named_and_leaves_no_partial_file(small_disk: Path) -> None:
    atomic_write(small_disk / "a", b"old")

    with pytest.raises(StorageFull, match="no space left to write a") as caught:
        atomic_write(small_disk / "a", b"x" * (1 << 20))

    assert caught.value.hint
    assert (small_disk / "a").read_bytes() == b"old"
    assert [entry.name for entry in small_disk.iterdir()] == ["a"]


def test_a_writer_killed_half_way_leaves_the_old_file_and_a_part_that_is_swept(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a", b"old")
    writer = half_written(tmp_path / "a")
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    (part,) = tmp_path.glob(".a.*.part")
    make_old(part)

    assert (tmp_path / "a").read_bytes() == b"old"
    assert remove_abandoned_parts(tmp_path) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_part_that_is_still_being_written_is_never_swept(tmp_path: Path) -> None:
    writer = half_written(tmp_path / "a")
    (part,) = tmp_path.glob(".a.*.part")
    make_old(part)

    try:
        assert remove_abandoned_parts(tmp_path) == 0
        assert part.exists()
    finally:
        writer.kill()
        writer.communicate()


def test_a_young_part_is_left_alone_since_its_writer_may_not_have_locked_it_yet(tmp_path: Path) -> None:
    (tmp_path / ".a.0.part").write_bytes(b"")

    assert remove_abandoned_parts(tmp_path) == 0


def test_each_directory_made_is_private(tmp_path: Path) -> None:
    made = private_directory(tmp_path / "a" / "b")

    assert [path.stat().st_mode & 0o777 for path in (made, made.parent)] == [0o700, 0o700]
