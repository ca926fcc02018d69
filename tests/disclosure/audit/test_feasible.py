"""Rounding is decided, not tolerated."""

from itertools import combinations, count

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.disclosure.audit.test_documents import CLEAN
from yikatong.disclosure.audit import feasible, solving
from yikatong.disclosure.audit.claims import Claim
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.feasible import judge
from yikatong.disclosure.audit.printed import Place, Printed, read_amount
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.audit.region import region
from yikatong.disclosure.audit.solving import Touching

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
    assert judge([total, *cells], [Claim("sum.rows", total, tuple(cells))]).faults == ()


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
    found = judge([*totals, *cells, *again], claims).faults
    assert len(found) == 1
    assert found[0].cell in (cells[which], again[which])


def test_one_yuan_decides_between_two_printed_digits():
    whole, first, second = (
        printed(14_941_00, flow="支出"),
        printed(1_458_250, flow="支出", category="人员"),
        printed(1_458_249, flow="支出", category="人员"),
    )
    assert (first.text, second.text) == ("145.83", "145.82")
    assert len(judge([whole, first, second], []).faults) == 1


def test_a_missing_last_digit_is_not_a_rounding_of_ten_thousand():
    assert read_amount("24", "万元") == (24 * WAN, 10_000)
    assert read_amount("24", "元") == (2_400, 100)
    assert read_amount("-", "万元") == (0, 0)
    assert read_amount("1.234", "元") is None


def test_what_the_solver_could_not_settle_is_not_passed_over(monkeypatch):
    spoilt = read_text(
        "x.md", CLEAN.replace("| 221 | 住房保障支出 | 5.43 | 5.43 |", "| 221 | 住房保障支出 | 5.43 | 9.43 |")
    )
    assert audit(spoilt).errors == 1
    monkeypatch.setattr(solving, "SECONDS", 0.0)
    report = audit(spoilt)
    (told,) = [each for each in report.not_checked if "没有全部算清" in each.zh]
    assert told.place.line > 0


def test_a_contradiction_found_before_time_is_up_is_told_with_all_that_may_be_the_wrong_number(monkeypatch):
    total, *parts = (
        printed(300_00, flow="支出"),
        printed(100_00, flow="支出", category="基本"),
        printed(100_00, flow="支出", category="项目"),
    )
    monkeypatch.setattr(feasible._Program, "fits", lambda self, held: None)
    cells = [total, *parts]
    (fault,), undecided = judge(cells, [Claim("sum.rows", total, tuple(parts))]).faults, (tuple(cells),)
    assert {fault.cell, *fault.rivals} == set(cells) and (fault.low, fault.high) == (None, None)
    assert judge(cells, [Claim("sum.rows", total, tuple(parts))]).undecided == undecided


def test_cells_let_go_are_believed_only_when_all_others_fit_without_them(monkeypatch):
    total, part = printed(100_00, flow="支出"), printed(300_00, flow="支出", category="基本")
    claims = [Claim("sum.rows", total, (part,))]
    assert len(judge([total, part], claims).faults) == 1
    monkeypatch.setattr(feasible._Program, "solve", lambda self: set())
    assert judge([total, part], claims) == feasible.Verdict((), ((total, part),))


@settings(deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=4), max_size=8),
    st.lists(st.tuples(st.integers(1, 3), st.integers(-2, 5)), min_size=7, max_size=7),
)
def test_a_rough_choice_touches_all_with_no_member_too_many_and_the_fewest_cost_least(contradictions, each):
    costs, doubts = [cost for cost, _ in each], [doubt for _, doubt in each]
    touching = Touching(costs, doubts)
    rough = touching.roughly(contradictions)
    assert all(one & rough for one in contradictions)
    assert not any(all(one & rough - {which} for one in contradictions) for which in rough)
    found = touching.fewest(contradictions)
    assert found is not None
    every = [set(some) for size in range(8) for some in combinations(range(7), size)]
    enough = [some for some in every if all(one & some for one in contradictions)]
    least = min(sum(costs[which] for which in some) for some in enough)
    assert sum(costs[which] for which in found) == least
    cheapest = [some for some in enough if sum(costs[which] for which in some) == least]
    assert sum(doubts[which] for which in found) == max(
        sum(doubts[which] for which in some) for some in cheapest
    )


def test_without_time_nothing_is_said_to_be_the_fewest(monkeypatch):
    monkeypatch.setattr(solving, "SECONDS", 0.0)
    touching = Touching([1] * 60, [0] * 60)
    rings = [{which, (which + 7) % 60, (which * 5 + 1) % 60} for which in range(60)]
    assert touching.fewest(rings) is None
    assert all(one & touching.roughly(rings) for one in rings)
