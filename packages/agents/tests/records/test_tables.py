"""The tables as such: created as migrated, indexed, declared, exported and erased."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from packages.agents.tests.records.conftest import ANN, NOW, recorded
from packages.agents.tests.records.test_questions import ANSWERED, DECLINED
from packages.agents.tests.records.test_recipes import TRIM
from packages.storage.tests.database.test_indexes import scans
from packages.storage.tests.database.test_migrations import only_steps, tables_of
from sqlalchemy import Select, insert, literal, select, text, tuple_

from sapwood_agents.records.history import HISTORY
from sapwood_agents.records.questions import QuestionHistory
from sapwood_agents.records.recipes import AppliedRecipes
from sapwood_agents.records.tables import questions, recipes
from sapwood_shared.ids import WorkspaceId
from sapwood_storage.database import CONTROL, WORKSPACE, Database, History, UtcDateTime, installed_histories
from sapwood_storage.database.storage_history import HISTORY as STORAGE
from sapwood_storage.database.versions import CONTROL_VERSIONS, WORKSPACE_VERSIONS
from sapwood_storage.subjects import holding_of
from sapwood_storage.subjects.records import RecordsStore
from sapwood_storage.subjects.walk import erase, export

MakeDatabase = Callable[[Sequence[History]], Database]
BOB = WorkspaceId("bob")
ROWS = 2000

QUERIES: dict[str, Select[Any]] = {
    "questions, newest first": (
        select(questions.c.id).order_by(questions.c.asked_at.desc(), questions.c.id.desc()).limit(20)
    ),
    "questions, the next page": (
        select(questions.c.id)
        .where(
            tuple_(questions.c.asked_at, questions.c.id) < tuple_(literal(NOW, UtcDateTime), literal("q_7"))
        )
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
        .limit(20)
    ),
    "questions about a dataset": (
        select(questions.c.text)
        .where(questions.c.dataset_id == "ds_7")
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
        .limit(20)
    ),
    "questions of a person": select(questions.c.text).where(questions.c.asked_by == "p7"),
    "the recipe of a version": select(recipes.c.steps).where(
        recipes.c.dataset_id == "ds_7", recipes.c.version_id == "dv_7"
    ),
    "recipes of a dataset, the last one first": (
        select(recipes.c.steps)
        .where(recipes.c.dataset_id == "ds_7")
        .order_by(recipes.c.applied_at.desc())
        .limit(20)
    ),
    "recipes of a person": select(recipes.c.version_id).where(recipes.c.applied_by == "p7"),
}


async def test_created_equals_migrated(make_database: MakeDatabase, other_database: MakeDatabase) -> None:
    histories = (STORAGE, HISTORY)

    created = await tables_of(make_database(histories))
    migrated = await tables_of(other_database(tuple(map(only_steps, histories))))

    assert created == migrated
    assert {"recipes", "questions"} <= created[1].keys()


async def test_a_workspace_of_an_older_release_gets_the_tables_when_it_is_first_used(
    make_database: MakeDatabase,
) -> None:
    await make_database([STORAGE]).create_workspace(ANN)

    async with make_database(installed_histories()).read(ANN) as unit:
        assert await QuestionHistory(ANN, unit).recent() == ()


def test_the_tables_are_installed_and_say_whose_data_they_hold() -> None:
    histories = installed_histories()
    control = [table for history in histories for table in history.control.tables]
    workspace = [table for history in histories for table in history.workspace.tables]

    assert HISTORY in histories
    assert {*control, CONTROL_VERSIONS} == set(CONTROL.tables.values())
    assert {*workspace, WORKSPACE_VERSIONS} == set(WORKSPACE.tables.values())
    assert [table.name for table in (*control, *workspace) if holding_of(table) is None] == []


@pytest.mark.integration
async def test_frequent_queries_use_an_index(database: Database) -> None:
    await database.create_workspace(ANN)
    version = {"dataset_id": "ds_7", "source_name": "a", "source_sha256": "0", "schema_version": 1}
    version |= {"columns": [], "reader": {}, "records": 1, "rows": 1, "quarantined": 0, "size_bytes": 1}
    async with database.write(ANN) as unit:
        datasets = [{"id": f"ds_{n}", "name": "d", "created_at": NOW} for n in range(ROWS)]
        await unit.execute(insert(WORKSPACE.tables["workspace.datasets"]), datasets)
        moments = [NOW + timedelta(seconds=n) for n in range(ROWS)]
        places = [
            {"dataset_id": dataset, "version_id": f"dv_{n}"}
            for n in range(ROWS)
            for dataset in {f"ds_{n}", "ds_7"}  # and one that was cleaned and asked about again and again
        ]
        await unit.execute(
            insert(WORKSPACE.tables["workspace.dataset_versions"]),
            [
                version | {"dataset_id": place["dataset_id"], "id": place["version_id"], "created_at": NOW}
                for place in places
            ],
        )
        await unit.execute(
            insert(recipes),
            [
                place
                | {"schema_version": 1, "steps": [], "applied_at": moments[n % ROWS], "applied_by": f"p{n}"}
                for n, place in enumerate(places)
            ],
        )
        asked = {"text": "q", "engine": "e", "engine_version": "1", "cached": False, "duration_ms": 1.0}
        await unit.execute(
            insert(questions),
            [
                asked | place | {"id": f"q_{n}", "asked_at": moments[n % ROWS], "asked_by": f"p{n}"}
                for n, place in enumerate(places)
            ],
        )
        await unit.execute(text("ANALYZE"))

    async with database.read(ANN) as unit:
        found = {name: await scans(unit, query) for name, query in QUERIES.items()}
        without = await scans(unit, select(questions.c.id).where(questions.c.text == "q7"))

    assert found == {name: [] for name in QUERIES}
    assert without, "a query without an index must be told apart"


async def filled(database: Database, workspace: WorkspaceId) -> None:
    dataset = await recorded(database, workspace)
    async with database.write(workspace) as unit:
        history = QuestionHistory(workspace, unit)
        await history.append(dataset, ANSWERED)  # by eve
        await history.append(dataset, DECLINED)  # by nobody
        await AppliedRecipes(workspace, unit).applied(dataset, "dv_1", TRIM, applied_by="eve")


async def exported(
    database: Database, workspace: WorkspaceId, person: str | None = None
) -> dict[str, list[Any]]:
    files: dict[str, bytes] = {}
    async for part in export(workspace, [RecordsStore(database)], person=person):
        files[part.name] = files.get(part.name, b"") + part.data
    return {name: [json.loads(line) for line in data.splitlines()] for name, data in files.items()}


async def test_an_export_and_an_erasure_walk_these_tables_too(database: Database) -> None:
    for workspace in (ANN, BOB):
        await filled(database, workspace)

    whole = await exported(database, ANN)
    assert [row["text"] for row in whole["questions.ndjson"]] == [ANSWERED.text, DECLINED.text]
    assert [row["steps"][0]["kind"] for row in whole["recipes.ndjson"]] == ["trim"]

    await erase(ANN, [RecordsStore(database)])
    assert await exported(database, ANN) == {}
    assert (await exported(database, BOB)).keys() == whole.keys()


async def test_an_erased_person_takes_their_questions_along_and_leaves_the_recipe(
    database: Database,
) -> None:
    await filled(database, ANN)
    assert (await exported(database, ANN, "eve")).keys() == {"questions.ndjson", "recipes.ndjson"}

    await erase(ANN, [RecordsStore(database)], person="eve")

    assert await exported(database, ANN, "eve") == {}
    left = await exported(database, ANN)
    assert [row["text"] for row in left["questions.ndjson"]] == [DECLINED.text]
    assert [row["applied_by"] for row in left["recipes.ndjson"]] == [None]
