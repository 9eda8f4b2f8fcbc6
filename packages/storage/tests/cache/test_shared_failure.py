import json

import pytest

from sapwood_shared.errors import (
    DependencyFailed,
    InvalidInput,
    SapwoodError,
)
from sapwood_storage.cache.shared_failure import dump_failure, load_failure


@pytest.mark.parametrize(
    "error", [InvalidInput("a", hint="b"), DependencyFailed("c"), SapwoodError("d"), OSError("e")]
)
def test_an_error_travels_as_text_and_never_as_code(error: Exception) -> None:
    text = dump_failure(error)
    arrived = load_failure(text)

    assert json.loads(text)
    assert isinstance(arrived, type(error) if isinstance(error, SapwoodError) else SapwoodError)
    assert str(error) in arrived.message
