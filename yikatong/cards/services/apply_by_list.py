"""集体申领名单: a unit's file is brought by one person, judged at once, and taken or turned down by another.

What is taken is what was approved: in the moment of taking every line is judged once more, and where the base library
has changed so that a line comes to something else, nothing is taken and the list waits for its approver again.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from yikatong.basics.crypto import sm3
from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import collective_facts as facts
from yikatong.cards.agents import Service
from yikatong.cards.channels import Channel, why_not
from yikatong.cards.collective import ACTIVE, APPLICATION_LIST, JUDGED, Outcome, PhoneComes
from yikatong.cards.models import ApplicationList, ListLine
from yikatong.cards.roll import RollRow, read_roll
from yikatong.cards.rules import Mode
from yikatong.cards.services.admission import place_for
from yikatong.cards.services.apply_many import OPEN, apply_for_many
from yikatong.cards.services.list_judging import TRUST, judge_lines, lay_out, limits
from yikatong.cards.services.locked import locked_list
from yikatong.cards.services.units import locked_unit, unit_closed
from yikatong.cards.unit_lists import ListRow, list_row
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.numbering import next_number
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.residents.services import take_phones

CHANNEL = "list"
REASON_LENGTH = 100
_BECAME = """
UPDATE cards_listline l SET order_id = o.id FROM cards_order o
 WHERE l.application_list_id = %(list)s AND l.outcome = %(good)s
   AND o.resident_id = l.resident_id AND o.state IN ({open})
