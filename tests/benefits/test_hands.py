"""Rosters read and files put together by several hands come to the same as by one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benefits.envelopes import funded, holder, judged, row, sealed
from tests.cards.in_hand import set_rule
from yikatong.basics.hands import lent
from yikatong.basics.ids import check_digit
from yikatong.basics.sealing import lookups
from yikatong.benefits import weighing
from yikatong.benefits.bankfiles import slices
from yikatong.benefits.models import BankFile, FileLine, Payment
from yikatong.benefits.programme import programmes
from yikatong.benefits.roster import Reader, Reading, Roster, form_of
from yikatong.benefits.services import judging, paying
from yikatong.benefits.weighing import Scales, begin, weighed
from yikatong.cards.models import Card
from yikatong.residents.headings import Columns
from yikatong.residents.sheets import Sheet

PENSION = programmes()["pension"]
COLUMNS = form_of(PENSION).find(["姓名", "证件号码", "月数", "金额（元）"])
assert isinstance(COLUMNS, Columns)
READING = Reading(
    COLUMNS, PENSION.code, {"base_fen": 18500, "most_fen": 500000}, 6_000_000, date(2025, 3, 10)
)
_rows = st.lists(
    st.lists(
        st.one_of(
            st.sampled_from(["", "张三丰", "阿依古丽·买买提", "=1+1", "a\\tb", "一\t二", "\\N", "张3"]),
            st.sampled_from(
                ["61049919900307001X", "610499199003070012", "1", "13", "200.00", "0", "99999999.00"]
            ),
            st.text(max_size=6),
        ),
        min_size=3,
        max_size=5,
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def two_hands():
    with lent(begin, 2) as share:
        yield share


@given(_rows)
@settings(max_examples=40, deadline=None)
def test_rows_read_by_two_hands_are_those_read_by_one(two_hands, rows):
    weighing_slice, weighing.SLICE = weighing.SLICE, 3
    try:
        with lent(begin, 1) as alone:
            one = list(weighed(_roster(rows), b"k" * 16, alone))
        two = list(weighed(_roster(rows), b"k" * 16, two_hands))
    finally:
        weighing.SLICE = weighing_slice
    whole = begin(Scales(READING, b"k" * 16))(list(enumerate(rows, start=2)))
    assert one == two and "".join(one) == whole


_plain = st.tuples(
    st.sampled_from(["张三丰", "阿依古丽·买买提", " 李四", "王小明\\", "O'Brien", "张３"]),
    st.integers(0, 9999).map(
        lambda n: with_check(f"61049919{50 + n % 40}0{1 + n % 9}1{n % 10}{n % 1000:03d}")
    ),
    st.sampled_from(["", "1", "2", "13", " 3"]),
    st.sampled_from(["200.00", "185", "370.5", "99999.00", "１８５", "0", "-1", ""]),
)


@given(st.lists(st.one_of(_plain.map(list), _rows.flatmap(lambda rows: st.sampled_from(rows or [[]])))))
@settings(max_examples=60, deadline=None)
def test_a_plain_row_is_laid_out_as_if_it_were_read_cell_by_cell(rows):
    numbered = list(enumerate(rows, start=2))
    read = list(Reader(READING).read(numbered))
    keys = lookups(b"k" * 16, "identity_number", [each.number for each in read])
    slowly = "".join(
        f"{each.line}\t\\\\x{key.hex()}\t{weighing._behind_the_key(each)}"
        for each, key in zip(read, keys, strict=True)
    )
    assert begin(Scales(READING, b"k" * 16))(numbered) == slowly


def with_check(first: str) -> str:
    return first + check_digit(first)


def _roster(rows: list[list[str]]) -> Roster:
    return Roster(Sheet((), len(rows), enumerate(rows, start=2)), READING)


@pytest.mark.usefixtures("city")
def test_a_batch_that_several_hands_judged_and_sealed_is_the_one_that_one_did(monkeypatch):
    monkeypatch.setattr(weighing, "SLICE", 2)
    monkeypatch.setattr(slices, "SLICE", 2)
    set_rule("benefit.banks", {"102": "common", "402": "fixed"})
    people = [
        holder("王一"),
        holder("李二"),
        holder("周三"),
        holder("吴四"),
        holder("名" * 31),
        holder("郑六"),
    ]
    Card.objects.filter(resident__in=people[3:5]).update(bank_code="402")
    pictures = []
    for hands, month in ((1, "2025-03"), (2, "2025-04")):
        for module in (judging, paying):
            monkeypatch.setattr(module, "hands_for", lambda _, hands=hands: hands)
        batch = funded(judged([row(each) for each in people], period=month))
        files = sealed(batch)
        contents = [bytes(BankFile.objects.get(number=each.number).content or b"") for each in files]
        pictures.append(
            (
                [_without_numbers(content) for content in contents],
                list(
                    Payment.objects.filter(batch_id=batch.id)
                    .order_by("line")
                    .values_list("line", "name", "resident_id", "card_id", "fen", "state", "reason", "said")
                ),
                list(
                    FileLine.objects.filter(file__batch_id=batch.id)
                    .order_by("file__bank_code", "sequence")
                    .values_list("sequence", "payment__line", "card_id", "fen")
                ),
            )
        )
    assert pictures[0] == pictures[1]
    assert [reason for *_, reason, _ in pictures[0][1]] == ["", "", "", "", "S02", ""]


def _without_numbers(content: bytes) -> list[bytes]:
    """The lines of payments from the name on: what stands before it names the payment, head and tail name the file."""
    lines = content.splitlines()[1:-1]
    return [b"|".join(line.split(b"|")[3:]) if b"|" in line else line[25:] for line in lines]
