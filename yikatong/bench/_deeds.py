"""One step of one person's history: drawn at random, foretold by the life, done by the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypedDict

from yikatong.bench._desks import OUTLETS, Desk
from yikatong.bench._ground import START
from yikatong.bench._life import CANCELLABLE, RETURNABLE, Application, Life, Who
from yikatong.cards.agents import Agent, Role
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services import cases, loss, retained
from yikatong.cards.services.after_death import freeze
from yikatong.cards.services.apply import apply_for_card, cancel_order, resubmit
from yikatong.cards.services.cancel import cancel_card, close_account
from yikatong.cards.services.hand_over import enable, hand_over, record_bank_activation
from yikatong.cards.services.lock import report_locked
from yikatong.cards.services.making import retry_making
from yikatong.cards.services.proof import Proof
from yikatong.cards.services.reissue import exchange, reissue
from yikatong.cards.standing import EndReason, ExchangeReason, Side
from yikatong.office.act import Act
from yikatong.residents.services import record_death, withdraw_death

BANKS = ("102", "105")
AGENT, AGENT_NAME = "610499198001010133", "代办人"
ON_PAPER = Proof(unsigned_reason="纸质签名存档", no_photo_reason="摄像头故障")


@dataclass(frozen=True)
class Deed:
    """`foretold` says whether it must be done and changes the life accordingly; `call` asks the house."""

    name: str
    foretold: Callable[[Life], bool]
    call: Callable[[Act], object]


class Drawing:
    """Draws deeds for lives; `at` is the moment of the act they will be done in."""

    def __init__(self, random: Random, *, releasable: bool) -> None:
        self.random, self.releasable = random, releasable
        self.at = START

    def deed(self, life: Life, desk: Desk) -> Deed:
        """Half of them what is likely to be done at this stage, so that histories get far; half anything at all."""
        names = self._likely(life) if self.random.random() < 0.55 else tuple(_DRAWS)
        name = self.random.choice(names)
        draw: Deed = _DRAWS[name](self, life, desk)
        return draw

    def _likely(self, life: Life) -> tuple[str, ...]:
        open_cases = [kind for kind, case in life.cases.items() if case.stands in ("suggested", "proposed")]
        if open_cases:
            return ("propose", "confirm", "confirm", "answer", "raise")
        if life.dead:
            return ("raise", "stop", "close")
        if life.order is not None and life.order.open:
            return _AT_ORDER.get(life.order.stands, ("lose",))
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
            Role.AGENT, AGENT_NAME, AGENT, letter_number=letter, letter_on=date(2025, 1, 2), reason="住院"
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
        sound = sound and here in ("", bank)
        return Application(kind, mode, outlet, region, bank, self.at), sound

    def which(self) -> Side:
        return self.random.choice((Side.BOTH, Side.BOTH, Side.SOCIAL, Side.BANK))

    def blank(self, text: str) -> str:
        return " " if self.rarely() else text

    # --- orders --------------------------------------------------------------------------------------------------

    def apply(self, life: Life, desk: Desk) -> Deed:
        fitting = {"": "new", "2": "reissue"}.get(life.held, "exchange")
        kind = fitting if self.random.random() < 0.8 else self.random.choice(("new", "reissue", "exchange"))
        application, sound = self.application(kind, desk)
        return Deed(
            "apply",
            lambda one: sound and one.apply(application),
            lambda act: apply_for_card(
                act,
                resident_id=life.id,
                kind=OrderKind(kind),
                channel="window",
                scope=desk.scope,
                **_placed(application),
            ),
        )

    def _order(
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
            if order is None or not desk.reaches(order.region, order.outlet):
                return False
            return number == order.number and foretold(one)

        return Deed(name, reached, lambda act: call(act, number))

    def cancel(self, life: Life, desk: Desk) -> Deed:
        reason = self.blank("本人要求")
        return self._order(
            "cancel_order", life, desk,
            lambda one: bool(reason.strip()) and one.move(self.at, CANCELLABLE, "cancelled"),
            lambda act, number: cancel_order(act, number, reason, scope=desk.scope),
        )  # fmt: skip

    def resubmit(self, life: Life, desk: Desk) -> Deed:
        return self._order(
            "resubmit", life, desk, lambda one: one.resubmit(self.at),
            lambda act, number: resubmit(act, number, scope=desk.scope),
        )  # fmt: skip

    def retry(self, life: Life, desk: Desk) -> Deed:
        return self._order(
            "retry_making", life, desk, lambda one: one.move(self.at, ("make_failed",), "ready"),
            lambda act, number: retry_making(act, number, scope=desk.scope),
        )  # fmt: skip

    def stop(self, life: Life, desk: Desk) -> Deed:
        reason = self.blank("申请人已迁出")
        return self._order(
            "stop_order", life, desk, lambda one: bool(reason.strip()) and one.stop(self.at),
            lambda act, number: retained.stop_order(act, number, reason=reason, scope=desk.scope),
        )  # fmt: skip

    def take_back(self, life: Life, desk: Desk) -> Deed:
        return self._order(
            "take_back", life, desk, lambda one: one.move(self.at, RETURNABLE, "taken_back"),
            lambda act, number: retained.take_back(act, number, scope=desk.scope),
        )  # fmt: skip

    def lay_out(self, life: Life, desk: Desk) -> Deed:
        return self._order(
            "lay_out_again", life, desk, lambda one: one.lay_out(self.at),
            lambda act, number: retained.lay_out_again(act, number, scope=desk.scope),
        )  # fmt: skip

    def collect(self, life: Life, desk: Desk) -> Deed:
        who, agent = self.who(life)
        right = who.right and not self.rarely()
        name = life.name if right else "别人"
        signed = not self.rarely()
        who = Who(who.role, right if agent is None else who.right)
        return self._order(
            "hand_over", life, desk, lambda one: one.collect(self.at, who, signed),
            lambda act, number: hand_over(
                act, order_number=number, shown_name=name, by=agent,
                proof=ON_PAPER if signed else Proof(), scope=desk.scope,
            ),
        )  # fmt: skip

    # --- cards ---------------------------------------------------------------------------------------------------

    def _card(
        self,
        name: str,
        life: Life,
        desk: Desk,
        foretold: Callable[[Life], bool],
        call: Callable[[Act, str], object],
    ) -> Deed:
        no = life.card.no if life.card is not None else "X00000000"

        def reached(one: Life) -> bool:
            return one.card is not None and desk.reaches(one.card.region) and foretold(one)

        return Deed(name, reached, lambda act: call(act, no))

    def enable(self, life: Life, desk: Desk) -> Deed:
        who, by = self.who(life)
        return self._card(
            "enable", life, desk, lambda one: one.enable(who),
            lambda act, no: enable(act, card_no=no, by=by, scope=desk.scope),
        )  # fmt: skip

    def activate(self, life: Life, desk: Desk) -> Deed:
        who, by = self.who(life)
        return self._card(
            "record_bank_activation", life, desk, lambda one: one.activate(who),
            lambda act, no: record_bank_activation(act, card_no=no, by=by, scope=desk.scope),
        )  # fmt: skip

    def lose(self, life: Life, desk: Desk) -> Deed:
        which, (who, by) = self.which(), self.who(life)
        return self._card(
            "report_temporary_loss", life, desk, lambda one: one.lose_for_now(self.at, which.value, who),
            lambda act, no: loss.report_temporary_loss(act, card_no=no, channel="window", which=which, by=by, scope=desk.scope),
        )  # fmt: skip

    def find(self, life: Life, desk: Desk) -> Deed:
        which, (who, by) = self.which(), self.who(life)
        return self._card(
            "release_temporary_loss", life, desk, lambda one: one.find_again(which.value, who),
            lambda act, no: loss.release_temporary_loss(act, card_no=no, which=which, by=by, scope=desk.scope),
        )  # fmt: skip

    def lose_for_good(self, life: Life, desk: Desk) -> Deed:
        which, (who, by) = self.which(), self.who(life)
        return self._card(
            "report_formal_loss", life, desk, lambda one: one.lose_for_good(which.value, who),
            lambda act, no: loss.report_formal_loss(act, card_no=no, channel="window", which=which, by=by, scope=desk.scope),
        )  # fmt: skip

    def take_loss_back(self, life: Life, desk: Desk) -> Deed:
        which, (who, by) = self.which(), self.who(life)
        return self._card(
            "release_formal_loss", life, desk,
            lambda one: one.take_loss_back(which.value, who, releasable=self.releasable),
            lambda act, no: loss.release_formal_loss(act, card_no=no, which=which, by=by, scope=desk.scope),
        )  # fmt: skip

    def lock(self, life: Life, desk: Desk) -> Deed:
        where = self.blank("药店终端")
        return self._card(
            "report_locked", life, desk, lambda one: bool(where.strip()) and one.lock(),
            lambda act, no: report_locked(act, card_no=no, where=where, scope=desk.scope),
        )  # fmt: skip

    def reissue(self, life: Life, desk: Desk) -> Deed:
        (application, sound), (who, by) = self.application("reissue", desk), self.who(life)
        return self._card(
            "reissue", life, desk, lambda one: sound and one.reissue(who, application),
            lambda act, no: reissue(act, card_no=no, channel="window", by=by, scope=desk.scope, **_placed(application)),
        )  # fmt: skip

    def exchange(self, life: Life, desk: Desk) -> Deed:
        (application, sound), (who, by) = self.application("exchange", desk), self.who(life)
        reason = self.random.choice([*ExchangeReason])
        soon = reason is ExchangeReason.EXPIRED  # every card of these years is valid for years to come
        return self._card(
            "exchange", life, desk, lambda one: sound and not soon and one.exchange(who, application),
            lambda act, no: exchange(act, card_no=no, reason=reason, channel="window", by=by, scope=desk.scope, **_placed(application)),
        )  # fmt: skip

    def end(self, life: Life, desk: Desk) -> Deed:
        reason = self.random.choice([*EndReason])
        alone = reason in (EndReason.WISH, EndReason.EMIGRATED, EndReason.MOVED)
        who, by = self.who(life)
        return self._card(
            "cancel_card", life, desk, lambda one: alone and one.end(who),
            lambda act, no: cancel_card(act, card_no=no, reason=reason, by=by, scope=desk.scope),
        )  # fmt: skip

    def close(self, life: Life, desk: Desk) -> Deed:
        return self._card(
            "close_account", life, desk, Life.close_account,
            lambda act, no: close_account(act, card_no=no, scope=desk.scope),
        )  # fmt: skip

    # --- death, and what two people decide -----------------------------------------------------------------------

    def die(self, life: Life, desk: Desk) -> Deed:
        def call(act: Act) -> object:
            done = record_death(act, life.id, on=act.today, source="民政局")
            freeze(act, life.id)
            return done

        return Deed("record_death", lambda one: one.die(desk.actor.code), call)

    def rise(self, life: Life, desk: Desk) -> Deed:
        def call(act: Act) -> object:
            done = withdraw_death(act, life.id, source="民政局")
            freeze(act, life.id)
            return done

        return Deed("withdraw_death", lambda one: one.rise(desk.actor.code), call)

    def _case(
        self,
        name: str,
        life: Life,
        desk: Desk,
        foretold: Callable[[Life, str], bool],
        call: Callable[[Act, int], object],
    ) -> Deed:
        kind = self.random.choice([*life.cases] or ["death"])
        matter = life.cases.get(kind)
        number = matter.id if matter is not None else 0

        def reached(one: Life) -> bool:
            case, card = one.cases.get(kind), one.card
            if case is None or card is None or case.id != number or not number:
                return False
            return desk.reaches(card.region) and foretold(one, kind)

        return Deed(name, reached, lambda act: call(act, number))

    def propose(self, life: Life, desk: Desk) -> Deed:
        paper = self.blank("死亡证明")
        return self._case(
            "propose_case", life, desk,
            lambda one, kind: bool(paper.strip()) and one.propose(kind, desk.actor.code),
            lambda act, case: cases.propose_case(act, case, paper=paper, scope=desk.scope),
        )  # fmt: skip

    def confirm(self, life: Life, desk: Desk) -> Deed:
        return self._case(
            "confirm_case", life, desk, lambda one, kind: one.confirm(self.at, kind, desk.actor.code),
            lambda act, case: cases.confirm_case(act, case, scope=desk.scope),
        )  # fmt: skip

    def answer(self, life: Life, desk: Desk) -> Deed:
        note, back = self.blank("再核实"), self.random.random() < 0.6
        service = cases.return_case if back else cases.drop_case
        to = "suggested" if back else "dropped"
        return self._case(
            "return_case" if back else "drop_case", life, desk,
            lambda one, kind: bool(note.strip()) and one.answer(kind, to, desk.actor.code),
            lambda act, case: service(act, case, note=note, scope=desk.scope),
        )  # fmt: skip


class _Placed(TypedDict):
    mode: Mode
    outlet_code: str
    bank_code: str


def _placed(application: Application) -> _Placed:
    return {"mode": Mode(application.mode), "outlet_code": application.outlet, "bank_code": application.bank}


_DRAWS: dict[str, Callable[..., Deed]] = {
    "apply": Drawing.apply, "cancel": Drawing.cancel, "resubmit": Drawing.resubmit, "retry": Drawing.retry,
    "stop": Drawing.stop, "take_back": Drawing.take_back, "lay_out": Drawing.lay_out, "collect": Drawing.collect,
    "enable": Drawing.enable, "activate": Drawing.activate, "lose": Drawing.lose, "find": Drawing.find,
    "lose_for_good": Drawing.lose_for_good, "take_loss_back": Drawing.take_loss_back, "lock": Drawing.lock,
    "reissue": Drawing.reissue, "exchange": Drawing.exchange, "end": Drawing.end, "close": Drawing.close,
    "die": Drawing.die, "raise": Drawing.rise, "propose": Drawing.propose, "confirm": Drawing.confirm,
    "answer": Drawing.answer,
}  # fmt: skip
_AT_ORDER = {
    "problem": ("resubmit", "resubmit", "cancel"), "bank_failed": ("resubmit", "resubmit", "cancel"),
    "make_failed": ("retry", "retry", "cancel"), "at_outlet": ("collect", "collect", "collect", "take_back"),
    "retained": ("collect", "collect", "take_back"), "taken_back": ("lay_out", "propose"),
    "ready": ("cancel", "lose"), "made": ("take_back", "lose"),
}  # fmt: skip
_AT_CARD = {
    "": ("apply",), "0": ("enable", "enable", "activate"),
    "1": ("activate", "activate", "lose", "lose", "exchange", "reissue", "lock", "end", "lose_for_good"),
    "2": ("take_loss_back", "apply", "reissue", "close"), "3": ("exchange", "lose_for_good", "reissue"),
    "4": ("find", "find", "lose_for_good", "reissue"),
}  # fmt: skip
