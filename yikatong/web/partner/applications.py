"""Applications from a bank's own system: the bank's own customers, outlets and accounts only."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from yikatong.basics.refused import Refused
from yikatong.cards.rules import Mode
from yikatong.cards.services.by_bank import TakenFromBank, apply_by_bank
from yikatong.office.act import Act
from yikatong.office.people import Partner
from yikatong.web.banks import APPLY
from yikatong.web.partner.lines import Line

# What stands in the way of a person is not the bank's to read: it is told that, not which order or card.
_TOLD: dict[str, tuple[str, str]] = {
    "order.open": ("此人已有在办申请，不能重复申请。", "This person already has an open application."),
    "order.has_card": (
        "此人已有有效社保卡，请引导其办理补领或换领。",
        "This person holds a valid card; have it re-issued or exchanged instead.",
    ),
}
CONFLICTS = {*_TOLD, "order.deceased", "idempotency.other_body"}


class Application(Schema):
    """Whose card, where it is to be collected, how it is made, and under which case of yours."""

    model_config = ConfigDict(extra="forbid")
    number: Annotated[str, Line, Field(description="社会保障号码 identity number")]
    name: Annotated[str, Line, Field(description="姓名 name as on the document")]
    outlet: Annotated[str, Line, Field(description="领卡网点编号 one of your own outlets")]
    mode: Literal["batch", "instant"] = "batch"
    case_number: Annotated[str, Line, Field(description="贵方业务流水号 your own case number")]


class Receipt(Schema):
    """The application as it stands. `repeated`: an earlier call with the same key had brought it already."""

    order_number: str = Field(description="受理编号")
    promised_on: date
    state: str
    zh: str = Field(description="The state in words")
    en: str
    repeated: bool


def bank_of(asking: Partner) -> str:
    """The bank this partner may send applications for; empty where it may for none."""
    return next((each.removeprefix(APPLY) for each in asking.purposes if each.startswith(APPLY)), "")


def take(act: Act, asking: Partner, key: str, body: Application) -> TakenFromBank | Refused:
    """One application, as the partner may read the answer."""
    result = apply_by_bank(
        act,
        partner=asking.code,
        bank_code=bank_of(asking),
        key=key,
        number=body.number,
        name=body.name,
        outlet_code=body.outlet,
        mode=Mode(body.mode),
        case_number=body.case_number,
    )
    if isinstance(result, Refused) and result.code in _TOLD:
        return Refused(result.code, *_TOLD[result.code], at=result.at)
    return result


def receipt(taken: TakenFromBank) -> dict[str, object]:
    order = taken.order
    return {
        "order_number": order.number,
        "promised_on": order.promised_on,
        "state": order.state.code,
        "zh": order.state.zh,
        "en": order.state.en,
        "repeated": taken.again,
    }
