"""Vouchers entered by one person as their accounting system gives them, and posted by another."""

from __future__ import annotations

import json

from django.db import IntegrityError, connection, transaction

from yikatong.basics.crypto import sm3
from yikatong.basics.kinds import Kind
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.office import queries
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.numbering import next_number
from yikatong.office.turns import take_turn
from yikatong.spending import facts
from yikatong.spending.models import Voucher, VoucherList
from yikatong.spending.queries import ListRow, line_of, list_row
from yikatong.spending.rules import ENTERED, NOTE_LENGTH, VOUCHER_LIST, same_person
from yikatong.spending.vouchers import Line, Vouchers

_ROWS = """
SELECT 'voucher:' || v.id, NULL::bigint, %(region)s, '', jsonb_build_object('fen', v.fen, 'paid_on', v.paid_on, 'category',
       v.category, 'economic', v.economic, 'project', v.project, 'tag', v.tag, 'voucher', v.voucher || '/' || v.place)
  FROM spending_voucher v WHERE v.voucher_list_id = %(list)s ORDER BY v.row
"""
# What was paid back can never be more than what was paid: figures below nothing have no meaning.
_BELOW = """
SELECT v.economic, v.project, v.tag FROM spending_voucher v JOIN spending_voucherlist l ON l.id = v.voucher_list_id
 WHERE (l.state = 'posted' OR l.id = %(list)s) AND v.year IN (SELECT year FROM spending_voucher WHERE voucher_list_id = %(list)s)
 GROUP BY v.year, v.category, v.economic, v.project, v.tag HAVING sum(v.fen) < 0 ORDER BY 1, 2, 3 LIMIT 1
"""


def enter_vouchers(act: Act, *, file_name: str, read: Vouchers) -> ListRow | Refused:
    """Enter the lines of a file, all of them or none.

    Refused: vouchers.cells (a cell is wrong: they are in `read.problems`), vouchers.known (one of them was entered before).
    """
    if read.problems:
        return Refused(
            "vouchers.cells",
            f"有{len(read.problems)}处需要更正，整份没有收下。",
            f"{len(read.problems)} cells have to be corrected; nothing was taken in.",
            at="file",
        )
    days = [line.paid_on for line in read.lines]
    try:
        with transaction.atomic():
            row = VoucherList.objects.create(
                number=next_number("V"),
                file_name=file_name.strip()[-80:],
                digest=digest_of(read.lines),
                lines=len(read.lines),
                fen=sum(line.fen for line in read.lines),
                first_on=min(days),
                last_on=max(days),
                state_since=act.at,
                maker=act.actor.code,
                maker_name=act.actor.name,
                entered_at=act.at,
            )
            Voucher.objects.bulk_create(_voucher(row, line) for line in read.lines)
    except IntegrityError:
        return _known(read.lines)
    _record(act, facts.ENTERED, row, file=row.file_name, lines=row.lines, digest=bytes(row.digest).hex())
    return list_row(row)


def post_vouchers(act: Act, number: str, *, digest: str) -> ListRow | Refused:
    """Post what the checker saw (`digest`, hex).

    Refused: vouchers.unknown, vouchers.decided, vouchers.same_person, vouchers.changed (the lines are not those),
    vouchers.below (more would be reversed than was paid).
    """
    row = _waiting(number)
    if isinstance(row, Refused):
        return row
    if (refused := same_person(row.maker, act.actor.code)) is not None:
        return refused
    held = digest_of([line_of(each) for each in row.vouchers.order_by("row")])
    if not bytes(row.digest).hex() == held.hex() == digest:
        return Refused(
            "vouchers.changed",
            "凭证与打开页面时不一致，请重新查看后再入账。",
            "The vouchers are not those the page showed; look at them again.",
        )
    if (below := _below_nothing(row)) is not None:
        return below
    advance(
        row, VOUCHER_LIST, "post", checker=act.actor.code, checker_name=act.actor.name, state_since=act.at
    )
    act.record_rows(
        facts.POSTED, _ROWS, {"list": row.pk, "region": _region()}, subject=f"vouchers:{row.number}", list=row.number,
        yuan=print_yuan(row.fen), digest=digest,
    )  # fmt: skip
    return list_row(row)


