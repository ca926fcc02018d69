"""The two processes of ours that a crash run kills: the window, where people work, and the worker.

Both look at what is there and do what is next, as people and timed tasks do; neither remembers anything of its own, so
that whoever is started after a kill simply goes on. Where the database goes away they wait until it is there again.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from yikatong.basics.refused import Refused
from yikatong.bench._crash_fuse import note
from yikatong.bench._crash_town import START, Envelope, gives_up, loses_late
from yikatong.benefits import queries
from yikatong.benefits.approved import approvable
from yikatong.benefits.balances import balances
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.services.approving import approve_batch, fund_batch, grant_funds
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import doubt_files, send_file
from yikatong.benefits.services.sealing_later import ask_to_seal
from yikatong.benefits.services.submitting import send_batch_back, submit_roster
from yikatong.benefits.services.withdrawing import withdraw_file
from yikatong.benefits.tasks import counterparts, judge_waiting, seal_waiting, take_answers
from yikatong.cards.services.loss import report_formal_loss
from yikatong.office import clock, journal, post
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.scope import Scope
from yikatong.residents.queries import number_key

MAKER, DEPARTMENT = Actor("staff:701", "马经办", "610400"), Actor("staff:702", "段审批", "610400")
FINANCE, PAYER = Actor("staff:703", "贾财政", "610400"), Actor("staff:704", "傅发放", "610400")
CLERK, CLOCK = Actor("staff:705", "王经办", "610402"), Actor.system("clock")
SCOPE = Scope("610400")
HOUR = 0.004
"""Seconds that an hour of the city takes, so that answers can be late and money go back within a run."""
TWICE = 0.15
"""How often somebody presses the button twice."""
ENDED = ("settled", "rejected", "sent_back", "withdrawn")


class Broken(Exception):
    """Something happened that never may."""


class Deed(NamedTuple):
    """What is to be done next, and by whom."""

    actor: Actor
    call: Callable[[Act], object]


class Scene(NamedTuple):
    """One run as its processes know it: the seed, what is brought, when it began, and where notes are left."""

    seed: int
    envelopes: list[Envelope]
    begun: float
    notes: Path

    def now(self) -> datetime:
        """The city's time."""
        return START + timedelta(hours=(time.monotonic() - self.begun) / HOUR)


# --- the window ---------------------------------------------------------------------------------------------------


def window(scene: Scene, life: int) -> None:
    """Bring every envelope to its end; returns when nothing is left to do."""
    desk = _Desk(scene, Random(f"window {scene.seed} {life}"))
    while True:
        with _patiently():
            if desk.turn():
                return


def bring(scene: Scene) -> None:
    """Bring every envelope, and nothing more."""
    for each in scene.envelopes:
        with open_act(MAKER, door=Door.CONSOLE) as act:
            _submit(act, each)


class _Desk:
    def __init__(self, scene: Scene, random: Random) -> None:
        self._scene, self._random = scene, random
        self._loses_late = loses_late(scene.seed)

    def turn(self) -> bool:
        """One deed, or a moment's waiting; whether all is ended."""
        known: dict[tuple[str, str, int, int], BatchRow] = {}
        for row in queries.batches(SCOPE, 50):
            known.setdefault((row.programme.code, row.period, row.declared_rows, row.declared_fen), row)
        left = [each for each in self._scene.envelopes if not _ended(known.get(each.key))]
        self._random.shuffle(left)
        for each in left:
            deed = self._next(each, known.get(each.key))
            if deed is not None:
                self._do(deed)
                return False
        time.sleep(0.01)
        return not left

    def _do(self, deed: Deed) -> None:
        for again in range(1 + (self._random.random() < TWICE)):
            with clock.fixed(self._scene.now()), open_act(deed.actor, door=Door.CONSOLE) as act:
                result = deed.call(act)
            if isinstance(result, Refused) and not again and result.code not in _NOT_YET:
                raise Broken(f"refused: {result.code} {result.en}")

    def _next(self, envelope: Envelope, batch: BatchRow | None) -> Deed | None:
        if batch is None:
            return Deed(MAKER, lambda act: _submit(act, envelope))
        state, number = batch.state.code, batch.number
        if state == "judged":
            what = approvable(batch.id)
            if not what.rows:
                return Deed(
                    DEPARTMENT, lambda act: send_batch_back(act, number, reason="无人可发", scope=SCOPE)
                )
            return Deed(
                DEPARTMENT, lambda act: approve_batch(act, number, digest=what.digest.hex(), scope=SCOPE)
            )
        if state == "department":
            return self._fund(batch)
        if state == "funded":
            return (None if self._loses_late else _loss(envelope)) or _to_seal(batch)
        return self._pay(batch, envelope) if state == "paying" else None

    def _fund(self, batch: BatchRow) -> Deed:
        what, code = approvable(batch.id), batch.programme.code
        purse = balances(code)
        if purse["available"] < what.fen:
            # The next voucher is known from the money that came: whoever begins anew names the same one.
            paper = f"财拨{-purse['budget']}号"
            return Deed(FINANCE, lambda act: grant_funds(act, programme=code, fen=what.fen, paper=paper))
        return Deed(FINANCE, lambda act: fund_batch(act, batch.number, digest=what.digest.hex(), scope=SCOPE))

    def _pay(self, batch: BatchRow, envelope: Envelope) -> Deed | None:
        number = batch.number
        if sealed := _found(_SEALED, [batch.id]):
            send = Deed(PAYER, lambda act: _send(act, sealed[0][0]))
            return (_loss(envelope) if self._loses_late else None) or send
        failed = _found(_FAILED, [batch.id])
        mended = [line for line, _, usable in failed if usable and not gives_up(self._scene.seed, line)]
        if mended:
            return Deed(PAYER, lambda act: repair_row(act, number, line=mended[0], how="已核实", scope=SCOPE))
        if queries.unsealed(batch):
            return _to_seal(batch)
        day_ago = self._scene.now() - timedelta(days=1, hours=1)
        if any(since < day_ago for _, since, _ in failed):
            return Deed(PAYER, lambda act: return_to_treasury(act, number, scope=SCOPE))
        return None


