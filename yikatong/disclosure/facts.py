"""What this room records. Subjects: `budget:<centre>-<year>-<table>`, `version:<id>` of a budget document."""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind


def _kind(code: str, zh: str, en: str) -> Kind:
    return Kind(f"disclosure.{code}", zh, en, Erasure.NOTHING)


BUDGET_LOADED = _kind(
    "budget_loaded",
    "{actor} 载入 {year} 年“{project}”预算",
    "{actor} loaded the budget {year} of {project}",
)
DOCUMENT_OPENED = _kind(
    "document_opened",
    "{actor} 新建 {unit} {year} 年公开文本（{family}，批复 {replied_on}）",
    "{actor} opened the document {year} of {unit} ({family}, replied to on {replied_on})",
)
REPLY_CORRECTED = _kind(
    "reply_corrected",
    "{actor} 更正 {unit} {year} 年公开文本的批复：{before} 改为 {replied_on}",
    "{actor} corrected the reply to the document {year} of {unit}: {before} is now {replied_on}",
)
LINES_TAKEN = _kind(
    "lines_taken",
    "{actor} 导入 {unit} {year} 年第 {number} 版的基础行 {count} 行（{file}）",
    "{actor} took {count} base lines in for version {number} of {unit} {year} ({file})",
)
WORDS_GIVEN = _kind(
    "words_given",
    "{actor} 填写 {unit} {year} 年第 {number} 版的文字 {count} 处",
    "{actor} gave {count} wordings for version {number} of {unit} {year}",
)
VERSION_PREPARED = _kind(
    "version_prepared",
    "{actor} 将 {unit} {year} 年第 {number} 版送审（SM3 {digest}）",
    "{actor} put version {number} of {unit} {year} up for review (SM3 {digest})",
)
VERSION_REVIEWED = _kind(
    "version_reviewed",
    "{actor} 审核通过 {unit} {year} 年第 {number} 版（SM3 {digest}）",
    "{actor} reviewed version {number} of {unit} {year} (SM3 {digest})",
)
VERSION_APPROVED = _kind(
    "version_approved",
    "{actor} 批准 {unit} {year} 年第 {number} 版（SM3 {digest}）",
    "{actor} approved version {number} of {unit} {year} (SM3 {digest})",
)
VERSION_RETURNED = _kind(
    "version_returned",
    "{actor} 退回 {unit} {year} 年第 {number} 版：{note}",
    "{actor} sent version {number} of {unit} {year} back: {note}",
)
VERSION_WITHDRAWN = _kind(
    "version_withdrawn",
    "{actor} 撤回 {unit} {year} 年第 {number} 版：{note}",
    "{actor} withdrew version {number} of {unit} {year}: {note}",
)
VERSION_PUBLISHED = _kind(
    "version_published",
    "{actor} 公布 {unit} {year} 年第 {number} 版，公布日期 {published_on}（SM3 {digest}）",
    "{actor} published version {number} of {unit} {year} on {published_on} (SM3 {digest})",
)
CORRECTION_OPENED = _kind(
    "correction_opened",
    "{actor} 更正 {unit} {year} 年公开文本，新建第 {number} 版：{reason}",
    "{actor} opened version {number} of {unit} {year} to correct it: {reason}",
)

TARGET_JUDGED = _kind(
    "target_judged",
    "{actor} 填写 {year} 年绩效自评：{name}（{code}）",
    "{actor} told of the target {code} of {year}: {name}",
)
JUDGEMENTS_CONFIRMED = _kind(
    "judgements_confirmed",
    "{actor} 确认 {year} 年绩效自评的评定 {count} 项（SM3 {digest}）",
    "{actor} confirmed {count} judgements of {year} (SM3 {digest})",
)
JUDGEMENT_RETURNED = _kind(
    "judgement_returned",
    "{actor} 退回 {year} 年绩效自评 {code}：{note}",
    "{actor} sent the judgement {code} of {year} back: {note}",
)

KINDS = (
    BUDGET_LOADED,
    DOCUMENT_OPENED,
    REPLY_CORRECTED,
    LINES_TAKEN,
    WORDS_GIVEN,
    VERSION_PREPARED,
    VERSION_REVIEWED,
    VERSION_APPROVED,
    VERSION_RETURNED,
    VERSION_WITHDRAWN,
    VERSION_PUBLISHED,
    CORRECTION_OPENED,
    TARGET_JUDGED,
    JUDGEMENTS_CONFIRMED,
    JUDGEMENT_RETURNED,
)
