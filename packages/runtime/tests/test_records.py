"""What is done with parts stands in the records, and goes when a workspace goes."""

import asyncio
import io
import os
from collections import defaultdict
from pathlib import Path

import pytest

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.clean import steps
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.service import ApplyRequest, UndoRequest
from sapwood_agents.records.questions import QuestionHistory
from sapwood_agents.records.recipes import AppliedRecipes
from sapwood_runtime.cleaning import open_cleaner
from sapwood_runtime.opened import Opened
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings
from sapwood_runtime.subjects import stores
from sapwood_shared.errors import SapwoodError
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.database.dataset_records import DatasetRecords
from sapwood_storage.subjects.walk import erase, export
from sapwood_storage.tabular.model import ColumnType, ReaderOptions

LOCAL, OTHER = WorkspaceId("local"), WorkspaceId("other")
TRIM = steps.Trim(columns=("city",), reason="2 values with blanks")
DEDUPE = steps.Dedupe(reason="1 row again")


SALES = "price,city\n1, Rome\n1,Rome\n2,Oslo\n"


def written(file: Path, text: str) -> Path:
    file.write_text(text)
    os.utime(file, (len(text), len(text)))  # old enough for its hash to be remembered
    return file


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    return written(tmp_path / "sales.csv", SALES)


async def opened(parts: Parts, file: Path, workspace: WorkspaceId = LOCAL) -> Opened:
    return await parts.open(workspace, file, ReaderOptions(), DetachedWork())


async def asked(parts: Parts, file: Path, text: str, workspace: WorkspaceId = LOCAL) -> None:
    table = await opened(parts, file, workspace)
    answer = await parts.analyst.ask(workspace, table.dataset, Question(text=text), DetachedWork())
    await parts.records.asked(workspace, table.named, answer.model_dump(mode="json"), duration_ms=1)


async def cleaned(parts: Parts, file: Path, *recipe: steps.Trim | steps.Dedupe) -> str:
    table = await opened(parts, file)
    request = ApplyRequest(
        version=table.dataset.version, recipe=Recipe(steps=recipe), origin=table.named.origin
    )
    made = await open_cleaner(parts).apply(LOCAL, request, DetachedWork())
    await parts.records.cleaned(LOCAL, table.named, made, request.recipe)
    return made.version


