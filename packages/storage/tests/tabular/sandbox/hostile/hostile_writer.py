"""A worker in write mode that has been taken over by the file it reads."""

import errno
import sys
from collections.abc import Callable
from typing import Any

import attacker

from sapwood_storage.tabular.sandbox import worker


def attack(
    connection: object, params: dict[str, Any], tell: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    own = {"data": params["source"], "own": params["staging"], "socket": int(sys.argv[1])}
    bait = {**params["bait"], **own}
    try:
        return {"got": repr(attacker.ATTACKS[params["attack"]](bait)), "refused": None}
    except OSError as error:
        return {"refused": errno.errorcode[error.errno or 0]}


OPERATIONS = {"attack": attack}


def main() -> int:
    return worker.main(operations_module="hostile_writer")
