"""The journal's tables: runs, steps, events and inboxes in each workspace; who works on what, in control.

Moments are milliseconds since 1970 on the database's clock, so that sums of them are the same everywhere.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
)

from sapwood_storage.database.metadata import CONTROL, WORKSPACE, JsonValue
from sapwood_storage.subjects.declaration import Holding, OnErase, declare_table

_OF_RUN: Final = "a part of its run, which names whoever started it"
WHOLE: Final = -1
"""The item of a row that stands for a step, and not for one item of its `foreach`."""

runs: Final = declare_table(
    Table(
        "runs",
        WORKSPACE,
        Column("id", Text, primary_key=True),
        Column("root_id", Text, nullable=False),  # itself, unless it is a sub-workflow
        Column("parent_id", Text),
        Column("parent_step", Text),
        Column("parent_item", Integer),
        Column("workflow", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("pinned", JsonValue),  # specs and tasks as they were; of a root only
        Column("input", JsonValue, nullable=False),
        Column("state", Text, nullable=False),
        Column("ending", Text),  # how it will have ended when what was done is undone
        Column("output", JsonValue),
        Column("error", JsonValue),
        Column("paused", Boolean, nullable=False),
        Column("cancelled", Boolean, nullable=False),  # somebody asked for its end
        Column("created_by", Text),  # the principal; null once forgotten
        Column("created_ms", BigInteger, nullable=False),
        Column("ended_ms", BigInteger),
        Column("deadline_ms", BigInteger),
        Column("cursor", BigInteger, nullable=False),  # of the newest event; of a root only
        Column("request_key", Text),  # of whoever submits the same twice
        Column("open_steps", Integer),  # that have not ended; null where nobody has counted
        Column("places", Integer),  # given to steps that ended
        Column("halted", Boolean),  # nothing more starts: one failed
        Column("schedule", Text),  # by which it was started
        Column("scheduled_ms", BigInteger),  # for when it was to start
        Index(None, "schedule", "state"),
        Index(None, "root_id"),
        Index(None, "state", "created_ms"),
        Index(None, "created_by"),
        Index(None, "request_key", unique=True),
    ),
    Holding("schema", subject="created_by", on_erase=OnErase.FORGET),
)

steps: Final = declare_table(
    Table(
        "steps",
        WORKSPACE,
        Column("run_id", Text, primary_key=True),
        Column("name", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("root_id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempt", Integer, nullable=False),  # the fencing token: one more with each claim
        Column("failures", Integer, nullable=False),
        Column("losses", Integer, nullable=False),  # workers that died of it, or with it
        Column("due_ms", BigInteger),  # when it may start, or when its wait is over
        Column("limit_ms", BigInteger),  # when a claim of it is taken back
        Column("priority", Integer, nullable=False),
        Column("queue", Text, nullable=False),
        Column("task", Text),
        Column("task_version", Integer),
        Column("worker", Text),
        Column("open_items", Integer),  # of a `foreach`: how many have not ended
        Column("place", Integer),  # when it ended, counted in its run
        Column("started_ms", BigInteger),
        Column("ended_ms", BigInteger),
        Column("given", JsonValue),  # of an item: the item and its index
        Column("output", JsonValue),
        Column("error", JsonValue),
        Column("progress", JsonValue),
        Column("open_before", Integer),  # not ended, of those before it
        Column("passed_before", Integer),  # from which it may go on
        Column("limit_key", Text),  # whose places it has, or waits for while it is ready
        Column("once_key", Text),  # of those of which one is done for all
        Index(None, "limit_key", "state"),
        Index(None, "once_key", "state"),
        ForeignKeyConstraint(["run_id"], [runs.c.id], ondelete="CASCADE"),
        Index(None, "state", "due_ms"),
        Index(None, "worker"),
        Index(None, "root_id", "state"),
    ),
    Holding("schema", why_no_subject=_OF_RUN),
)

events: Final = declare_table(
    Table(
        "events",
        WORKSPACE,
        Column("root_id", Text, primary_key=True),
        Column("cursor", BigInteger, primary_key=True),
        Column("run_id", Text, nullable=False),
        Column("at_ms", BigInteger, nullable=False),
        Column("kind", Text, nullable=False),
        Column("step", Text),
        Column("item", Integer),
        Column("data", JsonValue),
        ForeignKeyConstraint(["root_id"], [runs.c.id], ondelete="CASCADE"),
    ),
    Holding("schema", why_no_subject=_OF_RUN),
)

logs: Final = declare_table(
    Table(
        "logs",
        WORKSPACE,
        Column("run_id", Text, primary_key=True),
        Column("step", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("attempt", Integer, primary_key=True),
        Column("lines", JsonValue, nullable=False),  # moment, level, text
        Column("left_out", Integer, nullable=False),  # lines in the middle
        ForeignKeyConstraint(["run_id"], [runs.c.id], ondelete="CASCADE"),
    ),
    Holding("schema", why_no_subject=_OF_RUN),
)

limits: Final = declare_table(
    Table(
        "limits",
        WORKSPACE,
        Column("key", Text, primary_key=True),
        Column("places", Integer, nullable=False),
    ),
    Holding("schema", why_no_subject="digests of what steps share"),
)

once: Final = declare_table(
    Table(
        "once",
        WORKSPACE,
        Column("key", Text, primary_key=True),
        Column("run_id", Text, nullable=False),
        Column("step", Text, nullable=False),
        Column("item", Integer, nullable=False),
        Column("output", JsonValue),
        ForeignKeyConstraint(["run_id"], [runs.c.id], ondelete="CASCADE"),
        Index(None, "run_id"),
    ),
    Holding("schema", why_no_subject=_OF_RUN),
)

workflows: Final = declare_table(
    Table(
        "workflows",
        WORKSPACE,
        Column("name", Text, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("spec", JsonValue, nullable=False),
        Column("saved_by", Text),
        Column("saved_ms", BigInteger, nullable=False),
        Index(None, "saved_by"),
    ),
    Holding("schema", subject="saved_by", on_erase=OnErase.FORGET),
)

schedules: Final = declare_table(
    Table(
        "schedules",
        WORKSPACE,
        Column("name", Text, primary_key=True),
        Column("id", Text, nullable=False),  # another one under the same name has another
        Column("spec", JsonValue, nullable=False),
        Column("looked_ms", BigInteger, nullable=False),  # what fell due until then was dealt with
        Column("next_ms", BigInteger),
        Column("waiting", JsonValue, nullable=False),  # moments whose runs wait for the one before
        Column("missed", Integer, nullable=False),
        Column("error", Text),  # why the last firing came to nothing
        Column("created_by", Text),
        Index(None, "next_ms"),
        Index(None, "created_by"),
    ),
    Holding("schema", subject="created_by", on_erase=OnErase.FORGET),
)

inbox: Final = declare_table(
    Table(
        "inbox",
        WORKSPACE,
        Column("run_id", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("event", Text, nullable=False),
        Column("payload", JsonValue),
        Column("at_ms", BigInteger, nullable=False),
        Column("taken_by", Text),
        ForeignKeyConstraint(["run_id"], [runs.c.id], ondelete="CASCADE"),
    ),
    Holding("schema", why_no_subject=_OF_RUN),
)

workers: Final = declare_table(
    Table(
        "workers",
        CONTROL,
        Column("id", Text, primary_key=True),
        Column("started_ms", BigInteger, nullable=False),
        Column("lease_ms", BigInteger, nullable=False),  # when it is taken for dead
        Column("about", JsonValue, nullable=False),
        Index(None, "lease_ms"),
    ),
    Holding("id", why_no_subject="names processes only"),
)

ready: Final = declare_table(
    Table(
        "ready",
        CONTROL,
        Column("workspace", Text, primary_key=True),
        Column("run_id", Text, primary_key=True),
        Column("step", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("root_id", Text, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("task", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("queue", Text, nullable=False),
        Column("rank", Integer, nullable=False),  # the lowest first
        Column("due_ms", BigInteger, nullable=False),
        Index(None, "queue", "workspace", "rank", "due_ms"),
    ),
    Holding("workspace", why_no_subject="an index of steps, made again from them"),
)

active: Final = declare_table(
    Table(
        "active",
        CONTROL,
        Column("workspace", Text, primary_key=True),
        Column("next_due_ms", BigInteger, nullable=False),
        Index(None, "next_due_ms"),
    ),
    Holding("workspace", why_no_subject="names workspaces only"),
)

signals: Final = declare_table(
    Table(
        "signals",
        CONTROL,
        Column("worker", Text, primary_key=True),
        Column("workspace", Text, primary_key=True),
        Column("run_id", Text, primary_key=True),
        Column("step", Text, primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("attempt", Integer, nullable=False),
    ),
    Holding("workspace", why_no_subject="names steps only"),
)
"""Steps that a worker has in hand and that were cancelled: it reads them with each renewal of its lease."""


leaders: Final = declare_table(
    Table(
        "leaders",
        CONTROL,
        Column("name", Text, primary_key=True),
        Column("holder", Text, nullable=False),
        Column("until_ms", BigInteger, nullable=False),
    ),
    Holding("name", why_no_subject="names processes only"),
)
