"""失业保险金: monthly, a share of the lowest wage; at most 24 months in all."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="unemployed",
    zh="失业保险金",
    en="unemployment benefit",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(24, exact=True),
    noted="失业保险金",
    insurance=True,
)
