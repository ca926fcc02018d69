"""凭条: what was done, to be read out and printed; every copy on the list; one too many released by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import album, facts, queries, shelf
from yikatong.cards.receipts import CopyRow, Paper, copies_waiting, papers_of
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.cards.rules import SUBMITTED
from yikatong.cards.services.copies import Copy, print_receipt, release_copy
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.queries import staff_names
from yikatong.residents.queries import Person, person
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.shown import card_for, order_for
from yikatong.web.console.task_page import NoQuestions, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions

PURPOSE = "打印凭条"


class Printable(NamedTuple):
    """A receipt on a page: where it is printed, and its copies with the names of who had to do with them."""

    paper: Paper
    url: str
    copies: list[tuple[CopyRow, str, str]]


def printable_of_order(order: OrderRow, held: Iterable[CardRow]) -> list[Printable]:
    """What there is to take home of an order, among the cards `held` by its applicant: application or withdrawal, the loss reported with it, the hand-over."""
    cards = {card.id: card for card in held}
    made = next((card for card in cards.values() if card.order_id == order.id), None)
    old = cards.get(order.replaces_id) if order.replaces_id else None
    papers = papers_of(f"order:{order.id}", *(f"card:{card.id}" for card in (made, old) if card))
    own = [each for each in papers if each.subject == f"order:{order.id}"]
    found = _printable(own, "order", order.number)
    if made is not None:
        handed = [
            each for each in papers if each.subject == f"card:{made.id}" and _is(each, facts.COLLECTED.code)
        ]
        found = _printable(handed, "card", made.card_no) + found
    if old is not None:
        at_once = {each.matter for each in own}
        lost = [each for each in papers if each.subject == f"card:{old.id}" and each.matter in at_once]
        found += _printable(lost, "card", old.card_no)
    return found


def printable_of_card(card_id: int, card_no: str) -> list[Printable]:
    """What there is to take home of a card: its hand-over, losses, releases, its end."""
    return _printable(papers_of(f"card:{card_id}"), "card", card_no)


def _is(paper: Paper, kind: str) -> bool:
    return any(row.kind == kind for row in paper.told)


def _printable(papers: Iterable[Paper], what: str, number: str) -> list[Printable]:
    rows = list(papers)
    codes = {code for row in rows for copy in row.copies for code in (copy.printed_by, copy.released_by)}
    names = staff_names(codes)
    return [
        Printable(
            row,
            reverse(f"console:print_{what}", args=[number, row.matter]),
            [(copy, names.get(copy.printed_by, ""), names.get(copy.released_by, "")) for copy in row.copies],
        )
        for row in rows
    ]


@duty(Duty.CARD_LOOK)
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What was done, to be read out and printed."""
    order = order_for(request, number, Duty.CARD_LOOK)
    if isinstance(order, Refused):
        return refusal(request, order)
    held = queries.cards_of(order.resident_id)
    made = next((each for each in held if each.order_id == order.id), None)
    applicant = person(order.resident_id)
    context = {
        "order": order,
        "person": applicant,
        "card": made,
        "may": queries.meaning_of(made).may if made else frozenset(),
        "printable": printable_of_order(order, held),
        "blank_owed": shelf.blank_owed(order.mode, order.state) and not shelf.blank_of(order.id),
        "lacks_photo": applicant is not None and order.state is SUBMITTED and _lacks_photo(applicant),
    }
    return page(request, "receipt", context)


def _lacks_photo(applicant: Person) -> bool:
    needed = album.needs_photo(applicant.birth_on, clock.today())
    return needed and album.photo_of(applicant.id) is None


class Again(Questions):
    """Why it is printed again."""

    reason = forms.CharField(label=_("补打原因"), max_length=60, help_text=_("例如：打印机卡纸、申请人遗失"))


@duty(Duty.RECEIPT_PRINT)
def print_order(request: HttpRequest, number: str, matter: UUID) -> HttpResponse:
    """Print the receipt of something done with an order."""
    order = order_for(request, number, Duty.RECEIPT_PRINT)
    if isinstance(order, Refused):
        return refusal(request, order)
    return _print(request, f"order:{order.id}", matter, number, reverse("console:order", args=[number]))


@duty(Duty.RECEIPT_PRINT)
def print_card(request: HttpRequest, card_no: str, matter: UUID) -> HttpResponse:
    """Print the receipt of something done with a card."""
    card = card_for(request, card_no, Duty.RECEIPT_PRINT)
    if isinstance(card, Refused):
        return refusal(request, card)
    return _print(request, f"card:{card.id}", matter, card_no, reverse("console:card", args=[card_no]))


def _print(request: HttpRequest, subject: str, matter: UUID, number: str, back: str) -> HttpResponse:
    paper = next((each for each in papers_of(subject) if each.matter == matter), None)

    def work(act: Act, given: dict[str, str]) -> Copy | Refused:
        return print_receipt(
            act, subject=subject, matter=matter, reason=given.get("reason", ""), scope=scope_of(request)
        )

    def done(copy: Copy) -> HttpResponse:
        if not copy.pdf:
            tell(request, gettext("第 %(number)d 次打印须由负责人放行，已提交。") % {"number": copy.number})
            return redirect(back)
        return HttpResponse(
            copy.pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{number}-{copy.number}.pdf"'},
        )

    again = paper is not None and paper.again
    task = Task(
        _("补打凭条") if again else _("打印凭条"),
        work,
        done,
        form=Again if again else NoQuestions,
        facts=(
            (_("凭条"), paper.receipt.title if paper else "—"),
            (_("编号"), number),
            (_("已打印"), sum(copy.printed_at is not None for copy in paper.copies) if paper else 0),
        ),
        button=_("打印"),
        purpose=PURPOSE,
        back=back,
        note=_("补打的凭条标明“补打”和次数；超过规定次数须由负责人放行。") if again else "",
    )
    return run(request, task)


@duty(Duty.RECEIPT_RELEASE)
def waiting(request: HttpRequest) -> HttpResponse:
    """Copies that wait to be released."""
    rows = copies_waiting(scope_of(request))
    names = staff_names(copy.asked_by for copy, _number in rows)
    context = {"rows": [(copy, number, names.get(copy.asked_by, "")) for copy, number in rows]}
    return page(request, "copies", context)


@duty(Duty.RECEIPT_RELEASE)
def release(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Release one copy beyond the rule."""
    rows = {copy.id: (copy, number) for copy, number in copies_waiting(scope_of(request))}
    found: tuple[Any, ...] = ()
    if copy_id in rows:
        copy, number = rows[copy_id]
        found = ((_("编号"), number), (_("第几次打印"), copy.number), (_("补打原因"), copy.reason))

    def work(act: Act, given: dict[str, str]) -> int | Refused:
        return release_copy(act, copy_id=copy_id, scope=scope_of(request))

    def done(number: int) -> HttpResponse:
        tell(request, gettext("已放行第 %(number)d 次打印。") % {"number": number})
        return redirect("console:copies")

    task = Task(
        _("放行补打凭条"),
        work,
        done,
        facts=found,
        button=_("确认放行"),
        purpose="放行补打凭条",
        back=reverse("console:copies"),
    )
    return run(request, task)
