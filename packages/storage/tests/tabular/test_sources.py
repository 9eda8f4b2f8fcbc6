"""What is no source, and what a worker answers that is no report, is refused."""

import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packages.storage.tests.tabular.house import (
    FakeSandbox,
    _report,
    left_behind,
    put,
    restrict,
    work,
)

from sapwood_shared.errors import Conflict, DependencyFailed, InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.tabular.datasets import Datasets
from sapwood_storage.tabular.model import ReaderOptions

LOCAL = WorkspaceId("local")


PLAIN = ReaderOptions()


async def test_a_file_that_changes_while_it_is_read_is_a_conflict(source: Path, tmp_path: Path) -> None:
    def grow(_: Path | None, __: Path) -> None:
        with source.open("a") as file:
            file.write("east,3\n")

    datasets = Datasets(tmp_path / "home", FakeSandbox(grow))

    with pytest.raises(Conflict, match="changed while it was read"):
        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert left_behind(tmp_path / "home") == [".staging"]


def nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (nothing, "there is no file"),
        (Path.mkdir, "is a directory"),
        (Path.touch, "is empty"),
        (os.mkfifo, "not a regular file"),
    ],
)
async def test_what_is_no_readable_file_is_refused_with_a_hint(
    make: Callable[[Path], object], message: str, tmp_path: Path
) -> None:
    sandbox = FakeSandbox()
    make(tmp_path / "x")

    with pytest.raises(InvalidInput, match=message) as caught:
        await Datasets(tmp_path / "home", sandbox).ingest(LOCAL, tmp_path / "x", PLAIN, work())

    assert caught.value.hint
    assert sandbox.asked == 0


async def test_a_file_that_may_not_be_read_is_refused_with_a_hint(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as afterwards:
        source = Path(directory) / "secret.csv"
        put(source, "a\n1\n")
        restrict(source, 0)
        restrict(source.parent, 0o755)
        if os.geteuid() == 0:  # root may read every file: be somebody else for as long as this takes
            afterwards.callback(os.seteuid, 0)
            os.seteuid(65_534)

        with pytest.raises(InvalidInput, match="cannot be read"):
            await Datasets(tmp_path / "home", FakeSandbox()).ingest(LOCAL, source, PLAIN, work())


async def test_an_empty_pipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="input is empty"):
        await Datasets(tmp_path / "home", FakeSandbox()).ingest(LOCAL, io.BytesIO(), PLAIN, work())


@pytest.mark.parametrize(
    "answer",
    [
        {"columns": []},
        {**_report(), "records": 2},
        {**_report(), "rows": -1, "records": -1},
        {**_report(), "columns": [{"name": "a", "type": "colour"}]},
        {**_report(), "null_tokens": {"a": {"NA": "many"}}},
    ],
)
async def test_an_answer_that_is_no_report_is_not_believed(
    answer: dict[str, Any], source: Path, tmp_path: Path
) -> None:
    def lie(_: Path | None, __: Path) -> dict[str, Any]:
        return answer

    datasets = Datasets(tmp_path / "home", FakeSandbox(lie))

    with pytest.raises(DependencyFailed, match="cannot be used"):
        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert left_behind(tmp_path / "home") == [".staging"]


async def test_a_link_in_place_of_the_data_is_not_followed(source: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")

    def plant(_: Path | None, staging: Path) -> None:
        (staging / "data.parquet").unlink()
        (staging / "data.parquet").symlink_to(secret)

    datasets = Datasets(tmp_path / "home", FakeSandbox(plant))

    with pytest.raises((InvalidInput, OSError)):
        await datasets.ingest(LOCAL, source, PLAIN, work())

    assert left_behind(tmp_path / "home") == [".staging"]
