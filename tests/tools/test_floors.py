import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools.floors import history_is_cut, lowered
from tools.workspace import Workspace

Read = Callable[[], Workspace]
Edit = Callable[[str, str], None]
WALL = "packages/wall/pyproject.toml"


def set_floor(house: Path, floor: int) -> str:
    return (house / WALL).read_text().replace("coverage-floor = 50", f"coverage-floor = {floor}")


def head(house: Path, revision: str) -> str:
    asked = ["git", "rev-parse", "--short", revision]
    return subprocess.run(asked, cwd=house, check=True, capture_output=True, text=True).stdout.strip()


def test_a_floor_may_rise(read_house: Read, edit: Edit, house: Path) -> None:
    edit(WALL, set_floor(house, 60))

    assert lowered(read_house()) == []


def test_a_lower_floor_is_refused_before_the_commit(read_house: Read, edit: Edit, house: Path) -> None:
    edit(WALL, set_floor(house, 40))

    assert [line.split(",")[0] for line in lowered(read_house())] == [f"{WALL}: coverage-floor is 40"]


def test_a_lower_floor_is_refused_after_the_commit(
    read_house: Read, edit: Edit, house: Path, commit_house: Callable[[], None]
) -> None:
    edit(WALL, set_floor(house, 40))
    commit_house()

    assert lowered(read_house()) == [
        f"{WALL}: coverage-floor is 40, and was 50 in {head(house, 'HEAD^')}: cover the new code instead"
    ]


def test_a_floor_is_held_against_the_highest_that_ever_was(
    read_house: Read, edit: Edit, house: Path, commit_house: Callable[[], None]
) -> None:
    for floor in (70, 60, 55):
        edit(WALL, re.sub(r"coverage-floor = \d+", f"coverage-floor = {floor}", (house / WALL).read_text()))
        commit_house()
    edit("README.md", "# Later\n")
    commit_house()

    assert f"coverage-floor is 55, and was 70 in {head(house, 'HEAD~3')}" in lowered(read_house())[0]


def test_a_manifest_that_was_broken_once_is_read_where_it_was_whole(
    read_house: Read, edit: Edit, house: Path, commit_house: Callable[[], None]
) -> None:
    whole = (house / WALL).read_text()
    edit(WALL, "coverage-floor = 70 <<<<<<<\n")
    commit_house()
    edit(WALL, whole.replace("50", "45"))
    commit_house()

    assert "is 45, and was 50" in lowered(read_house())[0]


def test_a_shallow_clone_is_known_for_one(
    house: Path, tmp_path: Path, commit_house: Callable[[], None]
) -> None:
    (house / "README.md").write_text("# Later\n")
    commit_house()
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{house}", shallow], check=True)

    assert history_is_cut(shallow)
    assert not history_is_cut(house)


def test_a_new_member_has_no_floor_to_keep(read_house: Read, edit: Edit, house: Path) -> None:
    edit(
        "packages/attic/pyproject.toml",
        (house / WALL).read_text().replace("wall", "attic").replace("50", "1"),
    )

    assert lowered(read_house()) == []
