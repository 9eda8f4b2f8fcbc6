"""A worker that answers what no worker answers."""

import os
from typing import Any

from sapwood_storage.tabular.sandbox import protocol, worker
from sapwood_storage.tabular.sandbox import serve as honest

_ANSWERS: dict[str, dict[str, Any]] = {
    "kind": {"kind": 3},
    "rows": {"kind": "rows", "rows": [[1]]},
    "summary": {"kind": "done", "summary": "over"},
}


def serve(fd: int, bound: honest.Bound) -> None:
    for request in protocol.read_frames(fd):
        wanted, number = request["sql"], request["id"]
        if wanted == "frame":
            protocol.write_frame(fd, protocol.frame(b"not json"))
        elif wanted == "size":
            os.write(fd, b"\xff\xff\xff\xff")
        elif wanted == "id":
            protocol.write_frame(fd, protocol.encode({"kind": "done", "id": number + 1, "summary": {}}))
        elif wanted == "flood":
            columns = {"kind": "columns", "id": number, "columns": [["a", "integer"]]}
            protocol.write_frame(fd, protocol.encode(columns))
            rows = protocol.encode({"kind": "rows", "id": number, "rows": [[1]] * 10_000})
            while True:
                protocol.write_frame(fd, rows)
        else:
            protocol.write_frame(fd, protocol.encode({**_ANSWERS[wanted], "id": number}))


def main() -> int:
    return worker.main(serve=serve)
