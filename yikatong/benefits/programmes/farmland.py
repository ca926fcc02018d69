"""耕地地力保护补贴: by the area of the household's land, onto the card of its head."""

from yikatong.benefits.dues import by_area
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="farmland",
    zh="耕地地力保护",
    en="protection of arable land",
    cycle=Cycle.YEAR,
    payee=Payee.HOUSEHOLD,
    basis=("补贴面积（亩）", "面积（亩）", "面积(亩)", "面积"),
    basis_note="必填。亩，最多两位小数。",
    due=by_area,
    noted="耕地地力保护补贴",
    names=("户主姓名", "姓名"),
    numbers=("户主证件号码", "户主身份证号", "证件号码", "身份证号", "公民身份号码"),
)
