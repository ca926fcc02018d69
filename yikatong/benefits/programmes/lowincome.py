"""最低生活保障金: monthly, up to the standard for each of the household; its own income is taken off."""

from yikatong.benefits.dues import by_people
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="lowincome",
    zh="最低生活保障",
    en="minimum living allowance",
    cycle=Cycle.MONTH,
    payee=Payee.HOUSEHOLD,
    basis=("保障人数", "人数"),
    basis_note="必填。家庭中享受低保的人数。",
    due=by_people(15, exact=False),
    noted="最低生活保障金",
    names=("户主姓名", "姓名"),
    numbers=("户主证件号码", "户主身份证号", "证件号码", "身份证号", "公民身份号码"),
)
