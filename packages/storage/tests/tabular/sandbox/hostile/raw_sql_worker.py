"""A worker without its gate: any SQL goes to the engine as it is."""

from sapwood_storage.tabular.sandbox import protocol, worker
from sapwood_storage.tabular.sandbox import serve as honest
from sapwood_storage.tabular.sandbox.faults import Fault, describe


def serve(fd: int, bound: honest.Bound) -> None:
    for request in protocol.read_frames(fd):
        try:
            row = [str(bound.connection.execute(request["sql"]).fetchmany(10))]
        except Exception as error:  # noqa: BLE001 - as in the worker that ships
            fault = describe(error) if str(error) else Fault("internal", "no word")
            honest._fail(fd, request, fault)
            continue
        answers = [
            {"kind": "columns", "columns": [["what", "text"]]},
            {"kind": "rows", "rows": [row]},
            {"kind": "done", "summary": {}},
        ]
        for answer in answers:
            protocol.write_frame(fd, protocol.encode({**answer, "id": request["id"]}))


def main() -> int:
    return worker.main(serve=serve)
