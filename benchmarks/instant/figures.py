"""The evaluation's figures: what was answered, how much of it was right, by guard and by check."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKS = Path(__file__).parents[2] / "docs" / "answers.md"
ROW_OF_A_CHECK = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


@dataclass
class Figures:
    """Counts over the questions of some tables."""

    counts: Counter[str] = field(default_factory=Counter)
    spoke: Counter[str] = field(default_factory=Counter)
    """On how many questions a guard spoke."""
    more: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By guard and `answered` or `right`: how many more there would be without it."""
    checks: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Figures") -> None:
        """Take in the counts of another table."""
        self.counts.update(other.counts)
        self.spoke.update(other.spoke)
        self.more.update(other.more)
        self.checks.update(other.checks)

    @property
    def answered(self) -> int:
        """How many got an answer, right or wrong."""
        return self.counts["answerable answered"] + self.counts["unanswerable answered"]


def checks_of_answers() -> list[str]:
    """The codes that answers may carry, as the documentation lists them."""
    listed = CHECKS.read_text(encoding="utf-8").partition("What was looked at while answering")[2]
    return ROW_OF_A_CHECK.findall(listed.partition("## Examples")[0])


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if not total:
        return 0.0, 1.0
    z, share = 1.959964, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return middle - spread, middle + spread


def of(part: int, whole: int, digits: int = 3) -> str:
    """`3 of 4 = 0.750`."""
    return f"{part} of {whole} = {part / max(1, whole):.{digits}f}"


def report(figures: Figures, guards: Sequence[str], *, guarded: bool) -> str:
    """All figures in words."""
    lines = _totals(figures)
    if guarded:
        lines += ["", *_by_guard(figures, guards)]
    return "\n".join([*lines, "", *_by_check(figures, checks_of_answers())])


def _totals(figures: Figures) -> list[str]:
    counts, answered = figures.counts, figures.answered
    answerable = counts["answerable answered"] + counts["answerable declined"]
    others = counts["unanswerable answered"] + counts["unanswerable declined"]
    low, high = wilson(counts["right"], answered)
    return [
        f"questions              {answerable + others}",
        f"answered               {answered}",
        f"right of the answered  {of(counts['right'], answered)} (95 %: {low:.3f} to {high:.3f})",
        f"answerable answered    {of(counts['answerable answered'], answerable)}",
        f"unanswerable declined  {of(counts['unanswerable declined'], others)}",
        f"wrong by order alone   {counts['in another order']}",
        f"wrong by case alone    {counts['in another case']}",
        f"follow-ups not asked   {counts['not asked']}",
    ]


def _by_guard(figures: Figures, guards: Sequence[str]) -> list[str]:
    lines = [f"{'without the guard':34} spoke  answered  right  right of the answered"]
    idle: list[str] = []
    for name in guards:
        more, right = figures.more[name, "answered"], figures.more[name, "right"]
        answered, good = figures.answered + more, figures.counts["right"] + right
        lines.append(f"{name:34} {figures.spoke[name]:5}  {more:+8}  {right:+5}  {of(good, answered, 4)}")
        if figures.spoke[name] and good * figures.answered >= figures.counts["right"] * answered:
            idle.append(name)
    silent = [name for name in guards if not figures.spoke[name]]
    return [*lines, f"never spoke: {_list(silent)}", f"no less precise without: {_list(idle)}"]


def _by_check(figures: Figures, codes: Iterable[str]) -> list[str]:
    lines = [f"{'check in an answer':34} fired"]
    codes = [*codes, *sorted(figures.checks.keys() - set(codes))]
    lines += [f"{code:34} {figures.checks[code]:5}" for code in codes]
    return [*lines, f"never fired: {_list([code for code in codes if not figures.checks[code]])}"]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
