"""技能提升补贴: once for a vocational certificate, by its grade."""

from yikatong.benefits.dues import by_grade
from yikatong.benefits.programme import Cycle, Payee, Programme

_GRADES = {
    "五级": "grade_five_fen",
    "初级": "grade_five_fen",
    "初级工": "grade_five_fen",
    "四级": "grade_four_fen",
    "中级": "grade_four_fen",
    "中级工": "grade_four_fen",
    "三级": "grade_three_fen",
    "高级": "grade_three_fen",
    "高级工": "grade_three_fen",
}

ENTRY = Programme(
    code="skills",
    zh="技能提升补贴",
    en="subsidy for vocational skills",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("证书等级", "技能等级"),
    basis_note="必填。五级（初级）、四级（中级）、三级（高级）。",
    due=by_grade("证书等级", "grade five, four or three", _GRADES),
    noted="技能提升补贴",
)
