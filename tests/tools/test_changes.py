from collections.abc import Callable
from pathlib import Path

import pytest
from tools.changes import affected
from tools.workspace import Workspace

Read = Callable[[], Workspace]
Edit = Callable[[str, str], None]
EVERYONE = {"ground", "wall", "shed", "roof", "workspace"}


def touched(house: Workspace, base: str = "main") -> set[str]:
    return {member.name for member in affected(house, base)}


def test_nothing_changed_affects_nobody(read_house: Read) -> None:
    assert touched(read_house()) == set()


def test_an_edit_affects_the_member_and_all_that_lean_on_it(read_house: Read, edit: Edit) -> None:
    edit("packages/ground/src/house_ground/__init__.py", '"""Firm ground."""\n')

    assert touched(read_house()) == EVERYONE - {"shed"}


def test_a_new_file_that_git_does_not_know_yet_counts(read_house: Read, edit: Edit) -> None:
    edit("packages/shed/src/house_shed/door.py", "")

    assert touched(read_house()) == {"shed", "workspace"}


def test_a_document_of_the_root_affects_only_the_root(read_house: Read, edit: Edit) -> None:
    edit("README.md", "# The house\n")

    assert touched(read_house()) == {"workspace"}


def test_a_document_that_a_member_reads_affects_it_too(
    read_house: Read, edit: Edit, house: Path, commit_house: Callable[[], None]
) -> None:
    manifest = house / "packages/wall/pyproject.toml"
    edit("packages/wall/pyproject.toml", f'{manifest.read_text()}also-reads = ["README.md"]\n')
    commit_house()
    edit("README.md", "# The house\n")

    assert touched(read_house()) == {"wall", "roof", "workspace"}


def test_the_lock_affects_everyone(read_house: Read, edit: Edit) -> None:
    edit("requirements.lock", "# other\n")

    assert touched(read_house()) == EVERYONE


def test_what_is_committed_since_the_base_counts(
    read_house: Read, edit: Edit, commit_house: Callable[[], None]
) -> None:
    edit("apps/roof/src/house_roof/__init__.py", '"""Tiles."""\n')
    commit_house()

    assert touched(read_house(), "HEAD~1") == {"roof", "workspace"}
    assert touched(read_house(), "HEAD") == set()


def test_an_unknown_base_is_refused(read_house: Read) -> None:
    with pytest.raises(ValueError, match="merge-base nowhere HEAD failed"):
        affected(read_house(), "nowhere")
