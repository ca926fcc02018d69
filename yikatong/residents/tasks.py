"""This room's timed work."""

from __future__ import annotations

from yikatong.office import jobs
from yikatong.office.act import Actor, Door, open_act
from yikatong.residents.services import find_duplicates

CLOCK = Actor.system("clock")


@jobs.task("residents.find_duplicates", every="17 2 * * *")
def compare_everybody_new() -> None:
    """Every night: compare who is new or changed with everybody, some thousands in each act."""
    while True:
        with open_act(CLOCK, door=Door.TASK, purpose="查找重复登记") as act:
            if not find_duplicates(act):
                return
