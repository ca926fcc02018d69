"""The card security gateway's port (卡密安全网关): what the city's encryption machine does to a chip for us.

The house holds no keys and never sees a PIN. It says which card and under which request; the gateway resets the social
security PIN to its initial value or unlocks the application, and gives a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from yikatong.basics.refused import Refused

UNKNOWN = "gateway.unknown"
"""The code of an answer that did not come: the chip may have been written or not. Ask again under the same request."""


@dataclass(frozen=True)
class Receipt:
    """The gateway's word that it was done; `number` is its own, at most 40 characters."""

    number: str


class CardSecurityGateway(Protocol):
    """A gateway. The same request id asked again is done once and gives the same receipt.

    Refused with code UNKNOWN: no answer came in time. Any other Refused: it was not done, and will not be.
    """

    def reset_pin(self, card_identifier: str, request_id: str) -> Receipt | Refused:
        """Set the social security PIN back to its initial value; a locked application is open again after it."""
        ...

    def unlock(self, card_identifier: str, request_id: str) -> Receipt | Refused:
        """Open a locked application; the PIN stays as it is."""
        ...


def connected() -> CardSecurityGateway | Refused:
    """The gateway of the setting YK_CARD_GATEWAY: a dotted path to what makes it. Refused: `gateway.none`."""
    if not settings.CARD_GATEWAY:
        return Refused(
            "gateway.none",
            "本中心尚未接入卡密安全网关，不能重置密码或解锁，请联系管理员。",
            "No card security gateway is connected: PINs cannot be reset nor cards unlocked. Ask the administrator.",
        )
    made: CardSecurityGateway = import_string(settings.CARD_GATEWAY)()
    return made


def no_answer() -> Refused:
    """What a gateway's adapter answers where it cannot say whether it was done."""
    return Refused(
        UNKNOWN,
        "卡密安全网关没有答复，不知道是否已写卡。请稍后再次查询，勿重新申请。",
        "The card security gateway did not answer; whether the chip was written is not known. Ask again later.",
    )
