"""What is polite says nothing: greetings, openings and thanks go, whatever stands between them stays."""

import pytest

from sapwood_agents.analyst.language.courtesies import without_courtesies
from sapwood_agents.analyst.language.tokens import tokenize


@pytest.mark.parametrize(
    ("polite", "plain"),
    [
        ("good morning, how many kegs are there", "how many kegs are there"),
        ("Good afternoon! total cider by cellar", "total cider by cellar"),
        ("good evening how many kegs are there", "how many kegs are there"),
        ("hello team, total cider", "total cider"),
        ("I would be grateful if you could show me the cider", "you could show me the cider"),
        ("I'd be glad to know the mean cider", "the mean cider"),
        ("would you be so kind as to tell me the mean cider", "tell me the mean cider"),
        ("Could you be so good and list the cellars", "list the cellars"),
        ("do me a favour and list the cellars", "list the cellars"),
        ("mean cider, if you please", "mean cider"),
        ("mean cider, thanks in advance", "mean cider"),
        ("mean cider. Many thanks!", "mean cider"),
        ("good morning, mean cider please, thank you very much", "mean cider please"),
    ],
)
def test_courtesies_around_a_question_go(polite: str, plain: str) -> None:
    kept = without_courtesies(tokenize(polite))

    assert [token.word for token in kept] == plain.split()


@pytest.mark.parametrize(
    "question",
    ["good morning kegs by cellar", "thanks", "how many kegs are so kind", 'cellars called "many thanks"'],
)
def test_words_that_may_be_asked_about_stay(question: str) -> None:
    tokens = tokenize(question)

    assert without_courtesies(tokens) == tokens
