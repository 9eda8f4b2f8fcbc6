"""A version as a file for people: CSV or JSON, written in a stream by the worker."""

from pathlib import Path
from typing import Any, Final

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.readers import sql
from sapwood_storage.tabular.readers.progress import Tell, watched
from sapwood_storage.tabular.shelf import EXPORT_FILE

_FORMS: Final = {
    "csv": "FORMAT csv, HEADER true",
    "json": "FORMAT json, ARRAY true",
    "ndjson": "FORMAT json, ARRAY false",
}


def export(connection: sql.Connection, params: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Write the Parquet file `source` as `params["format"]` to `export` in `staging`; return its rows."""
    source, target = Path(params["source"]), Path(params["staging"]) / EXPORT_FILE
    if params["format"] not in _FORMS:
        raise InvalidInput(f"there is no format {params['format']!r}", hint=f"one of {', '.join(_FORMS)}")
    relation = sql.select(["*"], f"read_parquet({sql.literal(str(source))})")
    with watched(connection, tell, source.stat().st_size):
        query = f"COPY {relation} TO {sql.literal(str(target))} ({_FORMS[params['format']]})"
        return {"rows": sql.number(connection, query)}
