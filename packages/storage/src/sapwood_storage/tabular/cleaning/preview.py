"""SELECTs that show what steps would do, for the query worker: `data` is read and nothing is written."""

from collections.abc import Sequence

from sapwood_storage.tabular.cleaning import planning
from sapwood_storage.tabular.cleaning.draft import Draft, Mark, select
from sapwood_storage.tabular.cleaning.quoting import quoted, text
from sapwood_storage.tabular.cleaning.rows import NoFacts
from sapwood_storage.tabular.cleaning.steps import Step
from sapwood_storage.tabular.model import Column


class Preview:
    """A recipe over a table, or a random `share` of it, that is not touched.

    `values_of` names the only column that the steps are about, where it has far fewer values than rows: then
    each value is tried once. A dedupe removes nothing and a learned fill is null.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        steps: Sequence[Step],
        *,
        share: float = 1.0,
        values_of: str | None = None,
    ) -> None:
        relation, cells = "data", "1"
        if values_of is not None:
            columns = [column for column in columns if column.name == values_of]
            cells = "w" if values_of.casefold() != "w" else "v"
            name = quoted(values_of)
            relation = select([name, f"count(*) AS {cells}"], "data", f"GROUP BY {name}")
        elif share < 1:
            # Drawn with a fixed seed, so that a table looks the same each time.
            relation = select(["*"], "data", f"USING SAMPLE BERNOULLI ({100 * share:.9f}%) REPEATABLE (42)")
        # What is a row's number elsewhere says here how many rows one stands for.
        self._draft = Draft(relation, cells, columns)
        planning.apply(self._draft, steps, NoFacts())

    @property
    def marks(self) -> Sequence[Mark]:
        """What is counted: cells of a column of a step, or rows that a step removes."""
        return self._draft.marks

    def counts(self) -> str:
        """Return a SELECT of one row: for each mark, what changes and what fails."""
        tests = [test for mark in self.marks for test in (mark.changed, mark.failed or "false")]
        counts = [f"coalesce(sum(CASE WHEN {test} THEN r ELSE 0 END), 0)::BIGINT" for test in tests]
        return _bare(select(counts, self._draft.sql))

    def samples(
        self, mark: Mark, limit: int, *, failing: bool = False, among: Sequence[str | None] | None = None
    ) -> str:
        """Return a SELECT of (before, after, cells) that change or fail, the most frequent first.

        `among` names the values to look for, which takes far less memory than finding the most frequent.
        """
        test = (mark.failed or "false") if failing else mark.changed
        if among is not None:
            test = f"({test}) AND ({_is_among(f'{mark.before}::VARCHAR', among)})"
        shown = f"CASE WHEN {test} THEN random() < 2 ELSE false END AS shown"
        fields = [
            f"{mark.before}::VARCHAR AS before",
            f"{mark.after}::VARCHAR AS after",
            "sum(r)::BIGINT AS cells",
        ]
        order = f"WHERE shown GROUP BY ALL ORDER BY cells DESC, before, after LIMIT {int(limit)}"
        return _bare(select(fields, select(["*", shown], self._draft.sql), order))

    def duplicates(self) -> str:
        """Return a SELECT of one number: the rows beyond the first of their kind when all steps are done.

        Rows are told apart by a hash of 64 bits: two different ones of a million have the same in one table
        of thirty million.
        """
        ids = [field.id for field in self._draft.fields]
        hashed = select([f"hash({', '.join(ids)}) AS h"], self._draft.remaining(ids))
        return _bare(select(["count(*) - count(DISTINCT h)"], hashed))


def _is_among(value: str, among: Sequence[str | None]) -> str:
    known = ", ".join(text(one) for one in among if one is not None)
    tests = [f"{value} IN ({known})"] if known else []
    return " OR ".join([*tests, *([f"{value} IS NULL"] if None in among else [])]) or "false"


def _bare(query: str) -> str:
    """Without the outer parentheses: the worker takes one SELECT."""
    return query[1:-1]
