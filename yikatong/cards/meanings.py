"""Pure: what the states of a card mean, in one table. Whoever pays, opens a gate or answers a partner reads it here.

A card's meaning follows from five things: its own state, the bank's state, how its holder lives, whether its
validity has passed, and whether it was ever collected. Nobody else decides by state codes (a test looks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yikatong.basics.states import State
from yikatong.cards.agents import Service
from yikatong.cards.lives import REASONS, Effect
from yikatong.cards.rules import (
    BANK,
    BANK_CLOSED,
    BANK_INACTIVE,
    BANK_NORMAL,
    BANK_STOPPED,
    CARD,
    ENDED,
    LOCKED,
    LOST,
    NORMAL,
    SEALED,
    TEMP_LOST,
)
from yikatong.cards.standing import Side, StatusPurpose
from yikatong.residents.rules import ALIVE, DEAD


class Ecard(StrEnum):
    """What becomes of the e-card, which follows the card one to one (domain.md 3.3, 3.4)."""

    NOT_YET = "not_yet"
    AVAILABLE = "available"
    SUSPENDED = "suspended"
    REVOKED = "revoked"

    @property
    def zh(self) -> str:
        return {"not_yet": "尚不能签发", "available": "可用", "suspended": "暂停", "revoked": "注销"}[
            self.value
        ]

    @property
    def en(self) -> str:
        return {
            "not_yet": "not yet",
            "available": "available",
            "suspended": "suspended",
            "revoked": "revoked",
        }[self.value]


@dataclass(frozen=True)
class Standing:
    """How a card stands. `collected` is also true of a card that was in use before this house opened.

    `stops` is what the city stops for a holder in this state of life (`lives.py`).
    """

    card: State
    bank: State
    life: State = ALIVE
    expired: bool = False
    collected: bool = True
    stops: frozenset[Effect] = frozenset()


@dataclass(frozen=True)
class Meaning:
    """What a standing means. The first four are a reason code of `words`, empty where the answer is yes.

    `social`: read for social security business, in hospitals and pharmacies; `scenes`: buses, libraries, gates; `pay`:
    money goes into its account; `holds`: the person holds a card of this city. `may`: what can be done with it now, by
    the events of the two machines, and `reissue`, `exchange`, `reset_pin`.
    """

    social: str
    scenes: str
    pay: str
    holds: str
    ecard: Ecard
    may: frozenset[str]

    def uses(self) -> tuple[tuple[str, str, str], ...]:
        """What people ask of a card, as (Chinese, English, reason code)."""
        return (
            ("社保和就医", "social security and hospitals", self.social),
            ("用卡场景", "buses, libraries and other scenes", self.scenes),
            ("发放到卡", "payments into the account", self.pay),
        )

    def told(self, purpose: StatusPurpose) -> str:
        """The reason code that a partner gets: which kind of loss was reported is nobody's business."""
        own = {
            StatusPurpose.HOLDS: self.holds,
            StatusPurpose.SOCIAL_USE: self.social,
            StatusPurpose.BANK_PAYMENT: self.pay,
        }[purpose]
        return _TOLD.get(own, own)


@dataclass(frozen=True)
class _Row:
    social: str
    scenes: str
    ecard: Ecard
    may: frozenset[str] = frozenset()


# --- the table ---------------------------------------------------------------------------------------------------

_OF_CARD: dict[State, _Row] = {
    SEALED: _Row("not_enabled", "not_enabled", Ecard.NOT_YET),
    NORMAL: _Row("", "", Ecard.AVAILABLE, frozenset({"reissue", "exchange", "reset_pin"})),
    LOST: _Row("formally_lost", "formally_lost", Ecard.SUSPENDED, frozenset({"reissue"})),
    # A card whose unlocks are used up can only be exchanged.
    LOCKED: _Row("locked", "locked", Ecard.SUSPENDED, frozenset({"reissue", "exchange", "reset_pin"})),
    TEMP_LOST: _Row("temporarily_lost", "temporarily_lost", Ecard.SUSPENDED, frozenset({"reissue"})),
    ENDED: _Row("no_card", "no_card", Ecard.REVOKED),
}
_OF_BANK: dict[State, str] = {
    BANK_NORMAL: "",
    BANK_INACTIVE: "bank_not_activated",
    BANK_STOPPED: "bank_stopped",
    BANK_CLOSED: "bank_closed",
}
_APPLICATIONS = frozenset({"reissue", "exchange"})
_AFTER_DEATH = frozenset({"end", "close"})
_NEEDS_COLLECTED = frozenset({"enable", "activate"})
_NEEDS_USABLE = frozenset({"activate"})  # nobody activates the account of a card that is gone


def meaning(of: Standing) -> Meaning:
    """What a standing means; every combination has an answer."""
    row = _OF_CARD[of.card]
    may = row.may | _steps(of)
    if of.life is DEAD:
        may &= _AFTER_DEATH
    elif Effect.APPLY in of.stops:
        may -= _APPLICATIONS
    if of.card is ENDED:
        return Meaning("no_card", "no_card", "no_card", "no_card", Ecard.REVOKED, may)
    if of.life is DEAD:
        # The card stands until two people have closed it, but nobody may act with it any more.
        return Meaning("deceased", "deceased", "deceased", "deceased", Ecard.SUSPENDED, may)
    social, scenes, ecard = row.social, row.scenes, row.ecard
    if not of.collected:
        social = scenes = "not_collected"
    elif of.expired:
        # The account outlives the plastic; the social security side does not.
        social = scenes = "expired"
        ecard = Ecard.NOT_YET if ecard is Ecard.NOT_YET else Ecard.SUSPENDED
    pay = _OF_BANK[of.bank]
    reason = REASONS.get(of.life, "")
    if Effect.SOCIAL in of.stops or Effect.SCENES in of.stops:
        ecard = Ecard.SUSPENDED if ecard is Ecard.AVAILABLE else ecard
    return Meaning(
        reason if Effect.SOCIAL in of.stops else social,
        reason if Effect.SCENES in of.stops else scenes,
        reason if Effect.PAY in of.stops else pay,
        "",
        ecard,
        may,
    )


