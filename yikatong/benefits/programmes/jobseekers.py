"""求职创业补贴: once, to a graduate in need."""

from yikatong.benefits.dues import once
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="jobseekers",
    zh="求职创业补贴",
    en="job-seeking subsidy",
    cycle=Cycle.YEAR,
    payee=Payee.PERSON,
    basis=("困难类别", "类别"),
    basis_note="可不填。",
    due=once,
    noted="求职创业补贴",
)
