"""服务事项与办理渠道 (domain.md 2.5): through which channel each service can be had, or why not, as the city's dated rules say.

Rule `card.channels.<service>` names every channel, with an empty text where the service is done there and otherwise with
the reason why it is not, as people read it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Service
from yikatong.office.act import Act, Door
from yikatong.office.places import outlet
from yikatong.office.rulebook import ruling


class Channel(StrEnum):
    """Where somebody comes to."""

    WINDOW = "window"
    BANK = "bank"
    ONLINE = "online"
    HOTLINE = "hotline"
    LIST = "list"

    @property
    def zh(self) -> str:
        return _CHANNELS[self.value][0]

    @property
    def en(self) -> str:
        return _CHANNELS[self.value][1]


_CHANNELS = {
    "window": ("窗口", "at a window"),
    "bank": ("银行网点", "at a bank"),
    "online": ("网上", "online"),
    "hotline": ("12333电话", "by phone"),
    "list": ("单位集体", "by a unit's list"),
}

UPDATE = "update"
"""信息变更, the one row of the sheet that is about the person and not about a card."""
SHEET: dict[str, tuple[str, str]] = {
    **{each.value: (each.zh, each.en) for each in Service},
    UPDATE: ("信息变更", "a change of particulars"),
}
"""Every row of the service sheet: code -> (Chinese, English)."""


def rule_of(service: str) -> str:
    """The code of the rule that says where this service can be had."""
    return f"card.channels.{service}"


def why_not(service: str, channel: Channel, today: date) -> Refused | None:
    """`channel.not_offered` with the city's reason, where this service cannot be had through this channel."""
    table: dict[str, str] = ruling(rule_of(service), today).value
    reason = table[channel.value]
    if not reason:
        return None
    zh, en = SHEET[service]
    there = [each for each in Channel if not table[each.value]]
    places = "、".join(each.zh for each in there)
    places_en = " or ".join(each.en for each in there)
    return Refused(
        "channel.not_offered",
        f"{zh}不能通过{channel.zh}办理：{reason}。可通过{places}办理。",
        f"{en[0].upper()}{en[1:]} is not done {channel.en}, but {places_en}.",
    )


def channel_of(act: Act) -> Channel | None:
    """Through which channel an act came. None: the house's own work, which comes through no channel."""
    match act.door:
        case Door.PORTAL:
            return Channel.ONLINE
        case Door.HOTLINE:
            return Channel.HOTLINE
        case Door.API:
            return Channel.BANK  # of the partners only banks do more than ask
        case Door.CONSOLE:
            here = outlet(act.actor.outlet) if act.actor.outlet else None
            return Channel.BANK if here is not None and here.bank_code else Channel.WINDOW
        case _:
            return None


def not_through(act: Act, service: Service) -> Refused | None:
    """Why this act may not do this service, coming from where it comes."""
    channel = channel_of(act)
    return None if channel is None else why_not(service.value, channel, act.today)
