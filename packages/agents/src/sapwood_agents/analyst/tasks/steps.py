"""The tasks themselves: an input, one call, what came of it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sapwood_agents.analyst.ask import Question
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.ports import Dataset
from sapwood_agents.analyst.profile.model import ProfileRequest
from sapwood_agents.analyst.tasks.drift import Drift, drift
from sapwood_agents.analyst.tasks.reporting import markdown, page
from sapwood_agents.analyst.tasks.services import AnalystServices, Files
from sapwood_shared.errors import InvalidInput
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import Work
from sapwood_storage.home import full_disk_named
from sapwood_storage.tabular.model import ColumnType, ReaderOptions
from sapwood_workflows.tasks import QueueClass, Task, task

_HOUR_S = 3_600.0


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(_Value):
    """A file, or a version of a dataset that an earlier step gave."""

    file: str | None = Field(default=None, description="Its path on the machine that does the step.")
    dataset: str | None = Field(default=None, description="The id of a version.")
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    types: dict[str, ColumnType] = Field(default_factory=dict[str, ColumnType])

    @model_validator(mode="after")
    def _one(self) -> Table:
        if (self.file is None) == (self.dataset is None):
            raise ValueError("give one of file and dataset")
        return self


class TableColumn(_Value):
    """A column of a table."""

    name: str
    type: ColumnType


class Read(_Value):
    """A table that is there."""

    dataset: str
    title: str
    rows: int
    quarantined: int
    columns: tuple[TableColumn, ...]


class ProfileAsked(Table):
    """Which table, and how much its profile may cost."""

    exact: bool = False


class Profiled(_Value):
    """A profile, and what of it is asked for most often."""

    dataset: str
    title: str
    rows: int
    columns: tuple[TableColumn, ...]
    warnings: tuple[str, ...]
    keys: tuple[str, ...]
    text: str = Field(description="What is worth knowing, in Markdown, for a message.")
    profile: dict[str, Any] = Field(description="As `sapwood profile --json` prints it.")


class CleanAsked(Table):
    """Which table, and how: the steps that are proposed, unless a recipe is given."""

    recipe: dict[str, Any] | None = None


class CleanedTable(_Value):
    """The version that came of it."""

    dataset: str
    parent: str | None
    rows: int
    steps: int
    changed: bool


class Asked(Table):
    """A question about a table."""

    question: str = Field(min_length=1)
    allow_quarantined: bool = False


class AnswerGiven(_Value):
    """The answer, or why there is none; a question that is declined is no failure."""

    answered: bool
    answer: str | None
    rows: list[list[Any]]
    value: Any = Field(default=None, description="Where the answer is one number or word.")
    whole: dict[str, Any] = Field(description="As `sapwood ask --json` prints it.")


class Compared(_Value):
    """Two tables: the earlier and the later one."""

    left: Table
    right: Table


class ReportAsked(_Value):
    """A drift to write about."""

    drift: Drift
    file: str | None = Field(default=None, description="The .html file to write; none where left out.")


class Report(_Value):
    """What was written."""

    text: str = Field(description="Markdown, for a message.")
    file: str | None
    drifted: bool


def analyst_tasks(services: AnalystServices, files: Files | None = None) -> Sequence[Task[Any, Any]]:
    """The tasks over running services; `files` says which files a step may name."""
    reach = files or Files()

    async def table(workspace: WorkspaceId, given: Table, work: Work) -> Dataset:
        if given.dataset is not None:
            return await services.known(workspace, given.dataset)
        options = ReaderOptions(
            delimiter=given.delimiter, encoding=given.encoding, sheet=given.sheet, types=dict(given.types)
        )
        return await services.read(workspace, reach.allowed(given.file or ""), options, work)

    @task("analyst.ingest", queue=QueueClass.SLOW, timeout_s=_HOUR_S)
    async def ingest(workspace: WorkspaceId, given: Table, work: Work) -> Read:
        """Read a file into a version of a dataset."""
        found = await table(workspace, given, work)
        return Read(
            dataset=found.version, title=found.title, rows=found.rows, quarantined=found.quarantined,
            columns=_columns(found),
        )  # fmt: skip

    @task("analyst.profile", queue=QueueClass.SLOW, timeout_s=_HOUR_S)
    async def profile(workspace: WorkspaceId, given: ProfileAsked, work: Work) -> Profiled:
        """Look a table over."""
        found = await table(workspace, given, work)
        made = await services.profile(workspace, found, ProfileRequest(exact=given.exact), work)
        return Profiled(
            dataset=found.version, title=found.title, rows=found.rows, columns=_columns(found),
            warnings=tuple(each.text for each in made.warnings), keys=made.keys,
            text="\n".join(f"- {each.text}" for each in made.warnings) or "nothing stands out",
            profile=made.model_dump(mode="json"),
        )  # fmt: skip

    @task("analyst.clean", queue=QueueClass.SLOW, timeout_s=_HOUR_S)
    async def clean(workspace: WorkspaceId, given: CleanAsked, work: Work) -> CleanedTable:
        """Clean a table by a recipe, or by what is proposed."""
        found = await table(workspace, given, work)
        recipe = None if given.recipe is None else Recipe.model_validate(given.recipe)
        made = await services.clean(workspace, found, recipe, work)
        return CleanedTable(
            dataset=made.version, parent=made.parent, rows=made.rows, steps=len(made.steps),
            changed=made.version != found.version,
        )  # fmt: skip

    @task("analyst.ask", queue=QueueClass.INTERACTIVE)
    async def ask(workspace: WorkspaceId, given: Asked, work: Work) -> AnswerGiven:
        """Answer a question about a table, without a model."""
        found = await table(workspace, given, work)
        question = Question(text=given.question.strip(), allow_quarantined=given.allow_quarantined)
        answer = (await services.ask(workspace, found, question, work)).model_dump(mode="json")
        rows = answer["rows"]
        single = len(rows) == 1 and len(rows[0]) == 1
        return AnswerGiven(
            answered=answer["answer"] is not None, answer=answer["answer"], rows=rows,
            value=rows[0][0] if single else None, whole=answer,
        )  # fmt: skip

    @task("analyst.drift", queue=QueueClass.SLOW, timeout_s=_HOUR_S)
    async def compare(workspace: WorkspaceId, given: Compared, work: Work) -> Drift:
        """Say how a table differs from an earlier one."""
        left = await table(workspace, given.left, work)
        right = await table(workspace, given.right, work)
        return await drift(services.tables, workspace, left, right, work)

    @task("analyst.report")
    async def report(_workspace: WorkspaceId, given: ReportAsked, _work: Work) -> Report:
        """Write about a drift: a few lines of Markdown, and a page with pictures."""
        if given.file is not None:
            path = reach.allowed(given.file)
            if path.suffix.casefold() not in (".html", ".htm"):
                raise InvalidInput(f"{given.file} is no page", hint="give a name that ends in .html")
            await asyncio.to_thread(_write, path, page(given.drift))
        return Report(text=markdown(given.drift), file=given.file, drifted=given.drift.drifted)

    return ingest, profile, clean, ask, compare, report


def _columns(found: Dataset) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(name=column.name, type=column.type) for column in found.columns)


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    try:
        with full_disk_named(path):
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(temporary).chmod(0o644)
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be written: {error.strerror}", hint="give another place"
        ) from error