def _loss(envelope: Envelope) -> Deed | None:
    """Who loses the card does so now, unless they have already."""
    if card := _found(_IN_USE, [number_key(envelope.loses)]):
        return Deed(CLERK, lambda act: report_formal_loss(act, card_no=card[0][0], channel="window"))
    return None


def _send(act: Act, number: str) -> object:
    """Send a file; one that somebody's loss has overtaken is taken back, to be sealed anew."""
    result = send_file(act, number, scope=SCOPE)
    if isinstance(result, Refused) and result.code == "benefit.file_overtaken":
        return withdraw_file(act, number, reason="封存后挂失", scope=SCOPE)
    return result


def _to_seal(batch: BatchRow) -> Deed | None:
    """The worker seals; the window asks for it once."""
    if batch.sealing:
        return None
    return Deed(PAYER, lambda act: ask_to_seal(act, batch.number, scope=SCOPE))


_SEALED = "SELECT number FROM benefits_bankfile WHERE batch_id = %s AND state = 'sealed' ORDER BY id"
# Who lost the card meanwhile, in another batch, cannot be mended; the money goes back with that of the others.
_FAILED = """
SELECT p.line, p.state_since, EXISTS (SELECT FROM cards_card c WHERE c.resident_id = p.resident_id AND c.state = '1')
  FROM benefits_payment p WHERE p.batch_id = %s AND p.state = 'failed' ORDER BY p.line
"""


_IN_USE = """
SELECT card_no FROM cards_card c JOIN residents_resident r ON r.id = c.resident_id WHERE r.number_key = %s AND c.state = '1'
"""


def _found(statement: str, values: Sequence[int | bytes]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _ended(batch: BatchRow | None) -> bool:
    return batch is not None and batch.state.code in ENDED


def _submit(act: Act, envelope: Envelope) -> object:
    return submit_roster(
        act,
        programme=envelope.programme,
        period=envelope.period,
        declared_rows=len(envelope.lines),
        declared_fen=envelope.fen,
        name="清册.csv",
        content=envelope.content,
        scope=SCOPE,
    )


_NOT_YET = ("benefit.not_waiting", "benefit.nothing_to_send", "benefit.seal_asked")
"""What a window may be told because the worker was quicker: an answer settled the batch meanwhile."""


# --- the worker ---------------------------------------------------------------------------------------------------


def worker(scene: Scene, life: int) -> None:
    """Do the timed work again and again, in any order; ends by being killed."""
    random = Random(f"worker {scene.seed} {life}")
    logging.getLogger().addHandler(_Listener(scene.notes))
    tasks: list[Callable[[], int]] = [
        judge_waiting,
        seal_waiting,
        post.send_files,
        _collect,
        take_answers,
        _doubt,
        journal.seal,
    ]
    while True:
        random.shuffle(tasks)
        busy = False
        for task in tasks:
            with _patiently(), clock.fixed(scene.now()):
                busy = bool(task()) or busy
        time.sleep(0.002 if busy else 0.02)


def _collect() -> int:
    return post.collect_files(list(counterparts()))


def _doubt() -> int:
    with open_act(CLOCK, door=Door.TASK) as act:
        return doubt_files(act)


class _Listener(logging.Handler):
    """Tasks log what broke and go on; here nothing but a lost database may break."""

    def __init__(self, notes: Path) -> None:
        super().__init__(logging.ERROR)
        self._notes = notes

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, DatabaseError) or not _gone(error):
            text = "".join(traceback.format_exception(error)) if error else record.getMessage()
            note(self._notes, f"defect|{text!r}")


# --- both ---------------------------------------------------------------------------------------------------------


@contextmanager
def _patiently() -> Iterator[None]:
    """Where the database went away, let go of it and wait a moment; anything else is a defect."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if not _gone(error):
            raise
        connection.close()
        time.sleep(0.01)


def _gone(error: BaseException) -> bool:
    """Whether this says that the server is away: nothing it said itself about a statement, a deadlock least of all."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, (OperationalError, InterfaceError)) and (
        state is None or state.startswith(("57P", "08"))
    )
