import _duckdb
import pytest

from sapwood_storage.tabular.sandbox.faults import Fault, describe


def fault_of(statement: str) -> Fault:
    connection = _duckdb.connect(":memory:")
    connection.execute("CREATE TABLE data AS SELECT 1 AS price")
    with pytest.raises(_duckdb.Error) as raised:
        connection.execute(statement)
    connection.close()
    return describe(raised.value)


@pytest.mark.parametrize(
    "table", ["orders", "dat", "main.orders", "shop.orders", "data JOIN orders USING (price)"]
)
def test_another_table_is_told_what_the_only_one_is_called(table: str) -> None:
    fault = fault_of(f"SELECT * FROM {table}")

    assert fault.code == "invalid_input"
    assert "does not exist" in fault.message
    assert "Did you mean" not in fault.message
    assert "called data" in str(fault.hint)


def test_what_duckdb_proposes_for_a_function_or_a_column_is_kept() -> None:
    assert 'Did you mean "floor"?' in fault_of("SELECT flor(price) FROM data").message
    assert 'Candidate bindings: "price"' in fault_of("SELECT prices FROM data").message


@pytest.mark.parametrize(
    ("place", "disk", "advice"),
    [
        ("/proc/self/fd/3", "temporary files", "TMPDIR"),
        ("/proc/self/fd/34", "the data directory", "data prune"),
    ],
)
def test_a_full_disk_is_called_by_what_it_holds(place: str, disk: str, advice: str) -> None:
    error = _duckdb.IOException(f'IO Error: Could not write "{place}/x": No space left on device')

    fault = describe(error, {"temp": "/proc/self/fd/3", "staging": "/proc/self/fd/34"})

    assert fault.code == "storage_full"
    assert fault.message == f"the disk that holds {disk} is full"
    assert advice in str(fault.hint)
