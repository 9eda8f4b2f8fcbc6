"""Errors Sapwood raises on purpose; anything else that escapes is a bug.

SapwoodError
├── InvalidInput       the caller has to change the request
├── NotFound
├── Conflict           somebody else was first
├── Forbidden
├── LimitExceeded      a query or job used more memory, time, rows or disk than it may
├── BudgetExceeded     money or quota is spent; try again when the window turns
├── Cancelled          the caller asked for the end
├── StorageFull        the disk is full; nothing partial was left behind
└── DependencyFailed   a service we call did not deliver; worth another try
    └── CircuitOpen    it failed so often a moment ago that it was not asked
"""

from typing import ClassVar


class SapwoodError(Exception):
    """An expected failure; `code` is stable and safe to show to a client, `hint` says what to do."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.hint)


def _rebuild(kind: type[SapwoodError], message: str, hint: str | None) -> SapwoodError:
    return kind(message, hint=hint)


class InvalidInput(SapwoodError):
    """The caller has to change the request."""

    code = "invalid_input"


class NotFound(SapwoodError):
    """What was asked for is not there, or not visible to this caller."""

    code = "not_found"


class Conflict(SapwoodError):
    """Somebody else was first."""

    code = "conflict"


class Forbidden(SapwoodError):
    """The caller may not do this."""

    code = "forbidden"


class LimitExceeded(SapwoodError):
    """A query or job used more memory, time, rows or disk than it may."""

    code = "limit_exceeded"


class BudgetExceeded(SapwoodError):
    """Money or quota is spent; try again when the window turns."""

    code = "budget_exceeded"
    retryable = True


class Cancelled(SapwoodError):
    """The caller asked for the end, or the deadline passed."""

    code = "cancelled"


class StorageFull(SapwoodError):
    """The disk is full; nothing partial was left behind."""

    code = "storage_full"
    retryable = True


class DependencyFailed(SapwoodError):
    """A process or service we call did not deliver; worth another try, not sooner than it asked for."""

    code = "dependency_failed"
    retryable = True
    retry_after_s: float = 0.0


class CircuitOpen(DependencyFailed):
    """The dependency failed so often a moment ago that it was not asked; soon it will be."""
