import pytest

from sapwood_shared import Caller, Forbidden, WorkspaceId

READER = Caller(WorkspaceId("ws_1"), "ada", frozenset({"datasets:read"}))


def test_a_caller_may_do_what_its_scopes_name() -> None:
    READER.require("datasets:read")


def test_a_caller_without_the_scope_learns_which_one_it_needs() -> None:
    with pytest.raises(Forbidden, match="'datasets:write'") as caught:
        READER.require("datasets:write")

    assert caught.value.hint


def test_a_caller_may_do_nothing_unless_told() -> None:
    with pytest.raises(Forbidden):
        Caller(WorkspaceId("ws_1"), "bob").require("datasets:read")
