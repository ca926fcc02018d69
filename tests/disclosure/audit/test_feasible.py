"""Rounding is decided, not tolerated."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from yikatong.disclosure.audit.claims import Claim
from yikatong.disclosure.audit.feasible import faults
from yikatong.disclosure.audit.printed import Place, Printed, read_amount
from yikatong.disclosure.audit.region import region

WAN = 1_000_000


def printed(yuan: int, **about: str) -> Printed:
    """An amount printed in 万元 to two decimals, halves rounded up."""
    text = f"{(yuan + 50) // 100 / 100:.2f}"
    read = read_amount(text, "万元")
    assert read is not None
    return Printed(region(**about), *read, text, "万元", Place(line=next(_lines)))


_lines = count(1)
PARTS = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=12)


@settings(deadline=None)
@given(PARTS)
def test_what_was_rounded_from_whole_yuan_is_never_an_error(parts):
    total = printed(sum(parts), flow="支出")
    cells = [printed(part, flow="支出", function=f"2{place:02}") for place, part in enumerate(parts)]
    assert faults([total, *cells], [Claim("sum.rows", total, tuple(cells))]) == []


@settings(deadline=None, max_examples=50)
@given(PARTS, st.data())
def test_of_a_sum_printed_twice_the_changed_cell_is_the_one_to_blame(parts, data):
    cells = [printed(part, flow="支出", function=f"2{place:02}") for place, part in enumerate(parts)]
    again = [printed(part, flow="支出", function=f"2{place:02}") for place, part in enumerate(parts)]
    totals = [printed(sum(parts), flow="支出") for _ in range(2)]
    which = data.draw(st.integers(0, len(cells) - 1))
    off = data.draw(st.integers(1, 50)) * 100 + len(parts) * 100
    cells[which] = printed(parts[which] + off, flow="支出", function=f"2{which:02}")
    claims = [Claim("sum.rows", totals[0], tuple(cells)), Claim("sum.rows", totals[1], tuple(again))]
    found = faults([*totals, *cells, *again], claims)
    assert len(found) == 1
    assert found[0].cell in (cells[which], again[which])


def test_one_yuan_decides_between_two_printed_digits():
    whole, first, second = (
        printed(14_941_00, flow="支出"),
        printed(1_458_250, flow="支出", category="人员"),
        printed(1_458_249, flow="支出", category="人员"),
    )
    assert (first.text, second.text) == ("145.83", "145.82")
    assert len(faults([whole, first, second], [])) == 1


def test_a_missing_last_digit_is_not_a_rounding_of_ten_thousand():
    assert read_amount("24", "万元") == (24 * WAN, 10_000)
    assert read_amount("24", "元") == (2_400, 100)
    assert read_amount("-", "万元") == (0, 0)
    assert read_amount("1.234", "元") is None
