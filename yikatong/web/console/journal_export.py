"""The journal's extract: what was asked as a question that can be kept, and its answer as a table."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

from yikatong.office import clock, exports
from yikatong.office.act import Door
from yikatong.office.duties import Duty
from yikatong.office.exports.approvals import Question
from yikatong.office.kinds import all_kinds
from yikatong.office.readers import MOST_ROWS, FactRow, how_many, look_up
from yikatong.web.console.doors import scope_of
from yikatong.web.console.exporting import Source
from yikatong.web.console.people import beyond
from yikatong.web.console.task_page import Answer
from yikatong.web.templatetags.house import english, moment

SUBJECT = "journal"
DOORS = {
    Door.CONSOLE.value: _("工作台"),
    Door.PORTAL.value: _("居民窗口"),
    Door.API.value: _("合作单位接口"),
    Door.PUBLIC.value: _("公开网站"),
    Door.HOTLINE.value: _("12333 电话"),
    Door.TASK.value: _("系统定时任务"),
}


_GAP = re.compile(r"\{.*?\}")


def kind_name(code: str) -> str:
    """A kind of fact in words: its sentence with the particulars left out, and its code to tell the likes apart."""
    kind = all_kinds()[code]
    return f"{_GAP.sub('…', kind.en if english() else kind.zh)}（{code}）"


def question_of(asked: dict[str, Any], person: int | None) -> Question:
    """What the auditor filled in, `until` exclusive; the person by their record, never by a number."""
    return {
        "person": person,
        "subject": asked["subject"],
        "kind": asked["kind"],
        "actor": asked["actor"],
        "door": asked["door"],
        "since": _midnight(asked["since"]) if asked["since"] else "",
        "until": _midnight(asked["until"] + timedelta(days=1)) if asked["until"] else "",
    }


def up_to_now(question: Question) -> Question:
    """The same question, ending now at the latest: what is recorded later is not asked for."""
    until = question["until"]
    now = clock.now()
    return {**question, "until": until if until and datetime.fromisoformat(until) <= now else now.isoformat()}


def find(request: HttpRequest, question: Question, limit: int, start: int = 0) -> tuple[FactRow, ...]:
    """The facts asked for, newest first, within the reader's scope."""
    return look_up(limit=limit, offset=start, **_conditions(request, question))


def _conditions(request: HttpRequest, question: Question) -> dict[str, Any]:
    return {
        "person": question["person"],
        "subject": question["subject"] or None,
        "kind": question["kind"] or None,
        "actor": question["actor"],
        "door": question["door"],
        "since": _moment(question["since"]),
        "until": _moment(question["until"]),
        "scope": scope_of(request) if beyond(request) is not None else None,
    }


def _read(request: HttpRequest, question: Question, most: int) -> exports.Table:
    found = list[FactRow]()
    while len(found) < most and (
        rows := find(request, question, min(MOST_ROWS, most - len(found)), len(found))
    ):
        found += rows
    return exports.Table(
        "日志摘录",
        ("日志号", "时间", "内容", "对象", "入口", "用途", "网点或地区"),
        [
            (
                f"{row.entry}-{row.row}" if row.row else str(row.entry),
                f"{localtime(row.at):%Y-%m-%d %H:%M:%S}",
                row.zh,
                row.subject,
                str(DOORS.get(row.door, row.door)),
                row.purpose,
                row.outlet or row.region,
            )
            for row in found
        ],
    )


def _said(question: Question) -> tuple[Answer, ...]:
    said: tuple[Answer, ...] = (
        (_("人员"), f"resident:{question['person']}" if question["person"] else ""),
        (_("对象"), question["subject"]),
        (_("事项"), kind_name(question["kind"]) if question["kind"] else ""),
        (_("经办人"), question["actor"]),
        (_("入口"), DOORS.get(question["door"], question["door"])),
        (_("从"), moment(_moment(question["since"]))),
        (_("到"), moment(_moment(question["until"]))),
    )
    return tuple((label, words) for label, words in said if words)


JOURNAL = Source(
    "journal",
    Duty.JOURNAL_LOOK,
    count=lambda request, question: how_many(**_conditions(request, question)),
    read=_read,
    said=_said,
    about=lambda question: (SUBJECT, question["person"]),
    title=lambda question: "日志摘录",
)
"""Facts of the journal."""


def _midnight(day: date) -> str:
    return make_aware(datetime.combine(day, time())).isoformat()


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
