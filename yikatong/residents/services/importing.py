"""Lists of people, as people deal with them: uploaded by one, approved by another, turned down or withdrawn."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.office import rulebook
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope
from yikatong.residents.facts import (
    LIST_APPROVED,
    LIST_CLEARED,
    LIST_REFUSED,
    LIST_UPLOADED,
    LIST_WITHDRAWN,
)
from yikatong.residents.lists import ListRow, limits_on, list_row
from yikatong.residents.models import ImportList, ImportRow
from yikatong.residents.rules import (
    APPLIED,
    APPROVED,
    IMPORT_LIST,
    JUDGED,
    JUDGING,
    LIVE_LISTS,
    TURNED_DOWN,
    UPLOADED,
    Trust,
    source_problem,
)
from yikatong.residents.sheets import first_look

REASON_LENGTH = 100


def upload_list(
    act: Act, *, name: str, content: bytes, source: str, trust: Trust, only_good: bool, scope: Scope
) -> ListRow | Refused:
    """Take a file in, sealed, to be judged soon. All of it will be taken in or nothing, unless `only_good`.

    Refused: source.*, file.empty, file.too_big, file.unreadable, file.unpacks_too_far, import.known (the same file is
    there already, with the day it came).
    """
    if (refused := source_problem(source)) is not None:
        return refused
    refused = first_look(content, limits_on(act.today))
    if refused is not None:
        return refused
    digest = sm3(content)
    if (refused := _known(digest)) is not None:
        return refused
    try:
        with transaction.atomic():
            row = ImportList.objects.create(
                file_name=name.strip()[-80:],
                digest=digest,
                size=len(content),
                content=content,
                source=source.strip(),
                trust=trust.value,
                only_good=only_good,
                region=scope.region,
                outlet=scope.outlet,
                state_since=act.at,
                uploaded_by=act.actor.code,
                uploaded_by_name=act.actor.name,
                uploaded_at=act.at,
            )
    except IntegrityError:
        # Somebody sent the same file between our look and our write.
        refused = _known(digest)
        if refused is None:
            raise
        return refused
    act.record(
        LIST_UPLOADED,
        subject=_subject(row),
        file=row.file_name,
        source=row.source,
        trust=trust.value,
        digest=digest.hex(),
    )
    return list_row(row)


def approve_list(act: Act, list_id: int, *, judgement: str, scope: Scope) -> ListRow | Refused:
    """Approve what the approver saw (`judgement`, in hex); it is taken in soon after.

    Refused: list.unknown, list.not_waiting, list.own (uploaded by the same person), list.blocked (refused rows keep a
    list that is taken in as a whole out), list.changed (judged anew since the page was read).
    """
    row = _locked(list_id, scope, JUDGED)
    if isinstance(row, Refused):
        return row
    if row.uploaded_by == act.actor.code:
        return Refused(
            "list.own",
            "自己上传的名单须由另一人审批。",
            "A list is approved by somebody else than who uploaded it.",
        )
    if bytes(row.judgement or b"").hex() != judgement:
        return Refused(
            "list.changed",
            "打开页面之后名单已重新核验，请重新查看核验结果再审批。",
            "The list was judged anew since this page was opened; look at it again before approving.",
        )
    if list_row(row).blocked:
        return Refused(
            "list.blocked",
            "名单按“全部正确才导入”上传，其中有问题的行，不能批准。请退回，由上传人改好后重新上传。",
            "This list is taken in as a whole or not at all, and has refused rows. Turn it down, to be corrected and "
            "uploaded again.",
        )
    advance(
        row,
        IMPORT_LIST,
        "approve",
        state_since=act.at,
        approved_by=act.actor.code,
        approved_by_name=act.actor.name,
        approved_at=act.at,
    )
    act.record(LIST_APPROVED, subject=_subject(row), file=row.file_name, judgement=judgement)
    return list_row(row)


def refuse_list(act: Act, list_id: int, *, reason: str, scope: Scope) -> ListRow | Refused:
    """Turn a list down; nothing of it is taken in. Refused: list.unknown, list.not_waiting, reason.missing."""
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        return Refused(
            "reason.missing",
            f"请写明不予导入的原因（最多{REASON_LENGTH}字），上传人会看到。",
            f"Say why (at most {REASON_LENGTH} characters); who uploaded it will read it.",
            at="reason",
        )
    row = _locked(list_id, scope, JUDGED)
    if isinstance(row, Refused):
        return row
    advance(row, IMPORT_LIST, "refuse", state_since=act.at, refused_zh=reason, refused_en=reason)
    act.record(LIST_REFUSED, subject=_subject(row), file=row.file_name, reason=reason)
    return list_row(row)


def withdraw_list(act: Act, list_id: int, *, scope: Scope) -> ListRow | Refused:
    """Take a list back before it is taken in; its rows and its file are removed. Refused: list.unknown, list.not_waiting."""
    row = _locked(list_id, scope, UPLOADED, JUDGING, JUDGED, APPROVED)
    if isinstance(row, Refused):
        return row
    advance(row, IMPORT_LIST, "withdraw", state_since=act.at)
    _clear(act, row)
    act.record(LIST_WITHDRAWN, subject=_subject(row), file=row.file_name)
    return list_row(row)


def clear_lists(act: Act) -> int:
    """Remove what was kept longer than rule `import.kept_days`; returns how many lists that were.

    A list that nobody decided on in that time is withdrawn. The list itself stays, without its file and rows.
    """
    before = act.at - timedelta(days=rulebook.whole("import.kept_days", act.today))
    rows = ImportList.objects.select_for_update(no_key=True).filter(
        state_since__lt=before, cleared_at__isnull=True
    )
    kept = rows.filter(state__in=[state.code for state in (UPLOADED, JUDGING, JUDGED, APPLIED, TURNED_DOWN)])
    count = 0
    for row in kept.order_by("id"):
        if IMPORT_LIST.target("withdraw", row.state) is not None:
            advance(row, IMPORT_LIST, "withdraw", state_since=act.at)
        _clear(act, row)
        act.record(LIST_CLEARED, subject=_subject(row), file=row.file_name)
        count += 1
    return count


def _clear(act: Act, row: ImportList) -> None:
    ImportRow.objects.filter(import_list=row).delete()
    row.content, row.cleared_at = b"", act.at
    row.save(update_fields=["content", "cleared_at"])


def _locked(list_id: int, scope: Scope, *states: State) -> ImportList | Refused:
    row = ImportList.objects.select_for_update(no_key=True).filter(pk=list_id).first()
    if row is None or not scope.covers(row.region, row.outlet):
        return unknown_list()
    if row.state not in {state.code for state in states}:
        stands = IMPORT_LIST.state(row.state)
        return Refused(
            "list.not_waiting",
            f"名单目前为“{stands.zh}”，不能这样办理，请刷新页面查看。",
            f"The list is {stands.en}; this cannot be done with it now. Read the page anew.",
        )
    return row


def unknown_list() -> Refused:
    """The answer where there is no such list, or it is not for this reader."""
    return Refused("list.unknown", "没有这份名单。", "There is no such list.")


def _known(digest: bytes) -> Refused | None:
    states = [state.code for state in LIVE_LISTS]
    first = ImportList.objects.filter(digest=digest, state__in=states).order_by("id").first()
    if first is None:
        return None
    day = f"{timezone.localtime(first.uploaded_at):%Y-%m-%d %H:%M}"
    stands = IMPORT_LIST.state(first.state)
    return Refused(
        "import.known",
        f"同一文件已于 {day} 由{first.uploaded_by_name}上传（名单 {first.pk},{stands.zh}），不再重复导入。",
        f"The same file was uploaded on {day} by {first.uploaded_by_name} (list {first.pk}, {stands.en}); it is not "
        "taken again.",
        at="file",
    )


def _subject(row: ImportList) -> str:
    return f"list:{row.pk}"
