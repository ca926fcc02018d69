"""A new version after one was published or withdrawn; what was published stays where it is."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.disclosure import facts
from yikatong.disclosure.documents import VersionRow, version_row
from yikatong.disclosure.models import BudgetDocument, BudgetLine, BudgetVersion
from yikatong.disclosure.rules import PUBLISHED, WITHDRAWN
from yikatong.disclosure.services.locked import hold_version, note_problem, write_down
from yikatong.office.act import Act


def open_correction(act: Act, version_id: int, *, reason: str) -> VersionRow | Refused:
    """A new version with the lines and words of this one, and the reason that everyone will read beside it.

    Refused: note.missing, version.unknown, version.elsewhere (neither published nor withdrawn), version.not_newest.
    """
    reason = reason.strip()
    if (refused := note_problem(reason, "reason")) is not None:
        return refused
    old = hold_version(version_id, PUBLISHED, WITHDRAWN)
    if isinstance(old, Refused):
        return old
    # Two corrections at once would both be the next number.
    BudgetDocument.objects.select_for_update(no_key=True).get(pk=old.document_id)
    newest = (
        BudgetVersion.objects.filter(document=old.document).order_by("-number").values_list("number").first()
    )
    if newest is not None and newest[0] != old.number:
        return Refused(
            "version.not_newest",
            f"这份文本已有第 {newest[0]} 版，请从最新的一版更正。",
            f"There is a version {newest[0]} of this document; correct the newest.",
        )
    new = BudgetVersion.objects.create(
        document=old.document, number=old.number + 1, reason=reason, state_since=act.at, made_by=act.actor.code,
        made_name=act.actor.name, file_name=old.file_name, reasons=old.reasons, facts=old.facts, remarks=old.remarks,
        administrative=old.administrative,
    )  # fmt: skip
    lines = BudgetLine.objects.filter(version=old).order_by("place")
    BudgetLine.objects.bulk_create(_copied(new, line) for line in lines)
    write_down(act, facts.CORRECTION_OPENED, new, reason=reason)
    return version_row(new, act.today)


def _copied(new: BudgetVersion, line: BudgetLine) -> BudgetLine:
    line.version_id = new.pk
    return line
