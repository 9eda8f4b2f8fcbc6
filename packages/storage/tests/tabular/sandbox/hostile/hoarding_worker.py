"""A worker that writes more than it may into files which it has deleted, each of an allowed size."""

import os
import time

from sapwood_storage.tabular.sandbox import serve as honest
from sapwood_storage.tabular.sandbox import worker


def serve(fd: int, bound: honest.Bound) -> None:
    for number in range(6):
        name = os.path.join(bound.places["temp"], str(number))  # noqa: PTH118 - nothing can be imported
        held = os.open(name, os.O_RDWR | os.O_CREAT)
        os.unlink(name)  # noqa: PTH108
        os.write(held, bytes(8 << 20))
    time.sleep(3600)


def main() -> int:
    return worker.main(serve=serve)
