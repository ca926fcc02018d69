"""A budget document drafted: opened, its base lines and words taken in, put up for review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from yikatong.basics.refused import Refused
from yikatong.disclosure import facts
from yikatong.disclosure.aims import kept
from yikatong.disclosure.binding import Checked, check
from yikatong.disclosure.documents import VersionRow, ledger_from, version_row
from yikatong.disclosure.family import families
from yikatong.disclosure.lines import BaseLine
from yikatong.disclosure.models import BudgetDocument, BudgetLine, BudgetVersion
from yikatong.disclosure.rules import DRAFTING, VERSION, kind_of, stranger, told_of
from yikatong.disclosure.services.locked import hold_version, write_down
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance

CODE = re.compile(r"[0-9A-Za-z]{3,20}", re.ASCII)
WORDS_LENGTH = 300


def open_document(
    act: Act,
    *,
    unit: str,
    unit_name: str,
    parent: str,
    parent_name: str,
    year: int,
    family: str,
    replied_on: date,
    reply: str = "",
) -> VersionRow | Refused:
    """Open a unit's budget, or by a family of that kind its final account, of a year with its first, empty version.

    Refused: document.code, document.name, document.year, document.family, document.replied_on (later than today),
    document.known (there is one of that unit, year and kind).
    """
    refused = _wrong(act, unit, unit_name, parent, parent_name, year, family, replied_on)
    if refused is not None:
        return refused
    try:
        with transaction.atomic():
            document = BudgetDocument.objects.create(
                unit=unit, unit_name=unit_name.strip(), parent=parent, parent_name=parent_name.strip(), year=year,
                kind=kind_of(families()[family].phase), family=family, replied_on=replied_on, reply=reply.strip(), opened_by=act.actor.code, opened_at=act.at,
            )  # fmt: skip
    except IntegrityError:
        return Refused(
            "document.known",
            f"{unit} {year} 年的这种公开文本已经建立，请在列表中打开。",
            f"There is a document of this kind of {unit} for {year} already; open it from the list.",
            at="unit",
        )
    row = BudgetVersion.objects.create(
        document=document, number=1, state_since=act.at, made_by=act.actor.code, made_name=act.actor.name
    )
    write_down(act, facts.DOCUMENT_OPENED, row, family=family, replied_on=replied_on.isoformat())
    return version_row(row, act.today)


def _wrong(
    act: Act,
    unit: str,
    unit_name: str,
    parent: str,
    parent_name: str,
    year: int,
    family: str,
    replied_on: date,
) -> Refused | None:
    for code, field in ((unit, "unit"), (parent, "parent")):
        if not CODE.fullmatch(code):
            return Refused(
                "document.code",
                "编码应为 3 至 20 位数字或字母。",
                "A code has 3 to 20 digits or letters.",
                at=field,
            )
    for name, field in ((unit_name, "unit_name"), (parent_name, "parent_name")):
        if not 0 < len(name.strip()) <= 60:
            return Refused(
                "document.name", "请填写名称，最多 60 字。", "Give a name of at most 60 characters.", at=field
            )
    if not 2000 <= year <= act.today.year + 1:
        return Refused(
            "document.year",
            f"年度应在 2000 至 {act.today.year + 1} 之间。",
            f"The year lies between 2000 and {act.today.year + 1}.",
            at="year",
        )
    if family not in families():
        return Refused(
            "document.family", "没有这一套模板，请从列表中选。", "No such family; choose one.", at="family"
        )
    return _replied_later() if replied_on > act.today else None


def _replied_later() -> Refused:
    return Refused(
        "document.replied_on",
        "批复日期不能晚于今天。没有批复的预算不能公开。",
        "The reply cannot be later than today: a budget is published once it was replied to.",
        at="replied_on",
    )


def correct_reply(act: Act, version_id: int, *, replied_on: date, reply: str = "") -> VersionRow | Refused:
    """Put the day and the number of the reply right, from which the law counts, while the version is drafted.

    Refused: version.unknown, version.elsewhere, document.replied_on (later than today).
    """
    row = hold_version(version_id, DRAFTING)
    if isinstance(row, Refused):
        return row
    if replied_on > act.today:
        return _replied_later()
    document = row.document
    before = document.replied_on.isoformat()
    document.replied_on, document.reply = replied_on, reply.strip()
    document.save(update_fields=["replied_on", "reply"])
    write_down(act, facts.REPLY_CORRECTED, row, before=before, replied_on=replied_on.isoformat())
    return version_row(row, act.today)


def take_lines(
    act: Act, version_id: int, *, lines: Sequence[BaseLine], file_name: str
) -> VersionRow | Refused:
    """Let these base lines be the version's, in place of all it had. They come from `intake.read_lines`, without refusals.

    Refused: version.unknown, version.elsewhere, lines.stranger, lines.project (a project's name of over 120 characters).
    """
    row = hold_version(version_id, DRAFTING)
    if isinstance(row, Refused):
        return row
    lines = [told_of(line, row.document.year, row.document.kind) for line in lines]
    if (refused := stranger(lines, row.document.year, row.document.unit)) is not None:
        return refused
    if any(len(line.project) > 120 for line in lines):
        return Refused(
            "lines.project",
            "项目名称最多 120 字。",
            "A project's name has at most 120 characters.",
            at="file",
        )
    BudgetLine.objects.filter(version=row).delete()
    BudgetLine.objects.bulk_create(_rows(row, lines))
    row.file_name = file_name.strip()[-80:]
    row.save(update_fields=["file_name"])
    write_down(
        act, facts.LINES_TAKEN, row, file=row.file_name, count=len(lines),
        fen=sum(line.fen for line in lines if line.phase == "年初"),
    )  # fmt: skip
    return version_row(row, act.today)


def _rows(row: BudgetVersion, lines: Sequence[BaseLine]) -> Iterator[BudgetLine]:
    for place, line in enumerate(lines, 1):
        yield BudgetLine(
            version=row, place=place, function=line.function, economic=line.economic, government=line.government,
            category=line.category, fund=line.fund, phase=line.phase, carry=line.carry, purchase=line.purchase,
            project=line.project, amount_fen=line.fen,
        )  # fmt: skip


def give_words(
    act: Act,
    version_id: int,
    *,
    reasons: Mapping[str, str],
    facts_told: Mapping[str, str],
    remarks: Mapping[str, str],
    administrative: bool | None = None,
) -> VersionRow | Refused:
    """Let these words be the version's: what is given empty is taken away, what is not spoken of stays; and whether the
    unit is an office or managed as one.

    Refused: version.unknown, version.elsewhere, words.long (over 300 characters; `at` is `kind:key`), words.break (a line
    break, which would tear a sentence apart).
    """
    row = hold_version(version_id, DRAFTING)
    if isinstance(row, Refused):
        return row
    books = {"reason": reasons, "fact": facts_told, "remark": remarks}
    for kind, book in books.items():
        for key, words in book.items():
            refused = _words_problem(words, f"{kind}:{key}")
            if refused is not None:
                return refused
    row.reasons = _with(row.reasons, reasons)
    row.facts = _with(row.facts, facts_told)
    row.remarks = _with(row.remarks, remarks)
    row.administrative = row.administrative if administrative is None else administrative
    row.save(update_fields=["reasons", "facts", "remarks", "administrative"])
    given = sum(1 for book in books.values() for words in book.values() if words.strip())
    write_down(act, facts.WORDS_GIVEN, row, count=given)
    return version_row(row, act.today)


def _words_problem(words: str, at: str) -> Refused | None:
    if len(words.strip()) > WORDS_LENGTH:
        return Refused(
            "words.long",
            f"最多 {WORDS_LENGTH} 字，现有 {len(words.strip())} 字。",
            f"At most {WORDS_LENGTH} characters; these are {len(words.strip())}.",
            at=at,
        )
    if "\n" in words.strip():
        return Refused("words.break", "请写成一行，不要换行。", "Write it on one line.", at=at)
    return None


def _with(book: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    whole = {**book, **{key: words.strip() for key, words in given.items()}}
    return {key: words for key, words in sorted(whole.items()) if words}


def prepare_version(act: Act, version_id: int, *, digest: str) -> VersionRow | Refused:
    """Put a version up for review, as the page showed it (`digest`, in hex): from here on it stands.

    Refused: version.unknown, version.elsewhere, version.changed, version.no_lines, version.gaps, version.errors, and what
    `printing.publish` refuses (disclosure.no_place, disclosure.no_heading).
    """
    row = hold_version(version_id, DRAFTING)
    if isinstance(row, Refused):
        return row
    ledger = ledger_from(row)
    checked = check(ledger, row.document.family)
    refused = _not_ready(checked, bool(ledger.lines))
    if refused is not None:
        return refused
    if checked.printed.digest != digest:
        return Refused(
            "version.changed",
            "打开页面之后内容有变动，请重新查看再送审。",
            "It has changed since this page was opened; look at it again before putting it up.",
        )
    advance(
        row, VERSION, "prepare", state_since=act.at, digest=bytes.fromhex(digest), prepared_by=act.actor.code,
        prepared_name=act.actor.name, prepared_at=act.at, note="", noted_name="",
        goals=None if ledger.goals is None else kept(ledger.goals),
    )  # fmt: skip
    write_down(act, facts.VERSION_PREPARED, row, digest=digest)
    return version_row(row, act.today)


def _not_ready(checked: Checked, has_lines: bool) -> Refused | None:
    if not has_lines:
        return Refused(
            "version.no_lines",
            "还没有导入基础行，请先导入。",
            "It has no base lines yet; take them in first.",
        )
    if isinstance(checked.printed.publication, Refused):
        return checked.printed.publication
    if gaps := checked.printed.gaps:
        listed = "、".join(each.zh for each in gaps[:5])
        return Refused(
            "version.gaps",
            f"还有 {len(gaps)} 处文字没有填：{listed}{'等' if len(gaps) > 5 else ''}。请先填写文字。",
            f"{len(gaps)} wordings are missing: {listed}. Give them first.",
        )
    if checked.errors:
        first = checked.errors[0]
        return Refused(
            "version.errors",
            f"审核发现 {len(checked.errors)} 处错误，改好后才能送审。第一处：{first.zh}",
            f"The audit found {len(checked.errors)} errors, to be mended first. The first: {first.en}",
        )
    return None
