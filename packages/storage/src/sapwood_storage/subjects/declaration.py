"""What a table or a store says about the data it holds."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from sapwood_shared.errors import InvalidInput

if TYPE_CHECKING:
    from sqlalchemy import Table

_TableT = TypeVar("_TableT", bound="Table")
_INFO: Final = "sapwood.holding"


class OnErase(StrEnum):
    """What becomes of a row when the person it names is erased."""

    DELETE = "delete"
    FORGET = "forget"  # the row stays, the person's key becomes null


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose data it is.

    `workspace` says where the workspace's key is: `schema` (a schema, file, directory or key prefix of its
    own) or a column. `subject` is the column with the person's key; without one, `why_no_subject` says why
    no row can be tied to a person.
    """

    workspace: str
    subject: str | None = None
    why_no_subject: str | None = None
    on_erase: OnErase = OnErase.DELETE

    def __post_init__(self) -> None:
        if (self.subject is None) == (self.why_no_subject is None):
            raise InvalidInput(
                "a holding names a subject's key, or says why there is none",
                hint="give exactly one of the two",
            )


def declare_table(table: _TableT, holding: Holding) -> _TableT:
    """Attach `holding` to `table`; columns it names must exist."""
    for column in (holding.subject, None if holding.workspace == "schema" else holding.workspace):
        if column is not None and column not in table.c:
            raise InvalidInput(f"{table.fullname} has no column {column!r}", hint="name one of its columns")
    table.info[_INFO] = holding
    return table


def holding_of(table: "Table") -> Holding | None:
    """Return what `table` declared, `None` if it did not."""
    return table.info.get(_INFO)
