"""A worker that has been taken over: started and bound as every other, and hostile from then on."""

import errno
import json
import sys

import attacker

from sapwood_storage.tabular.sandbox import protocol, worker
from sapwood_storage.tabular.sandbox import serve as honest


def serve(fd: int, bound: honest.Bound) -> None:
    for request in protocol.read_frames(fd):
        if not request["sql"].startswith("{"):
            honest._answer(fd, bound, request)
            continue
        wanted = json.loads(request["sql"])
        bait = {**wanted["bait"], "data": bound.places["data"], "own": bound.places["temp"]}
        bait["socket"] = int(sys.argv[1])
        try:
            row = ["got", repr(attacker.ATTACKS[wanted["attack"]](bait))]
        except OSError as error:
            row = ["refused", errno.errorcode[error.errno or 0]]
        answers = [
            {"kind": "columns", "columns": [["outcome", "text"], ["what", "text"]]},
            {"kind": "rows", "rows": [row]},
            {"kind": "done", "summary": {}},
        ]
        for answer in answers:
            protocol.write_frame(fd, protocol.encode({**answer, "id": request["id"]}))


def main() -> int:
    return worker.main(serve=serve)
