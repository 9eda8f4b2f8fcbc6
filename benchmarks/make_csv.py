"""Writes a mixed CSV of about the size asked for: 11 columns, 11.6 million rows to the gigabyte.

Ids, timestamps, a few categories, a skewed code, small counts, prices, rates and places with holes, a flag
and short notes. Every cell is a hash of its row's number, so the same size gives the same bytes on any number
of threads. Run: python benchmarks/make_csv.py OUT.csv [MB, default 1000]
"""

import sys
from pathlib import Path

import _duckdb

ROW_BYTES = 86.0  # on average; ids grow longer with the file

# u(k): the k-th uniform number of a row, in (0, 1).
_MACROS = (
    "CREATE MACRO u(i, k) AS ((hash(hash(i * 16 + k)) >> 32) + 0.5) / 4294967296",
    "CREATE MACRO normal(i, k) AS sqrt(-2 * ln(u(i, k))) * cos(2 * pi() * u(i, k + 1))",
)
_ROWS = """
    SELECT i AS id,
           TIMESTAMP '2023-01-01' + to_seconds((u(i, 0) * 86400 * 900)::BIGINT) AS ts,
           (['north', 'south', 'east', 'west'])[1 + (u(i, 1) * 4)::INT % 4] AS region,
           'SKU-' || lpad(((least(u(i, 2) ** -3.3, 1e15)::BIGINT) % 20000)::VARCHAR, 5, '0') AS sku,
           CASE WHEN u(i, 3) < 0.5 THEN 'paid' WHEN u(i, 3) < 0.7 THEN 'new' WHEN u(i, 3) < 0.9 THEN 'sent'
                WHEN u(i, 3) < 0.95 THEN 'returned' END AS status,
           CASE WHEN u(i, 4) < 0.05 THEN 0 WHEN u(i, 4) < 0.2 THEN 1 WHEN u(i, 4) < 0.42 THEN 2
                WHEN u(i, 4) < 0.65 THEN 3 WHEN u(i, 4) < 0.82 THEN 4 WHEN u(i, 4) < 0.92 THEN 5
                ELSE 6 + (u(i, 5) ** 3 * 6)::INT END AS qty,
           round(exp(3 + normal(i, 6)), 2) AS price,
           CASE WHEN u(i, 8) < 0.7 THEN round(u(i, 9), 3) END AS discount,
           CASE WHEN u(i, 10) < 0.98 THEN round(48 + 5 * normal(i, 11), 5) END AS lat,
           u(i, 13) < 0.4 AS member,
           format('w{:04x} w{:04x}', (u(i, 14) * 5000)::INT, (u(i, 15) * 5000)::INT) AS note
    FROM range(?) AS numbers(i)
"""


def make_csv(target: Path, megabytes: float) -> int:
    """Write the file and return its rows."""
    rows = round(megabytes * 1e6 / ROW_BYTES)
    with _duckdb.connect(":memory:") as connection:
        for macro in _MACROS:
            connection.execute(macro)
        connection.execute(
            f"COPY ({_ROWS.replace('?', str(rows))}) TO '{target}' (FORMAT csv, HEADER)"  # our own numbers
        )
    return rows


if __name__ == "__main__":
    path, size = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 1000.0
    made = make_csv(path, size)
    print(f"{path}: {path.stat().st_size / 1e6:.0f} MB, {made:,} rows")
