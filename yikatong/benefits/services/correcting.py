# ruff: noqa: S608 - only keys of our own are put into the statement
"""A row that was held is corrected in place, or left out, by who brought it, before anybody has approved the batch."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from django.db import connection
from django.db.models import Max

from yikatong.basics.hands import lent
from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.checks import CHECKS, OF_THE_ROW
from yikatong.benefits.facts import ROW_CORRECTED, ROW_DROPPED
from yikatong.benefits.laying import Question, judged, staged
from yikatong.benefits.models import Payment, PaymentBatch, RowCorrection
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.queries import payment_rows
from yikatong.benefits.roster import Reader, Roster, open_roster
from yikatong.benefits.rows import PaymentRow
from yikatong.benefits.rules import (
    BENEFIT_BATCH,
    DROPPED,
    HELD,
    JUDGED,
    PAYMENT,
    PUBLIC,
    REPLACED,
    VALID,
)
from yikatong.benefits.services.judging import store_judged, weigh_again
from yikatong.benefits.services.locked import alone, locked_batch
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.terms import Terms, limits, terms_of
from yikatong.benefits.weighing import begin
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope

_TWICE = (
    "SELECT min(p.line) FROM benefits_payment p JOIN benefit_judged j ON j.resident_id = p.resident_id "
    "WHERE p.batch_id = %(batch)s AND (p.state <> ALL(%(gone)s) OR 'S01' = ANY(p.checks)) AND p.line <> %(line)s"
)

_ASKED = ("name", "person", "basis", "yuan")
"""Where a correction is asked for each of the columns."""
_AT = {"C02": "person", "C16": "yuan", "C17": "yuan"}


def correct_row(
    act: Act,
    number: str,
    *,
    line: int,
    name: str,
    person: str,
    basis: str,
    fen: int,
    reason: str,
    scope: Scope,
) -> PaymentRow | Refused:
    """Put a corrected row in the place of one that is held: `person` is the number, `fen` the amount.

    The old row stays and is not paid; the new one is appended, judged like any other, and may be held in its turn. Of a
    batch in public view the public list changes, so that its view begins anew. Refused: benefit.unknown,
    benefit.not_waiting, benefit.not_yours (only who brought it), benefit.reason, benefit.row (no such held row),
    benefit.correction (the row is wrong by itself, with what is wrong), benefit.row_twice (the person stands in another
    row of the batch).
    """
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    found = _own_held(act, number, line, scope)
    if isinstance(found, Refused):
        return found
    row, old = found
    if "S01" in old.checks:
        return Refused(
            "benefit.objected",
            "此行因公示异议停发，不能更正后重新列入；异议不成立的，另行提交批次补发。",
            "The row was stopped by an objection and is not put back by a correction; if it was unfounded, bring another batch.",
        )
    alone(row.programme)
    programme = programmes()[row.programme]
    terms = terms_of(programme, Period.parse(row.period).start)
    last = Payment.objects.filter(batch=row).aggregate(last=Max("line"))["last"]
    read = _read(act, programme, terms, [name, person, basis, print_yuan(fen)], last + 1)
    if isinstance(read, Refused):
        return read
    new = _in_its_place(act, row, old, read, terms)
    if isinstance(new, Refused):
        return new
    RowCorrection.objects.create(
        old=old, new=new, reason=said, by=act.actor.code, by_name=act.actor.name, at=act.at
    )
    if new.state == VALID.code and row.state == PUBLIC.code:
        _restart(act, row)
    act.record(
        ROW_CORRECTED,
        subject=f"payment:{new.pk}",
        person=new.resident_id,
        batch=row.number,
        line=line,
        new_line=new.line,
        fen_before=old.fen,
        fen=new.fen,
        state=PAYMENT.state(new.state).zh,
        reason=said,
    )
    return payment_rows([new], {row.pk: row.number})[0]


def drop_row(act: Act, number: str, *, line: int, reason: str, scope: Scope) -> PaymentRow | Refused:
    """Leave out a row that is held, for good, where the batch has one too many: who stands in it twice is payable by the other.

    The row stays, unpaid; the other rows of its person are judged again, and public view begins anew if that makes one
    payable. Refused: benefit.unknown, benefit.not_waiting, benefit.not_yours (only who brought it), benefit.reason,
    benefit.row (no such held row).
    """
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    found = _own_held(act, number, line, scope)
    if isinstance(found, Refused):
        return found
    row, old = found
    advance(old, PAYMENT, "drop", state_since=act.at)
    others = (
        f"SELECT id FROM benefits_payment WHERE batch_id = {row.pk} AND resident_id = {old.resident_id or 0}"
    )
    _, released = weigh_again(act, row, [HELD.code], only=others)
    if released and row.state == PUBLIC.code:
        _restart(act, row)
    act.record(
        ROW_DROPPED,
        subject=f"payment:{old.pk}",
        person=old.resident_id,
        batch=row.number,
        line=line,
        reason=said,
    )
    return payment_rows([old], {row.pk: row.number})[0]


def _own_held(act: Act, number: str, line: int, scope: Scope) -> tuple[PaymentBatch, Payment] | Refused:
    """A held row of a batch that nobody has approved yet, for who brought it; both locked."""
    row = locked_batch(number, scope, JUDGED, PUBLIC)
    if isinstance(row, Refused):
        return row
    if row.maker != act.actor.code:
        return Refused(
            "benefit.not_yours", "只有提交人可以更正。", "Only who brought the batch corrects its rows."
        )
    old = Payment.objects.select_for_update(no_key=True).filter(batch=row, line=line, state=HELD.code).first()
    return _no_held_row() if old is None else (row, old)


def _restart(act: Act, row: PaymentBatch) -> None:
    """Somebody more is payable: the public has to see that."""
    advance(row, BENEFIT_BATCH, "restart", state_since=act.at, public_from=None, public_until=None)


def _in_its_place(
    act: Act, row: PaymentBatch, old: Payment, roster: Roster, terms: Terms
) -> Payment | Refused:
    programme = programmes()[row.programme]
    asked = Question(row.pk, programme, Period.parse(row.period), terms, act.today)
    with lent(begin, 1) as share, staged(roster, share), judged(asked):
        with connection.cursor() as cursor:
            cursor.execute(_TWICE, {"batch": row.pk, "gone": [DROPPED.code, REPLACED.code], "line": old.line})
            (twice,) = cursor.fetchone()
        if twice is not None:
            return Refused(
                "benefit.row_twice",
                f"此人已在本批第{twice}行，不能重复。",
                f"This person stands in row {twice} of the batch already.",
                at="person",
            )
        advance(old, PAYMENT, "replace", state_since=act.at)
        store_judged(act, row)
    return Payment.objects.filter(batch=row).latest("line")


def _read(act: Act, programme: Programme, terms: Terms, cells: list[str], line: int) -> Roster | Refused:
    """The row as a roster of one would be read, so that no other rules hold for it; as line so-and-so of its batch."""
    text = io.StringIO()
    out = csv.writer(text)
    headings = [programme.names[0], programme.numbers[0], programme.basis[0], "金额（元）"]
    out.writerow(headings)
    out.writerow(cells)
    roster = open_roster(
        text.getvalue().encode(),
        limits(act.today),
        programme,
        rates=terms.rates,
        cap_fen=terms.cap_fen,
        today=act.today,
    )
    if isinstance(roster, Refused):
        return roster
    rows = [(line, cells) for _, cells in roster.sheet.rows]
    found = next(Reader(roster.reading).read(rows), None)
    if found is None:
        return _wrong("没有填写内容", "nothing was entered")
    for code in OF_THE_ROW:
        if code in found.own:
            zh, en = found.said[code]
            at = _AT.get(code) or next(
                (at for heading, at in zip(headings, _ASKED, strict=True) if zh.startswith(heading)), ""
            )
            return _wrong(CHECKS[code].zh.format(zh), CHECKS[code].en.format(en), at)
    return replace(roster, sheet=replace(roster.sheet, rows=iter(rows)))


def _wrong(zh: str, en: str, at: str = "") -> Refused:
    return Refused(
        "benefit.correction",
        f"更正后的内容仍有误：{zh.rstrip('。')}。",
        f"The corrected row is wrong: {en.rstrip('.')}.",
        at=at,
    )


def _no_held_row() -> Refused:
    return Refused(
        "benefit.row",
        "批次里没有这一行，或者它没有被暂缓，或者已经更正过。",
        "There is no such row in the batch, or it is not held, or it was corrected already.",
        at="line",
    )
