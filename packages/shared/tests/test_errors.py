import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapwood_shared
import sapwood_shared.errors
from sapwood_shared import CircuitOpen, DependencyFailed, SapwoodError


def kinds(base: type[SapwoodError] = SapwoodError) -> list[type[SapwoodError]]:
    return [base, *(kind for child in base.__subclasses__() for kind in kinds(child))]


@pytest.mark.parametrize("kind", kinds())
@given(message=st.text(), hint=st.none() | st.text())
def test_an_error_crosses_a_process_boundary_whole(
    kind: type[SapwoodError], message: str, hint: str | None
) -> None:
    error = kind(message, hint=hint)

    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is kind
        assert (twin.message, twin.hint, str(twin)) == (message, hint, message)


def test_a_code_names_one_kind_of_failure() -> None:
    codes = [kind.code for kind in kinds() if kind is not CircuitOpen]

    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)


def test_a_client_sees_an_open_circuit_as_the_failed_dependency_it_is() -> None:
    assert CircuitOpen.code == DependencyFailed.code


def test_every_kind_is_drawn_in_the_tree_and_exported() -> None:
    drawn = sapwood_shared.errors.__doc__ or ""

    for kind in kinds():
        assert kind.__name__ in drawn
        assert getattr(sapwood_shared, kind.__name__) is kind


def test_only_what_may_pass_by_itself_is_retryable() -> None:
    retryable = {kind.__name__ for kind in kinds() if kind.retryable}

    assert retryable == {"BudgetExceeded", "CircuitOpen", "DependencyFailed", "StorageFull"}
