import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.testing import AT_ONCE, plan, total
from tools.workspace import Workspace

TESTS = """
import pytest
def test_good(): pass
def test_better(): pass
def test_bad(): assert False
@pytest.mark.skip
def test_lazy(): pass
"""


def report_of(folder: Path, name: str, tests: str) -> Path:
    (folder / f"test_{name}.py").write_text(tests)
    report = folder / f"{name}.xml"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"test_{name}.py", f"--junitxml={report}", "-c", "/dev/null"],
        cwd=folder,
        check=False,
        capture_output=True,
    )
    return report


def test_several_reports_add_up_to_one_line_in_pytests_form(tmp_path: Path) -> None:
    reports = [report_of(tmp_path, "one", TESTS), report_of(tmp_path, "two", "def test_fine(): pass")]

    line = total(reports)

    assert line.startswith("=")
    assert " 1 failed, 3 passed, 1 skipped in " in line


def test_a_run_that_left_no_report_is_an_error(tmp_path: Path) -> None:
    assert " 1 errors in " in total([tmp_path / "never-written.xml"])


def test_no_reports_are_no_tests() -> None:
    assert "no tests ran" in total([])


def test_a_full_run_is_measured_against_the_members_floor(read_house: Callable[[], Workspace]) -> None:
    house = read_house()

    measured = plan(house, house.member("wall"))
    chosen = plan(house, house.member("wall"), measured=False, rest=("-k", "x"))

    assert {"--cov=house_wall", "--cov-fail-under=50"} <= set(measured.arguments)
    assert not any("--cov" in argument for argument in chosen.arguments)


def test_all_tests_run_several_at_once_and_chosen_ones_as_they_are_asked_for(
    read_house: Callable[[], Workspace],
) -> None:
    house = read_house()

    everything = plan(house, house.member("wall"))
    chosen = plan(house, house.member("wall"), measured=False, rest=("--pdb",))

    assert set(AT_ONCE) <= set(everything.arguments)
    assert not set(AT_ONCE) & set(chosen.arguments)
