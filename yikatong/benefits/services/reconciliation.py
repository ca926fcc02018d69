"""The day's reconciliation: each batch is computed anew, what differs is somebody's to look into, what is equal again closes."""

from __future__ import annotations

from yikatong.basics.money import print_yuan
from yikatong.benefits.discrepancies import BY_THE_DAY
from yikatong.benefits.facts import RECONCILED
from yikatong.benefits.models import Discrepancy, PaymentBatch
from yikatong.benefits.reconciling import Difference, reconciled, to_reconcile
from yikatong.benefits.rules import UNSETTLED
from yikatong.benefits.services.differences import Found, found, vanish
from yikatong.office.act import Act
from yikatong.office.rulebook import whole


def reconcile_batches(act: Act) -> int:
    """Reconcile every batch that is being paid, or was settled within rule benefit.reconcile_days; returns how many.

    A difference is kept once for the people it concerns; one that is found no more closes by itself, if nobody has.
    """
    batches = to_reconcile(whole("benefit.reconcile_days", act.today), act.at)
    results = reconciled(batches, act.at, today=act.today)
    rows = {row.pk: row for row in PaymentBatch.objects.filter(pk__in=batches)}
    these = [
        _found(rows[batch], each) for batch, result in sorted(results.items()) for each in result.differences
    ]
    new = found(act, these)
    standing = {each.mark for each in these}
    gone = Discrepancy.objects.select_for_update(no_key=True, of=("self",)).filter(
        batch__in=batches,
        kind__in=[each.value for each in BY_THE_DAY],
        mark__startswith="batch:",
        state__in=[state.code for state in UNSETTLED],
    )
    vanish(act, [row for row in gone.order_by("pk") if row.mark not in standing], "再次对账已经平了")
    if batches:
        act.record(RECONCILED, batches=len(batches), differences=len(these), new=new)
    return len(batches)


def _found(row: PaymentBatch, each: Difference) -> Found:
    yuan = print_yuan(each.fen)
    return Found(
        each.kind,
        f"batch:{row.pk}:{each.kind.value}:{each.who}"[:120],
        f"{each.rows} 人，{yuan} 元",
        f"{each.rows} people, {yuan} yuan",
        region=row.region,
        batch=row.pk,
        rows=each.rows,
        fen=each.fen,
    )
