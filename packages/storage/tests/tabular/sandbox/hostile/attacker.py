"""Every attack; run as a program it tries one in an ordinary process."""

import json
import os
import socket
import sys
import tempfile
import time

import attacks
import detours

ATTACKS = attacks.ATTACKS
__all__ = ["ATTACKS", "detours"]


def main() -> None:
    """Run as `<attack> <bait as JSON>`; what it got is the last line."""
    name, bait = sys.argv[1], json.loads(sys.argv[2])
    time.localtime()
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryDirectory(dir=os.path.dirname(bait["directory"])) as own:  # noqa: PTH120 - as in attacks
        theirs.send(b"\0")
        bait |= {"own": own, "socket": ours.fileno()}
        print(json.dumps({"got": repr(ATTACKS[name](bait))}))


if __name__ == "__main__":
    main()
