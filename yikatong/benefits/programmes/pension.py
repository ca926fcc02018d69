"""城乡居民养老: the monthly pension of residents. The base pension is the least; what the account adds differs."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="pension",
    zh="城乡居民养老",
    en="residents' pension",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(),
    noted="城乡居民养老金",
    insurance=True,
)
