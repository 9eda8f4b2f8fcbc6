"""Checks a reading against the question: what is asked for is what the answer gives.

The rules find a slot for each word; whether the whole still says what was asked is looked at here, whatever
rule made it. Of several reasons the first one is named.
"""

from __future__ import annotations

from sapwood_agents.analyst.intent import QueryIntent
from sapwood_agents.analyst.language.nodes import Node
from sapwood_agents.analyst.language.plausible import (
    amounts,
    conditions,
    events,
    forms,
    names,
    quantities,
    single,
)
from sapwood_agents.analyst.language.scope import Scope
from sapwood_agents.analyst.language.strangers import unknown_rows


def implausible(nodes: list[Node], intent: QueryIntent, scope: Scope) -> tuple[str, ...]:
    """The words that the intent answers otherwise than they ask; none where it may be what was meant."""
    return (
        unknown_rows(nodes, intent, scope)
        or forms.asked_for_a_thing(nodes, intent, scope)
        or forms.asked_for_a_number(nodes, intent)
        or forms.rows_for_values(nodes, intent, scope)
        or forms.asked_for_a_list(nodes, intent)
        or forms.who_of_each(nodes, intent)
        or forms.who_is_a_row(nodes, intent, scope)
        or amounts.mean_of_one(nodes, intent)
        or amounts.mean_over_kinds(nodes, intent, scope)
        or amounts.sales_of_several_amounts(nodes, intent, scope)
        or amounts.sales_in_one(nodes, intent, scope)
        or forms.kinds_of_rows(nodes, intent)
        or forms.part_of_a_flag(nodes, scope)
        or amounts.counted_for_money(nodes, intent, scope)
        or amounts.counted_for_pieces(nodes, intent, scope)
        or forms.what_was_done(nodes, intent, scope)
        or forms.by_kind_or_column(nodes, intent, scope)
        or forms.with_the_biggest(nodes, intent)
        or quantities.mean_of_sums(nodes, intent)
        or quantities.described(nodes, intent)
        or forms.times_of_nothing(nodes)
        or forms.share_of_when(nodes, intent)
        or forms.share_of_rows(nodes, intent, scope)
        or forms.over_a_year(nodes)
        or forms.how_many_more(nodes, intent)
        or quantities.measured_by_itself(intent)
        or quantities.per_a_quantity(nodes, intent, scope)
        or quantities.counted_in_one(nodes, intent, scope)
        or quantities.one_by_one(intent)
        or quantities.together(nodes, intent)
        or quantities.of_each_period(nodes, intent, scope)
        or quantities.of_one_currency(nodes, intent, scope)
        or quantities.adds_up(intent, scope)
        or amounts.spending_of_rows(nodes, intent, scope)
        or events.dated_by_making(nodes, intent, scope)
        or events.when_of_nothing(nodes, intent, scope)
        or events.finer_than_told(nodes, intent, scope)
        or events.latest_of_clocks(nodes, intent, scope)
        or conditions.value_of_none(intent)
        or conditions.still(intent, scope)
        or conditions.none_recorded(nodes, intent, scope)
        or conditions.only_one(nodes, intent, scope)
        or conditions.value_passed_over(nodes, intent, scope)
        or conditions.known_ones(intent, scope)
        or forms.who_is_a_number(nodes, intent, scope)
        or quantities.mean_of_each_time(nodes, intent, scope)
        or conditions.answered_beforehand(nodes, intent, scope)
        or quantities.adds_up_years(intent, scope)
        or quantities.regular_times(nodes, intent, scope)
        or conditions.of_all_rows(nodes, intent, scope)
        or conditions.amount_without(nodes, intent)
        or conditions.part_of_a_text(nodes, intent)
        or conditions.of_everything(intent, scope)
        or events.dated_by_another(nodes, intent, scope)
        or quantities.rate_of_something(nodes)
        or quantities.called_rate(nodes, intent, scope)
        or conditions.settled_beforehand(nodes, intent, scope)
        or quantities.ends_of_a_flag(intent, scope)
        or quantities.by_a_quantity(intent, scope)
        or conditions.left_out(nodes, intent, scope)
        or amounts.number_or_amount(nodes, intent, scope)
        or amounts.paid_for_age(nodes, intent)
        or conditions.neither(nodes, intent)
        or forms.times_the_other(nodes, intent)
        or conditions.twice_above_average(intent)
        or forms.said_of_a_row(nodes, intent)
        or forms.another_kind_of_row(nodes, intent, scope)
        or names.by_whom(nodes)
        or names.code_for_name(nodes, intent, scope)
        or names.qualified(nodes, scope)
        or names.people_over(nodes, scope)
        or names.part_of_a_date(nodes, intent, scope)
        or names.spent_twice(nodes, intent)
        or names.inflected_state(nodes, intent)
        or names.nested(nodes, scope)
        or names.kinds_alike(nodes, scope)
        or single.row_with_most(nodes, intent)
        or single.more_than_there_are(nodes, intent, scope)
        or single.side_passed_over(scope)
        or single.kind_called_as_rows(nodes, scope)
        or single.part_of_a_whole(nodes, intent, scope)
        or single.percent_of_its_own(nodes, intent)
        or single.best_of_counts(nodes, intent, scope)
        or names.as_of(nodes)
        or names.out_of_range(nodes, intent, scope)
        or names.months_of_years(nodes)
        or names.worth_of_rows(nodes, intent, scope)
        or names.joined_pairs(nodes)
        or names.items_or_rows(nodes, intent, scope)
        or names.totals_among_rows(intent, scope)
    )
