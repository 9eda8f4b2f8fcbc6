"""A worker that takes memory which DuckDB's own limit does not see."""

import time

from sapwood_storage.tabular.sandbox import serve as honest
from sapwood_storage.tabular.sandbox import worker


def serve(fd: int, bound: honest.Bound) -> None:
    hoard = bytearray(512 << 20)
    for page in range(0, len(hoard), 4096):
        hoard[page] = 1
    time.sleep(3600)


def main() -> int:
    return worker.main(serve=serve)
