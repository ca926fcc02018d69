"""What was paid to two who had died, as is learnt afterwards: of one the family gave it back, of the other it is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from yikatong.basics.refused import Refused
from yikatong.benefits.recovery_rows import recoveries
from yikatong.benefits.services.recovering import ask_back, enter_returned, open_recoveries
from yikatong.office.act import Actor, Door
from yikatong.office.scope import EVERYWHERE
from yikatong.residents import queries as residents
from yikatong.residents import services as registry
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.people import Newcomer

DEATHS = 2
"""One whose money came back, one of whom it is still asked."""


def ask_two_back(crew: Crew, paid: Iterable[Newcomer], died: date, moment: datetime) -> None:
    """Two of these who were paid turn out to have died on that day; what left since is flagged by the house."""
    learnt = 0
    for each in paid:
        if learnt == DEATHS:
            break
        person = residents.person_by_number(each.number)
        if person is None:
            continue
        recorded = do(
            registry.record_death,
            crew.staff["desk"],
            Door.CONSOLE,
            moment,
            person.id,
            on=died,
            source="死亡医学证明",
        )
        learnt += not isinstance(recorded, Refused)
    do(open_recoveries, Actor.system("benefits"), Door.TASK, moment + timedelta(minutes=1))
    reconciler, at = crew.staff["reconciler"], moment + timedelta(minutes=2)
    for row in recoveries(EVERYWHERE, 1):
        do(ask_back, reconciler, Door.CONSOLE, at, row.id, asked="函告家属，限30日内退回", scope=EVERYWHERE)
        paper = f"缴款〔{at:%Y}〕{at:%m%d}-001号"
        do(enter_returned, reconciler, Door.CONSOLE, at, row.id, fen=row.fen, paper=paper, scope=EVERYWHERE)
