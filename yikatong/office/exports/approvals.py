"""超限导出: more rows than one person takes out alone leave when another person has approved just that.

What is asked is a question (a filter, as its source understands it), the form, the purpose and the number of rows it gave.
None of it can be changed afterwards. The asker takes it within its days; the rows are read anew by the approved question,
and where they have become more than were approved, it is asked for again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from yikatong.basics.crypto import same, sm3
from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.office.act import Act
from yikatong.office.exports import Exported, Table, hand_out, unfit
from yikatong.office.facts import EXPORT_APPROVED, EXPORT_ASKED, EXPORT_SENT_BACK, EXPORT_WITHDRAWN
from yikatong.office.lifecycle import advance
from yikatong.office.models import ExportRequest
from yikatong.office.numbering import next_number
from yikatong.office.rulebook import whole
from yikatong.office.rules import APPROVED, ASKED, EXPORT_REQUEST
from yikatong.office.scope import Scope, outside

Question = dict[str, Any]
"""A filter: JSON, and never a whole number or phone."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for, and what for. `source` names who understands the `question`; `subject` and `person` go into the journal."""

    source: str
    question: Question
    title: str
    form: str
    purpose: str
    rows: int
    subject: str
    person: int | None = None


@dataclass(frozen=True)
class RequestRow:
    """One request. `valid_until` is the last day on which an approved one may be taken; `taken` is how often it was."""

    number: str
    wanted: Wanted
    digest: str
    asked_by: str
    asked_name: str
    asked_at: datetime
    state: State
    decided_name: str
    decided_at: datetime | None
    note: str
    valid_until: date | None
    taken: int


def ask_export(act: Act, wanted: Wanted) -> RequestRow | Refused:
    """Ask for an export above the limit.

    Refused: export.form, export.purpose, export.empty, export.small (needs no approval), export.far_too_many (above what
    anybody approves).
    """
    refused = unfit(form=wanted.form, purpose=wanted.purpose, rows=wanted.rows)
    if refused is not None:
        return refused
    if wanted.rows <= whole("export.most_rows", act.today):
        return Refused(
            "export.small",
            f"只有 {wanted.rows} 行，不需要审批，请直接导出。",
            f"These are only {wanted.rows} rows; export them without asking.",
        )
    most = whole("export.most_rows_approved", act.today)
    if wanted.rows > most:
        return Refused(
            "export.far_too_many",
            f"本次有 {wanted.rows} 行，经审批一次也最多导出 {most} 行；请缩小时间或对象范围。",
            f"These are {wanted.rows} rows; even with approval at most {most} leave at once. Narrow days or subjects.",
        )
    row = ExportRequest.objects.create(
        number=next_number("E"),
        source=wanted.source,
        question=wanted.question,
        title=wanted.title,
        subject=wanted.subject,
        person=wanted.person,
        form=wanted.form,
        purpose=wanted.purpose,
        rows=wanted.rows,
        digest=asked_digest(wanted, act.actor.code),
        asked_by=act.actor.code,
        asked_name=act.actor.name,
        asked_at=act.at,
        region=act.actor.region,
        outlet=act.actor.outlet,
    )
    _record(
        act,
        EXPORT_ASKED,
        row,
        rows=row.rows,
        source=row.source,
        form=row.form,
        digest=bytes(row.digest).hex(),
    )
    return _row(row)


def approve_export(act: Act, number: str, *, scope: Scope) -> RequestRow | Refused:
    """Approve another person's request; it may be taken until its days are over.

    Refused: export.unknown, scope.outside, export.state, export.same_person.
    """
    row = _to_decide(act, number, "approve", scope)
    if isinstance(row, Refused):
        return row
    until = act.today + timedelta(days=whole("export.approved_days", act.today))
    advance(row, EXPORT_REQUEST, "approve", valid_until=until, **_decided(act))
    _record(
        act,
        EXPORT_APPROVED,
        row,
        rows=row.rows,
        digest=bytes(row.digest).hex(),
        until=until.isoformat(),
    )
    return _row(row)


def send_export_back(act: Act, number: str, *, note: str, scope: Scope) -> RequestRow | Refused:
    """Send another person's request back, saying why. Refused as `approve_export`, and export.note."""
    row = _to_decide(act, number, "send_back", scope)
    if isinstance(row, Refused):
        return row
    if not note.strip():
        return Refused("export.note", "请填写退回原因。", "Say why it is sent back.", at="note")
    advance(row, EXPORT_REQUEST, "send_back", note=note.strip()[:120], **_decided(act))
    _record(act, EXPORT_SENT_BACK, row, note=row.note)
    return _row(row)


def withdraw_export(act: Act, number: str) -> RequestRow | Refused:
    """Withdraw one's own request. Refused: export.unknown, export.not_yours, export.state."""
    row = _own(act, number, "withdraw")
    if isinstance(row, Refused):
        return row
    advance(row, EXPORT_REQUEST, "withdraw")
    _record(act, EXPORT_WITHDRAWN, row)
    return _row(row)


