"""SELECTs that show what steps would do, for the query worker: `data` is read and nothing is written."""

from collections.abc import Sequence

from sapwood_storage.tabular.cleaning import planning
from sapwood_storage.tabular.cleaning.draft import Draft, Mark, select
from sapwood_storage.tabular.cleaning.rows import NoFacts
from sapwood_storage.tabular.cleaning.steps import Step
from sapwood_storage.tabular.model import Column


class Preview:
    """A recipe over a table that is not touched; a dedupe removes nothing and a learned fill is null."""

    def __init__(self, columns: Sequence[Column], steps: Sequence[Step]) -> None:
        self._draft = Draft("data", "0", columns)
        planning.apply(self._draft, steps, NoFacts())

    @property
    def marks(self) -> Sequence[Mark]:
        """What is counted: cells of a column of a step, or rows that a step removes."""
        return self._draft.marks

    def counts(self) -> str:
        """Return a SELECT of one row: for each mark, what changes and what fails."""
        tests = [test for mark in self.marks for test in (mark.changed, mark.failed or "false")]
        return _bare(select([f"count_if({test})" for test in tests], self._draft.sql))

    def samples(self, mark: Mark, limit: int, *, failing: bool = False) -> str:
        """Return a SELECT of (before, after, cells) that change or fail, the most frequent first."""
        test = (mark.failed or "false") if failing else mark.changed
        shown = f"CASE WHEN {test} THEN random() < 2 ELSE false END AS shown"
        fields = [f"{mark.before}::VARCHAR AS before", f"{mark.after}::VARCHAR AS after", "count(*) AS cells"]
        order = f"WHERE shown GROUP BY ALL ORDER BY cells DESC, before, after LIMIT {int(limit)}"
        return _bare(select(fields, select(["*", shown], self._draft.sql), order))

    def duplicates(self) -> str:
        """Return a SELECT of one number: the rows beyond the first of their kind when all steps are done."""
        ids = [field.id for field in self._draft.fields]
        distinct = select(["*"], self._draft.remaining([f"DISTINCT {', '.join(ids)}"]))
        all_rows, kinds = select(["count(*)"], self._draft.remaining(["r"])), select(["count(*)"], distinct)
        return f"SELECT {all_rows} - {kinds}"


def _bare(query: str) -> str:
    """Without the outer parentheses: the worker takes one SELECT."""
    return query[1:-1]
