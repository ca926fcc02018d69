"""A version held for a step, and the noes that every step knows."""

from __future__ import annotations

from typing import Any

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.disclosure.binding import print_out
from yikatong.disclosure.documents import ledger_from
from yikatong.disclosure.models import BudgetVersion
from yikatong.disclosure.rules import VERSION
from yikatong.office.act import Act

NOTE_LENGTH = 200


def hold_version(version_id: int, *states: State) -> BudgetVersion | Refused:
    """Lock a version that stands in one of these states. Refused: version.unknown, version.elsewhere."""
    rows = BudgetVersion.objects.select_for_update(no_key=True, of=("self",)).select_related("document")
    row = rows.filter(pk=version_id).first()
    if row is None:
        return Refused("version.unknown", "没有这一版公开文本。", "There is no such version.")
    if row.state not in {state.code for state in states}:
        stands = VERSION.state(row.state)
        return Refused(
            "version.elsewhere",
            f"这一版目前为“{stands.zh}”，不能这样办理，请刷新页面查看。",
            f"This version is {stands.en}; this cannot be done with it now. Read the page anew.",
        )
    return row


def same_as_seen(row: BudgetVersion, digest: str) -> Refused | None:
    """The no where what stands here, what was prepared and what the page showed (in hex) are not one and the same."""
    now = print_out(ledger_from(row), row.document.family).digest
    if now == digest == bytes(row.digest or b"").hex():
        return None
    return Refused(
        "version.changed",
        "内容与送审时不同（文本或模板已有变动），不能继续。请刷新页面；仍然如此的，请退回重新送审。",
        "This is not what was put up for review: its text or its template has changed. Read the page anew; if it stays so, "
        "send it back to be prepared again.",
    )


def note_problem(note: str, at: str) -> Refused | None:
    """The no to a step without its reason. Refused: note.missing."""
    if 0 < len(note.strip()) <= NOTE_LENGTH:
        return None
    return Refused(
        "note.missing",
        f"请写明原因（最多{NOTE_LENGTH}字）。",
        f"Say why (at most {NOTE_LENGTH} characters).",
        at=at,
    )


def write_down(act: Act, kind: Kind, row: BudgetVersion, **more: Any) -> None:
    """Record a fact about a version: whose, of which year, which one, and what more there is to say."""
    document = row.document
    act.record(
        kind,
        subject=f"version:{row.pk}",
        unit=document.unit_name,
        year=document.year,
        number=row.number,
        **more,
    )
