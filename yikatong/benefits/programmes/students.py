"""国家助学金: by stage and grade, each half-year; entered under the month it is paid in."""

from yikatong.benefits.dues import by_grade
from yikatong.benefits.programme import Cycle, Payee, Programme

_GRADES = {
    "普通高中一档": "school_first_fen",
    "普通高中二档": "school_second_fen",
    "中职": "vocational_fen",
    "本专科一档": "college_first_fen",
    "本专科二档": "college_second_fen",
    "本专科三档": "college_third_fen",
}

ENTRY = Programme(
    code="students",
    zh="国家助学金",
    en="state student aid",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("资助档次", "档次"),
    basis_note="必填。普通高中一档、普通高中二档、中职、本专科一档、本专科二档、本专科三档。",
    due=by_grade("资助档次", "the stage and grade of the aid", _GRADES),
    noted="国家助学金",
)
