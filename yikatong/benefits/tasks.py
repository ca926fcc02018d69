"""This room's timed work: rosters judged, files sealed, answers taken in, files without an answer marked as in doubt."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from yikatong.benefits.bankfiles.exchange import is_statement
from yikatong.benefits.banks import counterpart, profile_of
from yikatong.benefits.queries import to_judge
from yikatong.benefits.services.answers import take_answer
from yikatong.benefits.services.deadlines import note_missed
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.paying import FileNotWritten, doubt_files
from yikatong.benefits.services.reconciliation import reconcile_batches
from yikatong.benefits.services.recovering import open_recoveries
from yikatong.benefits.services.sealing_later import asked_to_seal, seal_as_asked
from yikatong.benefits.services.statements import take_statement
from yikatong.benefits.services.supervising import to_watch, watch_batch
from yikatong.benefits.terms import bank_profiles
from yikatong.office import clock, jobs, post
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.post import ReceivedFile
from yikatong.office.rulebook import NoSuchRule

log = logging.getLogger(__name__)
DESK = Actor.system("benefits")
CLOCK = Actor.system("clock")
# Of one batch: it is named in the log, stays as it is, and the next one is not held up.
BROKEN = (DatabaseError, NoSuchRule)


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
        except BROKEN:
            log.exception("batch %s could not be judged", number)
            continue
        done += 1
    return done


def seal_waiting() -> int:
    """Seal what was asked for, each batch in an act of its own in the name of who asked; returns how many."""
    done = 0
    for number, asked_by in asked_to_seal():
        try:
            with open_act(asked_by, door=Door.TASK, purpose="待遇发放") as act:
                seal_as_asked(act, number)
        except (*BROKEN, FileNotWritten):
            log.exception("the files of batch %s could not be sealed", number)
            continue
        done += 1
    return done


def take_file(act: Act, file: ReceivedFile) -> object:
    """Bring home what a bank sent: an answer to a payment file, or a statement of account."""
    profile = profile_of(file.counterpart.removeprefix("pay-"), act.today)
    if profile is not None and is_statement(profile, file.content):
        return take_statement(act, file)
    return take_answer(act, file)


def take_answers() -> int:
    """Take in what the banks sent, oldest first, each file in its own act; returns how many."""
    return post.take_in(DESK, counterparts(), take_file)


def watch_waiting() -> int:
    """Look over every batch that was judged or settled, each in its own act; returns how many."""
    done = 0
    for number in to_watch():
        try:
            with open_act(DESK, door=Door.TASK) as act:
                watch_batch(act, number)
        except BROKEN:
            log.exception("batch %s could not be looked over", number)
            continue
        done += 1
    return done


@jobs.task("benefits.watch", every="* * * * *")
def watch() -> None:
    """Look for clues in what was judged and settled."""
    watch_waiting()


@jobs.task("benefits.recover", every="*/15 * * * *")
def recover() -> None:
    """Flag what was paid and, as is known now, was not due."""
    with open_act(CLOCK, door=Door.TASK) as act:
        open_recoveries(act)


@jobs.task("benefits.judge", every="*/20 * * * * *")
def judge_batches() -> None:
    """Judge rosters that have come."""
    judge_waiting()


@jobs.task("benefits.seal", every="*/20 * * * * *")
def seal_batches() -> None:
    """Seal the files that somebody asked for."""
    seal_waiting()


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


@jobs.task("benefits.reconcile", every="30 3 * * *")
def reconcile() -> None:
    """Reconcile every batch that money may still move for."""
    with open_act(CLOCK, door=Door.TASK) as act:
        reconcile_batches(act)


@jobs.task("benefits.note_missed", every="23 0 * * *")
def note_late() -> None:
    """Note what was due yesterday and is not paid."""
    with open_act(CLOCK, door=Door.TASK) as act:
        note_missed(act)
