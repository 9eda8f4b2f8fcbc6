import zipfile
from pathlib import Path

from tools.packages import incomplete


def wheel(folder: Path, *names: str) -> Path:
    path = folder / "thing-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


def test_a_complete_wheel_has_no_complaints(tmp_path: Path) -> None:
    assert incomplete(wheel(tmp_path, "thing/py.typed", "thing-1.dist-info/licenses/LICENSE")) == []


def test_what_is_missing_and_what_should_not_be_there_is_named(tmp_path: Path) -> None:
    complaints = incomplete(wheel(tmp_path, "thing/__init__.py", "tests/test_thing.py"))

    assert [line.partition(".whl ")[2] for line in complaints] == [
        "lacks a py.typed",
        "lacks its licence",
        "holds tests/test_thing.py",
    ]
