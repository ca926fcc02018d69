"""What the ledger says: the balance of every account, of a programme or of one batch."""

from __future__ import annotations

from django.db.models import Sum

from yikatong.benefits.models import Leg
from yikatong.benefits.rules import ACCOUNTS


def balances(programme: str) -> dict[str, int]:
    """Fen on each account of a programme; together they are nothing."""
    found = dict(
        Leg.objects.filter(programme=programme).order_by().values("account").annotate(fen=Sum("fen")).values_list(
            "account", "fen"
        )
    )  # fmt: skip
    return {account: int(found.get(account) or 0) for account in ACCOUNTS}


def available(programme: str) -> int:
    """What may still be blocked."""
    return _sum(programme, "available")


def of_batch(batch_id: int) -> dict[str, int]:
    """What a batch moved on each account."""
    rows = Leg.objects.filter(batch_id=batch_id).order_by().values("account").annotate(fen=Sum("fen"))
    found = dict(rows.values_list("account", "fen"))
    return {account: int(found.get(account) or 0) for account in ACCOUNTS}


def _sum(programme: str, account: str) -> int:
    return int(Leg.objects.filter(programme=programme, account=account).aggregate(fen=Sum("fen"))["fen"] or 0)
