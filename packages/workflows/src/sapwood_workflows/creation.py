"""The journal's tables as SQL for SQLite: what `journal.history` creates, told without SQLAlchemy."""

from __future__ import annotations

from typing import Final

from sapwood_storage.quick.tables import PackageTables, ScopeTables

_CONTROL: Final = (
    """
CREATE TABLE workers (
    id TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    lease_ms BIGINT NOT NULL,
    about JSON NOT NULL,
    CONSTRAINT workers_pk PRIMARY KEY (id)
)
""",
    "CREATE INDEX workers_lease_ms_ix ON workers (lease_ms)",
    """
CREATE TABLE ready (
    workspace TEXT NOT NULL,
    run_id TEXT NOT NULL,
    step TEXT NOT NULL,
    item INTEGER NOT NULL,
    root_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    task TEXT NOT NULL,
    version INTEGER NOT NULL,
    queue TEXT NOT NULL,
    rank INTEGER NOT NULL,
    due_ms BIGINT NOT NULL,
    CONSTRAINT ready_pk PRIMARY KEY (workspace, run_id, step, item)
)
""",
    "CREATE INDEX ready_queue_workspace_rank_due_ms_ix ON ready (queue, workspace, rank, due_ms)",
    """
CREATE TABLE active (
    workspace TEXT NOT NULL,
    next_due_ms BIGINT NOT NULL,
    CONSTRAINT active_pk PRIMARY KEY (workspace)
)
""",
    "CREATE INDEX active_next_due_ms_ix ON active (next_due_ms)",
    """
CREATE TABLE signals (
    worker TEXT NOT NULL,
    workspace TEXT NOT NULL,
    run_id TEXT NOT NULL,
    step TEXT NOT NULL,
    item INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    CONSTRAINT signals_pk PRIMARY KEY (worker, workspace, run_id, step, item)
)
""",
    """
CREATE TABLE leaders (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    CONSTRAINT leaders_pk PRIMARY KEY (name)
)
""",
)
_WORKSPACE: Final = (
    """
CREATE TABLE runs (
    id TEXT NOT NULL,
    root_id TEXT NOT NULL,
    parent_id TEXT,
    parent_step TEXT,
    parent_item INTEGER,
    workflow TEXT NOT NULL,
    version INTEGER NOT NULL,
    pinned JSON,
    input JSON NOT NULL,
    state TEXT NOT NULL,
    ending TEXT,
    output JSON,
    error JSON,
    paused BOOLEAN NOT NULL,
    cancelled BOOLEAN NOT NULL,
    created_by TEXT,
    created_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    deadline_ms BIGINT,
    cursor BIGINT NOT NULL,
    request_key TEXT,
    open_steps INTEGER,
    places INTEGER,
    halted BOOLEAN,
    schedule TEXT,
    scheduled_ms BIGINT,
    CONSTRAINT runs_pk PRIMARY KEY (id)
)
""",
    "CREATE INDEX runs_state_created_ms_ix ON runs (state, created_ms)",
    "CREATE INDEX runs_created_by_ix ON runs (created_by)",
    "CREATE INDEX runs_root_id_ix ON runs (root_id)",
    "CREATE INDEX runs_schedule_state_ix ON runs (schedule, state)",
    "CREATE UNIQUE INDEX runs_request_key_ix ON runs (request_key)",
    """
CREATE TABLE steps (
    run_id TEXT NOT NULL,
    name TEXT NOT NULL,
    item INTEGER NOT NULL,
    root_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    losses INTEGER NOT NULL,
    due_ms BIGINT,
    limit_ms BIGINT,
    priority INTEGER NOT NULL,
    queue TEXT NOT NULL,
    task TEXT,
    task_version INTEGER,
    worker TEXT,
    open_items INTEGER,
    place INTEGER,
    started_ms BIGINT,
    ended_ms BIGINT,
    given JSON,
    output JSON,
    error JSON,
    progress JSON,
    open_before INTEGER,
    passed_before INTEGER,
    limit_key TEXT,
    once_key TEXT,
    CONSTRAINT steps_pk PRIMARY KEY (run_id, name, item),
    CONSTRAINT steps_run_id_fk FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
""",
    "CREATE INDEX steps_state_due_ms_ix ON steps (state, due_ms)",
    "CREATE INDEX steps_limit_key_state_ix ON steps (limit_key, state)",
    "CREATE INDEX steps_root_id_state_ix ON steps (root_id, state)",
    "CREATE INDEX steps_worker_ix ON steps (worker)",
    "CREATE INDEX steps_once_key_state_ix ON steps (once_key, state)",
    """
CREATE TABLE events (
    root_id TEXT NOT NULL,
    cursor BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    step TEXT,
    item INTEGER,
    data JSON,
    CONSTRAINT events_pk PRIMARY KEY (root_id, cursor),
    CONSTRAINT events_root_id_fk FOREIGN KEY(root_id) REFERENCES runs (id) ON DELETE CASCADE
)
""",
    """
CREATE TABLE inbox (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    payload JSON,
    at_ms BIGINT NOT NULL,
    taken_by TEXT,
    CONSTRAINT inbox_pk PRIMARY KEY (run_id, id),
    CONSTRAINT inbox_run_id_fk FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
""",
    """
CREATE TABLE logs (
    run_id TEXT NOT NULL,
    step TEXT NOT NULL,
    item INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    lines JSON NOT NULL,
    left_out INTEGER NOT NULL,
    CONSTRAINT logs_pk PRIMARY KEY (run_id, step, item, attempt),
    CONSTRAINT logs_run_id_fk FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
""",
    """
CREATE TABLE limits (
    "key" TEXT NOT NULL,
    places INTEGER NOT NULL,
    CONSTRAINT limits_pk PRIMARY KEY ("key")
)
""",
    """
CREATE TABLE once (
    "key" TEXT NOT NULL,
    run_id TEXT NOT NULL,
    step TEXT NOT NULL,
    item INTEGER NOT NULL,
    output JSON,
    CONSTRAINT once_pk PRIMARY KEY ("key"),
    CONSTRAINT once_run_id_fk FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
""",
    "CREATE INDEX once_run_id_ix ON once (run_id)",
    """
CREATE TABLE workflows (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    spec JSON NOT NULL,
    saved_by TEXT,
    saved_ms BIGINT NOT NULL,
    CONSTRAINT workflows_pk PRIMARY KEY (name, version)
)
""",
    "CREATE INDEX workflows_saved_by_ix ON workflows (saved_by)",
    """
CREATE TABLE schedules (
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    spec JSON NOT NULL,
    looked_ms BIGINT NOT NULL,
    next_ms BIGINT,
    waiting JSON NOT NULL,
    missed INTEGER NOT NULL,
    error TEXT,
    created_by TEXT,
    CONSTRAINT schedules_pk PRIMARY KEY (name)
)
""",
    "CREATE INDEX schedules_created_by_ix ON schedules (created_by)",
    "CREATE INDEX schedules_next_ms_ix ON schedules (next_ms)",
)

WORKFLOWS: Final = PackageTables("workflows", ScopeTables(2, _CONTROL), ScopeTables(5, _WORKSPACE))
"""The tables that workflows own."""
