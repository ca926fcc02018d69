"""This room's timed work: rosters judged, answers taken in, files without an answer marked as in doubt."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from yikatong.basics.refused import Refused
from yikatong.benefits.banks import counterpart
from yikatong.benefits.queries import to_judge
from yikatong.benefits.services.answers import take_answer
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.paying import doubt_files
from yikatong.benefits.terms import bank_profiles
from yikatong.office import clock, jobs, post
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.lifecycle import IllegalStep
from yikatong.office.rulebook import NoSuchRule

log = logging.getLogger(__name__)
DESK = Actor.system("benefits")
CLOCK = Actor.system("clock")


def counterparts() -> tuple[str, ...]:
    """The banks that pay for us today; nobody before the centre is open."""
    try:
        return tuple(map(counterpart, bank_profiles(clock.today())))
    except NoSuchRule:
        return ()


def judge_waiting() -> int:
    """Judge every batch that waits for it, each in its own act; returns how many.

    A batch that breaks a promise of ours stays waiting and is named in the log; it does not hold up the next one.
    """
    done = 0
    for number in to_judge():
        try:
            with open_act(DESK, door=Door.TASK) as act:
                judge_batch(act, number)
        except DatabaseError:
            log.exception("batch %s could not be judged", number)
            continue
        done += 1
    return done


def take_answers() -> int:
    """Take in what the banks answered, oldest first, each file in its own act; returns how many."""
    done = 0
    for file in post.waiting_files(*counterparts()):
        try:
            with open_act(DESK, door=Door.TASK) as act:
                result = take_answer(act, file)
        except (DatabaseError, IllegalStep):
            log.exception("file %s of %s could not be taken in", file.name, file.counterpart)
            continue
        if isinstance(result, Refused):
            log.warning("file %s of %s: %s", file.name, file.counterpart, result.code)
        done += 1
    return done


@jobs.task("benefits.judge", every="*/20 * * * * *")
def judge_batches() -> None:
    """Judge rosters that have come."""
    judge_waiting()


@jobs.task("benefits.take_answers", every="*/20 * * * * *")
def take_in_answers() -> None:
    """Collect and apply what the banks answered."""
    post.collect_files(list(counterparts()))
    take_answers()


@jobs.task("benefits.doubt", every="11 * * * *")
def doubt() -> None:
    """Mark files whose answer is overdue."""
    with open_act(CLOCK, door=Door.TASK) as act:
        doubt_files(act)
