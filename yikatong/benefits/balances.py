"""What the ledger says: the balance of every account, of a programme."""

from __future__ import annotations

from django.db.models import Q, Sum

from yikatong.benefits.models import Posting
from yikatong.benefits.rules import ACCOUNTS, AVAILABLE, BUDGET


def balances(programme: str) -> dict[str, int]:
    """Fen on each account of a programme; together they are nothing."""
    found = dict.fromkeys(ACCOUNTS, 0)
    moved = Posting.objects.filter(programme=programme).order_by().values("off", "onto")
    for off, onto, fen in moved.annotate(sum=Sum("fen")).values_list("off", "onto", "sum"):
        found[off] -= int(fen)
        found[onto] += int(fen)
    return found


def available(programme: str) -> int:
    """What may still be blocked."""
    rows = Posting.objects.filter(programme=programme)
    here = rows.filter(Q(onto=AVAILABLE) | Q(off=AVAILABLE))
    came, left = (
        here.aggregate(fen=Sum("fen", filter=Q(**{side: AVAILABLE})))["fen"] for side in ("onto", "off")
    )
    return int(came or 0) - int(left or 0)


def known(programme: str, paper: str) -> bool:
    """Whether the money of this voucher of the treasury is entered."""
    return Posting.objects.filter(programme=programme, off=BUDGET, paper=paper).exists()


def had_back(programme: str, paper: str) -> bool:
    """Whether money that came back with this voucher is entered."""
    return Posting.objects.filter(programme=programme, onto=BUDGET, paper=paper).exists()
