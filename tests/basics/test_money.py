from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics import money

FEN = st.integers(min_value=-(10**40), max_value=10**40)


@given(FEN, st.booleans())
def test_yuan_printed_reads_back_to_the_same_fen(fen: int, thousands: bool) -> None:
    assert money.fen_from_yuan(money.print_yuan(fen, thousands=thousands)) == fen


@given(FEN)
def test_decimals_are_exact_beyond_the_decimal_context(fen: int) -> None:
    assert money.fen_from_yuan(money.yuan(fen)) == fen
    assert money.fen_from_wanyuan(money.wanyuan(fen)) == fen


@given(FEN, st.booleans())
def test_wanyuan_with_six_places_reads_back_to_the_same_fen(fen: int, thousands: bool) -> None:
    assert money.fen_from_wanyuan(money.print_in("万元", fen, 6, thousands=thousands)) == fen


@given(FEN, st.integers(min_value=0, max_value=6))
def test_rounding_moves_by_at_most_half_a_step_and_halves_away_from_zero(fen: int, places: int) -> None:
    printed = money.fen_from_wanyuan(money.print_in("万元", fen, places))
    step = 10 ** (6 - places)
    assert printed % step == 0
    assert 2 * abs(printed - fen) <= step
    if 2 * abs(printed - fen) == step:
        assert abs(printed) > abs(fen)


@pytest.mark.parametrize(
    ("fen", "places", "text"),
    [
        (173_410_000, 2, "173.41"),
        (5_000, 2, "0.01"),
        (4_999, 2, "0.00"),
        (-4_999, 2, "0.00"),
        (-5_000, 2, "-0.01"),
        (500_000, 0, "1"),
        (2_500_000, 0, "3"),
        (1, 6, "0.000001"),
    ],
)
def test_wanyuan_rounds_as_a_chinese_table_does(fen: int, places: int, text: str) -> None:
    assert money.print_in("万元", fen, places) == text


def test_thousands_are_separated_on_request() -> None:
    assert money.print_yuan(123_456_789) == "1234567.89"
    assert money.print_yuan(-123_456_789, thousands=True) == "-1,234,567.89"
    assert money.print_in("万元", 12_345_678_900_000, 1, thousands=True) == "12,345,678.9"


@pytest.mark.parametrize("text", ["12.3", " 12.30 ", "12.30", "+12.3", "\uff11\uff12\uff0e\uff13\uff10"])
def test_an_amount_is_read_as_keyboards_write_it(text: str) -> None:
    assert money.fen_from_yuan(text) == 1230


@pytest.mark.parametrize(
    "text",
    ["", "1.234", "1.000", "1,23", "1,2345", "1e3", "NaN", "--1", "1.", ".5", "¥1", "1 000", "٣"],
)
def test_text_that_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        money.fen_from_yuan(text)


@pytest.mark.parametrize(
    "amount", [Decimal("0.001"), Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")]
)
def test_a_decimal_that_is_no_whole_number_of_fen_is_refused(amount: Decimal) -> None:
    with pytest.raises(ValueError):
        money.fen_from_yuan(amount)


def test_a_database_decimal_with_empty_places_is_read_by_its_value() -> None:
    assert money.fen_from_wanyuan(Decimal("24.00000000")) == 24_000_000


@pytest.mark.parametrize("amount", [1.0, True, None, b"1"])
def test_floats_and_other_types_are_refused(amount: object) -> None:
    with pytest.raises(TypeError):
        money.fen_from_yuan(amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        money.fen_from_wanyuan(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("fen", [1.0, True, "1"])
def test_only_whole_fen_are_printed(fen: object) -> None:
    with pytest.raises(TypeError):
        money.print_yuan(fen)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        money.yuan(fen)  # type: ignore[arg-type]


def test_places_beyond_a_fen_are_refused() -> None:
    with pytest.raises(ValueError):
        money.print_in("万元", 1, 7)


@given(st.from_regex(r"[0-9]{1,12}\.[0-9]{2}", fullmatch=True))
def test_a_plain_amount_is_read_as_any_other(text: str) -> None:
    assert money.fen_from_yuan(text) == money.fen_from_yuan("+" + text)
