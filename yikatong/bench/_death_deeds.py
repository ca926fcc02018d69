"""Deeds about a death, its withdrawal, and what two people decide."""

from __future__ import annotations

from collections.abc import Callable

from yikatong.bench._desks import Desk
from yikatong.bench._drawing import Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.cards.services import cases
from yikatong.cards.services.after_death import freeze
from yikatong.office.act import Act
from yikatong.residents.services import record_death, withdraw_death


def die(draw: Drawing, life: Life, desk: Desk) -> Deed:
    def call(act: Act) -> object:
        done = record_death(act, life.id, on=act.today, source="民政局")
        freeze(act, life.id)
        return done

    return Deed("record_death", lambda one: one.die(desk.actor.code), call)


def rise(draw: Drawing, life: Life, desk: Desk) -> Deed:
    def call(act: Act) -> object:
        done = withdraw_death(act, life.id, source="民政局")
        freeze(act, life.id)
        return done

    return Deed("withdraw_death", lambda one: one.rise(desk.actor.code), call)


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


DRAWS: dict[str, Draw] = {"die": die, "raise": rise, "propose": propose, "confirm": confirm, "answer": answer}
