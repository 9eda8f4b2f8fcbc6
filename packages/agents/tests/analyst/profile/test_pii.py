import pytest

from sapwood_agents.analyst.profile.model import PiiKind
from sapwood_agents.analyst.profile.pii import is_card, is_iban, is_ip, is_phone, is_ssn, likely_pii
from sapwood_storage.tabular.model import ColumnType

TEXT = ColumnType.TEXT


def kinds(name: str, values: list[str], kind: ColumnType = TEXT) -> dict[PiiKind, float | None]:
    return {one.kind: one.share for one in likely_pii(name, kind, values)}


@pytest.mark.parametrize("value", ["4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009"])
def test_a_card_has_a_right_check_digit(value: str) -> None:
    assert is_card(value)
    assert not is_card(value[:-1] + str((int(value[-1]) + 1) % 10))


def test_an_iban_leaves_one() -> None:
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE89370400440532013001")


@pytest.mark.parametrize("value", ["+49 30 901820", "(555) 123-4567", "020 7946 0958", "555-123-4567 x12"])
def test_telephone_numbers_are_known_by_how_they_are_written(value: str) -> None:
    assert is_phone(value)


@pytest.mark.parametrize(
    "value", ["2024-01-05", "5551234567", "12.50", "3-4", "14.03.2024 10:00", "SKU-0001"]
)
def test_dates_and_plain_numbers_are_no_telephone_numbers(value: str) -> None:
    assert not is_phone(value)


def test_social_security_numbers_keep_to_their_ranges() -> None:
    assert is_ssn("123-45-6789")
    assert not any(map(is_ssn, ["000-45-6789", "666-45-6789", "900-45-6789", "123-00-6789", "123-45-0000"]))


def test_addresses_of_machines_parse() -> None:
    assert is_ip("192.168.1.1")
    assert is_ip("2001:db8::1")
    assert not is_ip("1.2.3")
    assert not is_ip("300.1.1.1")


def test_the_share_that_matches_is_told() -> None:
    found = kinds("contact", ["a@b.org", "c@d.com", "unknown", "none"])

    assert found == {PiiKind.EMAIL: 0.5}


def test_an_address_inside_a_text_is_found() -> None:
    assert kinds("note", ["call back"] * 49 + ["wrote to ann@example.org today"]) == {PiiKind.EMAIL: 0.02}


def test_a_social_security_number_is_not_a_telephone_number_too() -> None:
    assert kinds("code", ["123-45-6789", "234-56-7890"]) == {PiiKind.SSN: 1.0}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("firstName", PiiKind.NAME), ("customer_name", PiiKind.NAME), ("Surname", PiiKind.NAME),
        ("date of birth", PiiKind.BIRTH), ("homeAddress", PiiKind.ADDRESS), ("SSN", PiiKind.SSN),
    ],
)  # fmt: skip
def test_some_are_known_by_the_name_of_the_column(name: str, kind: PiiKind) -> None:
    assert kinds(name, ["whatever", "else"]) == {kind: None}


@pytest.mark.parametrize(
    "name", ["name", "product_name", "ip_address", "telemetry", "cardinality", "mac address"]
)
def test_other_names_say_nothing(name: str) -> None:
    assert kinds(name, ["whatever", "else"]) == {}


def test_random_long_numbers_are_no_cards() -> None:
    values = [str(4_000_000_000_000_000 + 7919 * n) for n in range(500)]

    assert kinds("id", values, ColumnType.INTEGER) == {}
