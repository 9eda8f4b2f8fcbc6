import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_storage.cache import SPACES, CacheKey
from sapwood_storage.cache.keys import Part, namespace_of

PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
)


def test_a_key_is_the_same_in_every_process_and_release() -> None:
    key = CacheKey("answer", "3", ("dv_1", "how many?", 7, 0.5, True, None, ("a", "b")))
    code = (
        "from sapwood_storage.cache import CacheKey;"
        "print(CacheKey('answer', '3', ('dv_1', 'how many?', 7, 0.5, True, None, ('a', 'b'))))"
    )

    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert other.stdout.strip() == str(key)
    assert str(key) == "answer:3:2169fa247385365774011544028a28d10198c811458fe14b51cd3e9cdaedb8be"
    assert namespace_of(str(key)) == "answer"


def test_an_upgrade_reads_no_old_entry() -> None:
    assert str(CacheKey("answer", "3", ("q",))) != str(CacheKey("answer", "4", ("q",)))


def test_parts_of_different_types_are_different_keys() -> None:
    parts: list[Part] = [1, "1", True, 1.0, None, "null", (1,), ((1,),), ("1",)]

    assert len({str(CacheKey("n", "1", (part,))) for part in parts}) == len(parts)
    assert str(CacheKey("n", "1", ("ab", "c"))) != str(CacheKey("n", "1", ("a", "bc")))


@given(st.lists(PARTS, max_size=4).map(tuple), st.lists(PARTS, max_size=4).map(tuple))
def test_keys_are_equal_only_if_their_parts_are(one: tuple[Part, ...], other: tuple[Part, ...]) -> None:
    assert (str(CacheKey("n", "1", one)) == str(CacheKey("n", "1", other))) == (repr(one) == repr(other))


def test_nan_is_refused_since_it_equals_nothing() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        str(CacheKey("n", "1", (float("nan"),)))


def test_each_space_has_its_time() -> None:
    hours = {name: space.ttl_s / 3600 for name, space in SPACES.items()}

    assert hours == {"profile": 24, "cleaning_plan": 1, "interpretation": 168, "chart": 168, "answer": 168}
