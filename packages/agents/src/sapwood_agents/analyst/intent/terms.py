"""The smallest parts of an intent: values, aggregates, operators."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

Scalar = str | int | float | bool


class Frozen(BaseModel):
    """A value: unknown fields are refused, nothing changes after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Aggregate(StrEnum):
    """How the values of many rows become one."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    DEVIATION = "standard deviation"
    VARIANCE = "variance"
    SHARE = "share"
    CORRELATION = "correlation"
    VALUE = "value"  # the row's own value, not aggregated


class Operator(StrEnum):
    """A comparison of a column with a value."""

    EQUAL = "="
    UNEQUAL = "!="
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
