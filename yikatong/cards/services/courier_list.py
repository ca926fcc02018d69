"""寄递回单: a courier's list is brought home. Each row is judged; what was settled before is not settled again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.cards.files.courier import ENDS, Word, read_courier_list
from yikatong.cards.models import Posting
from yikatong.cards.posting import DELIVERED, SENT
from yikatong.cards.rows import FileReport
from yikatong.cards.services.answers import begin, reject
from yikatong.cards.services.outcomes import keep_problems, keep_result
from yikatong.cards.services.parcel_ends import End, settle_parcels
from yikatong.cards.services.staging import lock_orders, report_strangers, staged
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.post import ReceivedFile
from yikatong.office.rulebook import NoSuchRule, ruling
from yikatong.residents.lists import limits_on

COURIER = "courier-"
"""Before the name of a courier, as a counterpart of files."""


def couriers(day: date) -> tuple[str, ...]:
    """The counterparts whose lists are brought home that day (`card.post_companies`); nobody before the centre opens."""
    try:
        return tuple(f"{COURIER}{name}" for name in ruling("card.post_companies", day).value)
    except NoSuchRule:
        return ()


def bring_courier_list(act: Act, *, counterpart: str, name: str, content: bytes) -> FileReport | Refused:
    """Bring home a list that a courier sent to the desk, at once; otherwise as `take_courier_list`.

    Refused besides: `file.repeated` and `file.name_taken`, and then the file is not kept.
    """
    file = post.store_received(counterpart, name[:120], content, act.at)
    return file if isinstance(file, Refused) else take_courier_list(act, file)


def take_courier_list(act: Act, file: ReceivedFile) -> FileReport | Refused:
    """Bring a courier's list home, row by row: signed for, brought back, lost.

    Refused as a whole: what `read_courier_list` refuses, `file.already_taken`. Rows that are not taken are listed and
    journalled with their line: `row.waybill_unknown`, `row.same_again`, `row.contradicts`, `row.contradicts_itself`,
    `row.repeated`, `row.frozen`, `row.parcel_*`, `row.width`, `cell.formula`. The same list once more changes nothing.
    """
    read = read_courier_list(file.content, limits_on(act.today), ruling("card.post_words", act.today).value)
    if isinstance(read, Refused):
        return reject(act, file, read)
    already = begin(act, file, len(read.words))
    if already is not None:
        return already
    company = file.counterpart.removeprefix(COURIER)
    known = _parcels(company, [each.waybill for each in read.words if each.waybill])
    judged = list(_judged(act.today, read.words, known))
    for end in ENDS:
        pairs = zip(judged, read.words, strict=True)
        ends = [(row, word) for row, word in pairs if row.refusal == "" and word.end is end]
        settle_parcels(act, end, [_end(row, word) for row, word in ends])
    columns = (
        "line int",
        "named text",
        "order_id bigint",
        "good boolean",
        "refusal text",
        "result text",
        "said text",
    )
    with staged(columns, judged) as verdict:
        keep_problems(act, file, verdict, stage="j.result", reason="j.said")
        wrong = report_strangers(act, verdict, file.name)
    taken = [each.good for each in judged if not each.refusal]
    left = Posting.objects.filter(company=company, state=SENT.code).count()
    return keep_result(
        act,
        file,
        FileReport(file.name, len(judged), taken.count(True), taken.count(False), wrong, left),
        answers="",
    )


@dataclass(frozen=True)
class _Parcel:
    """One of our parcels with this courier, as it stands."""

    order: int
    number: str
    state: str
    since: date
    signed_on: date | None
    frozen: bool


class _Judged(NamedTuple):
    """A row and what it comes to; `refusal` is empty where it is taken."""

    line: int
    named: str
    order_id: int | None
    good: bool
    refusal: str
    result: str
    said: str


def _end(row: _Judged, word: Word) -> End:
    assert row.order_id is not None and word.on is not None
    return End(row.order_id, word.said, word.on)


def _parcels(company: str, waybills: Sequence[str]) -> dict[str, _Parcel]:
    """Our parcels with these waybills, their orders, postings and cards locked."""
    which: dict[str, Any] = {"company": company, "waybills": list(waybills)}
    lock_orders(
        "o.id IN (SELECT g.order_id FROM cards_posting g "
        "WHERE g.company = %(company)s AND g.waybill = ANY(%(waybills)s))",
        which,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.waybill, o.id, o.number, g.state, g.state_since, g.signed_on, o.frozen_at IS NOT NULL "
            "FROM cards_posting g JOIN cards_order o ON o.id = g.order_id JOIN cards_card c ON c.order_id = o.id "
            "WHERE g.company = %(company)s AND g.waybill = ANY(%(waybills)s) ORDER BY o.id FOR NO KEY UPDATE OF g, c",
            which,
        )
        return {
            waybill: _Parcel(order, number, state, timezone.localdate(since), signed_on, frozen)
            for waybill, order, number, state, since, signed_on, frozen in cursor.fetchall()
        }


def _judged(today: date, words: Sequence[Word], known: dict[str, _Parcel]) -> Iterator[_Judged]:
    said: dict[str, set[object]] = {}
    for word in words:
        if not word.wrong:
            said.setdefault(word.waybill, set()).add(word.end)
    seen: set[str] = set()
    for word in words:
        parcel = known.get(word.waybill)
        refusal = word.wrong or _refusal(today, word, parcel)
        if refusal == "" and len(said[word.waybill]) > 1:
            refusal = "row.contradicts_itself"
        elif refusal == "" and word.waybill in seen:
            refusal = "row.repeated"
        if refusal == "":
            seen.add(word.waybill)
        yield _Judged(
            word.line,
            parcel.number if parcel else _shortened(word.waybill),
            parcel.order if parcel else None,
            word.end is DELIVERED,
            refusal,
            word.end.zh if word.end else "",
            word.said,
        )


def _shortened(waybill: str) -> str:
    """What a row names that is nothing of ours: it may be anything, even somebody's number."""
    return waybill if len(waybill) <= 10 else f"{waybill[:4]}…"


def _refusal(today: date, word: Word, parcel: _Parcel | None) -> str:
    assert word.end is not None and word.on is not None
    if parcel is None:
        return "row.waybill_unknown"
    if parcel.state == word.end.code and parcel.signed_on in (None, word.on):
        return "row.same_again"
    if parcel.state != SENT.code:
        return "row.contradicts"
    if not parcel.since <= word.on <= today:
        return "row.parcel_day"
    return "row.frozen" if parcel.frozen and word.end is DELIVERED else ""
