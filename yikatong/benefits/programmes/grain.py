"""实际种粮农民补贴: by the area sown, onto the card of the head of the household."""

from yikatong.benefits.dues import by_area
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="grain",
    zh="种粮补贴",
    en="grain subsidy",
    cycle=Cycle.YEAR,
    payee=Payee.HOUSEHOLD,
    basis=("种植面积（亩）", "面积（亩）", "面积(亩)", "面积"),
    basis_note="必填。亩，最多两位小数。",
    due=by_area,
    noted="种粮补贴",
    names=("户主姓名", "姓名"),
    numbers=("户主证件号码", "户主身份证号", "证件号码", "身份证号", "公民身份号码"),
)
