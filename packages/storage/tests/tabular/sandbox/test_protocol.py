import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapwood_storage.tabular.sandbox import protocol
from sapwood_storage.tabular.sandbox.protocol import ProtocolError

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
ascii_or_whole = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(ascii_or_whole, st.integers() | ascii_or_whole | st.none()))
def test_a_message_comes_back_as_it_was_sent(message: dict[str, object]) -> None:
    framed = protocol.encode(message)

    assert protocol.body_size(framed[:4]) == len(framed) - 4
    assert protocol.decode(framed[4:]) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_protocol_error(body: bytes) -> None:
    try:
        message = protocol.decode(body)
    except ProtocolError:
        return
    assert isinstance(message, dict)


@given(json_values, st.integers(0, 4))
def test_any_json_is_rows_or_a_protocol_error(rows: object, width: int) -> None:
    try:
        checked = protocol.check_rows(rows, width)
    except ProtocolError:
        return
    assert all(len(row) == width for row in checked)


def test_messages_cross_a_pipe_one_after_another() -> None:
    reading, writing = os.pipe()
    for number in range(3):
        protocol.write_frame(writing, protocol.encode({"number": number}))
    os.close(writing)

    assert [message["number"] for message in protocol.read_frames(reading)] == [0, 1, 2]
    os.close(reading)


def test_a_frame_that_is_cut_off_is_the_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, protocol.encode({"number": 1})[:-3])
    os.close(writing)

    assert list(protocol.read_frames(reading)) == []
    os.close(reading)


@pytest.mark.parametrize("size", [0, protocol.MAX_FRAME + 1, 0xFFFFFFFF])
def test_a_frame_of_an_impossible_size_is_refused(size: int) -> None:
    with pytest.raises(ProtocolError):
        protocol.body_size(struct.pack(">I", size))


def test_a_message_larger_than_a_frame_is_not_sent() -> None:
    with pytest.raises(ProtocolError):
        protocol.encode({"text": "x" * protocol.MAX_FRAME})


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"1",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\\ud800"}',
        b'{"a": ' + b"[" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"\xff\xfe",
    ],
)
def test_what_is_not_one_sound_object_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        protocol.decode(body)


def test_a_surrogate_that_is_part_of_a_pair_is_sound() -> None:
    assert protocol.decode(b'{"a": "\\ud83d\\ude00 \\\\ud800"}') == {"a": "\U0001f600 \\ud800"}


@pytest.mark.parametrize(
    "rows", [[[float("inf")]], [[[1]]], [[{}]], [[1, 2]], [(1,)], {"a": 1}, None, [None]]
)
def test_rows_of_another_shape_are_refused(rows: object) -> None:
    with pytest.raises(ProtocolError):
        protocol.check_rows(rows, 1)
