"""高龄津贴: monthly, by age."""

from yikatong.benefits.dues import by_grade
from yikatong.benefits.programme import Cycle, Payee, Programme

_GRADES = {"80-89": "eighty_fen", "90-99": "ninety_fen", "100以上": "hundred_fen"}

ENTRY = Programme(
    code="longevity",
    zh="高龄津贴",
    en="allowance for old age",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("年龄段",),
    basis_note="必填。80-89、90-99、100以上。",
    due=by_grade("年龄段", "80-89, 90-99 or 100", _GRADES),
    noted="高龄津贴",
)
