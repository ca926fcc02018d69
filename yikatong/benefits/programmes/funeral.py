"""丧葬补助金和抚恤金: once, to the heir; months of the people's income, by the years insured."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="funeral",
    zh="丧葬抚恤待遇",
    en="funeral and bereavement benefit",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("计发月数", "月数"),
    basis_note="必填。丧葬补助与抚恤金合计的月数，1至26。",
    due=by_month(26, exact=True),
    noted="丧葬抚恤待遇",
    insurance=True,
)
