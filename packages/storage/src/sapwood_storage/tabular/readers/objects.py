"""JSON: an array of objects, or objects one after another; every key of any object is a column.

JSON has types, so nothing is widened by share: a column is what all of its values are, or text. A text that
is a null token is no value.
"""

import json
import os
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from sapwood_shared.errors import InvalidInput
from sapwood_storage.tabular.model import Column, ColumnType, ReaderOptions
from sapwood_storage.tabular.readers import inference, nulls, scan, shapes, sql
from sapwood_storage.tabular.readers.dialect import unique_names
from sapwood_storage.tabular.readers.evidence import Evidence, weigh
from sapwood_storage.tabular.readers.outcome import PARQUET, Outcome
from sapwood_storage.tabular.readers.progress import Tell, watched
from sapwood_storage.tabular.readers.quarantine import Quarantined
from sapwood_storage.tabular.readers.shapes import Shape

_LARGEST_OBJECT: Final = 16 << 20
_MOST_KEYS: Final = 2000
_PARSED_AGAIN: Final = 32 << 20  # bytes of an array that Python counts as well
_SHOWN: Final = 16 << 10
_MOST_BAD: Final = 100_000
_LAYOUTS: Final = {"array": "array", "lines": "newline_delimited", "objects": "unstructured"}

Layout = Literal["array", "lines", "objects"]


@dataclass(frozen=True, slots=True)
class _Key:
    """A column: its key in the objects, its name, and how its text is read."""

    key: str
    name: str
    shape: Shape
    note: str | None
    nulls: dict[str, int] = field(default_factory=dict[str, int])  # by token

    def value(self) -> str:
        text = nulls.without(self.text(), tuple(self.nulls))
        return text if self.shape is shapes.TEXT else self.shape.exact(text)

    def text(self) -> str:
        pointer = "/" + self.key.replace("~", "~0").replace("/", "~1")
        return f"json_extract_string(json, {sql.literal(pointer)})"


def ingest(
    connection: sql.Connection, source: Path, options: ReaderOptions, target: Path, tell: Tell
) -> tuple[Outcome, Layout]:
    """Write the objects in `source` to `target`."""
    layout = _layout(source)
    if layout == "array" and not _ends_with(source, b"]"):  # which DuckDB does not mind
        raise InvalidInput("the array in this file does not end", hint="it may have been cut off")
    relation = _objects(source, layout)
    keys = _keys(connection, relation, options)
    if not keys:
        cut_off = layout != "array" and not _ends_with(source, b"}")
        raise InvalidInput(
            "the file holds no JSON objects with keys",
            hint="it may have been cut off"
            if cut_off
            else "an array of objects, or one object a line, is read",
        )
    fields = [f"{key.value()} AS {sql.name(key.name)}" for key in keys]
    good = sql.select(fields, relation, "WHERE json_type(json) = 'OBJECT'")
    with watched(connection, tell, source.stat().st_size):
        rows = sql.number(connection, f"COPY {good} TO {sql.literal(str(target))} ({PARQUET})")
    found = _count(connection, source, layout, relation)
    bad = _bad(connection, source, layout, relation) if found != rows else []
    if len(bad) > max(rows, 1):
        raise InvalidInput(
            f"most records are not JSON objects, such as {bad[0].raw[:80]!r}", hint="check the file"
        )
    outcome = Outcome(
        columns=tuple(Column(key.name, key.shape.type) for key in keys),
        records=found,
        rows=rows,
        quarantined=bad,
        null_tokens={key.name: key.nulls for key in keys if key.nulls},
        notes=[f"{key.name}: {key.note}" for key in keys if key.note],
        shapes={key.name: key.shape.name for key in keys},
    )
    return outcome, layout


def _layout(source: Path) -> Layout:
    with source.open("rb") as file:
        head = file.read(1 << 16).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"["):
        return "array"
    first = head.partition(b"\n")[0].strip()
    try:
        json.loads(first)
    except ValueError:
        # Either the first line is damaged, or an object takes more than one line.
        return "objects" if first.rstrip(b", ").endswith((b"{", b"[", b",", b'"')) else "lines"
    return "lines"


def _ends_with(source: Path, end: bytes) -> bool:
    with source.open("rb") as file:
        file.seek(-min(source.stat().st_size, 4096), os.SEEK_END)
        return file.read().rstrip().endswith(end)


def _objects(source: Path, layout: Layout) -> str:
    return (
        f"read_json_objects({sql.literal(str(source))}, format = '{_LAYOUTS[layout]}', compression = 'none',"
        f" maximum_object_size = {_LARGEST_OBJECT}, ignore_errors = {str(layout == 'lines').lower()})"
    )


