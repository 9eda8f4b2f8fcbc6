"""What a question gives back; `docs/answers.md` says what `rows` holds for each kind of question."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sapwood_storage.tabular.model import Cell

SCHEMA_VERSION = 1


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(_Value):
    """Something that was looked at while answering, in words; `count` is the number it found."""

    code: str = Field(examples=["nulls_left_out"])
    text: str = Field(examples=["3 rows without a value in delay were left out"])
    count: int | None = None


class OtherReading(_Value):
    """One of several things the question may mean."""

    reading: str
    sql: str


class Reason(_Value):
    """Why a question was not answered, and what can be asked instead."""

    code: Literal["unplaced", "ambiguous", "unsupported"]
    words: tuple[str, ...] = ()
    readings: tuple[OtherReading, ...] = ()
    can_answer: tuple[str, ...] = ()
    text: str = ""


class DatasetInfo(_Value):
    """The data the answer stands on."""

    version: str
    title: str
    rows: int
    quarantined: int = 0


class Answer(_Value):
    """A question's answer, or the reason why there is none: then `answer`, `sql` and `reading` are null."""

    schema_version: int = SCHEMA_VERSION
    question: str
    answer: str | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    sql: str | None = None
    reading: str | None = None
    engine: Literal["instant"] = "instant"
    cached: bool = False
    checks: tuple[Check, ...] = ()
    chart: dict[str, Any] | None = None
    reason: Reason | None = None
    dataset: DatasetInfo
    intent: dict[str, Any] | None = Field(
        default=None, description="the typed reading, to edit by a follow-up"
    )
    timings_ms: dict[str, float] = Field(
        default_factory=dict[str, float],
        description="what this call took: survey, read and query, or cache alone if it was answered before",
    )
