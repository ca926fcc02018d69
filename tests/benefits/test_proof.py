"""The proof from stored bytes and journal: it holds for what was done rightly, and for nothing else."""

from __future__ import annotations

import pytest

from tests.benefits.envelopes import PAYER, SCOPE, again, answered, holder, paying, sent, states
from tests.benefits.stated import LATER, back, debit, paid, stated
from tests.benefits.test_reconciling import without_triggers
from tests.cards.in_hand import at, got
from yikatong.benefits.proof import Proof, approved_batches, prove
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.services.mending import repair_row

pytestmark = pytest.mark.usefixtures("city")


def repaired() -> BatchRow:
    """Three people: one paid, one paid after the money came back, one paid as the statement shows."""
    batch, file = paying([holder(), holder("李四光"), holder("王五")])
    answered(file, ["00", "00", "98"])
    first = stated(file, debit(file), back(file, 2))
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=3, how="本人已换领新卡", scope=SCOPE))
    (later,) = sent(again(batch), LATER)
    stated(later, paid(later, 1), opening=first.closing_fen, place=2)
    answered(later, ["00"])
    answered(file, {3: "00"})
    return batch


def test_everybody_was_paid_once_however_it_came_about():
    batch = repaired()
    assert states(batch) == ["paid", "paid", "paid"]
    assert approved_batches() == (batch.number,)
    assert prove(batch.number) == Proof(batch.number, 2, 4, 3, ())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE benefits_payment SET state = 'failed' WHERE line = 2", "说法不同"),
        ("UPDATE benefits_payment SET fen = fen + 1 WHERE line = 2", "摘要不符"),
        ("DELETE FROM benefits_statemententry", "付了 2 次"),
        ("UPDATE benefits_fileline SET payment_id = payment_id + 1 WHERE sequence = 3", "明细表不符"),
        ("UPDATE benefits_bankfile SET digest = repeat('x', 32)::bytea", "摘要不符"),
        ("UPDATE benefits_answer SET file_id = (SELECT max(id) FROM benefits_bankfile)", "别的文件"),
    ],
)
def test_what_was_changed_behind_our_back_does_not_stand_up(statement, said):
    batch = repaired()
    without_triggers(statement)
    assert any(said in each.zh for each in prove(batch.number).contradictions)
