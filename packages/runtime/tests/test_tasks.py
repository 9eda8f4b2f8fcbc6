"""The analyst's tasks on real files, through the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sapwood_runtime.engine import Engine, open_engine
from sapwood_runtime.settings import Settings, load
from sapwood_shared.errors import Cancelled, DependencyFailed, Forbidden, InvalidInput, NotFound
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_workflows.spec.reading import read_file, read_workflow

MINE = WorkspaceId("mine")
EXAMPLES = Path(__file__).parents[3] / "examples"
RENTS = "unit,rent,since,floor\n" + "".join(
    f"u{n},{700 + n},2024-01-{n % 28 + 1:02},{n % 4}\n" for n in range(200)
)
DEARER = "unit,rent,since,lift\n" + "".join(
    f"u{n},{'' if n % 5 == 0 else 900 + n},2024-03-{n % 28 + 1:02},{'yes' if n % 3 else 'no'}\n"
    for n in range(200)
)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    async with open_engine(Settings(home=tmp_path / "home"), workspaces=[MINE]) as opened:
        yield opened


@pytest.fixture
def rents(tmp_path: Path) -> str:
    (tmp_path / "rents.csv").write_text(RENTS)
    return str(tmp_path / "rents.csv")


async def _do(engine: Engine, task: str, **given: Any) -> Any:
    found = engine.tasks.get(task)
    return await found(MINE, found.takes.model_validate(given), DetachedWork())


async def test_a_file_is_read_profiled_and_asked_by_what_a_step_before_gave(
    engine: Engine, rents: str
) -> None:
    read = await _do(engine, "analyst.ingest", file=rents)
    looked = await _do(engine, "analyst.profile", dataset=read.dataset)
    answer = await _do(engine, "analyst.ask", dataset=read.dataset, question="mean floor")
    declined = await _do(engine, "analyst.ask", dataset=read.dataset, question="who owns the moon")

    assert (read.rows, [column.name for column in read.columns]) == (200, ["unit", "rent", "since", "floor"])
    assert looked.profile["rows"] == 200
    assert "unit" in looked.keys
    assert (answer.answered, answer.value) == (True, 1.5)
    assert (declined.answered, declined.whole["reason"]["code"]) == (False, "unplaced")


async def test_what_is_cleaned_counts_for_who_asked_and_not_for_the_file(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "names.csv").write_text("name,n\n" + "".join(f" a{n % 7} ,{n}\n" for n in range(50)))
    file = str(tmp_path / "names.csv")

    cleaned = await _do(engine, "analyst.clean", file=file)
    again = await _do(engine, "analyst.ingest", file=file)

    assert cleaned.changed
    assert cleaned.steps >= 1
    assert again.dataset != cleaned.dataset
    assert (await _do(engine, "analyst.ask", dataset=cleaned.dataset, question="how many rows")).value == 50


async def test_drift_is_told_column_by_column(engine: Engine, rents: str, tmp_path: Path) -> None:
    (tmp_path / "dearer.csv").write_text(DEARER)
    found = await _do(
        engine, "analyst.drift", left={"file": rents}, right={"file": str(tmp_path / "dearer.csv")}
    )
    same = await _do(engine, "analyst.drift", left={"file": rents}, right={"file": rents})

    by_name = {column.name: column for column in found.columns}
    assert found.drifted
    assert (found.added, found.removed) == (("lift",), ("floor",))
    assert by_name["rent"].psi > 0.25
    assert by_name["rent"].right_nulls == pytest.approx(0.2)
    assert by_name["since"].ks == pytest.approx(1.0)
    assert by_name["unit"].drifted is False
    assert (same.drifted, same.summary) == (False, "no drift in 4 columns")
    assert all(not column.psi for column in same.columns)


async def test_a_report_is_a_page_and_a_few_lines(engine: Engine, rents: str, tmp_path: Path) -> None:
    (tmp_path / "dearer.csv").write_text(DEARER.replace("u1,", "<script>,"))
    found = await _do(
        engine, "analyst.drift", left={"file": rents}, right={"file": str(tmp_path / "dearer.csv")}
    )

    report = await _do(engine, "analyst.report", drift=found, file=str(tmp_path / "page.html"))

    page = (tmp_path / "page.html").read_text()
    assert report.drifted
    assert "- `rent`: " in report.text
    assert "<svg" in page
    assert "<script>" not in page
    with pytest.raises(InvalidInput, match="is no page"):
        await _do(engine, "analyst.report", drift=found, file=str(tmp_path / "page.exe"))
    with pytest.raises(InvalidInput, match="cannot be written"):
        await _do(engine, "analyst.report", drift=found, file=str(tmp_path / "no" / "page.html"))


async def test_what_is_not_there_or_not_one_thing_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        await _do(engine, "analyst.ingest", file=str(tmp_path / "none.csv"))
    with pytest.raises(NotFound):
        await _do(engine, "analyst.ingest", dataset="dv_" + "0" * 40)
    with pytest.raises(ValidationError, match="give one of file and dataset"):
        await _do(engine, "analyst.ingest")


async def test_cancelled_work_ends(engine: Engine, rents: str) -> None:
    work = DetachedWork()
    work.cancel()
    found = engine.tasks.get("analyst.drift")

    with pytest.raises(Cancelled):
        await found(
            MINE, found.takes.model_validate({"left": {"file": rents}, "right": {"file": rents}}), work
        )


async def test_only_files_in_named_directories_are_read(tmp_path: Path, rents: str) -> None:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "in.csv").write_text(RENTS)
    (allowed / "out.csv").symlink_to(rents)
    settings = Settings(home=tmp_path / "home", files=(allowed,))
    async with open_engine(settings, workspaces=[MINE]) as engine:
        assert (await _do(engine, "analyst.ingest", file=str(allowed / "in.csv"))).rows == 200
        for outside in (rents, str(allowed / ".." / "rents.csv"), str(allowed / "out.csv")):
            with pytest.raises(Forbidden) as caught:
                await _do(engine, "analyst.ingest", file=outside)
            assert "SAPWOOD_FILES" in (caught.value.hint or "")


async def test_the_engine_does_an_example_from_its_file_to_its_end(engine: Engine) -> None:
    workflow = read_file(EXAMPLES / "nightly_profile.yaml")[0]
    given = {"file": str(EXAMPLES / "flights.csv")}

    run_id = await engine.journal.submit(MINE, workflow, given, engine.tasks)
    async with engine.working(only=run_id):
        while (run := await engine.journal.run(MINE, run_id))["state"] == "running":
            await engine.journal.bell.wait(0.1)

    assert run["output"]["rows"] == 6099


async def test_a_run_of_its_own_leaves_those_of_others(engine: Engine, rents: str) -> None:
    spec = (
        f"name: one\nsteps: {{ask: {{task: analyst.ask, with: {{file: {rents}, question: how many rows}}}}}}"
    )
    workflow = read_workflow(spec)[0]
    other, mine = [await engine.journal.submit(MINE, workflow, {}, engine.tasks) for _ in range(2)]

    async with engine.working(only=mine):
        while (await engine.journal.run(MINE, mine))["state"] == "running":
            await engine.journal.bell.wait(0.1)

    assert (await engine.journal.run(MINE, other))["state"] == "running"


def test_settings_say_which_variable_is_wrong() -> None:
    for name, value in (
        ("SAPWOOD_DATABASE", "mysql://x"), ("SAPWOOD_REDIS", "http://x"), ("SAPWOOD_LEASE_S", "0"),
        ("SAPWOOD_POOLER", "maybe"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=name):
            load({"SAPWOOD_HOME": "/tmp/x", name: value})
    served = load({"SAPWOOD_HOME": "/tmp/x", "SAPWOOD_DATABASE": "postgres://u@h/d"})
    assert (served.database, served.files) == ("postgresql://u@h/d", ())
    assert load({"SAPWOOD_HOME": "/tmp/x", "SAPWOOD_FILES": "/a:/b"}).files == (Path("/a"), Path("/b"))
    assert load({"SAPWOOD_HOME": "/tmp/x"}).files is None


async def test_channels_that_cannot_be_read_are_told_when_the_engine_opens(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text("ops: {kind: pigeon}")
    settings = Settings(home=tmp_path / "home", notify=tmp_path / "channels.yaml")

    with pytest.raises((InvalidInput, DependencyFailed), match=r"channels\.yaml"):
        async with open_engine(settings):
            pass
