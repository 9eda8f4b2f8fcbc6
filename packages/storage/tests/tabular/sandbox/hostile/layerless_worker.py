"""A worker on a kernel that has no layers."""

from sapwood_storage.tabular.sandbox import layers, worker


def main() -> int:
    layers.available = layers.LayerStatus
    return worker.main()
