"""Likely personal data, by what sampled values look like and by what their column is called.

A value counts only when what can be checked is right: Luhn's digit of a card (ISO/IEC 7812), the remainder of
an IBAN (ISO 13616), the ranges of a social security number, an address that parses.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from sapwood_agents.analyst.profile.model import Pii, PiiKind
from sapwood_storage.tabular.model import ColumnType

_ENOUGH: Final = 0.5  # of the values, where the name says nothing
_ENOUGH_NAMED: Final = 0.1
_ENOUGH_INSIDE: Final = 0.01  # e-mail addresses stand inside longer texts
_CERTAIN: Final = 0.8  # one number in ten passes Luhn's check by chance

_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}(?![\w-])")
_PHONE: Final = re.compile(r"(?:\+|00)?[\d(][\d\s().\-/]{5,22}\d(?:\s?(?:x|ext\.?)\s?\d{1,6})?")
_DATE: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:\D.*)?")
_SSN: Final = re.compile(r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
_CARD: Final = re.compile(r"[2-6](?:[ -]?\d){12,18}")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}")
_SEPARATED: Final = re.compile(r"[\s().\-/+]")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_NAMES: Final[dict[PiiKind, tuple[frozenset[str], ...]]] = {
    PiiKind.EMAIL: (frozenset({"email"}), frozenset({"mail"}), frozenset({"emails"})),
    PiiKind.PHONE: tuple(
        frozenset({word}) for word in ("phone", "telephone", "tel", "mobile", "fax", "cellphone", "phones")
    ),
    PiiKind.CARD: (frozenset({"credit", "card"}), frozenset({"card", "number"}), frozenset({"creditcard"})),
    PiiKind.IBAN: (frozenset({"iban"}),),
    PiiKind.SSN: (
        frozenset({"ssn"}), frozenset({"social", "security"}), frozenset({"passport"}),
        frozenset({"tax", "id"}), frozenset({"national", "id"}),
    ),
    PiiKind.IP: (frozenset({"ip"}), frozenset({"ipaddress"})),
    PiiKind.NAME: (
        *(frozenset({word}) for word in ("firstname", "lastname", "surname", "fullname", "forename")),
        *(
            frozenset({word, "name"})
            for word in (
                "first", "last", "full", "middle", "maiden", "family", "given", "customer", "client",
                "patient", "employee", "passenger", "person", "contact", "member", "student", "teacher",
                "owner",
            )
        ),
    ),
    PiiKind.BIRTH: (
        frozenset({"dob"}), frozenset({"birthdate"}), frozenset({"birthday"}), frozenset({"birth", "date"}),
        frozenset({"date", "birth"}),
    ),
    PiiKind.ADDRESS: (
        frozenset({"street"}), frozenset({"address"}), frozenset({"addr"}), frozenset({"home", "address"}),
    ),
}  # fmt: skip
_OTHER_ADDRESSES: Final = frozenset({"ip", "mail", "email", "mac", "web", "url", "wallet", "memory"})
_BY_NAME_ALONE: Final[dict[PiiKind, tuple[ColumnType, ...]]] = {
    PiiKind.NAME: (ColumnType.TEXT,),
    PiiKind.ADDRESS: (ColumnType.TEXT,),
    PiiKind.BIRTH: (ColumnType.TEXT, ColumnType.DATE, ColumnType.TIMESTAMP),
    PiiKind.SSN: (ColumnType.TEXT, ColumnType.INTEGER),
    PiiKind.PHONE: (ColumnType.INTEGER,),
}


def likely_pii(name: str, kind: ColumnType, values: Sequence[str]) -> tuple[Pii, ...]:
    """What of a person a column seems to hold; `values` are sampled ones, cut after 200 characters."""
    named = _named(name)
    found: list[Pii] = []
    for pii, looks_like in _LOOKS.items():
        share = sum(map(looks_like, values)) / len(values) if values else 0.0
        if share >= _threshold(pii, pii in named):
            found.append(Pii(kind=pii, share=share, named=pii in named))
    known = {one.kind for one in found}
    found += [
        Pii(kind=pii, share=None, named=True)
        for pii, kinds in _BY_NAME_ALONE.items()
        if pii in named and pii not in known and kind in kinds
    ]
    # A social security number or a card is written with digits and hyphens, as a telephone number may be.
    exact = {PiiKind.SSN, PiiKind.CARD, PiiKind.IP} & {one.kind for one in found if one.share}
    return tuple(one for one in found if not (exact and one.kind is PiiKind.PHONE))


def is_card(value: str) -> bool:
    """Whether the value is written as the number of a payment card and its check digit is right."""
    return bool(_CARD.fullmatch(value)) and _luhn(value)


def is_iban(value: str) -> bool:
    """Whether the value is written as an IBAN and leaves the remainder 1 by 97."""
    if not _IBAN.fullmatch(value):
        return False
    text = value.replace(" ", "")
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def is_phone(value: str) -> bool:
    """Whether the value is written as a telephone number: 7 to 15 digits, and some sign that they are one."""
    if not _PHONE.fullmatch(value) or _DATE.fullmatch(value):
        return False
    digits = sum(character.isdigit() for character in value)
    written = len(_SEPARATED.findall(value))
    return 7 <= digits <= 15 and (value.startswith("+") or "(" in value or written >= 2)


def is_ip(value: str) -> bool:
    """Whether the value is an address of IPv4 or IPv6."""
    if value.count(".") != 3 and value.count(":") < 2:
        return False
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def has_email(value: str) -> bool:
    """Whether an e-mail address stands in the value."""
    return "@" in value and bool(_EMAIL.search(value))


def is_ssn(value: str) -> bool:
    """Whether the value is written as a social security number of the United States could be."""
    return bool(_SSN.fullmatch(value))


_LOOKS: Final[dict[PiiKind, Callable[[str], bool]]] = {
    PiiKind.EMAIL: has_email,
    PiiKind.SSN: is_ssn,
    PiiKind.CARD: is_card,
    PiiKind.IBAN: is_iban,
    PiiKind.IP: is_ip,
    PiiKind.PHONE: is_phone,
}


def _threshold(kind: PiiKind, named: bool) -> float:
    if kind is PiiKind.EMAIL:
        return _ENOUGH_INSIDE
    if named:
        return _ENOUGH_NAMED
    return _CERTAIN if kind is PiiKind.CARD else _ENOUGH


def _named(name: str) -> set[PiiKind]:
    words = [word.casefold() for word in _WORD.findall(name)]
    said = {*words, "".join(words), *("".join(pair) for pair in pairwise(words))}
    found = {kind for kind, names in _NAMES.items() if any(each <= said for each in names)}
    if PiiKind.ADDRESS in found and said & _OTHER_ADDRESSES:
        found.discard(PiiKind.ADDRESS)
    return found


def _luhn(value: str) -> bool:
    digits = [int(character) for character in value if character.isdigit()][::-1]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
