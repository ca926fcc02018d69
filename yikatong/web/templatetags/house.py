"""How rows are said in the pages' templates: a state's name and colour, masked particulars, fen, ages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from textwrap import dedent
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

from yikatong.basics import regions
from yikatong.basics.ids import DocumentType
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.states import State
from yikatong.benefits.clues import ClueKind
from yikatong.benefits.supervision import ClueView
from yikatong.cards.services.courier_list import COURIER
from yikatong.cards.standing import StatusPurpose
from yikatong.disclosure.audit import subjects
from yikatong.disclosure.audit.findings import Finding
from yikatong.disclosure.formats import Format
from yikatong.indicators.board import BoardRow
from yikatong.indicators.queries import Definition
from yikatong.indicators.rules import decimals
from yikatong.office import clock
from yikatong.quality.figure import Figure
from yikatong.web import forms
from yikatong.web.banks import APPLY, application_purpose_words, bank_name
from yikatong.web.departments import PAY, payment_purpose_words

register = template.Library()


class Named(Protocol):
    """A state, a duty, a role, a kind of order: all say themselves in Chinese, most in English too."""

    @property
    def zh(self) -> str: ...


# Colour repeats what the words say; it never says anything alone.
_GOOD = {
    "cleared",
    "recovered",
    "approved",
    "corrected",
    "kept",
    "reported",
    "applied",
    "judged",
    "taken",
    "collected",
    "1",
    "normal",
    "released",
    "returned",
    "at_outlet",
    "alive",
    "locked",
    "published",
    "paid",
    "settled",
    "valid",
    "acknowledged",
}
_BAD = {
    "retained",
    "taken_back",
    "unreadable",
    "problem",
    "bank_failed",
    "make_failed",
    "2",
    "3",
    "4",
    "stopped",
    "dead",
    "in_prison",
    "failed",
    "in_doubt",
    "unknown",
}
_OVER = {
    "referred",
    "waived",
    "destroyed",
    "dropped",
    "replaced",
    "lifted",
    "done",
    "gone",
    "9",
    "cancelled",
    "dissolved",
    "withdrawn",
    "household",
    "abroad",
}


def english() -> bool:
    """Whether the page is asked for in English."""
    return (get_language() or "").startswith("en")


@register.filter
def named(what: Named) -> str:
    """The name of whatever carries one, in the page's language; where it has no English of its own, by gettext."""
    en = getattr(what, "en", "")
    return str(en) if en and english() else gettext(what.zh)


register.filter("said", forms.said)


@register.filter
def tone(state: State) -> str:
    """The class of a state's tag."""
    if state.code in _GOOD:
        return "yk-tag-good"
    if state.code in _BAD:
        return "yk-tag-bad"
    return "" if state.code in _OVER else "yk-tag-wait"


@register.filter
def region_name(code: str) -> str:
    """A region's name; its code where we hold no name."""
    found = regions.region(code)
    return found.name if found else code


register.filter("bank_name", bank_name)


@register.filter
def document_name(document: DocumentType) -> str:
    """What a document is called."""
    return document.label_en if english() else document.label_zh


@register.filter
def counterpart(code: str) -> str:
    """Who a file goes to or comes from."""
    if code.startswith("bank-"):
        return bank_name(code.removeprefix("bank-"))
    if code.startswith(COURIER):
        return code.removeprefix(COURIER)
    if code.startswith("pay-"):
        return bank_name(code.removeprefix("pay-"))
    return {"province": gettext("省卡管平台"), "maker": gettext("制卡商")}.get(code, code)


@register.filter
def masked(value: str, kind: str) -> str:
    """`{{ person.name|masked:"name" }}`: name, identity_number, phone, account or address."""
    return mask(Sensitive(kind), value)


@register.filter
def yuan(fen: int) -> str:
    """Fen as yuan with two decimals, the thousands apart: who approves millions counts no digits."""
    return print_yuan(fen, thousands=True)


@register.filter
def percent(value: Fraction | None, unit: str = "%") -> str:
    """An exact share with two decimals; a dash where there is none."""
    return "—" if value is None else f"{decimals(value, 2)}{unit}"


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-03-02: a date, or the day in Asia/Shanghai of a moment; nothing for none. Lists have dozens of them."""
    if not value:
        return ""
    return (timezone.localtime(value) if isinstance(value, datetime) else value).isoformat()[:10]


@register.filter
def moment(value: datetime | None) -> str:
    """2026-03-02 09:30 in Asia/Shanghai; nothing for none."""
    return timezone.localtime(value).isoformat(" ", "minutes")[:16] if value else ""


@register.filter
def age(since: datetime | date | None) -> str:
    """How long ago, in days of the city's clock: 今天, 1 天, 31 天."""
    if since is None:
        return "—"
    day = timezone.localtime(since).date() if isinstance(since, datetime) else since
    days = (clock.today() - day).days
    return gettext("今天") if days <= 0 else gettext("%(days)d 天") % {"days": days}


