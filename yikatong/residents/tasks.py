"""This room's timed work: lists are judged and taken in, and not kept for ever; duplicates are looked for."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError

from yikatong.basics.hands import hands_for
from yikatong.office import jobs
from yikatong.office.act import Actor, Door, open_act
from yikatong.residents.lists import size_of, waiting
from yikatong.residents.rules import APPLYING, APPROVED, JUDGING, UPLOADED
from yikatong.residents.services import erase_contacts, find_duplicates
from yikatong.residents.services.applying import apply_list, begin_applying
from yikatong.residents.services.importing import clear_lists
from yikatong.residents.services.judging import begin_judging, note_opened, settle_judging, stage_rows
from yikatong.residents.weighing import weighing

log = logging.getLogger(__name__)
DESK = Actor.system("lists")
CLOCK = Actor.system("clock")


def judge(list_id: int) -> None:
    """Judge a list from the beginning, whatever was left of an earlier try."""
    with weighing(hands_for(size_of(list_id))) as weigh:
        with open_act(DESK, door=Door.TASK) as act:
            begun = begin_judging(act, list_id)
        if begun is None:
            return
        opened, slices = weigh(*begun)
        with open_act(DESK, door=Door.TASK) as act:
            columns = note_opened(act, list_id, opened)
        if columns is None:
            return
        for weighed in slices:
            with open_act(DESK, door=Door.TASK) as act:
                if not stage_rows(act, list_id, columns, weighed):
                    return
    with open_act(DESK, door=Door.TASK) as act:
        settle_judging(act, list_id)


def take_in(list_id: int) -> None:
    """Take an approved list in."""
    with open_act(DESK, door=Door.TASK) as act:
        begun = begin_applying(act, list_id)
    if begun:
        with open_act(DESK, door=Door.TASK) as act:
            apply_list(act, list_id)


def work_through_lists() -> None:
    """Take in what is approved, then judge what has come, longest waiting first.

    A list that breaks a promise of ours stays where it is and is named in the log; it does not hold up the next one.
    """
    work: tuple[tuple[Callable[[int], None], tuple[int, ...]], ...] = (
        (take_in, waiting(APPROVED, APPLYING)),
        (judge, waiting(UPLOADED, JUDGING)),
    )
    for does, lists in work:
        for list_id in lists:
            try:
                does(list_id)
            except (DatabaseError, ChildProcessError):
                log.exception("list %s could not be worked on", list_id)


@jobs.task("residents.work_through_lists", every="*/20 * * * * *")
def work_lists() -> None:
    """Judge and take in lists of people."""
    work_through_lists()


@jobs.task("residents.clear_lists", every="41 3 * * *")
def clear() -> None:
    """Remove lists that were kept long enough."""
    with open_act(DESK, door=Door.TASK) as act:
        clear_lists(act)


@jobs.task("residents.find_duplicates", every="17 2 * * *")
def compare_everybody_new() -> None:
    """Every night: compare who is new or changed with everybody, some thousands in each act."""
    while True:
        with open_act(CLOCK, door=Door.TASK, purpose="查找重复登记") as act:
            if not find_duplicates(act):
                return


@jobs.task("residents.erase", every="23 3 * * *")
def erase() -> None:
    """Erase what was kept long enough."""
    with open_act(CLOCK, door=Door.TASK, purpose="保存期满") as act:
        erase_contacts(act)
