"""How the journal's tables came to be. A step never refers to `tables`: it must do the same in ten years."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from sapwood_storage.database import History, Migration
from sapwood_storage.database.history import Scope
from sapwood_storage.database.metadata import JsonValue, control_metadata, workspace_metadata
from sapwood_storage.database.statements import add_column
from sapwood_workflows.journal import tables


def _journal(connection: Connection) -> None:
    metadata = workspace_metadata()
    Table(
        "runs",
        metadata,
        Column("id", Text, primary_key=True),
        Column("root_id", Text, nullable=False),
        Column("parent_id", Text),
        Column("parent_step", Text),
        Column("parent_item", Integer),
        Column("workflow", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("pinned", JsonValue),
        Column("input", JsonValue, nullable=False),
        Column("state", Text, nullable=False),
        Column("ending", Text),
        Column("output", JsonValue),
        Column("error", JsonValue),
        Column("paused", Boolean, nullable=False),
        Column("cancelled", Boolean, nullable=False),
        Column("created_by", Text),
        Column("created_ms", BigInteger, nullable=False),
        Column("ended_ms", BigInteger),
        Column("deadline_ms", BigInteger),
        Column("cursor", BigInteger, nullable=False),
        Column("request_key", Text),
        Index(None, "root_id"),
        Index(None, "state", "created_ms"),
        Index(None, "created_by"),
        Index(None, "request_key", unique=True),
    )
    Table(
        "steps",
        metadata,
        Column("run_id", Text, primary_key=True),
        Column("name", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("root_id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("losses", Integer, nullable=False),
        Column("due_ms", BigInteger),
        Column("limit_ms", BigInteger),
        Column("priority", Integer, nullable=False),
        Column("queue", Text, nullable=False),
        Column("task", Text),
        Column("task_version", Integer),
        Column("worker", Text),
        Column("open_items", Integer),
        Column("place", Integer),
        Column("started_ms", BigInteger),
        Column("ended_ms", BigInteger),
        Column("given", JsonValue),
        Column("output", JsonValue),
        Column("error", JsonValue),
        Column("progress", JsonValue),
        ForeignKeyConstraint(["run_id"], ["workspace.runs.id"], ondelete="CASCADE"),
        Index(None, "state", "due_ms"),
        Index(None, "worker"),
        Index(None, "root_id", "state"),
    )
    Table(
        "events",
        metadata,
        Column("root_id", Text, primary_key=True),
        Column("cursor", BigInteger, primary_key=True),
        Column("run_id", Text, nullable=False),
        Column("at_ms", BigInteger, nullable=False),
        Column("kind", Text, nullable=False),
        Column("step", Text),
        Column("item", Integer),
        Column("data", JsonValue),
        ForeignKeyConstraint(["root_id"], ["workspace.runs.id"], ondelete="CASCADE"),
    )
    Table(
        "inbox",
        metadata,
        Column("run_id", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("event", Text, nullable=False),
        Column("payload", JsonValue),
        Column("at_ms", BigInteger, nullable=False),
        Column("taken_by", Text),
        ForeignKeyConstraint(["run_id"], ["workspace.runs.id"], ondelete="CASCADE"),
    )
    metadata.create_all(connection, checkfirst=False)


def _counters(connection: Connection) -> None:
    metadata = workspace_metadata()
    of_run = Table(
        "runs",
        metadata,
        Column("open_steps", Integer),
        Column("places", Integer),
        Column("halted", Boolean),
    )
    of_step = Table(
        "steps",
        metadata,
        Column("open_before", Integer),
        Column("passed_before", Integer),
    )
    for column in (*of_run.c, *of_step.c):
        add_column(connection, column)


def _logs(connection: Connection) -> None:
    metadata = workspace_metadata()
    Table("runs", metadata, Column("id", Text, primary_key=True))
    logs = Table(
        "logs",
        metadata,
        Column("run_id", Text, primary_key=True),
        Column("step", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("attempt", Integer, primary_key=True),
        Column("lines", JsonValue, nullable=False),
        Column("left_out", Integer, nullable=False),
        ForeignKeyConstraint(["run_id"], ["workspace.runs.id"], ondelete="CASCADE"),
    )
    logs.create(connection, checkfirst=False)


def _schedules(connection: Connection) -> None:
    metadata = workspace_metadata()
    runs = Table(
        "runs",
        metadata,
        Column("schedule", Text),
        Column("scheduled_ms", BigInteger),
        Column("state", Text),
    )
    add_column(connection, runs.c.schedule)
    add_column(connection, runs.c.scheduled_ms)
    Index("runs_schedule_state_ix", runs.c.schedule, runs.c.state).create(connection)
    workflows = Table(
        "workflows",
        metadata,
        Column("name", Text, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("spec", JsonValue, nullable=False),
        Column("saved_by", Text),
        Column("saved_ms", BigInteger, nullable=False),
        Index(None, "saved_by"),
    )
    schedules = Table(
        "schedules",
        metadata,
        Column("name", Text, primary_key=True),
        Column("id", Text, nullable=False),
        Column("spec", JsonValue, nullable=False),
        Column("looked_ms", BigInteger, nullable=False),
        Column("next_ms", BigInteger),
        Column("waiting", JsonValue, nullable=False),
        Column("missed", Integer, nullable=False),
        Column("error", Text),
        Column("created_by", Text),
        Index(None, "next_ms"),
        Index(None, "created_by"),
    )
    workflows.create(connection, checkfirst=False)
    schedules.create(connection, checkfirst=False)


def _limits(connection: Connection) -> None:
    metadata = workspace_metadata()
    steps = Table(
        "steps", metadata, Column("limit_key", Text), Column("once_key", Text), Column("state", Text)
    )
    add_column(connection, steps.c.limit_key)
    add_column(connection, steps.c.once_key)
    Index("steps_limit_key_state_ix", steps.c.limit_key, steps.c.state).create(connection)
    Index("steps_once_key_state_ix", steps.c.once_key, steps.c.state).create(connection)
    Table("runs", metadata, Column("id", Text, primary_key=True))
    limits = Table(
        "limits",
        metadata,
        Column("key", Text, primary_key=True),
        Column("places", Integer, nullable=False),
    )
    once = Table(
        "once",
        metadata,
        Column("key", Text, primary_key=True),
        Column("run_id", Text, nullable=False),
        Column("step", Text, nullable=False),
        Column("item", Integer, nullable=False),
        Column("output", JsonValue),
        ForeignKeyConstraint(["run_id"], ["workspace.runs.id"], ondelete="CASCADE"),
        Index(None, "run_id"),
    )
    limits.create(connection, checkfirst=False)
    once.create(connection, checkfirst=False)


def _index(connection: Connection) -> None:
    metadata = control_metadata()
    Table(
        "workers",
        metadata,
        Column("id", Text, primary_key=True),
        Column("started_ms", BigInteger, nullable=False),
        Column("lease_ms", BigInteger, nullable=False),
        Column("about", JsonValue, nullable=False),
        Index(None, "lease_ms"),
    )
    Table(
        "ready",
        metadata,
        Column("workspace", Text, primary_key=True),
        Column("run_id", Text, primary_key=True),
        Column("step", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("root_id", Text, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("task", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("queue", Text, nullable=False),
        Column("rank", Integer, nullable=False),
        Column("due_ms", BigInteger, nullable=False),
        Index(None, "queue", "workspace", "rank", "due_ms"),
    )
    Table(
        "active",
        metadata,
        Column("workspace", Text, primary_key=True),
        Column("next_due_ms", BigInteger, nullable=False),
        Index(None, "next_due_ms"),
    )
    Table(
        "signals",
        metadata,
        Column("worker", Text, primary_key=True),
        Column("workspace", Text, primary_key=True),
        Column("run_id", Text, primary_key=True),
        Column("step", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("attempt", Integer, nullable=False),
    )
    metadata.create_all(connection, checkfirst=False)


def _leaders(connection: Connection) -> None:
    leaders = Table(
        "leaders",
        control_metadata(),
        Column("name", Text, primary_key=True),
        Column("holder", Text, nullable=False),
        Column("until_ms", BigInteger, nullable=False),
    )
    leaders.create(connection, checkfirst=False)


HISTORY: Final = History(
    package="workflows",
    control=Scope(
        (tables.workers, tables.ready, tables.active, tables.signals, tables.leaders),
        (Migration("index", _index), Migration("leaders", _leaders)),
    ),
    workspace=Scope(
        (
            tables.runs,
            tables.steps,
            tables.events,
            tables.inbox,
            tables.logs,
            tables.limits,
            tables.once,
            tables.workflows,
            tables.schedules,
        ),
        (
            Migration("journal", _journal),
            Migration("counters", _counters),
            Migration("logs", _logs),
            Migration("schedules", _schedules),
            Migration("limits", _limits),
        ),
    ),
    requires=("storage",),
)
"""The entry point `sapwood.migrations`."""
