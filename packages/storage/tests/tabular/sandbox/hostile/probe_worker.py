"""A worker in which a few operations of these tests stand for those that ship."""

from sapwood_storage.tabular.sandbox import worker


def main() -> int:
    return worker.main(operations_module="probe_operations")
