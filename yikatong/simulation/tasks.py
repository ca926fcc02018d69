"""In a demo city the province, the banks and the maker are played while it is served, so what people try is answered."""

from __future__ import annotations

from django.conf import settings

from yikatong.office import clock, jobs, rulebook
from yikatong.office.opening import demo_options
from yikatong.office.wires.simulators import bank, maker, province


@jobs.task("simulation.answer_files", every="* * * * * */15")
def answer_files() -> None:
    """Let every counterpart answer what lies in its folder."""
    if demo_options() is None:
        return
    folder = settings.WIRES_FOLDER
    province.step(folder)
    for code in rulebook.ruling("card.banks", clock.today()).value:
        bank.step(folder, code)
    maker.step(folder)
