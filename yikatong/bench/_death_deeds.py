"""Deeds about a death and other states of life, their withdrawal, and what two people decide."""

from __future__ import annotations

from collections.abc import Callable

from yikatong.basics.refused import Refused
from yikatong.bench._desks import Desk
from yikatong.bench._drawing import Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.bench._pieces import TURNS
from yikatong.cards.services import cases
from yikatong.cards.services.after_death import freeze
from yikatong.office.act import Act
from yikatong.residents.services import correct_life, record_death, record_turn, withdraw_death


def _of_life(
    name: str, life: Life, foretold: Callable[[Life], bool], record: Callable[[Act], object]
) -> Deed:
    """What is recorded of somebody's life, and what cards do about it in the same act."""

    def call(act: Act) -> object:
        done = record(act)
        if not isinstance(done, Refused):
            freeze(act, life.id)
        return done

    def followed(one: Life) -> bool:
        if not foretold(one):
            return False
        one.follow_life()
        return True

    return Deed(name, followed, call)


def die(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return _of_life(
        "record_death", life, lambda one: one.die(desk.actor.code),
        lambda act: record_death(act, life.id, on=act.today, source="民政局"),
    )  # fmt: skip


def rise(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return _of_life(
        "withdraw_death", life, lambda one: one.rise(desk.actor.code),
        lambda act: withdraw_death(act, life.id, source="民政局"),
    )  # fmt: skip


def turn(draw: Drawing, life: Life, desk: Desk) -> Deed:
    """A household is cancelled or restored, somebody goes to prison or comes out, leaves the country or comes back."""
    fitting = [event for event, (froms, _) in TURNS.items() if life.away in froms]
    event, source = draw.random.choice([*TURNS] if draw.rarely() else fitting), draw.blank("公安函件")
    return _of_life(
        f"turn_{event}", life, lambda one: bool(source.strip()) and one.turn(event, desk.actor.code),
        lambda act: record_turn(act, life.id, event=event, on=act.today, source=source),
    )  # fmt: skip


def untell(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return _of_life(
        "correct_life", life, lambda one: one.correct_life(desk.actor.code),
        lambda act: correct_life(act, life.id, source="登记有误"),
    )  # fmt: skip


def _case(
    draw: Drawing,
    name: str,
    life: Life,
    desk: Desk,
    foretold: Callable[[Life, str], bool],
    call: Callable[[Act, int], object],
) -> Deed:
    kind = draw.random.choice([*life.cases] or ["death"])
    matter = life.cases.get(kind)
    number = matter.id if matter is not None else 0

    def reached(one: Life) -> bool:
        case, card = one.cases.get(kind), one.card
        if case is None or card is None or case.id != number or not number:
            return False
        return desk.reaches(card.region) and foretold(one, kind)

    return Deed(name, reached, lambda act: call(act, number))


def propose(draw: Drawing, life: Life, desk: Desk) -> Deed:
    paper = draw.blank("死亡证明")
    return _case(draw,
        "propose_case", life, desk,
        lambda one, kind: bool(paper.strip()) and one.propose(kind, desk.actor.code),
        lambda act, case: cases.propose_case(act, case, paper=paper, scope=desk.scope),
    )  # fmt: skip


def confirm(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return _case(draw,
        "confirm_case", life, desk, lambda one, kind: one.confirm(draw.at, kind, desk.actor.code),
        lambda act, case: cases.confirm_case(act, case, scope=desk.scope),
    )  # fmt: skip


def answer(draw: Drawing, life: Life, desk: Desk) -> Deed:
    note, back = draw.blank("再核实"), draw.random.random() < 0.6
    service = cases.return_case if back else cases.drop_case
    to = "suggested" if back else "dropped"
    return _case(draw,
        "return_case" if back else "drop_case", life, desk,
        lambda one, kind: bool(note.strip()) and one.answer(kind, to, desk.actor.code),
        lambda act, case: service(act, case, note=note, scope=desk.scope),
    )  # fmt: skip


DRAWS: dict[str, Draw] = {
    "die": die, "raise": rise, "turn": turn, "untell": untell, "propose": propose, "confirm": confirm, "answer": answer,
}  # fmt: skip
