"""工伤保险供养亲属抚恤金: monthly, to who lived on somebody that died at work; a share of that one's wage."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="dependants",
    zh="工伤供养抚恤",
    en="injury dependants",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(),
    noted="工伤供养抚恤金",
    insurance=True,
)
