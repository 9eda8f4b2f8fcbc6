"""A bound worker that has been taken over: bound as every other, it does what the question says."""

import os
import time
from collections.abc import Callable

from sapwood_storage.tabular.sandbox import protocol, worker
from sapwood_storage.tabular.sandbox import serve as honest

_answer = honest._answer


def leave(fd: int, bound: honest.Bound) -> None:
    """End without a word."""
    os._exit(3)


def hoard(fd: int, bound: honest.Bound) -> None:
    """Take memory that DuckDB's own limit does not see."""
    held = bytearray(1 << 30)
    for page in range(0, len(held), 4096):
        held[page] = 1


def spill(fd: int, bound: honest.Bound) -> None:
    """Fill the directory for spilled rows, in files that are each within bounds."""
    for number in range(8):
        with open(f"{bound.places['temp']}/{number}", "wb") as file:  # noqa: PTH123 - nothing can be imported
            file.write(bytes(4 << 20))
    time.sleep(3600)


def babble(fd: int, bound: honest.Bound) -> None:
    """Say what no worker says."""
    protocol.write_frame(fd, protocol.frame(b"not json"))


def play_dead(fd: int, bound: honest.Bound) -> None:
    """Answer nobody, not even an interrupt."""
    time.sleep(3600)


DEEDS: dict[str, Callable[[int, honest.Bound], None]] = {
    deed.__name__: deed for deed in (leave, hoard, spill, babble, play_dead)
}


def answer(fd: int, bound: honest.Bound, request: protocol.Message) -> None:
    """Do the deed that the question names, or answer it as the worker that ships does."""
    if (deed := DEEDS.get(request["sql"])) is not None:
        deed(fd, bound)
    else:
        _answer(fd, bound, request)


def main() -> int:
    """Run until the parent hangs up."""
    honest._answer = answer
    return worker.main()
