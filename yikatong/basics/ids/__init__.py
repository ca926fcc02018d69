"""Numbers that identify: a person's document (`identity`), a card and its account (`card`), an organisation (`unit`)."""

from yikatong.basics.ids.card import (
    AccountKind,
    CardIdentifier,
    card_number_valid,
    luhn_digit,
    luhn_valid,
    read_card_identifier,
    read_card_number,
    read_pan,
)
from yikatong.basics.ids.identity import (
    WARNINGS,
    DocumentType,
    Identity,
    check_digit,
    eighteen,
    fifteen,
    read_identity_number,
)
from yikatong.basics.ids.unit import read_unit_code, unit_check_character

__all__ = [
    "WARNINGS",
    "AccountKind",
    "CardIdentifier",
    "DocumentType",
    "Identity",
    "card_number_valid",
    "check_digit",
    "eighteen",
    "fifteen",
    "luhn_digit",
    "luhn_valid",
    "read_card_identifier",
    "read_card_number",
    "read_identity_number",
    "read_pan",
    "read_unit_code",
    "unit_check_character",
]
