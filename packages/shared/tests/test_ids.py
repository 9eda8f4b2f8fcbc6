import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_shared import IdKind, new_id
from sapwood_shared.ids import _encode


def number(made: str) -> int:
    value = 0
    for letter in made.rpartition("_")[2]:
        value = value << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return value


@pytest.mark.parametrize("kind", list(IdKind))
def test_an_id_shows_its_kind_and_is_a_uuid_of_version_7(kind: IdKind) -> None:
    made = new_id(kind)

    assert made.startswith(f"{kind}_")
    assert len(made) == len(kind) + 27
    assert number(made) >> 76 & 0xF == 7
    assert number(made) >> 62 & 0b11 == 0b10


def test_an_id_knows_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000

    made_ms = number(new_id(IdKind.RUN)) >> 80

    assert before <= made_ms <= time.time_ns() // 1_000_000


def test_ids_sort_in_the_order_of_their_making() -> None:
    made = [new_id(IdKind.RUN) for _ in range(20_000)]

    assert all(one < two for one, two in pairwise(made))


def test_a_clock_that_runs_backwards_does_not_disturb_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id(IdKind.RUN)
    monkeypatch.setattr(time, "time_ns", lambda: 1)

    assert new_id(IdKind.RUN) > first


def make_many(_: int) -> list[str]:
    return [new_id(IdKind.RUN) for _ in range(500)]


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [one for some in pool.map(make_many, range(8)) for one in some]

    assert len(set(made)) == len(made)


def test_a_forked_child_does_not_go_on_counting_from_its_parents_last_id() -> None:
    read, write = os.pipe()
    last = number(new_id(IdKind.RUN))
    child = os.fork()
    if child == 0:
        os.write(write, new_id(IdKind.RUN).encode())
        os._exit(0)
    os.waitpid(child, 0)

    made = number(os.read(read, 64).decode())

    os.close(read)
    os.close(write)
    assert abs(made - last) > 1 << 20


@given(st.integers(0, (1 << 128) - 1), st.integers(0, (1 << 128) - 1))
def test_text_sorts_as_the_numbers_do(one: int, two: int) -> None:
    assert number(_encode(one)) == one
    assert (_encode(one) < _encode(two)) == (one < two)
