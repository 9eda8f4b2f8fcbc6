import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sapwood_shared.errors import Conflict
from sapwood_storage.home import Owner, OwnerLock, current_owner

SERVER = """
import sys, time
from pathlib import Path
from sapwood_storage.home import OwnerLock

lock = OwnerLock.acquire(Path(sys.argv[1]))
lock.announce("127.0.0.1:8000", "secret")
print("serving", flush=True)
time.sleep(60)
"""


def test_nobody_owns_a_new_home(tmp_path: Path) -> None:
    assert current_owner(tmp_path / "owner.lock") is None
    assert not (tmp_path / "owner.lock").exists()


def test_a_server_is_found_while_it_lives_and_its_stale_file_blocks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "owner.lock"
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(path)], stdout=subprocess.PIPE)
    assert server.stdout
    server.stdout.readline()

    assert current_owner(path) == Owner(server.pid, "127.0.0.1:8000", "secret")
    with pytest.raises(Conflict, match=f"process {server.pid} already serves .* at 127"):
        OwnerLock.acquire(path)

    server.send_signal(signal.SIGKILL)
    server.communicate()
    assert b"secret" in path.read_bytes()
    assert current_owner(path) is None
    OwnerLock.acquire(path).release()


def test_a_released_lock_leaves_no_token(tmp_path: Path) -> None:
    lock = OwnerLock.acquire(tmp_path / "owner.lock")
    lock.announce("127.0.0.1:8000", "secret")
    lock.release()
    lock.release()

    assert (tmp_path / "owner.lock").read_bytes() == b""
    with pytest.raises(Conflict, match="released"):
        lock.announce("127.0.0.1:8000", "secret")


def test_the_token_is_for_this_user_alone(tmp_path: Path) -> None:
    lock = OwnerLock.acquire(tmp_path / "owner.lock")

    assert (tmp_path / "owner.lock").stat().st_mode & 0o777 == 0o600
    lock.release()


def test_those_who_only_look_never_keep_a_server_from_starting(tmp_path: Path) -> None:
    path = tmp_path / "owner.lock"
    path.touch()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            current_owner(path)

    watchers = [threading.Thread(target=look) for _ in range(4)]
    for watcher in watchers:
        watcher.start()
    try:
        for _ in range(20):
            OwnerLock.acquire(path).release()
    finally:
        done.set()
        for watcher in watchers:
            watcher.join()
