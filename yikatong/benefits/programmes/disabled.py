"""残疾人两项补贴: monthly, for living and for care; who gets both has both in one row."""

from yikatong.benefits.dues import by_grade
from yikatong.benefits.programme import Cycle, Payee, Programme

_GRADES = {"生活补贴": "living_fen", "护理补贴": "care_fen", "两项": "both_fen"}

ENTRY = Programme(
    code="disabled",
    zh="残疾人两项补贴",
    en="disability allowances",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("补贴类别", "类别"),
    basis_note="必填。生活补贴、护理补贴、两项。",
    due=by_grade("补贴类别", "living, care or both", _GRADES),
    noted="残疾人两项补贴",
)
