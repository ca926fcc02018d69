"""工伤保险伤残津贴: monthly, to who was injured at work (grades one to four); a share of their own wage."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="injury",
    zh="工伤伤残津贴",
    en="injury allowance",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(),
    noted="工伤伤残津贴",
    insurance=True,
)
