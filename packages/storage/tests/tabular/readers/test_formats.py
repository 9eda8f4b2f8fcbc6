from collections.abc import Callable
from typing import Any

import pytest

from sapwood_shared.errors import InvalidInput

Ingest = Callable[..., Any]


def test_a_format_that_does_not_exist_is_refused(ingest: Ingest) -> None:
    with pytest.raises(InvalidInput, match="no format 'xml'"):
        ingest("a,b\n1,2\n", format="xml")
