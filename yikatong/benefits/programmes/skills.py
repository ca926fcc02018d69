"""技能提升补贴: once for a vocational certificate, by its grade (domain.md 5.10)."""

from yikatong.basics.refused import Refused
from yikatong.benefits.programme import Cycle, Due, Payee, Programme, Rates, wrong_basis

_GRADES = {
    "五级": "grade_five_fen",
    "初级": "grade_five_fen",
    "四级": "grade_four_fen",
    "中级": "grade_four_fen",
    "三级": "grade_three_fen",
    "高级": "grade_three_fen",
}


def _due(basis: str, rates: Rates) -> Due | Refused:
    rate = _GRADES.get(basis.removesuffix("工"))
    if rate is None:
        return wrong_basis(
            "证书等级", "五级（初级）、四级（中级）、三级（高级）之一", "grade five, four or three"
        )
    return Due(rates[rate], rates[rate])


ENTRY = Programme(
    code="skills",
    zh="技能提升补贴",
    en="subsidy for vocational skills",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("证书等级", "技能等级"),
    basis_note="必填。五级（初级）、四级（中级）、三级（高级）。",
    due=_due,
    noted="技能提升补贴",
)
