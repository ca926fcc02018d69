"""特困人员救助供养: monthly, by how much care somebody needs."""

from yikatong.benefits.dues import by_grade
from yikatong.benefits.programme import Cycle, Payee, Programme

_GRADES = {"全自理": "able_fen", "半自理": "half_fen", "全护理": "care_fen"}

ENTRY = Programme(
    code="destitute",
    zh="特困人员供养",
    en="support of the destitute",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("照料等级", "自理能力"),
    basis_note="必填。全自理、半自理、全护理。",
    due=by_grade("照料等级", "one of the three grades of care", _GRADES),
    noted="特困供养金",
)
