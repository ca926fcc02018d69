"""The batch a service works on: found, its place checked, and locked."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.benefits.models import BankFile, PaymentBatch
from yikatong.benefits.rules import BENEFIT_BATCH
from yikatong.office.scope import Scope
from yikatong.office.turns import take_turn


def locked_batch(number: str, scope: Scope, *states: State) -> PaymentBatch | Refused:
    """The batch, locked. Refused: benefit.unknown, benefit.not_waiting."""
    row = PaymentBatch.objects.select_for_update(no_key=True).filter(number=number).first()
    if row is None or not scope.covers(row.region, row.outlet):
        return unknown_batch()
    if row.state not in {state.code for state in states}:
        stands = BENEFIT_BATCH.state(row.state)
        return Refused(
            "benefit.not_waiting",
            f"批次目前为“{stands.zh}”，不能这样办理，请刷新页面查看。",
            f"The batch is {stands.en}; this cannot be done with it now. Read the page anew.",
        )
    return row


def unknown_batch() -> Refused:
    """The answer where there is no such batch, or it is not for this reader."""
    return Refused("benefit.unknown", "没有这个发放批次。", "There is no such batch.")


def alone(programme: str) -> None:
    """One at a time judges or seals for a programme: two at once would both find a person unpaid."""
    take_turn(f"benefit.{programme}")


def locked_file(number: str, scope: Scope) -> BankFile | Refused:
    """The payment file, locked, with its batch. Refused: benefit.no_file."""
    row = (
        BankFile.objects.select_for_update(no_key=True, of=("self",))
        .select_related("batch")
        .defer("batch__content")
        .filter(number=number)
        .first()
    )
    if row is None or not scope.covers(row.batch.region, row.batch.outlet):
        return Refused("benefit.no_file", "没有这个代发文件。", "There is no such payment file.")
    return row
