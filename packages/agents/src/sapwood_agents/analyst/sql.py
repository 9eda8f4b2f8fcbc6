"""From an intent to DuckDB's SQL over the table `data`, by sqlglot's builder: nothing is pasted together."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot.expressions as exp

from sapwood_agents.analyst.calendar_names import calendar_order
from sapwood_agents.analyst.card import TableCard
from sapwood_agents.analyst.dated import moment_of
from sapwood_agents.analyst.intent import (
    Aggregate,
    Condition,
    Either,
    Every,
    Group,
    Having,
    Measure,
    Missing,
    Operator,
    QueryIntent,
    Shape,
    columns_of,
    every,
)
from sapwood_agents.analyst.sql_conditions import (
    AGGREGATES,
    COMPARE,
    MOMENT,
    PARTS,
    column,
    condition_sql,
    literal,
    moment,
)
from sapwood_agents.analyst.sql_names import alias, group_label, label, made_of


@dataclass(frozen=True)
class SqlWriter:
    """Writes the SQL of one table's questions."""

    card: TableCard

    def write(self, intent: QueryIntent) -> exp.Select:
        """The statement whose rows are the answer's rows."""
        if intent.derived:
            return SqlWriter(self.card.deriving(intent.derived)).write(intent.changed(derived=()))
        statement = self._written(intent)
        for reference in list(statement.find_all(exp.Column)):
            if MOMENT in reference.meta:
                card = self.card.by_name[reference.name]
                reference.replace(moment_of(card, column(reference.name)))
        return self.spelled_out(statement)

    def spelled_out(self, statement: exp.Select) -> exp.Select:
        """`statement` with what each column that is not in the table is made of in its place."""
        for reference in list(statement.find_all(exp.Column)):
            card = self.card.by_name.get(reference.name)
            if card is not None and card.made is not None:
                selected = isinstance(reference.parent, exp.Select) and reference.arg_key == "expressions"
                made = made_of(card.made)
                reference.replace(alias(made, card.name) if selected else exp.paren(made))
        return statement

    def _written(self, intent: QueryIntent) -> exp.Select:
        match intent.shape:
            case Shape.NUMBER:
                return self._number(intent)
            case Shape.GROUPS:
                return self._groups(intent)
            case Shape.RANKING:
                return self._ranking(intent)
            case Shape.VALUES:
                return self._values(intent)
            case Shape.ROWS | Shape.LOOKUP:
                return self._rows(intent)
            case Shape.COMPARISON:
                return self._comparison(intent)
            case Shape.DIFFERENCE | Shape.RATIO:
                return self._difference(intent)

    # -- shapes

    def _from(self, intent: QueryIntent, *selected: exp.Expr | str) -> exp.Select:
        statement = exp.select(*selected).from_("data")
        if intent.where is not None:
            statement = statement.where(condition_sql(intent.where, scope=intent.where))
        return statement

    def _number(self, intent: QueryIntent) -> exp.Select:
        return self._from(
            intent, *(alias(self.measure(m, scope=intent.where), self._label(m)) for m in intent.measures)
        )

    def _groups(self, intent: QueryIntent) -> exp.Select:
        keys = [alias(self.group(group), group_label(group)) for group in intent.groups]
        values = [alias(self.measure(m, scope=intent.where), self._label(m)) for m in intent.measures]
        statement = self._from(intent, *keys, *values).group_by(
            *(self.group(group) for group in intent.groups)
        )
        for group in intent.groups:
            if group.cycle == "weekday":
                order = exp.func("isodow", moment(group.column))
                statement = statement.group_by(order).order_by(exp.Ordered(this=order, nulls_first=False))
            elif named := self._named_order(group):
                statement = statement.order_by(named, exp.Ordered(this=self.group(group), nulls_first=False))
            else:
                statement = statement.order_by(exp.Ordered(this=self.group(group), nulls_first=False))
        return statement

    def _named_order(self, group: Group) -> exp.Expr | None:
        """The place in the calendar of a month or a weekday, or of a month of a year, that is a text."""
        if not group.bucket and not group.cycle and self.card.by_name[group.column].dated:
            return exp.Ordered(this=moment(group.column), nulls_first=False)
        names = () if group.bucket or group.cycle else calendar_order(self.card.by_name[group.column])
        if not names:
            return None
        listed = exp.Array(expressions=[literal(name) for name in names])
        place = exp.Anonymous(this="list_position", expressions=[listed, column(group.column)])
        return exp.Ordered(this=place, nulls_first=False)

    def _ranking(self, intent: QueryIntent) -> exp.Select:
        measure = intent.measures[0]
        value = self._label(measure)
        if intent.key is not None:
            base = exp.select(column(intent.key), column(measure.column or intent.key)).from_("data")
            base = base.where(
                condition_sql(every(intent.where, Missing(column=measure.column or "", negated=True)))
            )
            ordered: exp.Expr = column(measure.column or intent.key)
        else:
            group = intent.groups[0]
            key = self.group(group)
            present = every(intent.where, Missing(column=group.column, negated=True))
            base = exp.select(
                alias(key, group_label(group)),
                alias(self.measure(measure, scope=intent.where), value),
            )
            base = base.from_("data").where(condition_sql(present)).group_by(key)
            ordered = exp.column(exp.to_identifier(value, quoted=True))
        if intent.having is not None:
            base = base.having(self._having(intent, measure))
        if intent.count_only:
            return exp.select(alias(exp.Count(this=exp.Star()), "count")).from_(base.subquery("found"))
        if intent.limit == 1 and intent.key is not None:
            base = base.distinct()  # "when was it warmest", told by each of many places that day
        if intent.limit is not None:
            direction = exp.Ordered(this=ordered.copy(), desc=intent.descending, nulls_first=False)
            rank = exp.Window(this=exp.func("rank"), order=exp.Order(expressions=[direction]))
            base = base.qualify(exp.LTE(this=rank, expression=exp.Literal.number(intent.limit)))
        first = base.selects[0].alias_or_name
        return base.order_by(
            exp.Ordered(this=ordered.copy(), desc=intent.descending, nulls_first=False),
            exp.Ordered(this=exp.column(exp.to_identifier(first, quoted=True)), nulls_first=False),
        )

    def _label(self, measure: Measure) -> str:
        """What the measure is called, apart from every column: SQL would take one for the other."""
        name = label(measure)
        taken = {each.casefold() for each in self.card.by_name}
        while measure.aggregate is not Aggregate.VALUE and name.casefold() in taken:
            name = f"{name}_of_rows"
        return name

    def _having(self, intent: QueryIntent, measure: Measure) -> exp.Expr:
        having = intent.having or Having(operator=Operator.MORE, value=0)
        left = self.measure(measure, scope=intent.where)
        if having.value is not None:
            return COMPARE[having.operator](this=left, expression=literal(_whole(having.value)))
        name = AGGREGATES[having.aggregate or Aggregate.MEAN]
        overall = exp.select(exp.func(name, column(measure.column or ""))).from_("data")
        if intent.where is not None:
            overall = overall.where(condition_sql(intent.where, scope=intent.where))
        return COMPARE[having.operator](this=left, expression=overall.subquery())

    def _values(self, intent: QueryIntent) -> exp.Select:
        keys = [self.group(group) for group in intent.groups]
        present = every(
            intent.where, *(Missing(column=group.column, negated=True) for group in intent.groups)
        )
        named = [alias(key, group_label(group)) for key, group in zip(keys, intent.groups, strict=True)]
        statement = exp.select(*named).distinct().from_("data").where(condition_sql(present))
        return statement.order_by(
            *(exp.column(exp.to_identifier(group_label(g), quoted=True)) for g in intent.groups)
        )

    def _rows(self, intent: QueryIntent) -> exp.Select:
        names = [name for name in (intent.key, *(m.column for m in intent.measures)) if name]
        statement = self._from(intent, *(column(name) for name in dict.fromkeys(names)))
        if intent.shape is Shape.ROWS and len(names) > 1:
            statement = statement.order_by(exp.Ordered(this=column(names[-1]), desc=True, nulls_first=False))
        return statement

    def _comparison(self, intent: QueryIntent) -> exp.Select:
        """A row a side, in the order named."""
        parts: list[exp.Select] = []
        for place, side in enumerate(intent.sides):
            measures = (side.measure,) if side.measure else intent.measures
            chosen = [
                alias(self.measure(m, scope=every(intent.where, side.where), one=True), self._label(m))
                for m in measures
                if m
            ]
            part = exp.select(
                alias(exp.Literal.number(place), "place"), alias(literal(side.label), "side"), *chosen
            )
            part = part.from_("data")
            both = every(intent.where, side.where)
            parts.append(part.where(condition_sql(both, scope=both)) if both is not None else part)
        union: exp.Expr = parts[0]
        for part in parts[1:]:
            union = exp.union(union, part, distinct=False)
        names = [selected.alias_or_name for selected in parts[0].selects[1:]]
        outer = exp.select(*(exp.column(exp.to_identifier(name, quoted=True)) for name in names))
        return outer.from_(
            exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("sides")))
        ).order_by("place")

    def _difference(self, intent: QueryIntent) -> exp.Select:
        first, second = (self._side(intent, index) for index in (0, 1))
        if intent.shape is Shape.DIFFERENCE:
            return self._from(intent, alias(exp.Sub(this=first, expression=second), "difference"))
        ratio = exp.Div(
            this=exp.cast(first, "DOUBLE"), expression=exp.func("nullif", second, exp.Literal.number(0))
        )
        return self._from(intent, alias(ratio, "ratio"))

    def _side(self, intent: QueryIntent, index: int) -> exp.Expr:
        side = intent.sides[index]
        measure = side.measure or intent.measures[0]
        both = every(measure.where, side.where)
        return self.measure(measure.model_copy(update={"where": both}), scope=intent.where, one=True)

    # -- pieces

    def measure(self, measure: Measure, *, scope: Condition | None, one: bool = False) -> exp.Expr:
        """The expression of one number; `scope` is the condition of the rows around it, which are `one`."""
        name = measure.column
        match measure.aggregate:
            case Aggregate.COUNT:
                value: exp.Expr = exp.Count(this=exp.Star())
            case Aggregate.DISTINCT:
                value = exp.Count(this=exp.Distinct(expressions=[column(name or "")]))
            case Aggregate.SHARE:
                return self._share(measure, scope)
            case Aggregate.CORRELATION:
                value = exp.func("corr", column(name or ""), column(measure.other or ""))
            case Aggregate.VALUE:
                if measure.where is None and not one:
                    return column(name or "")
                value = exp.func("any_value", column(name or ""))
            case Aggregate.MIN | Aggregate.MAX if self.card.by_name[name or ""].dated:
                end = "arg_min" if measure.aggregate is Aggregate.MIN else "arg_max"
                value = exp.Anonymous(this=end, expressions=[column(name or ""), moment(name or "")])
            case _:
                value = exp.func(AGGREGATES[measure.aggregate], column(name or ""))
        if measure.where is not None:
            inside = exp.Where(this=condition_sql(measure.where, scope=scope))
            return exp.Filter(this=value, expression=inside)
        return value

    def _share(self, measure: Measure, scope: Condition | None) -> exp.Expr:
        amount: exp.Expr = (
            exp.func("sum", column(measure.column)) if measure.column else exp.Count(this=exp.Star())
        )
        if measure.where is None:
            whole: exp.Expr = exp.Window(this=exp.func("sum", amount.copy()))
            return exp.Div(this=exp.cast(amount, "DOUBLE"), expression=whole)
        condition = condition_sql(measure.where, scope=scope)
        part = exp.Filter(this=amount.copy(), expression=exp.Where(this=condition))
        if measure.column:
            return exp.Div(
                this=exp.cast(part, "DOUBLE"), expression=exp.func("nullif", amount, exp.Literal.number(0))
            )
        known = [name for name in columns_of(measure.where) if not _tests_null(measure.where, name)]
        nullable = [name for name in known if self.card.by_name[name].nulls]
        present = every(*(Missing(column=name, negated=True) for name in nullable))
        whole = exp.Count(this=exp.Star())
        if present is not None:
            whole = exp.Filter(this=whole, expression=exp.Where(this=condition_sql(present)))
        return exp.Div(
            this=exp.cast(part, "DOUBLE"), expression=exp.func("nullif", whole, exp.Literal.number(0))
        )

    def group(self, group: Group) -> exp.Expr:
        """The expression rows are grouped by."""
        name = moment(group.column) if group.bucket or group.cycle else column(group.column)
        if group.bucket is not None:
            truncated = exp.Anonymous(this="date_trunc", expressions=[literal(group.bucket), name])
            return truncated if group.bucket == "hour" else exp.cast(truncated, "DATE")
        if group.cycle == "weekday":
            return exp.func("dayname", name)
        if group.cycle is not None:
            return exp.func(PARTS[group.cycle], name)
        return name

    def condition(self, condition: Condition | None, *, scope: Condition | None = None) -> exp.Expr:
        """A boolean expression; averages inside it are taken over the rows of the rest of `scope`."""
        return condition_sql(condition, scope=scope)


def _tests_null(condition: Condition, name: str) -> bool:
    if isinstance(condition, Every | Either):
        return any(_tests_null(part, name) for part in condition.conditions)
    return isinstance(condition, Missing) and condition.column == name


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value
