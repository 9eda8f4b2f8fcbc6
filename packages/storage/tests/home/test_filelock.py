import subprocess
import sys
from pathlib import Path

from sapwood_storage.home import FileLock

HOLDER = """
import sys, time
from pathlib import Path
from sapwood_storage.home import FileLock

lock = FileLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_one_holder_at_a_time_also_within_a_process(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")

    with first:
        assert not second.try_acquire()
    assert second.try_acquire()

    first.close()
    second.close()


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "lock")], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    lock = FileLock(tmp_path / "lock")

    assert not lock.try_acquire()
    holder.kill()
    holder.communicate()
    assert lock.try_acquire()
    lock.close()
