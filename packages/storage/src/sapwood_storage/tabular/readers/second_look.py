"""What is looked at again when the first pass left something out, or may have let something through."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from sapwood_storage.tabular.readers import inference, nulls, scan, shapes, sql
from sapwood_storage.tabular.readers.evidence import Evidence, weigh
from sapwood_storage.tabular.readers.inference import ColumnPlan
from sapwood_storage.tabular.readers.reading import Reading
from sapwood_storage.tabular.readers.shapes import Shape

_MANY: Final = 200  # columns


def look_at_parquet(reading: Reading) -> bool:
    """Look for null tokens in text, and for the types of columns of which the sample held nothing."""
    parquet = f"read_parquet({sql.literal(str(reading.target))})"
    new = [token for token in reading.tokens if token not in reading.expected]
    found: set[str] = set()
    suspects = _suspects(reading, parquet)
    unseen: dict[int, tuple[Shape, ...]] = {}
    for plan in reading.shown:
        if plan.shape is not shapes.TEXT or not reading.rows or reading.nulls[plan.index] == reading.rows:
            continue
        if new and plan.index in suspects:
            found.update(nulls.count(reading.connection, parquet, plan.name, new))
        if plan.unseen and not plan.forced:
            unseen[plan.index] = (*shapes.PLAIN, *shapes.GROUPED, *shapes.SIGNS)
    reading.expected |= found
    if unseen:
        columns = [
            f"{sql.name(plan.name)} AS c{plan.index}" for plan in reading.shown if plan.index in unseen
        ]
        evidence = weigh(reading.connection, sql.select(columns, parquet), unseen, reading.tokens)
        for index, one in evidence.items():
            shape, note = inference.choose(one, decimal_comma=False)
            reading.plans[index] = replace(
                reading.plans[index], shape=shape, note=note, unseen=False, padded=bool(one.padded)
            )
        unseen = {index: () for index in unseen if reading.plans[index].shape is not shapes.TEXT}
    return bool(found or unseen)


def _suspects(reading: Reading, parquet: str) -> Collection[int]:
    """Return the columns in which null tokens have to be looked for one by one."""
    columns = [plan.index for plan in reading.shown if plan.shape is shapes.TEXT]
    if len(columns) <= _MANY:
        return columns
    # Each statement reads the whole footer: of so many columns, several are looked at together first.
    names = [f"{sql.name(plan.name)} AS c{plan.index}" for plan in reading.shown]
    evidence = weigh(
        reading.connection, sql.select(names, parquet), dict.fromkeys(columns, ()), reading.tokens
    )
    return [index for index, one in evidence.items() if one.tokens]


def look_at_text(reading: Reading) -> bool:
    """Find out what in the typed columns did not fit; say whether that changes how the file is read."""
    typed = [plan for plan in reading.plans if plan.shape is not shapes.TEXT]
    counts = scan.token_counts(
        reading.connection, reading.table.scan(), ((plan.index, False) for plan in typed), reading.tokens
    )
    found = {token for one in counts.values() for token in one} - reading.expected - {""}
    reading.expected |= found
    wanted = {plan.index: inference.wider(plan) for plan in typed}
    evidence = weigh(reading.connection, reading.table.scan(), wanted, reading.tokens)
    changed = bool(found)
    for plan in typed:
        one = evidence[plan.index]
        better = plan
        if plan.hidden:
            if one.values > shapes.TOLERATED * reading.rows:
                better = replace(plan, shape=shapes.TEXT, hidden=False)
        elif not plan.forced and one.values and not one.whole(plan.shape):
            better = _widen(reading, plan, one)
        if one.padded and not better.padded:
            better = replace(better, padded=True)
        changed = changed or better != plan
        reading.plans[plan.index] = better
    return changed


def _widen(reading: Reading, plan: ColumnPlan, evidence: Evidence) -> ColumnPlan:
    misfits = evidence.misfits(plan.shape)
    shape, note = inference.choose(evidence, decimal_comma=False)
    first = reading.widened.get(plan.name, "").partition(" to ")[0] or plan.shape.name
    reading.widened[plan.name] = (
        f"{first} to {shape.name}: {misfits} of {evidence.values} values {'is' if misfits == 1 else 'are'} "
        f"not {plan.shape.name}"
    )
    return replace(plan, shape=shape, note=note)
