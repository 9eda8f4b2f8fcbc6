import subprocess
import sys
from pathlib import Path

import pytest
from tools import benchmarks

ROOT = Path(__file__).parents[2]
HERE = benchmarks.found(ROOT / "benchmarks")


def test_a_benchmark_is_a_file_or_a_directory_that_evaluates() -> None:
    assert HERE["instant"] == ROOT / "benchmarks" / "instant" / "evaluate.py"
    assert HERE["profile_cost"] == ROOT / "benchmarks" / "profile_cost.py"
    assert "make_csv" not in HERE
    assert "figures" not in HERE


def test_names_are_run_in_their_order_and_all_without_one() -> None:
    there = {name: Path(name) for name in ("cache", "instant", "profile_cost")}

    assert benchmarks.plan(["profile_cost", "cache"], there) == [
        (Path("profile_cost"), ()),
        (Path("cache"), ()),
    ]
    assert benchmarks.plan([], there) == [
        (Path("cache"), ()), (Path("instant"), ("test",)), (Path("profile_cost"), ()),
    ]  # fmt: skip


def test_what_follows_a_single_name_is_for_that_benchmark() -> None:
    there = {name: Path(name) for name in ("cache", "instant")}

    assert benchmarks.plan(["instant", "development", "--quick"], there) == [
        (Path("instant"), ("development", "--quick"))
    ]
    with pytest.raises(ValueError, match="no benchmark 'cash'; there are cache, instant"):
        benchmarks.plan(["cash"], there)
    with pytest.raises(ValueError, match="no benchmark 'inst'"):
        benchmarks.plan(["cache", "instant", "inst"], there)


@pytest.mark.parametrize(("name", "told"), [("instant", "development"), ("profile_cost", "megabytes")])
def test_the_session_hands_the_arguments_on(name: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nox", "-s", "bench", "--", name, "--help"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
    assert told in done.stdout
