"""遗属生活困难补助: monthly, to each survivor in need of somebody insured."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="survivors",
    zh="遗属生活补助",
    en="survivors' allowance",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(exact=True),
    noted="遗属生活补助",
    insurance=True,
)
