"""All text columns looked at in one scan, and single columns by the values that they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sapwood_agents.analyst.clean.trial import Trial
from sapwood_agents.analyst.profile.templates import fill, struct
from sapwood_storage.tabular.cleaning.casts import trimmed
from sapwood_storage.tabular.cleaning.quoting import quoted, text
from sapwood_storage.tabular.model import Cell

MISSING: Final = (
    "nil", "null", "(null)", "<null>", "[null]", "nan", "n/a", "#n/a", "na", "n.a.", "n.a", "n/k", "-", "--",
    "---", "\u2013", "\u2014", "?", "??", "???", "unknown", "undefined", "not available", "not applicable",
    "missing", "(missing)", "(blank)", "<na>", "#ref!", "#value!", "#div/0!", "#name?",
)  # fmt: skip
"""What is written where there is no value; in lower case, without blanks around."""

_LONGEST: Final = max(map(len, MISSING)) + 16
_AT_ONCE: Final = 32
_MOST_SPELLINGS: Final = 200
_WHOLE: Final = 200_000  # rows; of larger tables a part is drawn
_DRAWN: Final = 100_000
_MOST_VALUES: Final = 4_000
_LONGEST_VALUES: Final = 1_000

_COLUMNS: Final = "SELECT $found FROM (SELECT $columns FROM data) AS rows"
_FIELDS: Final = {
    "padded": "coalesce(count_if(x$index <> t$index), 0)",
    "blank": "coalesce(count_if(t$index = ''), 0)",
    "missing": """list_transform(list_sort(map_entries(histogram(
        CASE WHEN strlen(x$index) <= $longest AND lower(t$index) IN $missing THEN x$index END))),
        lambda e: {'word': e.key, 'cells': e.value})[1:$most]""",
}
_REPEATED: Final = """
    SELECT to_json({'padded': coalesce(sum(n) FILTER (WHERE x <> t), 0),
                    'blank': coalesce(sum(n) FILTER (WHERE t = ''), 0),
                    'missing': list_sort(list({'word': x, 'cells': n}) FILTER (
                        WHERE strlen(x) <= $longest AND lower(t) IN $missing))[1:$most]})::VARCHAR
    FROM (SELECT x, n, $trimmed AS t
          FROM (SELECT $x AS x, count(*) AS n FROM data GROUP BY $x) AS groups) AS trimmed
"""
# The most frequent, and the longest: they show more of what there is.
_VALUES: Final = """
    WITH counted AS MATERIALIZED (
        SELECT x, count(*) AS n FROM (SELECT $x AS x FROM data $drawn) AS drawn WHERE x IS NOT NULL GROUP BY x
    )
    (FROM counted ORDER BY n DESC, x LIMIT $most) UNION
    (FROM counted ORDER BY strlen(x) DESC, x LIMIT $longest)
"""
_GAPS: Final = {
    "longest": str(_LONGEST), "missing": f"({', '.join(map(text, MISSING))})", "most": str(_MOST_SPELLINGS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextColumn:
    """What all rows of a text column say: exact counts."""

    padded: int = 0  # blanks at an end, and more than blanks
    blank: int = 0  # nothing but blanks
    missing: dict[str, int] = field(default_factory=dict[str, int])  # words for no value, as written


async def look_at_texts(trial: Trial, names: Sequence[str]) -> dict[str, TextColumn]:
    """Look at these columns in all rows."""
    grouped = [name for name in names if trial.dataset.rows > _WHOLE and name in trial.repeated]
    found = {name: _read(((await trial.query(_by_value(name)))[0])[0]) for name in grouped}
    rest = [name for name in names if name not in found]
    for start in range(0, len(rest), _AT_ONCE):
        batch = rest[start : start + _AT_ONCE]
        (row,) = await trial.query(_by_row(batch))
        found |= {name: _read(answer) for name, answer in zip(batch, row, strict=True)}
    return found


async def values_of(trial: Trial, name: str) -> dict[str, int]:
    """Return the most frequent values of a column with their counts, of a large table in a part of it."""
    rows = trial.dataset.rows
    share = 100 * _DRAWN / max(rows, 1)
    drawn = f"USING SAMPLE BERNOULLI ({share:.9f}%) REPEATABLE (42)" if rows > _WHOLE else ""
    sql = fill(_VALUES, x=quoted(name), drawn=drawn, most=str(_MOST_VALUES), longest=str(_LONGEST_VALUES))
    found = {str(value): int(count or 0) for value, count in await trial.query(sql)}
    return {value: count for value, count in found.items() if value.strip()}


def _by_value(name: str) -> str:
    return fill(_REPEATED, x=quoted(name), trimmed=trimmed("x"), **_GAPS)


def _by_row(names: Sequence[str]) -> str:
    columns: list[str] = []
    found: list[str] = []
    for index, name in enumerate(names):
        column = quoted(name)
        columns += [f"{column} AS x{index}", f"{trimmed(column)} AS t{index}"]
        fields = {one: fill(sql, index=str(index), **_GAPS) for one, sql in _FIELDS.items()}
        found.append(f"to_json({struct(fields)})::VARCHAR AS r{index}")
    return fill(_COLUMNS, found=", ".join(found), columns=", ".join(columns))


def _read(answer: Cell) -> TextColumn:
    told: dict[str, Any] = json.loads(str(answer))
    missing = {str(one["word"]): int(one["cells"]) for one in told["missing"] or ()}
    padded, blank = int(told["padded"]), int(told["blank"])
    return TextColumn(padded - blank, blank, missing)
