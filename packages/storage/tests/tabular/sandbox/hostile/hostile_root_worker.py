"""The hostile worker had it kept root: the layers have to hold without the change of user."""

import hostile_worker

from sapwood_storage.tabular.sandbox import limits


def main() -> int:
    limits.drops_identity = lambda: False
    return hostile_worker.main()
