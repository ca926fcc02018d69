import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.ids import (
    AccountKind,
    CardIdentifier,
    card_number_valid,
    luhn_digit,
    luhn_valid,
    read_card_identifier,
    read_card_number,
    read_pan,
)
from yikatong.basics.refused import Refused

DIGITS = st.text("0123456789", min_size=1, max_size=30)
IDENTIFIER = "610499" + "D156000005" + "00112233AABBCCDD"


def code_of(found: object) -> str:
    assert isinstance(found, Refused), found
    assert found.zh and found.en
    return found.code


@pytest.mark.parametrize("pan", ["6220000000000000016", "6220000000000000024", "4111111111111111"])
def test_known_numbers_pass_luhn(pan: str) -> None:
    assert luhn_valid(pan)


@given(DIGITS)
def test_the_luhn_digit_makes_a_number_valid_and_no_other_digit_does(first: str) -> None:
    right = luhn_digit(first)
    assert [digit for digit in "0123456789" if luhn_valid(first + digit)] == [right]


@pytest.mark.parametrize("text", ["", "12a", "١٢", "1 2"])
def test_luhn_is_for_digits(text: str) -> None:
    assert not luhn_valid(text)
    with pytest.raises(ValueError):
        luhn_digit(text)


@given(st.text("0123456789", min_size=13, max_size=16))
def test_a_unionpay_number_is_read_through_spaces_and_hyphens(middle: str) -> None:
    pan = "62" + middle + luhn_digit("62" + middle)
    grouped = " ".join(pan[start : start + 4] for start in range(0, len(pan), 4))
    assert read_pan(grouped, AccountKind.UNIONPAY_CARD) == pan
    assert read_pan(grouped.replace(" ", "-"), AccountKind.UNIONPAY_CARD) == pan


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pan.empty"),
        ("62200000000000000I6", "pan.characters"),
        ("622000000000016", "pan.length"),
        ("62200000000000000160", "pan.length"),
        ("4111111111111111", "pan.prefix"),
        ("6220000000000000017", "pan.check_digit"),
    ],
)
def test_a_card_number_of_a_bank_is_refused_by_what_is_wrong(text: str, code: str) -> None:
    assert code_of(read_pan(text, AccountKind.UNIONPAY_CARD)) == code


def test_a_passbook_number_need_not_obey_luhn() -> None:
    assert read_pan("27-0101 0400 1234567", AccountKind.OTHER) == "27010104001234567"
    assert code_of(read_pan("1" * 41, AccountKind.OTHER)) == "pan.length"
    assert code_of(read_pan("12_34", AccountKind.OTHER)) == "pan.characters"


def test_a_refusal_never_repeats_the_account_number() -> None:
    no = read_pan("6220000000000000017", AccountKind.UNIONPAY_CARD)
    assert isinstance(no, Refused)
    assert "6220" not in no.zh + no.en


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("A12345678", True),
        ("123456789", True),
        ("a12345678", False),
        ("A1234567", False),
        ("A12345678\n", False),
    ],
)
def test_a_card_number_is_nine_capitals_or_digits(text: str, valid: bool) -> None:
    assert card_number_valid(text) is valid


def test_a_card_number_is_read_through_full_width_and_small_letters() -> None:
    assert read_card_number("ａ１２ 345678") == "A12345678"
    assert code_of(read_card_number("A123")) == "card_number.format"


def test_a_card_identifier_tells_its_issuer() -> None:
    found = read_card_identifier(IDENTIFIER.lower())
    assert found == CardIdentifier(IDENTIFIER)
    assert found.issuer_region == "610499"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (IDENTIFIER[:-1], "card_identifier.length"),
        (IDENTIFIER[:-1] + "G", "card_identifier.characters"),
        ("A" + IDENTIFIER[1:], "card_identifier.region"),
        (IDENTIFIER.replace("D156000005", "D156000006"), "card_identifier.rid"),
    ],
)
def test_a_card_identifier_is_refused_by_what_is_wrong(text: str, code: str) -> None:
    assert code_of(read_card_identifier(text)) == code


@given(st.text())
def test_whatever_is_typed_the_answer_is_a_number_or_a_refusal(text: str) -> None:
    assert isinstance(read_card_identifier(text), CardIdentifier | Refused)
    assert isinstance(read_card_number(text), str | Refused)
    for kind in AccountKind:
        assert isinstance(read_pan(text, kind), str | Refused)
