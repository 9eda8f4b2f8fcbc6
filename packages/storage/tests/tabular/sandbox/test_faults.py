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
