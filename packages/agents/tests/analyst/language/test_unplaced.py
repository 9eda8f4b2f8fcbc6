"""What a table cannot tell is declined, with the words that it knows nothing of."""

import pytest
from packages.agents.tests.analyst.language.tables import Asked


@pytest.mark.parametrize(
    "question",
    [
        "how many boats were stolen",
        "average wingspan",
        "which boat is the best",
        "why are german boats so expensive",
        "predict the price of a boat of 20 metres",
        "delete the boats from Italy",
        "number of boats by colour",
        "how many sails does each boat have",
        "how many boats from Portugal",
        "average insurance per country",
        "hello there",
        "boats boats zzz 12 ??",
        "how many boats are not",
        "price length",
        "how much less is the average price in Germany than in Italy",
        "",
    ],
)
def test_what_the_table_cannot_tell_is_declined(boats: Asked, question: str) -> None:
    assert boats.intent(question) is None


def test_an_unknown_word_is_named(boats: Asked) -> None:
    assert boats.reader.read("how many boats were stolen").unplaced == ("stolen",)
