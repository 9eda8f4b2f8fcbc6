"""What is proposed for real files, with counts and samples, and what is left to a person."""

from collections.abc import Sequence
from typing import Any

import pytest

from sapwood_agents.analyst.clean import steps
from sapwood_agents.analyst.clean.proposal import Effect, Proposal, ProposedStep, ProposeRequest, Sample
from sapwood_shared.errors import Cancelled
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.model import ColumnType

pytestmark = pytest.mark.asyncio(loop_scope="session")


def about(found: Sequence[ProposedStep], kind: str) -> Any:
    """The one step of a kind."""
    (one,) = [each for each in found if each.step.kind == kind]
    return one


def kinds(proposal: Proposal) -> tuple[list[str], list[str]]:
    return [one.step.kind for one in proposal.proposed], [one.step.kind for one in proposal.choices]


async def test_a_clean_table_needs_nothing(laundry: Any) -> None:
    proposal = await laundry.propose("id,city\n1,Rio\n2,Oslo\n3,Lima\n")

    assert (proposal.proposed, proposal.choices, proposal.rows) == ((), (), 3)


async def test_blanks_are_trimmed_with_counts_and_samples(laundry: Any) -> None:
    proposal = await laundry.propose('id,name\n1," Ann"\n2," Ann"\n3,"Bob "\n4,Cy\n')

    found = about(proposal.proposed, "trim")
    assert found.step == steps.Trim(columns=("name",), reason=found.step.reason)
    assert "3 values of name" in found.step.reason
    samples = (Sample(before=" Ann", after="Ann", cells=2), Sample(before="Bob ", after="Bob", cells=1))
    assert found.effects == (Effect(column="name", cells=3, samples=samples),)


async def test_prices_become_numbers(laundry: Any) -> None:
    text = 'id,price\n1,"$1,200.50"\n2,"$3"\n3,"$1,000,000"\n'

    proposal = await laundry.propose(text, types={"price": ColumnType.TEXT})

    found = about(proposal.proposed, "cast")
    assert (found.step.to, found.step.thousands, found.step.affixes) == (ColumnType.NUMBER, ",", ("$",))
    assert found.effects[0].cells == 3


async def test_codes_with_zeros_in_front_stay_text(laundry: Any) -> None:
    proposal = await laundry.propose("id,zip\n1,01234\n2,02345\n3,90210\n")

    assert kinds(proposal) == ([], [])


async def test_dates_become_dates_when_only_one_order_fits(laundry: Any) -> None:
    text = "id,d\n1,13/02/2024\n2,05/03/2024\n3,07/04/2024\n"

    proposal = await laundry.propose(text, types={"d": ColumnType.TEXT})

    assert about(proposal.proposed, "parse_dates").step.formats == ("%d/%m/%Y",)


async def test_dates_that_may_be_turned_round_are_a_choice(laundry: Any) -> None:
    text = "id,d\n1,01/02/2024\n2,05/03/2024\n3,07/04/2024\n"

    proposal = await laundry.propose(text, types={"d": ColumnType.TEXT})

    found = about(proposal.choices, "parse_dates")
    assert proposal.proposed == ()
    assert "also as %m/%d/%Y: only you know" in found.step.reason


async def test_times_are_parsed_with_their_dates(laundry: Any) -> None:
    text = 'id,d\n1,"3 Feb 2024 10:30"\n2,"14 Mar 2024 23:05"\n'

    proposal = await laundry.propose(text, types={"d": ColumnType.TEXT})

    step = about(proposal.proposed, "parse_dates").step
    assert (step.formats, step.to) == (("%d %b %Y %H:%M",), "timestamp")


async def test_a_column_with_a_few_misfits_is_a_choice_that_names_them(laundry: Any) -> None:
    text = "id,x\n" + "".join(f"{n},{n * 3}\n" for n in range(60)) + "60,about 12\n"

    proposal = await laundry.propose(text, types={"x": ColumnType.TEXT})

    found = about(proposal.choices, "cast")
    assert found.step.on_failure == "null"
    assert "except for 1 value that would be lost, such as 'about 12'" in found.step.reason
    assert proposal.proposed == ()


