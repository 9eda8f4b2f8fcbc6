from collections.abc import Callable
from pathlib import Path

from tools.floors import lowered
from tools.workspace import Workspace

Read = Callable[[], Workspace]
Edit = Callable[[str, str], None]
WALL = "packages/wall/pyproject.toml"


def set_floor(house: Path, floor: int) -> str:
    return (house / WALL).read_text().replace("coverage-floor = 50", f"coverage-floor = {floor}")


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

    assert "was 50 at HEAD^" in lowered(read_house())[0]


def test_a_new_member_has_no_floor_to_keep(read_house: Read, edit: Edit, house: Path) -> None:
    edit(
        "packages/attic/pyproject.toml",
        (house / WALL).read_text().replace("wall", "attic").replace("50", "1"),
    )

    assert lowered(read_house()) == []
