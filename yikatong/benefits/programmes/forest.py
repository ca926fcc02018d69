"""退耕还林补助: by the area returned to forest, onto the card of the head of the household."""

from yikatong.benefits.dues import by_area
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="forest",
    zh="退耕还林补助",
    en="farmland returned to forest",
    cycle=Cycle.YEAR,
    payee=Payee.HOUSEHOLD,
    basis=("退耕面积（亩）", "面积（亩）", "面积(亩)", "面积"),
    basis_note="必填。亩，最多两位小数。",
    due=by_area,
    noted="退耕还林补助",
    names=("户主姓名", "姓名"),
    numbers=("户主证件号码", "户主身份证号", "证件号码", "身份证号", "公民身份号码"),
)