"""


def bring_list(
    act: Act,
    *,
    unit_code: str,
    name: str,
    content: bytes,
    outlet_code: str,
    bank_code: str,
    only_good: bool,
    scope: Scope,
) -> ListRow | Refused:
    """Take a unit's file in and judge every line of it. All of it will be taken or nothing, unless `only_good`.

    Refused: channel.not_offered, unit.unknown, unit.closed, what `place_for` refuses of outlet and bank, list.waits (the same file waits to
    be decided on), and as `read_roll` refuses a file.
    """
    if (refused := why_not(Service.APPLY.value, Channel.LIST, act.today)) is not None:
        return refused
    unit = locked_unit(unit_code, scope)
    if isinstance(unit, Refused):
        return unit
    if unit.state != ACTIVE.code:
        return unit_closed(unit)
    place = place_for(act, outlet_code, bank_code, Mode.BATCH, scope)
    if isinstance(place, Refused):
        return place
    roll = read_roll(content, limits(act), act.today)
    if isinstance(roll, Refused):
        return roll
    digest = sm3(content)
    if (refused := _waits(digest)) is not None:
        return refused
    try:
        with transaction.atomic():
            row = ApplicationList.objects.create(
                number=next_number("L"),
                unit=unit,
                region=place.region,
                outlet_id=place.id,
                bank_code=bank_code,
                only_good=only_good,
                file_name=name.strip()[-80:],
                digest=digest,
                size=len(content),
                content=content,
                passed_over=list(roll.passed_over),
                state_since=act.at,
                uploaded_by=act.actor.code,
                uploaded_by_name=act.actor.name,
                uploaded_at=act.at,
            )
    except IntegrityError as error:
        # Somebody brought the same file between our look and our write.
        refused = _waits(digest) if "waits_once" in str(error) else None
        if refused is None:
            raise
        return refused
    lay_out(act, row, roll.rows)
    return _judged(act, row, facts.LIST_JUDGED)


def judge_list_again(act: Act, number: str, *, scope: Scope) -> ListRow | Refused:
    """Judge a waiting list anew, after missing people were registered or mistakes mended in the base library.

    Refused: list.unknown, list.not_waiting.
    """
    row = _waiting(number, scope)
    if isinstance(row, Refused):
        return row
    row.returned = False
    return _judged(act, row, facts.LIST_JUDGED_AGAIN)


def take_list(act: Act, number: str, *, judgement: str, scope: Scope) -> ListRow | Refused:
    """Approve what the approver saw (`judgement`, in hex) and take every good line as an application.

    Where the base has changed meanwhile so that a line comes to something else, nothing is taken: the list comes back
    judged anew, `returned`, still waiting. Refused: list.unknown, list.not_waiting, list.own, list.changed, list.nobody,
    list.blocked, and as `apply_for_many` refuses outlet and bank.
    """
    row = _waiting(number, scope)
    if isinstance(row, Refused):
        return row
    if (refused := _not_to_be_taken(act, row, judgement)) is not None:
        return refused
    before, now = bytes(row.judgement or b""), judge_lines(act, row)
    if now != before:
        return _returned(act, row)
    good = list(
        ListLine.objects.filter(application_list=row, outcome=Outcome.GOOD.value).values_list(
            "resident_id", flat=True
        )
    )
    start = transaction.savepoint()
    if not _take_phones(act, row, [each for each in good if each is not None]):
        transaction.savepoint_rollback(start)
        return _returned(act, row)
    many = apply_for_many(
        act,
        resident_ids=[each for each in good if each is not None],
        mode=Mode.BATCH,
        outlet_code=row.outlet.code,
        bank_code=row.bank_code,
        channel=CHANNEL,
        scope=scope,
    )
    if isinstance(many, Refused) or many.taken != len(good):
        transaction.savepoint_rollback(start)
        # A counter took somebody of the list in this very moment: then this is not what was approved.
        return many if isinstance(many, Refused) else _returned(act, row)
    transaction.savepoint_commit(start)
    with connection.cursor() as cursor:
        cursor.execute(_BECAME.format(open=OPEN), {"list": row.pk, "good": Outcome.GOOD.value})
    _decide(act, row, "take")
    _record(act, facts.LIST_TAKEN, row, unit=row.unit.name, taken=many.taken, judgement=judgement)
    return list_row(row)


def _take_phones(act: Act, row: ApplicationList, everyone: list[int]) -> bool:
    """Take the phones in that were approved; False where they have come to something else in this very moment."""
    taken = [each.value for each in PhoneComes if each.taken]
    lines = ListLine.objects.filter(application_list=row, phone_comes__in=taken)
    people = dict(lines.values_list("line", "resident_id"))
    if not people:
        return True
    roll = read_roll(row.content or b"", limits(act), act.today)
    if isinstance(roll, Refused):
        raise RuntimeError(f"list {row.number} was judged and can no longer be read: {roll.code}")
    phones = {
        people[each.line]: each.phone
        for each in roll.rows
        if isinstance(each, RollRow) and each.line in people
    }
    source = f"单位名单 {row.number}"
    return take_phones(act, phones, source=source, trust=TRUST, everyone=everyone) == len(people)


def refuse_list(act: Act, number: str, *, reason: str, scope: Scope) -> ListRow | Refused:
    """Turn a list down; nobody of it is taken. Refused: reason.missing, list.unknown, list.not_waiting, list.own."""
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        return Refused(
            "reason.missing",
            f"请写明不予受理的原因（最多{REASON_LENGTH}字），上传人会看到。",
            f"Say why (at most {REASON_LENGTH} characters); who brought it will read it.",
            at="reason",
        )
    row = _waiting(number, scope)
    if isinstance(row, Refused):
        return row
    if row.uploaded_by == act.actor.code:
        return _own()
    _decide(act, row, "refuse", reason=reason)
    _record(act, facts.LIST_REFUSED, row, reason=reason)
    return list_row(row)


def withdraw_list(act: Act, number: str, *, scope: Scope) -> ListRow | Refused:
    """Take a waiting list back; its file is removed. Refused: list.unknown, list.not_waiting."""
    row = _waiting(number, scope)
    if isinstance(row, Refused):
        return row
    advance(row, APPLICATION_LIST, "withdraw", state_since=act.at)
    _clear(act, row)
    _record(act, facts.LIST_WITHDRAWN, row)
    return list_row(row)


def clear_list_files(act: Act) -> int:
    """Remove files kept longer than rule `import.kept_days`, and the lines that became no order; returns how many lists.

    A list that nobody decided on in that time is withdrawn.
    """
    before = act.at - timedelta(days=whole("import.kept_days", act.today))
    rows = (
        ApplicationList.objects.select_for_update(no_key=True, of=("self",))
        .select_related("unit", "outlet")
        .filter(state_since__lt=before, cleared_at__isnull=True)
    )
    count = 0
    for row in rows.order_by("id"):
        if row.state == JUDGED.code:
            advance(row, APPLICATION_LIST, "withdraw", state_since=act.at)
        _clear(act, row)
        _record(act, facts.LIST_CLEARED, row)
        count += 1
    return count


def _judged(act: Act, row: ApplicationList, kind: Kind) -> ListRow:
    row.judgement = judge_lines(act, row)
    row.save(update_fields=["judgement", "counts", "returned"])
    now = list_row(row)
    _record(
        act,
        kind,
        row,
        unit=row.unit.name,
        file=row.file_name,
        digest=bytes(row.digest).hex(),
        judgement=now.judgement,
        good=now.good,
        refused=now.refused_rows,
    )
    return now


def _returned(act: Act, row: ApplicationList) -> ListRow:
    row.returned = True
    return _judged(act, row, facts.LIST_JUDGED_AGAIN)


def _not_to_be_taken(act: Act, row: ApplicationList, judgement: str) -> Refused | None:
    if row.uploaded_by == act.actor.code:
        return _own()
    if bytes(row.judgement or b"").hex() != judgement:
        return Refused(
            "list.changed",
            "打开页面之后名单已重新核验，请重新查看核验结果再审批。",
            "The list was judged anew since this page was opened; look at it again before approving.",
        )
    now = list_row(row)
    if now.good == 0:
        return Refused(
            "list.nobody",
            "名单中没有可以受理的人，不能批准；请退回，或登记、更正后重新核验。",
            "Nobody of this list can be taken. Turn it down, or mend what is wrong and have it judged again.",
        )
    if now.blocked:
        return Refused(
            "list.blocked",
            "名单按“全部正确才受理”上传，其中有问题的行，不能批准。请退回，由上传人改好后重新上传。",
            "This list is taken as a whole or not at all, and has wrong rows. Turn it down, to be corrected and brought "
            "again.",
        )
    return None


def _own() -> Refused:
    return Refused(
        "list.own",
        "自己上传的名单须由另一人审批。",
        "A list is decided on by somebody else than who brought it.",
    )


def _decide(act: Act, row: ApplicationList, event: str, reason: str = "") -> None:
    advance(
        row,
        APPLICATION_LIST,
        event,
        state_since=act.at,
        decided_by=act.actor.code,
        decided_by_name=act.actor.name,
        decided_at=act.at,
        reason=reason,
    )


def _clear(act: Act, row: ApplicationList) -> None:
    lines = ListLine.objects.filter(application_list=row)
    lines.filter(order=None).delete()
    lines.exclude(phone_key=b"").update(phone_key=b"", phone_shown="")
    row.content, row.cleared_at = b"", act.at
    row.save(update_fields=["content", "cleared_at"])


def _waiting(number: str, scope: Scope) -> ApplicationList | Refused:
    row = locked_list(number, scope)
    if not isinstance(row, Refused) and row.state != JUDGED.code:
        stands = APPLICATION_LIST.state(row.state)
        return Refused(
            "list.not_waiting",
            f"名单目前为“{stands.zh}”，不能这样办理，请刷新页面查看。",
            f"The list is {stands.en}; this cannot be done with it now. Read the page anew.",
        )
    return row


def _waits(digest: bytes) -> Refused | None:
    first = ApplicationList.objects.filter(digest=digest, state=JUDGED.code).first()
    if first is None:
        return None
    day = f"{timezone.localtime(first.uploaded_at):%Y-%m-%d %H:%M}"
    return Refused(
        "list.waits",
        f"同一文件已于 {day} 由{first.uploaded_by_name}上传，正等待审批（名单 {first.number}），不必再传。",
        f"The same file was brought on {day} by {first.uploaded_by_name} and waits to be decided on (list {first.number}).",
        at="file",
    )


def _record(act: Act, kind: Kind, row: ApplicationList, **payload: str | int) -> None:
    act.record(
        kind,
        subject=f"application_list:{row.pk}",
        person=None,
        region=row.region,
        outlet=row.outlet.code,
        number=row.number,
        **payload,
    )
