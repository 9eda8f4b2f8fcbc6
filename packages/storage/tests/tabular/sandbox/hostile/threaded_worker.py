"""A worker in which something started a thread before the layers were on."""

import threading
import time

from sapwood_storage.tabular.sandbox import worker


def main() -> int:
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    return worker.main()
