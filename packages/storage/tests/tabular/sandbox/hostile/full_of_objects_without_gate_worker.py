"""The same without its gate and without DuckDB's locks: what was set at connect has to do."""

import kernel_only_worker
import objects
import raw_sql_worker

from sapwood_storage.tabular.sandbox import engine, worker
from sapwood_storage.tabular.sandbox import serve as honest

a_global = objects.a_global


def serve(fd: int, bound: honest.Bound) -> None:
    a_local = a_callers = objects.Table()
    raw_sql_worker.serve(fd, bound)
    assert a_local is a_callers


def main() -> int:
    engine.configure = kernel_only_worker.configure
    return worker.main(serve=serve)
