"""凭条: what a person takes home, as PDF by typst, and the list of its printed copies.

The page is A5, portrait: it prints on the counter's small printer and two-up on A4. It shows the number masked, as a
receipt may be lost. What it says was recorded by the act it is the paper of, whatever became of the matter since.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from uuid import UUID

import typst
from django.conf import settings
from django.utils import timezone

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.states import State
from yikatong.cards import facts
from yikatong.cards.copies import (
    APPLIED_BY_POST,
    ASKED,
    COPY,
    FREE,
    KINDS,
    LABELS,
    Receipt,
    receipt_of,
    sides_of,
)
from yikatong.cards.models import Card, ListHandOver, Order, ReceiptCopy
from yikatong.cards.rows import order_row
from yikatong.cards.standing import Receiver
from yikatong.office.prepared import Given, Prepared
from yikatong.office.queries import centre
from yikatong.office.readers import FactRow, look_up
from yikatong.office.scope import Scope
from yikatong.residents.queries import person

TEMPLATE = Path(__file__).with_name("receipt.typ")


SHEET = "sheet:"
"""Before the key of a hand-over sheet (交接单), as the subject of its copies."""


@dataclass(frozen=True)
class CopyRow:
    """One copy: which it is, why, and who asked, released and printed it (codes such as `staff:12`)."""

    id: int
    subject: str
    number: int
    state: State
    reason: str
    asked_by: str
    asked_at: datetime
    released_by: str
    released_at: datetime | None
    printed_by: str
    printed_at: datetime | None


@dataclass(frozen=True)
class Paper:
    """A receipt that can be printed: of which act (`matter`) about what, with the facts it takes its words from."""

    subject: str
    matter: UUID
    at: datetime
    receipt: Receipt
    told: tuple[FactRow, ...]
    copies: tuple[CopyRow, ...] = ()

    @property
    def again(self) -> bool:
        """Whether the next copy needs a reason: the original is out, and none stands released."""
        return bool(self.copies) and self.copies[-1].printed_at is not None

    @property
    def waits(self) -> bool:
        return bool(self.copies) and self.copies[-1].state is ASKED


def papers_of(*subjects: str) -> tuple[Paper, ...]:
    """Every receipt of these orders and cards (`order:7`, `card:5`) with its copies: each in turn, its newest act first."""
    copies = [((row.subject, row.matter), copy_row(row)) for row in _COPIES.all(subjects=list(subjects))]
    return tuple(
        Paper(
            each.subject,
            each.matter,
            each.at,
            each.receipt,
            each.told,
            tuple(copy for of, copy in copies if of == (each.subject, each.matter)),
        )
        for subject in subjects
        for each in _papers(look_up(subject=subject, kind=KINDS))
    )


_COPIES = Prepared(
    lambda: ReceiptCopy.objects.filter(subject=Given("subjects", among=True)).order_by("number")
)


def paper_of(subject: str, matter: UUID) -> Paper | None:
    """The receipt of one act about one subject, without its copies."""
    return next(iter(_papers(look_up(subject=subject, act=matter, kind=KINDS))), None)


def copies_waiting(scope: Scope | None = None) -> tuple[tuple[CopyRow, str], ...]:
    """Copies that wait for their release, the longest waiting first, each with the number of its order or card."""
    rows = ReceiptCopy.objects.filter(state=ASKED.code).order_by("asked_at")
    if scope is not None:
        rows = scope.narrow(rows)
    return tuple((copy_row(row), _number_of(row.subject)) for row in rows)


def sheet_released(hand_over_id: int) -> bool:
    """Whether a further copy of a hand-over sheet stands released, to be printed without another reason."""
    return ReceiptCopy.objects.filter(subject=f"{SHEET}{hand_over_id}", state=FREE.code).exists()


def copy_row(row: ReceiptCopy) -> CopyRow:
    return CopyRow(
        row.pk,
        row.subject,
        row.number,
        COPY.state(row.state),
        row.reason,
        row.asked_by,
        row.asked_at,
        row.released_by,
        row.released_at,
        row.printed_by,
        row.printed_at,
    )


def _number_of(subject: str) -> str:
    kind, _, key = subject.partition(":")
    if kind == "order":
        return Order.objects.filter(pk=key).values_list("number", flat=True).first() or ""
    if subject.startswith(SHEET):
        return ListHandOver.objects.filter(pk=key).values_list("number", flat=True).first() or ""
    return Card.objects.filter(pk=key).values_list("card_no", flat=True).first() or ""


def _papers(rows: Sequence[FactRow]) -> list[Paper]:
    """What an act of a person recorded about one subject is one paper; nobody takes home what a task did."""
    found = []
    ours = sorted((row for row in rows if not row.actor.startswith("system:")), key=lambda row: str(row.act))
    for matter, group in groupby(ours, key=lambda row: row.act):
        told = tuple(group)
        until = next((str(row.payload["until"]) for row in told if row.payload.get("until")), "")
        receipt = receipt_of({row.kind for row in told}, until=until)
        if receipt is not None:
            found.append(Paper(told[0].subject, matter, told[0].at, receipt, told))
    return sorted(found, key=lambda paper: paper.at, reverse=True)


# --- the page ---------------------------------------------------------------------------------------------------


@cache
def fonts() -> typst.Fonts:
    """The fonts of every page this room prints."""
    # Reading the font files takes most of the time of a page; a process does it once.
    return typst.Fonts(include_system_fonts=False, font_paths=[settings.FONTS_FOLDER])


def pdf_of(paper: Paper, *, number: int, reason: str, at: datetime) -> bytes:
    """One copy as PDF bytes: marked 补打 with its reason where it is not the first."""
    house = centre()
    if house is None:
        raise LookupError("no centre is open")
    values = _values(paper)
    contents = {
        "centre": house.name,
        "title": paper.receipt.title,
        "rows": [(LABELS[line], values[line]) for line in paper.receipt.lines if values.get(line)],
        "advice": paper.receipt.advice,
        "demo": house.demo,
        "copy": f"第 {number} 次打印",
        "again": f"补打：{reason}" if number > 1 else "",
        "printed": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
    }
    return typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"receipt": json.dumps(contents)}, font_paths=fonts()
    )


def _values(paper: Paper) -> dict[str, str]:
    payload = {key: str(value) for row in reversed(paper.told) for key, value in row.payload.items() if value}
    holder = person(next(row.person for row in paper.told if row.person is not None))
    if holder is None:
        raise LookupError(f"{paper.subject} has no resident")
    kinds = {row.kind for row in paper.told}
    return {
        "applicant": mask(Sensitive.NAME, holder.name),
        "holder": mask(Sensitive.NAME, holder.name),
        "identity": mask(Sensitive.IDENTITY_NUMBER, holder.number),
        "at": f"{timezone.localtime(paper.at):%Y-%m-%d %H:%M}",
        "sides": sides_of(kinds),
        "until": payload.get("until", ""),
        "how": payload.get("how", ""),
        "reason": payload.get("reason", ""),
        "gateway": payload.get("receipt", ""),
        "postage": _postage(paper),
        "voucher": payload.get("receipt", ""),
        "receiver": _receiver(payload),
        "agent": _agent(paper),
        **_of_order(paper, payload),
    }


def _postage(paper: Paper) -> str:
    wished = next((row for row in paper.told if row.kind == facts.POST_WISHED.code), None)
    if wished is None:
        return ""
    fen = int(str(wished.payload["fee_fen"]))
    return f"{print_yuan(fen)} 元" if fen else "免邮费"


def _receiver(payload: dict[str, str]) -> str:
    if "receiver" not in payload:
        return ""
    return f"{payload['receiver']}（{Receiver(payload['receiver_role']).zh}）"


def _agent(paper: Paper) -> str:
    """Who came instead of the holder; the same act may have noted it with the card or with the order."""
    by = next(iter(look_up(act=paper.matter, kind=facts.BY_AGENT.code)), None)
    if by is None:
        return ""
    # Whoever came before the kind of proof was asked for has none on record.
    said = [by.payload["role"], *filter(None, (by.payload.get("document"), by.payload.get("proof")))]
    return f"{by.payload['agent']}（{'，'.join(map(str, said))}）"


def _of_order(paper: Paper, payload: dict[str, str]) -> dict[str, str]:
    """What is said of the order itself, or of the card and of the order it came from."""
    kind, _, key = paper.subject.partition(":")
    card = Card.objects.filter(pk=key).first() if kind == "card" else None
    said = {"card_no": card.card_no} if card else {}
    wanted = card.order_id if card else int(key)
    order = Order.objects.select_related("outlet", "batch").filter(pk=wanted or 0).first()
    if order is None:
        return said
    row, by_post = order_row(order), paper.receipt is APPLIED_BY_POST
    return said | {
        "number": row.number,
        "business": f"{row.kind.zh}（{row.mode.zh}）",
        "promised": f"{row.promised_on:%Y-%m-%d} {'前制成' if by_post else '前可领卡'}",
        "outlet": row.outlet_name,
        "fee": f"{print_yuan(row.fee_fen)} 元" if row.fee_fen else "",
    }