async def test_spellings_are_mapped_to_the_most_frequent(laundry: Any) -> None:
    text = 'id,city\n1,Rio\n2,Rio\n3,RIO\n4,"rio "\n5,Oslo\n6,a\n7,A\n'

    proposal = await laundry.propose(text)

    assert kinds(proposal) == (["trim", "map_categories"], [])
    assert about(proposal.proposed, "map_categories").step.mapping == {"RIO": "Rio", "rio": "Rio"}


async def test_records_that_are_there_twice_are_removed(laundry: Any) -> None:
    proposal = await laundry.propose('id,name\n1,Ann\n2,Bob\n2,"Bob "\n3,Cy\n')

    assert kinds(proposal) == (["trim", "dedupe"], [])
    assert about(proposal.proposed, "dedupe").rows_removed == 1


async def test_rows_that_only_look_alike_are_a_choice(laundry: Any) -> None:
    proposal = await laundry.propose("coin,side\n" + "a,heads\nb,tails\na,heads\n" * 5)

    assert kinds(proposal) == ([], ["dedupe"])
    assert about(proposal.choices, "dedupe").rows_removed == 13


async def test_columns_without_a_value_are_dropped(laundry: Any) -> None:
    proposal = await laundry.propose("id,a,b\n1,,\n2,,\n")

    assert about(proposal.proposed, "drop_columns").step.columns == ("a", "b")


async def test_fills_and_bounds_are_choices(laundry: Any) -> None:
    text = "id,x\n" + "".join(f"{n},{n % 7 + 10}\n" for n in range(40)) + "40,\n41,9999\n"

    proposal = await laundry.propose(text)

    assert kinds(proposal) == ([], ["impute", "clip"])
    assert about(proposal.choices, "clip").effects[0].samples[0].before == "9999"


async def test_a_proposal_applies_and_leaves_nothing_to_propose(laundry: Any) -> None:
    table = await laundry.read(
        'id, name,price,day,empty\n1," Ann","$1,200",31/12/2023,\n' + "2,Bob,$3,01/01/2024,\n" * 2,
        {"day": ColumnType.TEXT},
    )
    workspace, work = WorkspaceId("local"), DetachedWork()
    first = await laundry.cleaner.propose(workspace, table, ProposeRequest(), work)

    made = await laundry.apply(table.version, first.recipe)

    assert await laundry.rows(made.version) == [[1, "Ann", 1200, "2023-12-31"], [2, "Bob", 3, "2024-01-01"]]
    again = await laundry.cleaner.propose(workspace, laundry.table(made.version), ProposeRequest(), work)
    assert again.proposed == ()


async def test_a_proposal_is_remembered(laundry: Any) -> None:
    await laundry.propose("id,name\n1, x1\n2,y\n")
    asked = len(laundry.asked)

    again = await laundry.propose("id,name\n1, x1\n2,y\n")

    assert again.cached
    assert len(laundry.asked) == asked


async def test_an_empty_table_needs_nothing(laundry: Any) -> None:
    table = await laundry.read("id,name\n1, Ann\n")
    none = steps.DropRows(where=(steps.Condition(column="id", operator="present"),))
    empty = await laundry.apply(table.version, laundry_recipe(none))

    proposal = await laundry.cleaner.propose(
        WorkspaceId("local"), laundry.table(empty.version), ProposeRequest(), DetachedWork()
    )

    assert (proposal.rows, proposal.proposed) == (0, ())


async def test_hostile_names_and_values_are_proposed_about(laundry: Any) -> None:
    text = 'id,"a""; DROP TABLE data; --",it\'s {0}\n1," \' ; --","$1,5"\n2,"{old} ","$2,5"\n3,\\1,"$3,5"\n'

    proposal = await laundry.propose(text)

    assert kinds(proposal)[0] == ["trim", "cast"]
    assert {sample.after for sample in proposal.proposed[0].effects[0].samples} == {"' ; --", "{old}"}


async def test_cancelled_work_proposes_nothing(laundry: Any) -> None:
    table = await laundry.read("id,name\n1, cancelled\n")
    work = DetachedWork()
    work.cancel()

    with pytest.raises(Cancelled):
        await laundry.cleaner.propose(WorkspaceId("local"), table, ProposeRequest(), work)


def laundry_recipe(*given: steps.Step) -> Any:
    from sapwood_agents.analyst.clean.recipe import Recipe

    return Recipe(steps=given)
