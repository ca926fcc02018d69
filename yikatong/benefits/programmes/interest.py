"""小额担保贷款贴息: the interest on a secured loan that the treasury bears; the loan itself is the bank's."""

from yikatong.benefits.dues import once
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="interest",
    zh="小额担保贷款贴息",
    en="loan interest subsidy",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("贷款金额", "贷款金额（元）"),
    basis_note="可不填。",
    due=once,
    noted="担保贷款贴息",
)
