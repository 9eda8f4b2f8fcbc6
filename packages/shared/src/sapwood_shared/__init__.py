"""What every Sapwood package leans on: errors, ids, clock, caller and progress.

Importing this loads the standard library only. Logging, metrics, telemetry and resilience are imported by
their full path.
"""

from sapwood_shared.caller import Caller
from sapwood_shared.clock import Clock, FixedClock, SystemClock
from sapwood_shared.errors import (
    BudgetExceeded,
    Cancelled,
    CircuitOpen,
    Conflict,
    DependencyFailed,
    Forbidden,
    InvalidInput,
    LimitExceeded,
    NotFound,
    SapwoodError,
    StorageFull,
)
from sapwood_shared.ids import IdKind, WorkspaceId, new_id
from sapwood_shared.work import DetachedWork, Work

__all__ = [
    "BudgetExceeded",
    "Caller",
    "Cancelled",
    "CircuitOpen",
    "Clock",
    "Conflict",
    "DependencyFailed",
    "DetachedWork",
    "FixedClock",
    "Forbidden",
    "IdKind",
    "InvalidInput",
    "LimitExceeded",
    "NotFound",
    "SapwoodError",
    "StorageFull",
    "SystemClock",
    "Work",
    "WorkspaceId",
    "new_id",
]
