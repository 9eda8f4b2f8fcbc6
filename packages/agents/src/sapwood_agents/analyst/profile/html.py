"""A profile as one page that needs nothing else: no script, no network, light or dark as the reader likes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from sapwood_agents.analyst.profile.model import ColumnProfile, Profile, Severity
from sapwood_agents.analyst.profile.pictures import histogram
from sapwood_agents.analyst.profile.words import cell, headline, margin, percent, standing, strong

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde2e9; --page: #f6f7f9;
  --card: #fff;
  --bar: #3a7d5d; --track: #e9edf1; --high: #b3261e; --medium: #9a6700; --low: #4a6785; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --line: #2d3540;
  --page: #14181d;
  --card: #1c2229; --bar: #63b48d; --track: #2a323c; --high: #ff8a80; --medium: #e3b341; --low:
  #8fb3d9; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
  }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 12px; }
h3 { font-size: 16px; margin: 0; overflow-wrap: anywhere; }
p { margin: 0 0 8px; } .soft { color: var(--soft); } small, .small { font-size: 13px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 16px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px;
  min-width: 0; }
.head { display: flex; justify-content: space-between; gap: 12px; align-items: baseline;
  margin-bottom: 8px; }
.tag { font-size: 12px; color: var(--soft); border: 1px solid var(--line); border-radius: 99px;
  padding: 0 8px;
  white-space: nowrap; }
.histogram { display: block; width: 100%; height: 72px; border-bottom: 1px solid var(--line); }
.histogram rect { fill: var(--bar); } .histogram rect.hit { fill: transparent; }
.axis { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft);
  margin-bottom: 8px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 12px; margin: 8px 0 0; font-size: 13px;
  }
dt { color: var(--soft); } dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere; }
.top { display: grid; grid-template-columns: minmax(0, 1fr) 90px auto; gap: 2px 10px; font-size:
  13px;
  align-items: center; margin-top: 8px; font-variant-numeric: tabular-nums; }
.top .value { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.top .count { text-align: right; } .track { background: var(--track); border-radius: 3px; height:
  8px; }
.track div { background: var(--bar); border-radius: 3px; height: 8px; min-width: 1px; }
ul.warnings { list-style: none; margin: 0; padding: 0; }
.warnings li { padding: 6px 0 6px 12px; border-left: 3px solid var(--low); margin-bottom: 6px; }
.warnings .high { border-color: var(--high); } .warnings .medium { border-color: var(--medium); }
.warnings b { font-weight: 600; font-size: 12px; margin-right: 8px; color: var(--low); }
.warnings .high b { color: var(--high); } .warnings .medium b { color: var(--medium); }
table { border-collapse: collapse; font-size: 14px; } td, th { padding: 4px 20px 4px 0; text-align:
  left; }
th { color: var(--soft); font-weight: 400; } td { border-top: 1px solid var(--line); overflow-wrap:
  anywhere; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_SHOWN_TOP: Final = 6
_SHOWN_CORRELATIONS: Final = 10
_WORDS: Final = {Severity.HIGH: "important", Severity.MEDIUM: "look", Severity.LOW: "note"}
_QUANTILES: Final = {"median": ("0.5",), "25 %, 75 %": ("0.25", "0.75"), "5 %, 95 %": ("0.05", "0.95")}


def page(profile: Profile) -> str:
    """The whole page as HTML text."""
    title = escape(profile.dataset.title)
    return "".join((
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}: profile</title><style>{_STYLE}</style></head><body><main>",
        f'<h1>{title}</h1><p>{escape(headline(profile))}</p>',
        f'<p class="soft small">version {escape(profile.dataset.version)}</p>',
        f'<p class="soft small">{escape(standing(profile) or "")}</p>' if profile.sampled else "",
        *_warnings(profile),
        '<h2>Columns</h2><div class="cards">',
        *(_card(column, profile.rows) for column in profile.columns),
        "</div>",
        *_correlations(profile),
        "</main></body></html>\n",
    ))  # fmt: skip


def _warnings(profile: Profile) -> Iterator[str]:
    if profile.warnings:
        yield '<h2>Worth knowing</h2><ul class="warnings">'
        for one in profile.warnings:
            yield f'<li class="{one.severity}"><b>{_WORDS[one.severity]}</b>{escape(one.text)}</li>'
        yield "</ul>"


def _card(column: ColumnProfile, rows: int) -> str:
    return "".join((
        f'<section class="card"><div class="head"><h3>{escape(column.name)}</h3>',
        f'<span class="tag">{column.type}{", key" if column.unique else ""}</span></div>',
        histogram(column.histogram, column.name),
        "" if column.histogram and column.mean is not None else _top(column),
        "<dl>",
        *(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _figures(column, rows)),
        "</dl></section>",
    ))  # fmt: skip


def _figures(column: ColumnProfile, rows: int) -> Iterator[tuple[str, str]]:
    yield "distinct", _estimated(column, "distinct", f"{column.distinct:,}")
    yield "empty", f"{column.nulls:,} ({percent(column.null_share)})" if rows else "0"
    if column.nonfinite:
        yield "not finite", f"{column.nonfinite:,}"
    if column.min is not None:
        yield "from, to", f"{cell(column.min)}, {cell(column.max)}"
    if column.distinct > 1:
        yield from _spread(column)
    if column.outliers is not None and column.outliers.count:
        beyond = f"below {cell(column.outliers.below)} or above {cell(column.outliers.above)}"
        yield "far from the rest", f"{column.outliers.count:,} ({beyond})"
    if column.lengths is not None:
        lengths = column.lengths
        yield "length: least, mean, most", f"{lengths.min:,}, {cell(lengths.mean)}, {lengths.max:,}"


def _spread(column: ColumnProfile) -> Iterator[tuple[str, str]]:
    if column.mean is not None:
        yield "mean", cell(column.mean)
    if column.std is not None:
        yield "standard deviation", cell(column.std)
    about = "~" if "quantiles" in column.approximate else ""
    for name, ranks in _QUANTILES.items():
        if column.quantiles:
            yield name, ", ".join(f"{about}{cell(column.quantiles.get(rank))}" for rank in ranks)


def _top(column: ColumnProfile) -> str:
    if not column.top or column.unique:
        return ""
    most = column.top[0].count
    shown = column.top[:_SHOWN_TOP]
    about = "~" if "top" in column.approximate else ""
    return "".join((
        '<div class="top">',
        *(
            f'<span class="value" title="{escape(str(one.value))}">{escape(_visible(cell(one.value)))}</span>'
            f'<div class="track"><div style="width:{100 * one.count / most:.1f}%"></div></div>'
            f'<span class="count">{about}{one.count:,} <span class="soft">{percent(one.share)}</span></span>'
            for one in shown
        ),
        "</div>",
    ))  # fmt: skip


def _correlations(profile: Profile) -> Iterator[str]:
    if shown := strong(profile, _SHOWN_CORRELATIONS):
        yield "<h2>Correlations</h2><table><tr><th>column</th><th>with</th><th>Pearson</th></tr>"
        for one in shown:
            off = f' <span class="soft">{escape(margin(one.margin))}</span>' if one.margin else ""
            yield (
                f"<tr><td>{escape(one.left)}</td><td>{escape(one.right)}</td>"
                f'<td class="number">{one.coefficient:.2f}{off}</td></tr>'
            )
        yield "</table>"


def _estimated(column: ColumnProfile, figure: str, text: str) -> str:
    off = column.approximate.get(figure)
    return f"~{text} {margin(off)}" if off else text


def _visible(text: str) -> str:
    return text if text.strip() else "(only space)" if text else "(empty text)"
