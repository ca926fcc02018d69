"""What became of a file, row by row, kept beside it: the desk reads it again whenever the counterpart calls."""

from __future__ import annotations

from django.db import connection

from yikatong.cards.models import FileResult
from yikatong.cards.rows import FileReport
from yikatong.office.act import Act
from yikatong.office.post import ReceivedFile

_KEEP = """
INSERT INTO cards_fileproblem (file_id, line, named, order_id, refusal, stage, reason)
SELECT %(file)s, j.line, CASE WHEN length(j.named) > 12 THEN left(j.named, 4) || '…' ELSE j.named END,
       j.order_id, j.refusal, CASE WHEN j.refusal = '' THEN {stage} ELSE '' END,
       CASE WHEN j.refusal = '' THEN {reason} ELSE '' END
  FROM {verdict} j WHERE j.refusal <> '' OR NOT j.good
"""


def keep_problems(act: Act, file: ReceivedFile, verdict: str, *, stage: str, reason: str) -> None:
    """Keep the rows of a judged table that were not good; `stage` and `reason` are SQL over its row `j`."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.format(verdict=verdict, stage=stage, reason=reason), {"file": file.id})


def keep_result(act: Act, file: ReceivedFile, report: FileReport, *, answers: str) -> FileReport:
    """Keep the file's figures, and give its report on."""
    FileResult.objects.create(
        file_id=file.id,
        answers=answers[:12],
        rows=report.rows,
        taken=report.taken,
        failed=report.failed,
        strangers=len(report.strangers),
        unfinished=report.unfinished,
    )
    return report
