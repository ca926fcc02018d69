"""What can be exported: each source reads its own question, today for whoever exports and later for what was approved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yikatong.basics.refused import Refused
from yikatong.office import clock, exports
from yikatong.office.act import Door, open_act
from yikatong.office.duties import Duty
from yikatong.office.exports.approvals import Question
from yikatong.office.rulebook import whole
from yikatong.web.console.doors import actor_of
from yikatong.web.console.task_page import Answer

ABOVE_LIMIT = "export.too_many"
SALT = "yikatong.export"


@dataclass(frozen=True)
class Source:
    """A list that can be taken away by whoever has the duty `may`, as far as the reader's scope goes.

    `read` answers a question with so many rows at most; `said` is the question in words, for whoever approves it;
    `about` is the journal's subject and person.
    """

    code: str
    may: Duty
    count: Callable[[HttpRequest, Question], int]
    read: Callable[[HttpRequest, Question, int], exports.Table | Refused]
    said: Callable[[Question], tuple[Answer, ...]]
    about: Callable[[Question], tuple[str, int | None]]
    title: Callable[[Question], str]


def export(
    request: HttpRequest, source: Source, question: Question, *, form: str, purpose: str
) -> exports.Exported | Refused:
    """Everything that was asked for, as far as one person may take it out alone."""
    table = source.read(request, question, whole("export.most_rows", clock.today()) + 1)
    if isinstance(table, Refused):
        return table
    subject, person = source.about(question)
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=purpose) as act:
        return exports.export(act, table, form=form, subject=subject, person=person)


def asking(source: Source, question: Question, form: str, purpose: str) -> str:
    """The address of the page on which this export is asked for; signed, so that it is one of our questions."""
    wanted = signing.dumps([source.code, question, form, purpose], salt=SALT, compress=True)
    return f"{reverse('console:ask_export')}?{urlencode({'wanted': wanted})}"


def asked(request: HttpRequest) -> tuple[str, Question, str, str] | None:
    """Source, question, form and purpose from such an address; None where it is none of ours."""
    try:
        code, question, form, purpose = signing.loads(request.GET.get("wanted", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return code, question, form, purpose


def attachment(made: exports.Exported) -> HttpResponse:
    """An export, as the browser saves it."""
    return HttpResponse(
        made.content,
        content_type=made.content_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