def _steps(of: Standing) -> frozenset[str]:
    card = {event for event in CARD.events() if CARD.target(event, of.card.code)}
    bank = {event for event in BANK.events() if BANK.target(event, of.bank.code)}
    if not of.collected:
        bank -= _NEEDS_COLLECTED
        card -= _NEEDS_COLLECTED
    if of.card not in (SEALED, NORMAL, LOCKED):
        bank -= _NEEDS_USABLE
    return frozenset(card | bank)


def exchangeable(card: State) -> bool:
    """Whether a card in this state can be exchanged for a new one."""
    return "exchange" in _OF_CARD[card].may


_SIDES_OF = {
    Service.TEMPORARY_LOSS: ("report_temporary_loss", "report_bank_loss"),
    Service.FORMAL_LOSS: ("report_formal_loss", "report_bank_loss"),
    Service.RELEASE_TEMPORARY: ("release_temporary_loss", "release_bank_loss"),
    Service.RELEASE_FORMAL: ("release_formal_loss", "release_bank_loss"),
}

LOSSES = tuple(_SIDES_OF)


def sides(service: Service, may: frozenset[str], *, bank_is_temporary: bool) -> tuple[Side, ...]:
    """The sides of a card for which a loss report or its release can be done now; both together first."""
    social_step, bank_step = _SIDES_OF[service]
    social, bank = social_step in may, bank_step in may
    if service is Service.FORMAL_LOSS:
        bank = bank or bank_is_temporary  # a formal report takes the place of a temporary one
    if service is Service.RELEASE_TEMPORARY:
        bank = bank and bank_is_temporary
    if service is Service.RELEASE_FORMAL:
        bank = bank and not bank_is_temporary
    both = (Side.BOTH,) if social and bank else ()
    return (*both, *((Side.SOCIAL,) if social else ()), *((Side.BANK,) if bank else ()))


def samples(
    stops: Mapping[State, frozenset[Effect]],
) -> tuple[tuple[str, str, tuple[tuple[State, Meaning], ...]], ...]:
    """The table as people read it: for each thing that matters its states with their meaning, all else being in order.

    `stops` is what the city stops in each state of life today. Titles are (Chinese, English).
    """
    shelf = State("shelf", "尚未领取", "not collected yet")
    old = State("expired", "已过有效期", "past its validity")
    return (
        (
            "社保功能",
            "Social security side",
            (
                *tuple((card, meaning(Standing(card, BANK_NORMAL))) for card in CARD),
                (shelf, meaning(Standing(SEALED, BANK_INACTIVE, collected=False))),
                (old, meaning(Standing(NORMAL, BANK_NORMAL, expired=True))),
            ),
        ),
        ("金融账户", "Bank account", tuple((bank, meaning(Standing(NORMAL, bank))) for bank in BANK)),
        (
            "人员状态",
            "How the holder lives",
            tuple(
                (life, meaning(Standing(NORMAL, BANK_NORMAL, life, stops=stopped)))
                for life, stopped in stops.items()
            ),
        ),
    )


# --- the words ---------------------------------------------------------------------------------------------------

_TOLD = {
    "formally_lost": "reported_lost",
    "temporarily_lost": "reported_lost",
    "not_collected": "not_enabled",
    # Where somebody is, is nobody's business either.
    "household_cancelled": "restricted",
    "in_prison": "restricted",
    "abroad": "restricted",
}
_WORDS: dict[str, tuple[str, str]] = {
    "": ("可以", "Yes"),
    "unknown": ("没有号码和姓名都相符的人员记录。", "We know no person of this number and name."),
    "no_card": ("没有有效的社保卡。", "There is no valid card."),
    "deceased": ("持卡人已登记死亡。", "The holder is recorded as deceased."),
    "restricted": (
        "该卡暂停此项使用，请持卡人联系社保卡服务中心。",
        "Suspended for this use; the holder should ask the card centre.",
    ),
    "household_cancelled": ("持卡人户籍已注销。", "The holder's household registration was cancelled."),
    "in_prison": ("持卡人正在服刑。", "The holder is serving a sentence."),
    "abroad": ("持卡人已离境。", "The holder has left the country."),
    "reported_lost": ("该卡已挂失。", "The card is reported lost."),
    "formally_lost": ("该卡已正式挂失。", "The card is formally reported lost."),
    "temporarily_lost": ("该卡已临时挂失。", "The card is temporarily reported lost."),
    "expired": ("该卡已过有效期。", "The card is past its validity."),
    "not_collected": ("该卡尚未领取。", "The card has not been collected yet."),
    "not_enabled": ("该卡尚未启用。", "The card has not been enabled yet."),
    "locked": ("该卡已锁定。", "The card is locked."),
    "bank_not_activated": ("金融账户尚未激活。", "The bank account has not been activated."),
    "bank_stopped": ("金融账户已停用。", "The bank account is stopped."),
    "bank_closed": ("金融账户已销户。", "The bank account is closed."),
}
REASON_CODES = tuple(_WORDS)


def words(reason_code: str) -> tuple[str, str]:
    """A reason code in Chinese and English; KeyError for a stranger."""
    return _WORDS[reason_code]