def take_export(
    act: Act, number: str, *, read: Callable[[RequestRow, int], Table | Refused]
) -> Exported | Refused:
    """What was approved, marked and recorded as every export; `read` answers the approved question, so many rows at most.

    It may be taken again until its days are over: each copy has a number of its own. The act's purpose is to be the
    approved one. Refused: export.unknown, export.not_yours, export.state, export.over, export.purpose, export.changed
    (the row is not what was approved), export.moved (more rows than were approved), export.empty, what `read` refuses.
    """
    row = _own(act, number)
    if isinstance(row, Refused):
        return row
    found = _row(row)
    refused = _not_now(act, row, found)
    if refused is not None:
        return refused
    table = read(found, row.rows + 1)
    if isinstance(table, Refused):
        return table
    if len(table.rows) > row.rows:
        return Refused(
            "export.moved",
            f"批准的是 {row.rows} 行，现在按同样条件已有更多；请重新申请。",
            f"{row.rows} rows were approved; by now the same question gives more. Ask again.",
        )
    refused = unfit(form=row.form, purpose=act.purpose, rows=len(table.rows))
    if refused is not None:
        return refused
    ExportRequest.objects.filter(pk=row.pk).update(taken=F("taken") + 1)
    return hand_out(act, table, form=row.form, subject=row.subject, person=row.person, request=row.number)


def export_requests(
    *, mine: str, waiting: Scope | None, limit: int, start: int = 0
) -> tuple[RequestRow, ...]:
    """`mine` (an actor's code), and those that wait in the scope of whoever decides; the newest first."""
    rows = _seen_by(mine, waiting).order_by("-id")
    return tuple(map(_row, rows[start : start + limit]))


def exports_asked(scope: Scope, *, but: str) -> int:
    """How many requests wait in this scope for somebody else than this actor."""
    rows = ExportRequest.objects.filter(state=ASKED.code).exclude(asked_by=but)
    return scope.narrow(rows, outlet="outlet").count()


def export_request(number: str, *, mine: str, waiting: Scope | None) -> RequestRow | Refused:
    """One of these. Refused: export.unknown."""
    row = _seen_by(mine, waiting).filter(number=number).first()
    return _row(row) if row is not None else _UNKNOWN


def _seen_by(mine: str, waiting: Scope | None) -> QuerySet[ExportRequest]:
    own = Q(asked_by=mine)
    if waiting is None:
        return ExportRequest.objects.filter(own)
    inside = waiting.narrow(ExportRequest.objects.filter(state=ASKED.code), outlet="outlet")
    return ExportRequest.objects.filter(own | Q(pk__in=inside.values("pk")))


def asked_digest(wanted: Wanted, asked_by: str) -> bytes:
    """SM3 of what is asked and by whom, in one writing."""
    said = [*astuple(wanted), asked_by]
    return sm3(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


_UNKNOWN = Refused("export.unknown", "没有这份导出申请。", "There is no such request.")


def _locked(number: str, event: str) -> ExportRequest | Refused:
    row = ExportRequest.objects.select_for_update(no_key=True).filter(number=number).first()
    if row is None:
        return _UNKNOWN
    if event and EXPORT_REQUEST.target(event, row.state) is None:
        return _state(row)
    return row


def _to_decide(act: Act, number: str, event: str, scope: Scope) -> ExportRequest | Refused:
    row = _locked(number, event)
    if isinstance(row, Refused):
        return row
    if not scope.covers(row.region, row.outlet):
        return outside(row.region)
    if row.asked_by == act.actor.code:
        return Refused(
            "export.same_person",
            "申请人不能审批自己的导出申请，请由另一人审批。",
            "Who asked for an export may not decide about it; somebody else must.",
        )
    return row


def _own(act: Act, number: str, event: str = "") -> ExportRequest | Refused:
    row = _locked(number, event)
    if isinstance(row, ExportRequest) and row.asked_by != act.actor.code:
        return Refused(
            "export.not_yours",
            "只有申请人本人可以领取或撤回这份导出。",
            "Only who asked for this export takes or withdraws it.",
        )
    return row


def _not_now(act: Act, row: ExportRequest, found: RequestRow) -> Refused | None:
    if row.state != APPROVED.code or row.valid_until is None:
        return _state(row)
    if act.today > row.valid_until:
        return Refused(
            "export.over",
            f"批准已于 {row.valid_until} 到期，请重新申请。",
            f"The approval ended on {row.valid_until}; ask again.",
        )
    if not same(bytes(row.digest), asked_digest(found.wanted, row.asked_by)):
        return Refused(
            "export.changed",
            "申请内容与批准时不一致，不能导出；请报告审计员并重新申请。",
            "The request is not what was approved; tell the auditor and ask again.",
        )
    if act.purpose.strip() != row.purpose:
        return Refused(
            "export.purpose",
            f"批准的用途是“{row.purpose}”，不能用于其他用途。",
            f"It was approved for “{row.purpose}” and nothing else.",
            at="purpose",
        )
    return None


def _state(row: ExportRequest) -> Refused:
    state = EXPORT_REQUEST.state(row.state)
    return Refused(
        "export.state",
        f"这份导出申请目前为“{state.zh}”，不能这样办理。",
        f"This request is {state.en}.",
    )


def _decided(act: Act) -> dict[str, Any]:
    return {"decided_by": act.actor.code, "decided_name": act.actor.name, "decided_at": act.at}


def _record(act: Act, kind: Kind, row: ExportRequest, **payload: str | int) -> None:
    act.record(
        kind,
        subject=row.subject,
        person=row.person,
        region=row.region,
        outlet=row.outlet,
        request=row.number,
        what=row.title,
        **payload,
    )


def _row(row: ExportRequest) -> RequestRow:
    question: Mapping[str, Any] = row.question
    wanted = Wanted(
        row.source,
        dict(question),
        row.title,
        row.form,
        row.purpose,
        row.rows,
        row.subject,
        row.person,
    )
    return RequestRow(
        row.number,
        wanted,
        bytes(row.digest).hex(),
        row.asked_by,
        row.asked_name,
        row.asked_at,
        EXPORT_REQUEST.state(row.state),
        row.decided_name,
        row.decided_at,
        row.note,
        row.valid_until,
        row.taken,
    )