@register.filter
def overdue(promised: date | None) -> bool:
    """Whether the promised day has gone by."""
    return promised is not None and promised < clock.today()


class Defined(Protocol):
    """A measure or a row of the board."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...


@register.filter
def measure_name(what: Defined) -> str:
    """The indicator's name in the page's language."""
    return what.name_en if english() and what.name_en else what.name


@register.filter
def measure_definition(what: Definition) -> str:
    """What it counts, in the page's language."""
    return what.definition_en if english() else what.definition


@register.filter
def period_name(period: Period) -> str:
    """2025年第一季度, or 2025Q1."""
    return str(period) if english() else period.label_zh


@register.filter
def dedented(text: str) -> str:
    """A statement without the indentation of the file it stands in."""
    return dedent(text).strip()


@register.filter
def purpose_name(code: str) -> str:
    """What a partner may ask, in words; a purpose that is no longer offered as its code."""
    if code.startswith(APPLY):
        return application_purpose_words(code)[english()]
    if code.startswith(PAY):
        return payment_purpose_words(code)[english()]
    return named(StatusPurpose(code)) if code in set(StatusPurpose) else code


@register.filter
def mark_said(row: BoardRow) -> str:
    """Why there is no figure, in a word."""
    return row.mark_en if english() else row.mark


@register.filter
def reason_said(row: BoardRow) -> str:
    """Why there is no figure or no score."""
    return row.reason_en if english() else row.reason


@register.filter
def figure(value: Decimal | None) -> str:
    """A decimal without trailing zeros; a dash for none."""
    return "—" if value is None else f"{value.normalize():f}"


class Noted(Protocol):
    """A list that could not be read."""

    @property
    def note_zh(self) -> str: ...
    @property
    def note_en(self) -> str: ...


@register.filter
def note_said(row: Noted) -> str:
    """Why it could not be read."""
    return row.note_en if english() else row.note_zh


class Labelled(Protocol):
    """What has a short name, in Chinese and English."""

    @property
    def label(self) -> tuple[str, str]: ...


class Stepping(Protocol):
    """What says what to do next."""

    @property
    def next_zh(self) -> str: ...
    @property
    def next_en(self) -> str: ...


@register.filter
def next_said(row: Stepping) -> str:
    """What to do next."""
    return row.next_en if english() else row.next_zh


@register.filter
def check_label(check: Labelled) -> str:
    """What a check finds, of no row in particular."""
    zh, en = check.label
    return en if english() else zh


@register.filter
def answer_problem(problem: tuple[int, str, str]) -> str:
    """A line of a bank's answer that could not be used, with its place; 0 is the file as a whole."""
    line, zh, en = problem
    if not line:
        return en if english() else zh
    return f"{line}: {en}" if english() else f"第{line}行：{zh}"


@register.filter
def problem_said(problem: dict[str, str]) -> str:
    """What is wrong with a row of a list, as it was kept in both languages."""
    return problem["en" if english() else "zh"]


@register.filter
def figure_definition(what: Figure) -> str:
    """What a quality figure counts."""
    return what.definition_en if english() else what.definition_zh


@register.filter
def per_thousand(value: int) -> str:
    """Thousandths as percent: 985 -> 98.5."""
    return f"{value // 10}.{value % 10}"


@register.filter
def finding_said(finding: Finding) -> str:
    """A finding of the audit, in the page's language."""
    return finding.en if english() else finding.zh


@register.filter
def format_name(each: Format) -> str:
    """What a format of a document is called."""
    return each.name_en if english() else each.name


@register.filter
def subject_name(code: str, year: int) -> str:
    """2080108 信息化建设, by the subjects of that year."""
    return f"{code} {subjects.name_of(code, year)}".strip()


@register.filter
def hundredths(value: int | None) -> str:
    """Hundredths of a per cent: 9985 -> 99.85 %; a dash for none."""
    return "—" if value is None else f"{value // 100}.{value % 100:02d}%"


@register.filter
def clue_said(row: ClueView) -> str:
    """What a clue was found by."""
    return row.said[1] if english() else row.said[0]


@register.filter
def why_said(kind: ClueKind) -> str:
    """What may be behind a clue."""
    return kind.why_en if english() else kind.why_zh


class Waiting(Protocol):
    """What is late, with the reason in both languages."""

    @property
    def why(self) -> tuple[str, str]: ...


@register.filter
def late_said(row: Waiting) -> str:
    """Why it is late, or where it stands."""
    return row.why[1] if english() else row.why[0]
