"""创业补贴: once, to who started a business that is still open."""

from yikatong.benefits.dues import once
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="startup",
    zh="创业补贴",
    en="start-up subsidy",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("补贴类别", "类别"),
    basis_note="可不填。",
    due=once,
    noted="创业补贴",
)
