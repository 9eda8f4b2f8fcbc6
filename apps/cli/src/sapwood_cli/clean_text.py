"""Proposals and cleaned versions as plain text."""

from collections.abc import Iterable

from sapwood_agents.analyst.clean.counting import counted
from sapwood_agents.analyst.clean.proposal import Proposal, ProposedStep
from sapwood_agents.analyst.clean.service import AppliedStep, Cleaned
from sapwood_agents.analyst.clean.steps import DropColumns, Rename
from sapwood_cli.source import Source

_COLUMNS = 5
_WIDEST = 40


def render_proposal(source: Source, cleaned: Cleaned, proposal: Proposal) -> str:
    """What could be done, why, and how it would look; then how to have it done."""
    lines = [f"{source.title}: {_size(proposal.rows, cleaned)}"]
    if cleaned.steps:
        steps = counted(len(cleaned.steps), "step")
        lines.append(f"cleaned with {steps} already; --undo takes back what was applied last")
    if not proposal.proposed:
        lines.append("Nothing is proposed.")
    for number, one in enumerate(proposal.proposed, start=1):
        lines += ["", f"{number}. {one.step.kind}: {one.step.reason}", *_effects(one)]
    if proposal.choices:
        lines += ["", "For you to decide (not part of --apply; --save writes them as comments):"]
        for one in proposal.choices:
            lines += [f"  - {one.step.kind}: {one.step.reason}", *_effects(one)]
    if proposal.proposed:
        lines += ["", f"Nothing was changed. To apply: sapwood clean {source.typed} --apply"]
    return "\n".join(lines)


def render_cleaned(title: str, cleaned: Cleaned) -> str:
    """What was done since the file was read, step by step."""
    lines = [f"{title}: {_size(cleaned.rows, cleaned)}, version {cleaned.version}"]
    if not cleaned.steps:
        lines.append("as the file was read, no step applied")
    for number, one in enumerate(cleaned.steps, start=1):
        lines.append(f"{number}. {one.step.kind}{_on(one)}: {', '.join(_counts(one)) or 'nothing to do'}")
        if one.duplicates:
            shown = [f"{gone:,} (same as {kept:,})" for gone, kept in one.duplicates[:_COLUMNS]]
            more = "" if one.rows_removed <= len(shown) else ", …"
            lines.append(f"     rows {', '.join(shown)}{more}")
    return "\n".join(lines)


def _effects(one: ProposedStep) -> Iterable[str]:
    if one.rows_removed:
        yield f"     {counted(one.rows_removed, 'row')} would go"
    for effect in one.effects[:_COLUMNS]:
        yield f"     {effect.column}: {counted(effect.cells, 'cell')}"
        for sample in effect.samples:
            yield f"       {_shown(sample.before)} -> {_shown(sample.after)}  ({sample.cells:,})"
    if len(one.effects) > _COLUMNS:
        yield f"     … {counted(len(one.effects) - _COLUMNS, 'more column')}"


def _size(rows: int, cleaned: Cleaned) -> str:
    return f"{counted(rows, 'row')}, {counted(len(cleaned.columns), 'column')}"


def _counts(one: AppliedStep) -> Iterable[str]:
    if isinstance(one.step, DropColumns | Rename):
        yield "done"
    if one.cells_changed:
        yield f"{counted(one.cells_changed, 'cell')} changed"
    if one.cells_emptied:
        yield f"{counted(one.cells_emptied, 'value')} did not fit and became missing"
    if one.rows_removed:
        yield f"{counted(one.rows_removed, 'row')} removed"
    for column, value in one.filled.items():
        yield f"{column} filled with {value}"


def _on(one: AppliedStep) -> str:
    step = one.step
    named = getattr(step, "columns", None) or [getattr(step, "column", "")]
    shown = [str(name) for name in named if name]
    more = f" and {len(shown) - _COLUMNS} more" if len(shown) > _COLUMNS else ""
    return f" {', '.join(shown[:_COLUMNS])}{more}" if shown else ""


def _shown(value: str | None) -> str:
    if value is None:
        return "missing"
    return repr(value if len(value) <= _WIDEST else value[: _WIDEST - 1] + "…")