def _keys(connection: sql.Connection, relation: str, options: ReaderOptions) -> list[_Key]:
    # First how many: taking an object apart copies it for each of its keys.
    most = sql.row(connection, sql.select(["max(len(json_keys(json)))"], relation))[0] or 0
    if most > _MOST_KEYS:
        raise _too_many_keys()
    numbered = sql.select(["row_number() OVER () AS n", "json"], relation)
    null = nulls.holds("json_extract_string(each.value, '$')", options.null_tokens)
    kind = f"CASE WHEN each.type = 'VARCHAR' AND {null} THEN 'NULL' ELSE each.type END"
    found = sql.rows(
        connection,
        sql.select(
            ["each.key", f"list(DISTINCT {kind})", "min((n, each.id)) AS first"],
            f"{numbered} AS objects, json_each(objects.json) AS each",
            "WHERE json_type(objects.json) = 'OBJECT'"
            f" GROUP BY each.key ORDER BY first LIMIT {_MOST_KEYS + 1}",
        ),
    )
    if not found:
        return []
    if len(found) > _MOST_KEYS:
        raise _too_many_keys()
    names = unique_names([key for key, _, _ in found])
    forced = inference.forced_types(names, options.types)
    plain = [
        _key(key, name, set(kinds) - {"NULL"}) for (key, kinds, _), name in zip(found, names, strict=True)
    ]
    wanted = {at: _candidates(key, forced.get(key.name)) for at, key in enumerate(plain)}
    texts = sql.select([f"{key.text()} AS c{at}" for at, key in enumerate(plain)], relation)
    weighed = weigh(connection, texts, wanted, options.null_tokens)
    keys = [_settle(key, wanted[at], weighed[at], forced=key.name in forced) for at, key in enumerate(plain)]
    some = [(at, False) for at, one in weighed.items() if one.tokens or one.empty]
    counts = scan.token_counts(connection, texts, some, options.null_tokens)
    return [replace(key, nulls=counts.get(at, {})) for at, key in enumerate(keys)]


def _too_many_keys() -> InvalidInput:
    return InvalidInput(
        f"the objects have more than {_MOST_KEYS} different keys", hint="data used as keys is not a table"
    )


def _candidates(key: _Key, forced: ColumnType | None) -> tuple[Shape, ...]:
    """Return the shapes a column may have, from the narrowest; text is always the last."""
    if forced is not None:
        return (inference.plainest(forced),)
    if key.shape is shapes.INTEGER:
        return (shapes.INTEGER,)  # a number of JSON may be larger than 64 bits
    return (shapes.DATE, shapes.TIMESTAMP) if key.shape is shapes.TEXT and not key.note else ()


def _settle(key: _Key, candidates: Sequence[Shape], evidence: Evidence, *, forced: bool) -> _Key:
    if candidates == (shapes.TEXT,):
        return replace(key, shape=shapes.TEXT, note=None)
    if key.shape is not shapes.TEXT and not candidates:
        return key
    for shape in candidates:
        if evidence.values and evidence.fits[shape] == evidence.values:
            return replace(key, shape=shape, note=None if forced else key.note)
    if forced and evidence.values:
        raise InvalidInput(
            f"not every value of {key.name} is {candidates[0].name}", hint="read it as text: --types"
        )
    note = "integers beyond 64 bits became text" if key.shape is shapes.INTEGER else key.note
    return replace(key, shape=shapes.TEXT, note=note)


def _key(key: str, name: str, kinds: AbstractSet[str]) -> _Key:
    nested = sorted(kind.lower() for kind in kinds if kind in ("OBJECT", "ARRAY"))
    if kinds and kinds <= {"BIGINT", "UBIGINT"}:
        return _Key(key, name, shapes.INTEGER, None)
    if kinds and kinds <= {"BIGINT", "UBIGINT", "DOUBLE"}:
        return _Key(key, name, shapes.NUMBER, None)
    if kinds == {"BOOLEAN"}:
        return _Key(key, name, shapes.BOOLEAN, None)
    if nested:
        return _Key(key, name, shapes.TEXT, f"nested values ({', '.join(nested)}) became text")
    mixed = ", ".join(sorted(kind.lower() for kind in kinds))
    return _Key(key, name, shapes.TEXT, f"holds {mixed}; became text" if len(kinds) > 1 else None)


def _count(connection: sql.Connection, source: Path, layout: Layout, relation: str) -> int:
    """Count the records without DuckDB where that can be had."""
    if layout == "lines":
        with source.open("rb") as file:
            return sum(not line.isspace() for line in file)
    if layout == "array" and source.stat().st_size <= _PARSED_AGAIN:
        try:
            return len(json.loads(source.read_bytes().decode("utf-8-sig", "replace")))
        except ValueError as error:
            raise InvalidInput(f"this is not valid JSON: {error}", hint="it may have been cut off") from error
    return sql.number(connection, sql.select(["count(*)"], relation))


def _bad(connection: sql.Connection, source: Path, layout: Layout, relation: str) -> list[Quarantined]:
    numbered = sql.select(["row_number() OVER () AS n", "json"], relation)
    rest = f"WHERE json IS NULL OR json_type(json) <> 'OBJECT' ORDER BY n LIMIT {_MOST_BAD + 1}"
    found = sql.rows(connection, sql.select(["n", "json::VARCHAR"], numbered, rest))
    if len(found) > _MOST_BAD:
        raise InvalidInput(f"more than {_MOST_BAD} records are not JSON objects", hint="check the file")
    if layout != "lines":
        return [Quarantined(int(n), (), "not a JSON object", str(raw)[:_SHOWN]) for n, raw in found]
    reasons = {int(n): "not a JSON object" if raw else "not valid JSON" for n, raw in found}
    quarantined: list[Quarantined] = []
    ordinal = 0
    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            ordinal += not line.isspace()
            if not line.isspace() and (reason := reasons.get(ordinal)):
                raw = line[:_SHOWN].decode("utf-8", "replace").rstrip("\r\n")
                quarantined.append(Quarantined(number, (), reason, raw))
    return quarantined
