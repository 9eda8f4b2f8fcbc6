"""A worker that never says that it is ready."""

import time


def main() -> int:
    time.sleep(3600)
    return 0
