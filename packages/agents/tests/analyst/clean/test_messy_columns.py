"""Columns as people keep them: dates in several forms, prices, shares, units, answers, words for no value."""

from collections.abc import Sequence
from typing import Any

import pytest

from sapwood_agents.analyst.clean.date_shapes import readings
from sapwood_agents.analyst.clean.proposal import ProposedStep, ProposeRequest
from sapwood_shared.ids import WorkspaceId
from sapwood_shared.work import DetachedWork
from sapwood_storage.tabular.model import ColumnType

WORKSPACE = WorkspaceId("local")
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def proposed(laundry: Any, *values: str, times: int = 3) -> Any:
    """The proposal for a table whose column `x` holds these texts."""
    quoted = ['"' + value.replace('"', '""') + '"' for value in values]
    rows = [f"{number},{value}\n" for number, value in enumerate(quoted * times)]
    return await laundry.propose("id,x\n" + "".join(rows), types={"x": ColumnType.TEXT})


def steps(found: Sequence[ProposedStep]) -> list[str]:
    return [one.step.kind for one in found]


def shown(one: ProposedStep) -> dict[str | None, str | None]:
    return {sample.before: sample.after for effect in one.effects for sample in effect.samples}


async def test_dates_in_four_forms_are_parsed_when_one_value_tells_day_from_month(laundry: Any) -> None:
    proposal = await proposed(laundry, "2021-03-04", "04/03/2021", "March 4, 2021", "4.3.21", "25/12/2021")

    (found,) = proposal.proposed
    assert set(found.step.formats) == {"%d/%m/%Y", "%Y-%m-%d", "%B %d, %Y", "%d.%m.%y"}
    assert found.effects[0].cells == 15
    assert "%d/%m/%Y (6)" in found.step.reason
    assert "the order of day and month is that of '25/12/2021'" in found.step.reason
    assert "two digits is one from 1969 to 2068" in found.step.reason
    assert shown(found)["4.3.21"] == "2021-03-04"
    assert proposal.choices == ()


async def test_dates_in_four_forms_are_a_choice_when_nothing_tells_day_from_month(laundry: Any) -> None:
    proposal = await proposed(laundry, "2021-03-04", "04/03/2021", "March 4, 2021", "4.3.21")

    (found,) = proposal.choices
    assert proposal.proposed == ()
    doubt = "6 values could be read also as %m.%d.%y or %m/%d/%Y: only you know"
    assert doubt in found.step.reason


async def test_a_month_that_comes_first_is_seen_as_well(laundry: Any) -> None:
    proposal = await proposed(laundry, "04/03/2021", "12/25/2021", "5/6/21")

    (found,) = proposal.proposed
    assert set(found.step.formats) == {"%m/%d/%Y", "%m/%d/%y"}
    assert shown(found)["5/6/21"] == "2021-05-06"


async def test_values_that_contradict_each_other_are_a_choice(laundry: Any) -> None:
    proposal = await proposed(laundry, "25/03/2021", "03/26/2021", "04/03/2021")

    (found,) = proposal.choices
    assert "3 values can be read in no other way" in found.step.reason
    assert shown(found) == {
        "25/03/2021": "2021-03-25",
        "03/26/2021": "2021-03-26",
        "04/03/2021": "2021-03-04",
    }


async def test_times_among_dates_make_timestamps_and_say_so(laundry: Any) -> None:
    proposal = await proposed(laundry, "2021-03-04 10:11", "13/03/2021", "2021-03-04T10:11:12.5Z")

    (found,) = proposal.proposed
    assert found.step.to == "timestamp"
    assert "a date without a time becomes its midnight" in found.step.reason
    assert shown(found)["2021-03-04T10:11:12.5Z"] == "2021-03-04 10:11:12.5"


async def test_a_day_that_no_month_has_is_a_loss_to_decide_about(laundry: Any) -> None:
    days = [f"{day}/03/2021" for day in range(1, 32)]

    proposal = await proposed(laundry, *days, "31/02/2021", times=1)

    (found,) = proposal.choices
    assert "1 value that would be lost, such as '31/02/2021'" in found.step.reason
    assert found.step.on_failure == "null"


async def test_a_form_that_only_few_rows_have_is_found_in_the_rest(laundry: Any) -> None:
    many = [
        f"{1900 + year}-{month:02}-{day:02}"
        for year in range(60)
        for month in range(1, 13)
        for day in range(1, 9)
    ]

    proposal = await proposed(laundry, *many, "Thursday 4th Mar 2021", times=1)

    (found,) = proposal.proposed
    assert found.step.formats == ("%Y-%m-%d", "%A %dth %b %Y")


@pytest.mark.parametrize(
    ("value", "formats"),
    [
        ("2021/3/4", ("%Y/%m/%d",)),
        ("4-3-21", ("%d-%m-%y", "%m-%d-%y", "%y-%m-%d")),
        ("4 March, 2021", ("%d %B, %Y",)),
        ("Mar. 4 2021 1:05 pm", ("%b. %d %Y %I:%M %p",)),
        ("2021-03-04T10:11:12+02:00", ("%Y-%m-%dT%H:%M:%S%z",)),
        ("4.3.2021, 10:11", ("%d.%m.%Y, %H:%M", "%m.%d.%Y, %H:%M")),
        ("2021-03", ()),
        ("4/3-2021", ()),
        ("1.2.3.4", ()),
        ("4th of July", ()),
        ("12345678", ()),
    ],
)
async def test_a_value_is_read_as_the_forms_that_it_may_have(value: str, formats: tuple[str, ...]) -> None:
    assert readings(value) == formats


