"""Spans of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_workflows.spec.durations import in_words, seconds


@pytest.mark.parametrize(
    ("written", "wanted_s"),
    [
        ("90s", 90), ("5m", 300), ("1h30m", 5_400), ("2d", 172_800), ("1w", 604_800), ("250ms", 0.25), ("1.5h", 5_400),
        ("1 h 30 m", 5_400), ("PT5M", 300), ("p1dt2h", 93_600), (7, 7), (0.5, 0.5), (timedelta(minutes=2), 120),
    ],
)  # fmt: skip
def test_a_span_in_seconds(written: object, wanted_s: float) -> None:
    assert seconds(written) == pytest.approx(wanted_s)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "5",
        "m",
        "-5s",
        -1,
        "5 minutes ago",
        "PTX",
        True,
        None,
        [5],
        float("nan"),
        float("inf"),
        "9999999d",
    ],
)
def test_what_is_none_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"is no span|longest|ten years"):
        seconds(written)


@given(st.integers(0, 10_000_000))
def test_a_span_written_out_reads_back(span_s: int) -> None:
    assert seconds(in_words(span_s)) == span_s
