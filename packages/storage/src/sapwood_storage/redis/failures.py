"""What the library raises, in the words of our tree: vendor errors stop here."""

from collections.abc import Iterator
from typing import Final

from redis import exceptions

from sapwood_shared.errors import DependencyFailed, SapwoodError, StorageFull

VENDOR: Final = (exceptions.RedisError, OSError)
"""Whatever a call can raise; a time that ran out is an `OSError`."""

_LOGIN: Final = (
    exceptions.AuthenticationError,
    exceptions.AuthenticationWrongNumberOfArgsError,
    exceptions.AuthorizationError,
    exceptions.NoPermissionError,
)
_FULL: Final = "OOM command not allowed"  # a script of Redis 6 wraps it in an error of its own


def is_outage(error: BaseException) -> bool:
    """Whether the server was not to be had, rather than answered with a refusal."""
    return isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError | OSError)


def failure_of(error: BaseException, address: str) -> SapwoodError:
    """Return what to raise for `error` of the server at `address`, which has no password in it."""
    causes = list(_causes(error))
    if any(isinstance(cause, exceptions.OutOfMemoryError) or _FULL in str(cause) for cause in causes):
        return StorageFull(
            f"Redis at {address} is full", hint="raise maxmemory, or set maxmemory-policy to allkeys-lru"
        )
    if any(isinstance(cause, _LOGIN) for cause in causes):
        return DependencyFailed(
            f"Redis at {address} refuses the login", hint="check user, password and rights of the address"
        )
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        return DependencyFailed(f"Redis at {address} did not answer in time", hint="see whether it hangs")
    if is_outage(error):
        return DependencyFailed(f"Redis at {address} cannot be reached", hint="see whether it runs")
    return DependencyFailed(f"Redis at {address} refused: {error}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those it came from; redis-py also hands a cause over as an argument."""
    seen: set[int] = set()
    left: list[object] = [error]
    while left:
        one = left.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            left += [one.__cause__, *one.args]
