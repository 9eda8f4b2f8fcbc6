"""What a worker bound to one source can be asked to do; the only way into this package from outside.

Everything is imported here, at the top, for a bound worker can load no module any more.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sapwood_storage.tabular import wire
from sapwood_storage.tabular.cleaning.execution import clean
from sapwood_storage.tabular.cleaning.export import export
from sapwood_storage.tabular.readers import formats
from sapwood_storage.tabular.readers.progress import Tell
from sapwood_storage.tabular.readers.sql import Connection

Params = dict[str, Any]
Operation = Callable[[Connection, Params, Tell], dict[str, Any]]


def ingest(connection: Connection, params: Params, tell: Tell) -> dict[str, Any]:
    """Write `data.parquet` and `quarantine.ndjson` into `params["staging"]`; return an `IngestReport`.

    `params` holds the paths `source` and `staging`, and the `ReaderOptions` as `options`.
    """
    source, staging = Path(params["source"]), Path(params["staging"])
    options = wire.options_from(params.get("options", {}))
    report = formats.ingest(connection, source, options, staging, tell)
    return wire.report_to(report)


def sniff(connection: Connection, params: Params, tell: Tell) -> dict[str, Any]:
    """Return how `source` would be read: its format, and for text the dialect and the columns' names."""
    del connection  # the bytes tell
    source, staging = Path(params["source"]), Path(params["staging"])
    options = wire.options_from(params.get("options", {}))
    return formats.sniff(source, options, staging, tell)


OPERATIONS: Final[dict[str, Operation]] = {"ingest": ingest, "sniff": sniff, "clean": clean, "export": export}