async def test_steps_of_two_applications_keep_the_reasons_of_both(tmp_path: Path, sales: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        root = (await opened(parts, sales)).root
        first = await cleaned(parts, sales, TRIM)
        second = await cleaned(parts, sales, DEDUPE)

        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            (dataset,) = await DatasetRecords(LOCAL, unit).datasets()
            lineage = await DatasetRecords(LOCAL, unit).lineage(dataset.id, second)
            recipes = await AppliedRecipes(LOCAL, unit).about(dataset.id)

    assert [one.id for one in lineage] == [second, first, root]
    assert [(one.version, one.recipe.steps) for one in recipes] == [
        (second, (TRIM, DEDUPE)),
        (first, (TRIM,)),
    ]


async def test_a_table_that_was_evicted_is_noted_and_a_cleaned_one_made_again(
    tmp_path: Path, sales: Path
) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        made = await cleaned(parts, sales, TRIM, DEDUPE)
        gone = await parts.let_go(LOCAL, 0)
        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            assert await DatasetRecords(LOCAL, unit).present() == set()

        again = await opened(parts, sales)

        assert len(gone) == 2
        assert (again.dataset.version, again.dataset.rows, again.steps) == (made, 2, 2)
        async with recorder.database.read(LOCAL) as unit:
            assert await DatasetRecords(LOCAL, unit).present() == {again.root, made}


async def test_what_is_asked_while_files_are_evicted_keeps_its_place_in_the_history(
    tmp_path: Path, sales: Path
) -> None:
    async with open_parts(Settings(tmp_path / "home", datasets_gb=0), spares=0) as parts:
        other = tmp_path / "other.csv"
        other.write_text("n\n1\n")
        for file, question in ((sales, "total price"), (other, "total n"), (sales, "total price")):
            await asked(parts, file, question)

        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            history = await QuestionHistory(LOCAL, unit).recent()
            assert len(await DatasetRecords(LOCAL, unit).present()) == 1

    assert [one.text for one in history] == ["total price", "total n", "total price"]


async def test_questions_are_recorded_without_opening_the_database(tmp_path: Path, sales: Path) -> None:
    settings = Settings(tmp_path / "home")
    async with open_parts(settings, spares=0) as parts:
        await asked(parts, sales, "total price")
        assert parts.records._opening is None
        control_db = parts.home.control_db
    control_db.unlink()  # what a process leaves that dies between the two files

    async with open_parts(settings, spares=0) as parts:
        await asked(parts, sales, "average price")
        (tmp_path / "more.csv").write_text("n\n1\n")
        await asked(parts, tmp_path / "more.csv", "total n")
        assert parts.records._opening is None
        assert control_db.exists()

        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            assert len(await QuestionHistory(LOCAL, unit).recent()) == 3


async def test_failures_are_told_and_cost_nothing(tmp_path: Path, sales: Path) -> None:
    told: list[SapwoodError] = []
    records_db = tmp_path / "home" / "workspaces" / "local" / "records.db"
    records_db.mkdir(parents=True)
    (tmp_path / "home" / "FORMAT").write_text("1\n")

    async with open_parts(Settings(tmp_path / "home"), spares=0, on_failure=told.append) as parts:
        await asked(parts, sales, "total price")
        await parts.records.reconcile(LOCAL)
        with pytest.raises(SapwoodError):
            await parts.records.forget_questions(LOCAL)
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        await asked(parts, sales, "average price")

    assert len(told) == 3
    assert all(error.hint for error in told)


async def test_erasing_a_workspace_leaves_nothing_of_it_and_its_neighbour_whole(
    tmp_path: Path, sales: Path
) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        await cleaned(parts, sales, TRIM)
        for workspace in (LOCAL, OTHER):
            await asked(parts, sales, "total price", workspace)
        every = await stores(parts)

        async def exported(workspace: WorkspaceId) -> dict[str, bytes]:
            files: defaultdict[str, bytes] = defaultdict(bytes)
            async for part in export(workspace, every):
                files[f"{part.store}/{part.name}"] += part.data
            return files

        mine, neighbour = await exported(LOCAL), await exported(OTHER)
        await erase(LOCAL, every)

        assert {
            f"records/{name}.ndjson" for name in ("datasets", "dataset_versions", "recipes", "questions")
        } <= (mine.keys())
        assert [name for name in mine if "/.heads/" in name]
        assert await exported(LOCAL) == {}
        assert await exported(OTHER) == neighbour

        await asked(parts, sales, "total price")
        assert (await opened(parts, sales)).steps == 0
        assert (await exported(LOCAL)).keys() >= {"records/questions.ndjson"}


async def test_twins_that_read_a_new_file_at_once_record_it_once(tmp_path: Path, sales: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        await asyncio.gather(*(asked(parts, sales, "total price") for _ in range(4)))

        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            assert len(await DatasetRecords(LOCAL, unit).datasets()) == 1
            assert len(await QuestionHistory(LOCAL, unit).recent()) == 4


async def test_what_was_taken_back_is_marked_and_the_file_itself_has_no_recipe(
    tmp_path: Path, sales: Path
) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        made = await cleaned(parts, sales, TRIM)
        table = await opened(parts, sales)
        request = UndoRequest(version=made, origin=table.named.origin)
        back = await open_cleaner(parts).undo(LOCAL, request, DetachedWork())
        await parts.records.undone(LOCAL, table.named, made, back.version)
        await parts.records.cleaned(LOCAL, table.named, back)

        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            (dataset,) = await DatasetRecords(LOCAL, unit).datasets()
            recipes = await AppliedRecipes(LOCAL, unit).about(dataset.id)

    assert [(one.version, one.undone_at is not None) for one in recipes] == [(made, True)]


async def test_a_version_that_went_without_notice_is_found_and_a_history_forgotten(
    tmp_path: Path, sales: Path
) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        await parts.records.reconcile(LOCAL)
        assert await parts.records.forget_questions(LOCAL) == 0
        await asked(parts, sales, "total price")
        for version in parts.datasets.shelf.versions(LOCAL):
            parts.datasets.shelf.remove(LOCAL, version)

        await parts.records.reconcile(LOCAL)

        recorder = await parts.records.opened()
        async with recorder.database.read(LOCAL) as unit:
            assert await DatasetRecords(LOCAL, unit).present() == set()
        assert await parts.records.forget_questions(LOCAL) == 1


async def test_a_version_that_is_gone_before_it_is_recorded_is_told(tmp_path: Path, sales: Path) -> None:
    told: list[SapwoodError] = []
    async with open_parts(Settings(tmp_path / "home"), spares=0, on_failure=told.append) as parts:
        table = await opened(parts, sales)
        await parts.let_go(LOCAL, 0)
        await parts.records.version(LOCAL, table.named, table.root)
    async with open_parts(Settings(tmp_path / "home"), spares=0, on_failure=told.append) as parts:
        await parts.records.version(LOCAL, table.named, table.root)

    assert [error.code for error in told] == ["not_found", "not_found"]


async def test_a_stream_is_the_same_dataset_by_its_bytes(tmp_path: Path, sales: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:

        async def stream(more: bytes = b"") -> Opened:
            source = io.BytesIO(SALES.encode() + more)
            return await parts.open(LOCAL, source, ReaderOptions(), DetachedWork())

        first = await stream()
        request = ApplyRequest(
            version=first.root, recipe=Recipe(steps=(TRIM, DEDUPE)), origin=first.named.origin
        )
        await open_cleaner(parts).apply(LOCAL, request, DetachedWork())

        assert first.named.origin.startswith("sha256:")
        assert [(one.steps, one.dataset.rows) for one in (await stream(), await stream(b"7,Rome\n"))] == [
            (2, 2),
            (0, 4),
        ]


async def test_steps_for_a_file_that_changed_are_set_aside(tmp_path: Path, sales: Path) -> None:
    async with open_parts(Settings(tmp_path / "home"), spares=0) as parts:
        await cleaned(parts, sales, TRIM, DEDUPE)
        types = ReaderOptions(types={"price": ColumnType.TEXT})
        otherwise = await parts.open(LOCAL, sales, types, DetachedWork())
        changed = await opened(parts, written(sales, SALES + "9,Lima\n"))

    assert (otherwise.set_aside, otherwise.changed, otherwise.dataset.rows) == (2, False, 3)
    assert (changed.set_aside, changed.changed, changed.dataset.rows) == (2, True, 4)