def send_vouchers_back(act: Act, number: str, *, note: str) -> ListRow | Refused:
    """Send a list back to who entered it. Refused: vouchers.unknown, vouchers.decided, vouchers.same_person, vouchers.note."""
    row = _waiting(number)
    if isinstance(row, Refused):
        return row
    if (refused := same_person(row.maker, act.actor.code)) is not None:
        return refused
    if not 0 < len(note.strip()) <= NOTE_LENGTH:
        return Refused(
            "vouchers.note",
            f"请写明退回原因（最多{NOTE_LENGTH}字）。",
            f"Say why it is sent back (at most {NOTE_LENGTH} characters).",
            at="note",
        )
    advance(
        row, VOUCHER_LIST, "send_back", checker=act.actor.code, checker_name=act.actor.name, note=note.strip(),
        state_since=act.at,
    )  # fmt: skip
    row.vouchers.all().delete()
    _record(act, facts.SENT_BACK, row, note=row.note)
    return list_row(row)


def withdraw_vouchers(act: Act, number: str) -> ListRow | Refused:
    """Withdraw one's own list. Refused: vouchers.unknown, vouchers.decided, vouchers.not_yours."""
    row = _waiting(number)
    if isinstance(row, Refused):
        return row
    if row.maker != act.actor.code:
        return Refused(
            "vouchers.not_yours",
            "只有提交人可以撤回，复核人请用退回。",
            "Only who entered it withdraws it; a checker sends it back.",
        )
    advance(row, VOUCHER_LIST, "withdraw", state_since=act.at)
    row.vouchers.all().delete()
    _record(act, facts.WITHDRAWN, row)
    return list_row(row)


def digest_of(lines: tuple[Line, ...] | list[Line]) -> bytes:
    """SM3 of lines in one writing."""
    said = [
        [each.row, each.voucher, each.place, each.paid_on.isoformat(), each.summary, each.category, each.economic,
         each.project, each.tag, each.fen]
        for each in lines
    ]  # fmt: skip
    return sm3(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())


def _voucher(row: VoucherList, line: Line) -> Voucher:
    return Voucher(
        voucher_list=row, row=line.row, year=line.paid_on.year, voucher=line.voucher, place=line.place,
        paid_on=line.paid_on, summary=line.summary, category=line.category, economic=line.economic,
        project=line.project, tag=line.tag, fen=line.fen,
    )  # fmt: skip


def _waiting(number: str) -> VoucherList | Refused:
    row = VoucherList.objects.select_for_update(no_key=True).filter(number=number).first()
    if row is None:
        return Refused("vouchers.unknown", "没有这份凭证清单。", "There is no such list of vouchers.")
    if row.state != ENTERED.code:
        state = VOUCHER_LIST.state(row.state)
        return Refused("vouchers.decided", f"这份清单{state.zh}。", f"This list is {state.en} already.")
    return row


def _below_nothing(row: VoucherList) -> Refused | None:
    take_turn("spending.post")  # two lists posted at once could each reverse the same money
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"list": row.pk})
        found = cursor.fetchone()
    if found is None:
        return None
    what = " ".join(filter(None, found))
    return Refused(
        "vouchers.below",
        f"{what} 冲销后累计支出小于零，请核对红字凭证。",
        f"More would be reversed than was paid for {what}; look at the lines below nothing.",
    )


def _region() -> str:
    """The centre's own: its money is the city's, not a county's."""
    centre = queries.centre()
    return centre.region if centre else ""


def _known(lines: tuple[Line, ...]) -> Refused:
    """Which vouchers are there already, and where."""
    for line in lines:
        found = Voucher.objects.filter(year=line.paid_on.year, voucher=line.voucher, place=line.place)
        other = found.values_list("voucher_list__number", flat=True).first()
        if other is not None:
            return Refused(
                "vouchers.known",
                f"凭证 {line.voucher} 已在清单 {other} 中，不能重复提交。",
                f"Voucher {line.voucher} is in the list {other} already.",
                at="file",
            )
    return Refused(
        "vouchers.known",
        "这些凭证刚刚被提交过，请刷新后再看。",
        "These were entered a moment ago.",
        at="file",
    )


def _record(act: Act, kind: Kind, row: VoucherList, **payload: str | int) -> None:
    act.record(
        kind,
        subject=f"vouchers:{row.number}",
        person=None,
        region="",
        outlet="",
        list=row.number,
        yuan=print_yuan(row.fen),
        **payload,
    )
