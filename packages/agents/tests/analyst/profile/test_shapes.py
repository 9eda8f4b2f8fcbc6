import pytest

from sapwood_agents.analyst.profile.shapes import share_of_dates, share_of_numbers


@pytest.mark.parametrize(
    "value",
    [
        "12",
        "-3.5",
        "1,234.50",
        "1 234,5",
        "$12",
        "12 %",
        "1.2e-5",
        "(1,200)",
        "€ 5.00",
        "0",
        "0.5",
        ".5",
        "1'000",
    ],
)
def test_written_numbers_are_numbers(value: str) -> None:
    assert share_of_numbers([value]) == 1.0


@pytest.mark.parametrize("value", ["007", "12a", "1-2", "", "A1", "1.2.3", "$", "%", "0123", "1,23,4"])
def test_codes_are_no_numbers(value: str) -> None:
    assert share_of_numbers([value]) == 0.0


@pytest.mark.parametrize(
    "value",
    ["2024-01-05", "05/01/2024", "5.1.24", "Jan 5, 2024", "5 January 2024", "2024/1/5 10:30",
     "03/14/2024 1:05 pm", "2024-01-05T10:00:00Z"],
)  # fmt: skip
def test_written_dates_are_dates(value: str) -> None:
    assert share_of_dates([value]) == 1.0


@pytest.mark.parametrize("value", ["2024", "1.5", "12-2024", "may", "99/99/2024", "2024-13-01"])
def test_other_texts_are_no_dates(value: str) -> None:
    assert share_of_dates([value]) == 0.0


def test_shares_are_of_all_values() -> None:
    assert share_of_numbers(["1", "2", "x", "y"]) == 0.5
    assert share_of_numbers([]) == 0.0