@pytest.mark.parametrize(
    ("values", "to", "numbers"),
    [
        (("$1,200.50", "$3", "$1,000,000"), "number", ["1200.5", "3.0", "1000000.0"]),
        (("1.200,50 €", "3 €", "2,5 €"), "number", ["1200.5", "3.0", "2.5"]),
        (("12%", "3.5%", "40 %"), "number", ["12.0", "3.5", "40.0"]),
        (("12 kg", "3 kg", "1,000 kg"), "integer", ["12", "3", "1000"]),
        (("1'200", "2'500", "3"), "integer", ["1200", "2500", "3"]),
        (("CHF 5", "CHF 7.5", "-CHF 2"), "number", ["5.0", "7.5", "-2.0"]),
    ],
)
async def test_numbers_are_read_with_what_stands_beside_them_everywhere(
    laundry: Any, values: tuple[str, ...], to: str, numbers: list[str]
) -> None:
    proposal = await proposed(laundry, *values)

    (found,) = proposal.proposed
    assert (found.step.kind, found.step.to) == ("cast", to)
    assert [shown(found)[value] for value in values] == numbers


async def test_numbers_in_parentheses_are_negative(laundry: Any) -> None:
    proposal = await proposed(laundry, "$1,200", "($3)", "$4")

    assert steps(proposal.proposed) == ["regex_replace", "cast"]
    assert shown(proposal.proposed[1])["-$3"] == "-3"


async def test_digits_in_groups_by_narrow_blanks_are_numbers(laundry: Any) -> None:
    proposal = await proposed(laundry, "1\u202f200,5", "12\u00a0000,25", "7,5")

    assert steps(proposal.proposed) == ["regex_replace", "cast"]
    assert shown(proposal.proposed[1])["12 000,25"] == "12000.25"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (("12 kg", "3.5 g", "4 kg"), "in kg (6) and g (3), which are not the same"),
        (("$12", "€3", "$4"), "in $ (6) and € (3), which are not the same"),
        (("12%", "3.5", "40%"), "they may be a hundred times apart"),
    ],
)
async def test_numbers_of_different_things_are_a_choice(
    laundry: Any, values: tuple[str, ...], words: str
) -> None:
    proposal = await proposed(laundry, *values)

    assert proposal.proposed == ()
    assert words in proposal.choices[0].step.reason


@pytest.mark.parametrize(
    "values",
    [
        ("12A", "12B", "14C"),
        ("555 123 456", "555 123 457", "555 123 458"),
        ("12 Main", "3 Oak", "4 Elm", "7 Ash", "9 Fir"),
        ("1.2.3", "1.10.0", "2.0.1"),
        ("10:30", "11:45", "12:00"),
        ("007", "$12", "13"),
        ("+", "-", "?"),
        ("yes", "yes ", "maybe"),
    ],
)
async def test_what_only_looks_like_a_number_or_an_answer_keeps_its_type(
    laundry: Any, values: tuple[str, ...]
) -> None:
    proposal = await proposed(laundry, *values)

    assert set(steps((*proposal.proposed, *proposal.choices))) <= {"trim"}


async def test_answers_become_booleans(laundry: Any) -> None:
    proposal = await proposed(laundry, "Yes", "no", "Y", "N ")

    (found,) = proposal.proposed
    assert (found.step.kind, found.step.to) == ("cast", "boolean")
    assert shown(found) == {"Yes": "true", "no": "false", "Y": "true", "N ": "false"}


async def test_words_for_no_value_go_before_the_rest_is_read(laundry: Any) -> None:
    proposal = await proposed(laundry, "$12", "undefined", "$4", "$5", " Unknown")

    assert steps(proposal.proposed) == ["map_categories", "cast"]
    assert proposal.proposed[0].step.mapping == {"undefined": None, " Unknown": None}
    assert proposal.proposed[1].effects[0].cells == 9


async def test_words_for_no_value_in_text_become_missing(laundry: Any) -> None:
    proposal = await proposed(laundry, "Rio", "Oslo", "undefined", "unknown ", "Lima")

    assert steps(proposal.proposed) == ["trim", "map_categories"]
    assert proposal.proposed[1].step.mapping == {"undefined": None, "unknown": None}
    assert "6 cells of x say 'undefined' and 'unknown', which is no value" in proposal.proposed[1].step.reason


async def test_a_column_of_little_else_keeps_its_words_for_no_value(laundry: Any) -> None:
    proposal = await proposed(laundry, "unknown", "unknown", "unknown", "Rio")

    assert proposal.proposed == ()


async def test_nothing_but_blanks_does_not_keep_dates_from_being_read(laundry: Any) -> None:
    proposal = await proposed(laundry, "13/03/2021", "  ", "14/03/21")

    assert steps(proposal.proposed) == ["trim", "parse_dates"]


async def test_a_column_of_blanks_is_empty(laundry: Any) -> None:
    proposal = await proposed(laundry, "  ", "   ")

    assert steps(proposal.proposed) == ["drop_columns"]


async def test_proposing_tells_how_far_it_is(laundry: Any) -> None:
    told: list[tuple[float, float | None]] = []

    class Watched(DetachedWork):
        def progress(self, done: float, total: float | None = None, **metrics: float) -> None:
            del metrics
            told.append((done, total))

    table = await laundry.read("id,x\n1,$5\n2,$6\n3, a\n4,b\n")

    await laundry.cleaner.propose(WORKSPACE, table, ProposeRequest(), Watched())

    done = [one for one, total in told if total == 4]  # the texts, two columns, the rows
    assert done == sorted(done)
    assert told[-1] == (4, 4)


async def test_a_column_of_days_that_no_calendar_has_is_left_alone(laundry: Any) -> None:
    proposal = await proposed(laundry, "31/02/2021")

    assert "parse_dates" not in steps([*proposal.proposed, *proposal.choices])
