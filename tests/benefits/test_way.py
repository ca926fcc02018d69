"""The way of a payment: roster, judgement, three people, a sealed file, the bank's answer, the ledger."""

from __future__ import annotations

import pytest

from tests.benefits.envelopes import (
    answered,
    funded,
    holder,
    judged,
    ledger,
    paying,
    reasons,
    row,
    sent,
    states,
)
from yikatong.benefits.models import BankFile

pytestmark = pytest.mark.usefixtures("city")


def test_everybody_whose_card_can_be_paid_into_is_paid_once_and_the_ledger_agrees():
    people = [holder(), holder("李四光"), holder("王五")]
    batch, file = paying(people)
    assert states(batch) == ["sent"] * 3
    assert (file.rows, file.fen) == (3, 60_000)
    assert ledger() == {"budget": -100_000_000, "available": 99_940_000, "transit": 60_000}
    report = answered(file, ["00", "00", "00"])
    assert (report.paid, report.failed, report.problems) == (3, 0, ())
    assert states(batch) == ["paid"] * 3
    assert ledger() == {"budget": -100_000_000, "available": 99_940_000, "paid": 60_000}
    assert BankFile.objects.get().state == "settled"


def test_one_bad_row_holds_itself_and_nobody_else():
    good, lost = holder(), holder("李挂失", state="2", bank="stopped")
    batch = judged([row(good), row(lost), ("无此人", "610499199003070011", "200.00")])
    assert states(batch) == ["valid", "held", "held"]
    assert reasons(batch) == ["", "C13", "C03"]
    (file,) = sent(funded(batch))
    assert (file.rows, file.fen) == (1, 20_000)
