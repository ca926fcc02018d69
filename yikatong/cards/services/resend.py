"""重发: a file that was never answered goes out once more, as it was."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards import filedesk
from yikatong.cards.filedesk import DeskFile
from yikatong.office import post
from yikatong.office.act import Act


def resend_file(act: Act, *, file_id: int, counterparts: tuple[str, ...]) -> DeskFile | Refused:
    """Queue a file to one of these counterparts again: the same bytes under the same name.

    Only while some of its orders are unanswered: what was answered is settled, and a second file would be worked on
    twice. Refused: file.unknown, file.answered, file.not_sent.
    """
    found = filedesk.file(file_id, *counterparts)
    if found is None or not found.outgoing:
        return Refused("file.unknown", "没有这份发出的文件。", "There is no such outgoing file.")
    if found.unanswered == 0:
        return Refused(
            "file.answered",
            f"文件 {found.name} 已全部答复，不能重发。",
            f"Every row of {found.name} has been answered; it is not sent again.",
        )
    refused = post.resend(act, file_id=file_id)
    return found if refused is None else refused
