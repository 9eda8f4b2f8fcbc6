"""Plain YAML: what makes a small text large, or hides half of it, is refused."""

import pytest
import yaml

from sapwood_shared.plain_yaml import PlainLoader


def load(text: str) -> object:
    return yaml.load(text, Loader=PlainLoader)


def test_plain_values_are_read_and_a_date_stays_text() -> None:
    assert load("a: [1, x, 2.5, true, null]\nb: 2024-05-01") == {
        "a": [1, "x", 2.5, True, None],
        "b": "2024-05-01",
    }


def test_only_true_and_false_are_yes_and_no() -> None:
    assert load("on: no\ny: [yes, off, True, false, trueish]") == {
        "on": "no", "y": ["yes", "off", True, False, "trueish"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x", "an alias is not allowed"),
        ("a: 1\na: 2", "the key 'a' occurs twice"),
        ("a: !!python/name:os.system x", "could not determine a constructor"),
    ],
)
def test_the_rest_is_refused(text: str, said: str) -> None:
    with pytest.raises(yaml.YAMLError, match=said):
        load(text)
