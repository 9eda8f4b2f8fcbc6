"""Retries and their waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sapwood_workflows.tasks import ONCE, Backoff, RetryPolicy

CHANCE = st.floats(0, 1)


@given(
    st.builds(Backoff, first_s=st.floats(0, 1e4), factor=st.floats(1, 100), most_s=st.floats(0, 1e5)), CHANCE
)
def test_waits_never_shrink_nor_pass_the_longest(backoff: Backoff, chance: float) -> None:
    waits = [backoff.wait_s(failures, chance=chance) for failures in (1, 2, 3, 10, 10_000)]

    assert waits == sorted(waits)
    assert all(0 <= wait <= backoff.most_s for wait in waits)


def test_the_jitter_takes_off_up_to_its_part() -> None:
    backoff = Backoff(first_s=8, jitter=0.25)

    assert backoff.wait_s(1, chance=0) == 8
    assert backoff.wait_s(1, chance=1) == 6
    assert 6 <= backoff.wait_s(1) <= 8
    assert backoff.wait_s(3, chance=0) == 32


@pytest.mark.parametrize(
    ("policy", "code", "retryable", "failures", "again"),
    [
        (RetryPolicy(), "dependency_failed", True, 1, True),
        (RetryPolicy(), "dependency_failed", True, 3, False),
        (RetryPolicy(), "invalid_input", False, 1, False),
        (RetryPolicy(only=("invalid_input",)), "invalid_input", False, 1, True),
        (RetryPolicy(only=("invalid_input",)), "dependency_failed", True, 1, False),
        (RetryPolicy(never=("dependency_failed",)), "dependency_failed", True, 1, False),
        (ONCE, "dependency_failed", True, 1, False),
    ],
)
def test_what_is_tried_again(
    policy: RetryPolicy, code: str, retryable: bool, failures: int, again: bool
) -> None:
    assert policy.retries(code, retryable=retryable, failures=failures) is again


def test_an_error_in_only_and_in_never_is_refused() -> None:
    with pytest.raises(ValidationError, match="named in only and in never"):
        RetryPolicy(only=("timeout",), never=("timeout",))
