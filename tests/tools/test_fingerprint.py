from collections.abc import Callable
from pathlib import Path

import pytest
from tools.fingerprint import fingerprint
from tools.results import Results
from tools.workspace import Workspace

Read = Callable[[], Workspace]
Edit = Callable[[str, str], None]


def prints(house: Workspace) -> dict[str, str]:
    return {member.name: fingerprint(house, member, "lint") for member in house.members}


def test_the_same_content_has_the_same_fingerprint(read_house: Read) -> None:
    assert prints(read_house()) == prints(read_house())


def test_an_edit_changes_the_member_and_all_that_lean_on_it(read_house: Read, edit: Edit) -> None:
    before = prints(read_house())
    edit("packages/wall/src/house_wall/__init__.py", '"""A higher wall."""\n')

    after = prints(read_house())

    assert {name for name in before if before[name] != after[name]} == {"wall", "roof", "workspace"}


@pytest.mark.parametrize("shared", ["requirements.lock", "noxfile.py", "pyproject.toml", "tools/new.py"])
def test_the_lock_and_the_sessions_change_everyone(
    read_house: Read, edit: Edit, house: Path, shared: str
) -> None:
    before = prints(read_house())
    old = (house / shared).read_text() if (house / shared).exists() else ""
    edit(shared, old + "\n# changed\n")

    after = prints(read_house())

    assert all(before[name] != after[name] for name in before)


@pytest.mark.parametrize("read", ["docs", "docs/answers.md"])
def test_a_file_that_a_member_also_reads_changes_it_and_all_that_lean_on_it(
    read_house: Read, edit: Edit, house: Path, read: str
) -> None:
    manifest = house / "packages/wall/pyproject.toml"
    edit("packages/wall/pyproject.toml", f'{manifest.read_text()}also-reads = ["{read}"]\n')
    edit("docs/answers.md", "# Answers\n")
    edit("docs/answers.md.bak", "")
    before = prints(read_house())
    edit("docs/answers.md", "# Other answers\n")

    after = prints(read_house())

    assert {name for name in before if before[name] != after[name]} == {"wall", "roof", "workspace"}


def test_a_file_moved_without_an_edit_is_a_change(read_house: Read, house: Path) -> None:
    before = prints(read_house())
    tests = house / "packages/shed/tests"
    (tests / "test_shed.py").rename(tests / "test_moved.py")

    assert prints(read_house())["shed"] != before["shed"]


def test_each_session_has_its_own_fingerprint(read_house: Read) -> None:
    house = read_house()
    shed = house.member("shed")

    assert fingerprint(house, shed, "lint") != fingerprint(house, shed, "test")


def test_only_what_passed_on_this_content_is_remembered(tmp_path: Path) -> None:
    results = Results(tmp_path / "cache")
    results.record("lint", "wall", "abc")

    assert results.passed("lint", "wall", "abc")
    assert not results.passed("lint", "wall", "abd")
    assert not results.passed("test", "wall", "abc")
