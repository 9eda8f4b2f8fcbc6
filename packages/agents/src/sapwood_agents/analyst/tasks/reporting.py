"""A drift as Markdown for a message, and as a page with pictures."""

from __future__ import annotations

from html import escape

from sapwood_agents.analyst.tasks.drift import ColumnDrift, Drift

_WIDTH, _HEIGHT, _GAP = 320, 72, 2


def markdown(drift: Drift) -> str:
    """What changed, in a few lines."""
    lines = [f"**{drift.left} → {drift.right}**: {drift.left_rows:,} → {drift.right_rows:,} rows", ""]
    lines += [f"- `{column.name}`: {', '.join(column.why)}" for column in drift.columns if column.drifted]
    lines += [f"- `{name}` is new" for name in drift.added]
    lines += [f"- `{name}` is gone" for name in drift.removed]
    same = sum(not column.drifted for column in drift.columns)
    lines.append(f"- {same} of {len(drift.columns)} columns are as they were")
    return "\n".join(lines)


def page(drift: Drift) -> str:
    """A page that needs nothing else; each column with both spreads beside each other."""
    title = escape(f"{drift.left} → {drift.right}")
    ordered = sorted(drift.columns, key=lambda each: (not each.drifted, -(each.psi or 0.0)))
    lists = "".join(
        f"<p>{word}: {', '.join(f'<code>{escape(name)}</code>' for name in names)}</p>"
        for word, names in (("New columns", drift.added), ("Columns that are gone", drift.removed))
        if names
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{_STYLE}</style>
<h1>{title}</h1>
<p>{drift.left_rows:,} → {drift.right_rows:,} rows.
{escape("Drifted: " + drift.summary if drift.drifted else drift.summary)}</p>
{lists}<main>{"".join(map(_section, ordered))}</main></html>
"""


def _section(column: ColumnDrift) -> str:
    figures = [
        f"{name} {value:.3f}"
        for name, value in (("PSI", column.psi), ("KS", column.ks), ("JS", column.js))
        if value is not None
    ]
    figures.append(f"empty {column.left_nulls:.1%} → {column.right_nulls:.1%}")
    said = f'<p class="why">{escape("; ".join(column.why))}</p>' if column.why else ""
    values = [
        f"{word} {', '.join(escape(each) for each in names[:8])}"
        for word, names in (("new:", column.new), ("gone:", column.gone))
        if names
    ]
    rest = "".join(f"<p>{each}</p>" for each in values)
    return (
        f'<section class="{"drifted" if column.drifted else ""}"><h2>{escape(column.name)}</h2>{said}'
        f"<p>{' · '.join(figures)}</p>{_picture(column)}{rest}</section>"
    )


def _picture(column: ColumnDrift) -> str:
    """A pair of bars for each part, the left table's first."""
    most = max((max(share.left, share.right) for share in column.shares), default=0.0)
    if not most:
        return ""
    step = _WIDTH / len(column.shares)
    wide = max(0.5, (step - _GAP) / 2)
    bars: list[str] = []
    for place, share in enumerate(column.shares):
        said = escape(f"{share.value}: {share.left:.1%} → {share.right:.1%}")
        both = "".join(
            f'<rect class="{side}" x="{place * step + offset:.2f}" y="{_HEIGHT * (1 - value / most):.2f}"'
            f' width="{wide:.2f}" height="{_HEIGHT * value / most:.2f}"/>'
            for side, value, offset in (("left", share.left, 0.0), ("right", share.right, wide))
        )
        bars.append(f"<g><title>{said}</title>{both}</g>")
    label = escape(f"shares of {column.name} in both tables")
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">{"".join(bars)}</svg>'


_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1d2b24}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));gap:1rem}
section{border:1px solid #d8e0da;border-radius:8px;padding:.8rem 1rem}section.drifted{border-color:#b4552d}
h2{font-size:1rem;margin:0}p{margin:.3rem 0}.why{color:#b4552d}svg{width:100%;height:72px}
.left{fill:#9db5a6}.right{fill:#2f6f4f}.drifted .right{fill:#b4552d}
@media (prefers-color-scheme:dark){body{background:#121a16;color:#dfe8e2}section{border-color:#33423a}}
"""
