"""灵活就业社会保险补贴: a share of what somebody paid in, by months."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="insured",
    zh="社会保险补贴",
    en="social insurance subsidy",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("补贴月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(),
    noted="社会保险补贴",
)
