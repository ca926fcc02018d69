"""Timed work of this room: one call each."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.office import jobs
from yikatong.office.act import Actor, Door, open_act
from yikatong.quality import queries, reading
from yikatong.quality.services.counting import count_figures
from yikatong.quality.services.judging import judge_list
from yikatong.quality.services.receiving import reject_list
from yikatong.quality.services.reporting import report_back

SYSTEM = Actor.system("quality")


@jobs.task("quality.compare", every="*/2 * * * *")
def compare_lists() -> None:
    """Compare the lists that wait; a killed run begins again with the list it was at."""
    compare_waiting()


def compare_waiting() -> int:
    """Read and compare every waiting list, each in its own act; returns how many were dealt with."""
    numbers = queries.waiting()
    for number in numbers:
        statements = reading.read(number)
        with open_act(SYSTEM, door=Door.TASK, purpose="名单比对") as act:
            if isinstance(statements, Refused):
                reject_list(act, number=number, why=statements)
            else:
                judge_list(act, number=number, statements=statements)
    return len(numbers)


@jobs.task("quality.count", every="40 2 * * *")
def count_quality() -> None:
    """Count the five figures as they stand this night."""
    with open_act(SYSTEM, door=Door.TASK) as act:
        count_figures(act)


@jobs.task("quality.report_back", every="30 18 * * *")
def tell_sources() -> None:
    """Tell each source in the evening what was found to be wrong there."""
    with open_act(SYSTEM, door=Door.TASK, purpose="差异反馈") as act:
        report_back(act)
