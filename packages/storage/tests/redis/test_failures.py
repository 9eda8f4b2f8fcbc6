import inspect

import pytest
from redis import exceptions

from sapwood_shared.errors import DependencyFailed, StorageFull
from sapwood_storage.redis.failures import VENDOR, failure_of, is_outage

OF_CLUSTERS = {"AskError", "ClusterDownError", "MasterDownError", "MovedError"}  # take more than a message
KINDS = [
    kind
    for name, kind in inspect.getmembers(exceptions, inspect.isclass)
    if issubclass(kind, exceptions.RedisError) and name not in OF_CLUSTERS
]


@pytest.mark.parametrize("kind", [*KINDS, OSError, ConnectionRefusedError, TimeoutError])
def test_no_error_of_the_library_is_left_out(kind: type[Exception]) -> None:
    error = kind("no")

    assert isinstance(error, VENDOR)
    assert isinstance(failure_of(error, "redis://here"), DependencyFailed | StorageFull)


@pytest.mark.parametrize(
    ("error", "outage", "words"),
    [
        (exceptions.ConnectionError("gone"), True, "cannot be reached"),
        (exceptions.BusyLoadingError("loading"), True, "cannot be reached"),
        (TimeoutError(), True, "did not answer in time"),
        (exceptions.AuthenticationError("WRONGPASS"), True, "refuses the login"),
        (exceptions.ConnectionError(exceptions.AuthenticationError("no")), True, "refuses the login"),
        (exceptions.NoPermissionError("no"), False, "refuses the login"),
        (exceptions.OutOfMemoryError("OOM"), False, "is full"),
        (exceptions.ResponseError("script: -OOM command not allowed when"), False, "is full"),
        (exceptions.ResponseError("WRONGTYPE"), False, "refused: WRONGTYPE"),
    ],
)
def test_a_failure_says_what_to_do_and_an_answer_is_no_outage(
    error: Exception, outage: bool, words: str
) -> None:
    assert words in failure_of(error, "redis://here").message
    assert is_outage(error) is outage
