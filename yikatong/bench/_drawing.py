"""One step of one person's history: how it is drawn, who comes for it, and which order or card it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeAlias

from yikatong.bench._desks import OUTLETS, Desk
from yikatong.bench._ground import START
from yikatong.bench._life import Life
from yikatong.bench._pieces import Application, Who
from yikatong.cards.agents import Agent, Role
from yikatong.cards.standing import Side
from yikatong.office.act import Act
from yikatong.simulation.people import Crowd

BANKS = ("102", "105")
LYING = ("at_outlet", "retained")
AGENT, AGENT_NAME = "610499198001010133", "代办人"


@dataclass(frozen=True)
class Deed:
    """`foretold` says whether it must be done and changes the life accordingly; `call` asks the house."""

    name: str
    foretold: Callable[[Life], bool]
    call: Callable[[Act], object]


class Drawing:
    """Draws deeds for lives; `at` is the moment of the act they will be done in."""

    def __init__(self, random: Random, draws: Mapping[str, Draw], crowd: Crowd, *, releasable: bool) -> None:
        self.random, self.draws, self.crowd, self.releasable = random, draws, crowd, releasable
        self.names = tuple(draws)
        self.at = START

    def deed(self, life: Life, desk: Desk) -> Deed:
        """Half of them what is likely to be done at this stage, so that histories get far; half anything at all."""
        names = self._likely(life) if self.random.random() < 0.6 else self.names
        return self.draws[self.random.choice(names)](self, life, desk)

    def _likely(self, life: Life) -> tuple[str, ...]:
        open_cases = [kind for kind, case in life.cases.items() if case.stands in ("suggested", "proposed")]
        if open_cases:
            return ("propose", "propose", "confirm", "confirm", "answer")
        if life.dead:
            return ("raise", "raise", "stop", "close", "apply_by_bank")
        if life.away and self.random.random() < 0.5:
            return ("turn", "turn", "untell", "apply", "collect", "send_post")
        if life.wishes:
            return ("approve_correction", "approve_correction", "return_correction", "withdraw_correction")
        if life.card is not None and life.card.asked:
            return ("settle_pin", "settle_pin", "settle_pin", "reset_pin", "lose_for_good")
        if life.order is not None and life.order.fee == "owed" and self.random.random() < 0.6:
            return ("refund_fee",)
        if life.order is not None and life.order.post == "wished" and life.order.stands in LYING:
            return ("send_post", "send_post", "send_post", "collect", "withdraw_post")
        if life.order is not None and life.order.open:
            return _AT_ORDER.get(life.order.stands, ("lose", "correct", "settle_pin"))
        return _AT_CARD[life.held]

    # --- what is drawn beside the deed ---------------------------------------------------------------------------

    def rarely(self) -> bool:
        return self.random.random() < 0.08

    def who(self, life: Life) -> tuple[Who, Agent | None]:
        role = self.random.choices(("holder", "guardian", "agent"), (2, 2, 1) if life.minor else (8, 1, 2))[0]
        right = not self.rarely()
        if role == "holder":
            return Who(), None
        if role == "guardian":
            name, number = life.guardian if life.guardian and right else (AGENT_NAME, AGENT)
            return Who(role, right), Agent(Role.GUARDIAN, name, number)
        letter = "委〔2025〕1号" if right else ""
        return Who(role, right), Agent(
            Role.AGENT,
            AGENT_NAME,
            AGENT,
            letter_number=letter,
            letter_on=date(2025, 1, 2),
            reason="住院",
            proof="授权委托书",
        )

    def application(self, kind: str, desk: Desk) -> tuple[Application, bool]:
        """An application, and whether the place, the making mode and the bank are in order."""
        mode = "instant" if self.random.random() < 0.25 else "batch"
        outlet = (
            desk.actor.outlet if desk.actor.outlet and not self.rarely() else self.random.choice([*OUTLETS])
        )
        region, _, instant = OUTLETS[outlet]
        here = OUTLETS[desk.actor.outlet][1] if desk.actor.outlet else ""
        bank = "999" if self.rarely() else here if here and not self.rarely() else self.random.choice(BANKS)
        sound = bank in BANKS and desk.reaches(region, outlet) and (mode == "batch" or instant)
        sound = sound and self.own_bank(desk, bank)
        return Application(kind, mode, outlet, region, bank, self.at, taken_by=desk.actor.code), sound

    def own_bank(self, desk: Desk, bank: str) -> bool:
        """A bank's outlet takes applications for its own bank only."""
        return not desk.actor.outlet or OUTLETS[desk.actor.outlet][1] in ("", bank)

    def which(self) -> Side:
        return self.random.choice((Side.BOTH, Side.BOTH, Side.SOCIAL, Side.BANK))

    def blank(self, text: str) -> str:
        return " " if self.rarely() else text

    # --- orders --------------------------------------------------------------------------------------------------

    def order(
        self,
        name: str,
        life: Life,
        desk: Desk,
        foretold: Callable[[Life], bool],
        call: Callable[[Act, str], object],
    ) -> Deed:
        number = life.order.number if life.order is not None else "S000000000"

        def reached(one: Life) -> bool:
            order = one.order
            if order is None or not desk.offers(name) or not desk.reaches(order.region, order.outlet):
                return False
            return number == order.number and foretold(one)

        return Deed(name, reached, lambda act: call(act, number))

    def card(
        self,
        name: str,
        life: Life,
        desk: Desk,
        foretold: Callable[[Life], bool],
        call: Callable[[Act, str], object],
    ) -> Deed:
        no = life.card.no if life.card is not None else "X00000000"

        def reached(one: Life) -> bool:
            if one.card is None or not desk.offers(name):
                return False
            return desk.reaches(one.card.region) and foretold(one)

        return Deed(name, reached, lambda act: call(act, no))


Draw: TypeAlias = Callable[[Drawing, Life, Desk], Deed]
_AT_ORDER = {
    "problem": ("resubmit", "resubmit", "cancel", "correct"), "bank_failed": ("resubmit", "resubmit", "cancel"),
    "make_failed": ("retry", "retry", "cancel"), "at_outlet": ("collect", "collect", "wish_post", "collect", "take_back"),
    "in_post": ("deliver", "deliver", "bring_back", "bring_back", "write_off", "stop", "die"),
    "retained": ("collect", "collect", "take_back"), "taken_back": ("lay_out", "propose"),
    "submitted": ("change_outlet", "pay_fee", "pay_fee", "waive_fee", "unpay_fee", "cancel", "lose", "correct"),
    "ready": ("change_outlet", "cancel", "lose", "correct", "wish_post", "pay_fee"), "made": ("take_back", "lose"), "batched": ("correct", "lose"),
}  # fmt: skip
_AT_CARD = {
    "": ("apply", "apply", "apply_by_bank"), "0": ("enable", "enable", "activate"),
    "1": ("activate", "activate", "lose", "lose", "exchange", "reissue", "lock", "lock", "end", "lose_for_good", "reset_pin", "correct"),
    "2": ("take_loss_back", "apply", "reissue", "close"),
    "3": ("unlock", "unlock", "unlock", "reset_pin", "exchange", "lose_for_good", "reissue"),
    "4": ("find", "find", "lose_for_good", "reissue"),
}  # fmt: skip
