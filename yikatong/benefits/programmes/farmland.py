"""耕地地力保护补贴: by the area of the household's land, onto the card of its head."""

from yikatong.basics.refused import Refused
from yikatong.benefits.programme import Cycle, Due, Payee, Programme, Rates, hundredths, wrong_basis


def _due(basis: str, rates: Rates) -> Due | Refused:
    area = hundredths(basis)
    if area is None:
        return wrong_basis(
            "面积", "大于零、最多两位小数的亩数", "an area in mu above nothing, with at most two decimals"
        )
    fen = (area * rates["mu_fen"] + 50) // 100  # 四舍五入到分
    return Due(fen, fen)


ENTRY = Programme(
    code="farmland",
    zh="耕地地力保护",
    en="protection of arable land",
    cycle=Cycle.YEAR,
    payee=Payee.HOUSEHOLD,
    basis=("补贴面积（亩）", "面积（亩）", "面积(亩)", "面积"),
    basis_note="必填。亩，最多两位小数。",
    due=_due,
    noted="耕地地力保护补贴",
    names=("户主姓名", "姓名"),
    numbers=("户主证件号码", "户主身份证号", "证件号码", "身份证号", "公民身份号码"),
)
