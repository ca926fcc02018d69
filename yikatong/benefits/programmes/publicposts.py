"""公益性岗位补贴: monthly, to who holds a post for the common good."""

from yikatong.benefits.dues import by_month
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="publicposts",
    zh="公益性岗位补贴",
    en="public posts",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("在岗月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=by_month(exact=True),
    noted="公益性岗位补贴",
)
