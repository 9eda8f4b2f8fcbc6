from collections.abc import Callable
from pathlib import Path

import pytest
from tools.workspace import Workspace

Read = Callable[[], Workspace]


def names(members: tuple[object, ...]) -> list[str]:
    return [getattr(member, "name") for member in members]  # noqa: B009  (members of any kind)


def test_what_is_leaned_on_comes_first_and_the_root_last(read_house: Read) -> None:
    order = names(read_house().members)

    assert order.index("ground") < order.index("wall") < order.index("roof")
    assert order[-1] == "workspace"


def test_a_member_leans_on_what_its_dependencies_lean_on(read_house: Read) -> None:
    house = read_house()

    assert names(house.below(house.member("roof"))) == ["ground", "wall"]
    assert names(house.below(house.member("shed"))) == []


def test_whoever_leans_on_a_member_is_above_it(read_house: Read) -> None:
    house = read_house()

    assert set(names(house.above(house.member("ground")))) == {"wall", "roof", "workspace"}


def test_an_arrow_may_stand_in_an_extra(read_house: Read, house: Path) -> None:
    manifest = house / "packages/shed/pyproject.toml"
    manifest.write_text(
        manifest.read_text().replace(
            "[build-system]", '[project.optional-dependencies]\nwalls = ["house-wall"]\n\n[build-system]'
        )
    )

    shed = read_house().member("shed")

    assert names(read_house().below(shed)) == ["ground", "wall"]
    assert shed.requirement == "packages/shed[walls]"


def test_a_file_belongs_to_the_member_whose_folder_holds_it(read_house: Read) -> None:
    house = read_house()

    assert house.owner("packages/wall/src/house_wall/__init__.py").name == "wall"
    assert house.owner("README.md").name == "workspace"
    assert house.owner("packages/wallpaper.md").name == "workspace"


def test_files_that_git_ignores_belong_to_nobody(read_house: Read, house: Path) -> None:
    (house / ".nox").mkdir()
    (house / ".nox" / "made").write_text("")
    (house / "packages/wall/new.py").write_text("")

    files = read_house().files

    assert "packages/wall/new.py" in files
    assert ".nox/made" not in files


def test_a_member_that_does_not_exist_is_refused_with_the_names_of_those_that_do(read_house: Read) -> None:
    with pytest.raises(ValueError, match=r"there are .*ground"):
        read_house().member("cellar")
