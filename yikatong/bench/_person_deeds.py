"""Deeds about a person: name and number corrected by two people, the chip's PIN, an application brought by a bank."""

from __future__ import annotations

from uuid import UUID

from yikatong.basics.ids import read_identity_number
from yikatong.basics.refused import Refused
from yikatong.bench._desks import OUTLETS, Desk
from yikatong.bench._drawing import BANKS, Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.bench._pieces import Application
from yikatong.cards.pins import PinAction
from yikatong.cards.rules import Mode
from yikatong.cards.services import pin
from yikatong.cards.services.by_bank import apply_by_bank
from yikatong.office.act import Act, Door
from yikatong.office.wires.gateway import Receipt, no_answer
from yikatong.residents import services as residents
from yikatong.residents.corrections import Why

# --- name and number -------------------------------------------------------------------------------------------------


def correct(draw: Drawing, life: Life, desk: Desk) -> Deed:
    """Ask for another name or number; the number keeps the day of birth, so that nobody becomes of age by it."""
    what = draw.random.choice(("name", "number"))
    proof = draw.blank("户口本已更正")
    if what == "name":
        value = life.name if draw.rarely() else draw.crowd.name()
    else:
        read = read_identity_number(life.number, draw.at.date())
        assert not isinstance(read, Refused) and read.birth_on is not None, life.number
        value = life.number if draw.rarely() else draw.crowd.person(read.birth_on).number

    def call(act: Act) -> object:
        if what == "name":
            return residents.correct_name(act, life.id, name=value, why=Why.CHANGED, proof=proof)
        return residents.correct_number(act, life.id, number=value, why=Why.MISTAKE, proof=proof)

    return Deed(
        f"correct_{what}", lambda one: bool(proof.strip()) and one.wish(what, value, desk.actor.code), call
    )


def _wished(draw: Drawing, life: Life) -> tuple[str, int]:
    what = draw.random.choice([*life.wishes] or ["name"])
    return what, life.wishes[what].id if what in life.wishes else 0


def _same_wish(one: Life, what: str, number: int) -> bool:
    return number > 0 and what in one.wishes and one.wishes[what].id == number


def approve_correction(draw: Drawing, life: Life, desk: Desk) -> Deed:
    what, number = _wished(draw, life)
    return Deed(
        "approve_correction",
        lambda one: _same_wish(one, what, number) and one.correct(what, desk.actor.code),
        lambda act: residents.approve_correction(act, number),
    )


def return_correction(draw: Drawing, life: Life, desk: Desk) -> Deed:
    (what, number), note = _wished(draw, life), draw.blank("凭据不清")
    return Deed(
        "return_correction",
        lambda one: (
            bool(note.strip())
            and _same_wish(one, what, number)
            and one.put_by(what, desk.actor.code, own=False)
        ),
        lambda act: residents.return_correction(act, number, note=note),
    )


def withdraw_correction(draw: Drawing, life: Life, desk: Desk) -> Deed:
    what, number = _wished(draw, life)
    return Deed(
        "withdraw_correction",
        lambda one: _same_wish(one, what, number) and one.put_by(what, desk.actor.code, own=True),
        lambda act: residents.withdraw_correction(act, number),
    )


# --- the chip's PIN --------------------------------------------------------------------------------------------------


def reset_pin(draw: Drawing, life: Life, desk: Desk) -> Deed:
    who, by = draw.who(life)
    return draw.card(
        "reset_pin", life, desk,
        lambda one: desk.door is Door.CONSOLE and one.ask_pin(PinAction.RESET, who),
        lambda act, no: pin.reset_pin(act, card_no=no, by=by, scope=desk.scope),
    )  # fmt: skip


def unlock(draw: Drawing, life: Life, desk: Desk) -> Deed:
    who, by = draw.who(life)
    return draw.card(
        "unlock", life, desk,
        lambda one: desk.door is Door.CONSOLE and one.ask_pin(PinAction.UNLOCK, who),
        lambda act, no: pin.unlock(act, card_no=no, by=by, scope=desk.scope),
    )  # fmt: skip


def settle_pin(draw: Drawing, life: Life, desk: Desk) -> Deed:
    """The gateway answers what is open, or (where nothing is) somebody asks for a PIN."""
    request = life.card.asked.id if life.card is not None and life.card.asked is not None else ""
    if not request:
        return reset_pin(draw, life, desk)
    answer = draw.random.choice(("done", "done", "failed", "unknown"))
    said: Receipt | Refused = no_answer()
    if answer == "done":
        said = Receipt(f"G{request[:8]}")
    elif answer == "failed":
        said = Refused("gateway.refused", "卡片芯片没有应答。", "The chip did not respond.")

    def foretold(one: Life) -> bool:
        one.settle_pin(request, answer)
        return True  # settled already is no refusal: two who asked again get the same answer

    return Deed(
        f"settle_pin_{answer}", foretold, lambda act: pin.settle(act, request_id=UUID(request), answer=said)
    )


# --- the bank's own system -------------------------------------------------------------------------------------------


def by_bank(draw: Drawing, life: Life, desk: Desk) -> Deed:
    """A first card applied for by the bank, at times twice under one key, at times with another body under it."""
    bank = draw.random.choice(BANKS)
    outlet = draw.random.choice([*OUTLETS])
    mode = "instant" if draw.rarely() else "batch"
    name = "别人" if draw.rarely() else life.name
    body: tuple[str, ...] = (life.number, name, outlet, mode, bank)
    key = f"call-{life.id}-{len(life.bank_calls)}"
    if life.bank_calls and draw.random.random() < 0.3:
        key = draw.random.choice([*life.bank_calls])
        body = life.bank_calls[key] if draw.random.random() < 0.7 else body
    number, name, outlet, mode, bank = body
    region, here, instant = OUTLETS[outlet]

    def foretold(one: Life) -> bool:
        if key in one.bank_calls:
            return one.bank_calls[key] == body
        # Who was given another number meanwhile is found by the former one.
        sound = (
            here == bank
            and (mode == "batch" or instant)
            and name == one.name
            and draw.own_bank(desk, bank)
            and desk.offers("apply")
        )
        if not sound or not one.apply(Application("new", mode, outlet, region, bank, draw.at)):
            return False
        one.bank_calls[key] = body
        return True

    return Deed(
        "apply_by_bank",
        foretold,
        lambda act: apply_by_bank(
            act, partner="a bank", bank_code=bank, key=key, number=number, name=name, outlet_code=outlet,
            mode=Mode(mode), case_number="C1",
        ),
    )  # fmt: skip


DRAWS: dict[str, Draw] = {
    "correct": correct, "approve_correction": approve_correction, "return_correction": return_correction,
    "withdraw_correction": withdraw_correction, "reset_pin": reset_pin, "unlock": unlock, "settle_pin": settle_pin,
    "apply_by_bank": by_bank,
}  # fmt: skip
