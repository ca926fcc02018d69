"""企业职工养老金: the monthly pension of who worked in an enterprise; each one's own sum."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="retirement",
    zh="企业职工养老金",
    en="retirement pension",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(),
    noted="企业养老金",
    insurance=True,
)
