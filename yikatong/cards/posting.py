"""邮寄 (pure): the machine of one posting, and its particulars as they are typed."""

from __future__ import annotations

from dataclasses import dataclass

from yikatong.basics.names import name_problems, tidy
from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State
from yikatong.residents.rules import read_address, read_phone

WISHED = State("wished", "待交寄", "to be posted")
SENT = State("sent", "已交寄", "with the courier")
DELIVERED = State("delivered", "已签收", "delivered")
CAME_BACK = State("came_back", "未妥投退回", "came back")
LOST = State("lost", "寄失", "lost by the courier")
WITHDRAWN = State("withdrawn", "不再邮寄", "not to be posted any more")

POSTING = Machine(
    name="posting",
    zh="邮寄",
    states=(WISHED, SENT, DELIVERED, CAME_BACK, LOST, WITHDRAWN),
    firsts=(WISHED,),
    moves=(
        Move("send", (WISHED,), SENT),
        Move("deliver", (SENT,), DELIVERED),
        Move("come_back", (SENT,), CAME_BACK),
        Move("lose", (SENT,), LOST),
        # the holder will come after all, or the order is over: a wish stands only while its order is open
        Move("withdraw", (WISHED,), WITHDRAWN),
        Move("wish_again", (CAME_BACK, WITHDRAWN), WISHED),
    ),
)


@dataclass(frozen=True)
class Destination:
    """Where a card is sent: who receives it there, a phone for the courier, and the address on one line.

    As it was typed, until `read_destination` has read it.
    """

    name: str
    phone: str
    address: str


def read_destination(name: str, phone: str, address: str) -> Destination | Refused:
    """As typed. Refused: `name.*`, `phone.format`, `post.phone`, `address.*`, `post.address` (too short to deliver to)."""
    problem = name_problems(tidy(name))
    if problem is not None:
        return Refused(problem.code, problem.zh, problem.en, at="name")
    number = read_phone(phone)
    if isinstance(number, Refused):
        return number
    if not number:
        return Refused(
            "post.phone", "请填写收件电话，快递须能联系到收件人。", "The courier needs a phone.", at="phone"
        )
    place = read_address(address)
    if isinstance(place, Refused):
        return place
    if len(place) < 8:
        return Refused(
            "post.address",
            "请填写完整的收件地址，到门牌或村组。",
            "Give the whole address, down to the house or the village group.",
            at="address",
        )
    return Destination(tidy(name), number, place)


def waybill_problem(company: str, waybill: str, companies: list[str]) -> Refused | None:
    """`post.company` (none of the city's couriers), `post.waybill` (6 to 30 letters and digits)."""
    if company not in companies:
        return Refused(
            "post.company",
            "请从本市合作的寄递企业中选择。",
            "Choose one of the city's couriers.",
            at="company",
        )
    if not 6 <= len(waybill) <= 30 or not waybill.isascii() or not waybill.isalnum():
        return Refused(
            "post.waybill",
            "运单号为6至30位字母和数字，请照面单填写。",
            "A waybill number has 6 to 30 letters and digits; copy it from the label.",
            at="waybill",
        )
    return None
