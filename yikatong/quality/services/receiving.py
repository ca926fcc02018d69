"""A list comes in: its source may say such a thing, it is newer than the last one, and it came for the first time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from yikatong.basics import regions
from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.numbering import next_number
from yikatong.office.scope import Scope, outside
from yikatong.office.turns import take_turn
from yikatong.quality.facts import COMPARISON_RECEIVED, COMPARISON_UNREADABLE
from yikatong.quality.models import Comparison
from yikatong.quality.queries import ComparisonRow, comparison_row
from yikatong.quality.rules import APPLIED, COMPARISON, JUDGED, RECEIVED, Claim
from yikatong.quality.source import sources
from yikatong.residents.lists import limits_on
from yikatong.residents.sheets import first_look

OLDEST = timedelta(days=366)


def receive_list(
    act: Act,
    *,
    source: str,
    claim: Claim,
    region: str,
    as_of: date,
    name: str,
    content: bytes,
    scope: Scope,
) -> ComparisonRow | Refused:
    """Take in a list to compare; it is read and compared in the background.

    Refused: source.unknown; claim.not_theirs; region.unknown; scope.outside; as_of.date (after today, or more than a
    year ago); what `sheets.first_look` refuses (file.*); comparison.repeated (the same bytes); comparison.older (a later list of this
    kind has been compared).
    """
    known = sources().get(source)
    if known is None:
        return Refused("source.unknown", "请选择来源单位。", "Choose the source.", at="source")
    if claim not in known.may_say:
        return _not_theirs(known.zh, known.en, claim)
    if regions.region(region) is None:
        return Refused(
            "region.unknown", "请选择名单所涉地区。", "Choose the region of the list.", at="region"
        )
    if not scope.covers(region):
        return outside(region)
    if not act.today - OLDEST <= as_of <= act.today:
        return Refused(
            "as_of.date",
            "数据截止日期应在最近一年内，且不晚于今天。",
            "The day the list tells of lies within the last year and not after today.",
            at="as_of",
        )
    refused = first_look(content, limits_on(act.today))
    if refused is None:
        take_turn(f"comparison.{source}")  # the second who brings a source's list is told of the first
        refused = _order_problem(source, claim, region, as_of, sm3(content))
    if refused is not None:
        return refused if refused.at else replace(refused, at="file")
    row = Comparison.objects.create(
        number=next_number("D"),
        source=source,
        claim=claim.code,
        region=region,
        as_of=as_of,
        file=name.strip()[-60:],
        content=content,
        digest=sm3(content),
        maker=act.actor.code,
        received_at=act.at,
        state=RECEIVED.code,
    )
    act.record(
        COMPARISON_RECEIVED,
        subject=f"comparison:{row.number}",
        region=region,
        source=known.zh,
        source_en=known.en,
        claim=claim.zh,
        file=row.file,
        as_of=as_of.isoformat(),
        digest=sm3(content).hex(),
    )
    return comparison_row(row)


def reject_list(act: Act, *, number: str, why: Refused) -> ComparisonRow | Refused:
    """Put a list aside that could not be read, and forget its content. Refused: comparison.not_waiting."""
    row = Comparison.objects.select_for_update(no_key=True).filter(number=number, state=RECEIVED.code).first()
    if row is None:
        return not_waiting()
    advance(
        row,
        COMPARISON,
        "fail",
        judged_at=act.at,
        content=b"",
        note_zh=why.zh[:200],
        note_en=why.en[:300],
    )
    act.record(
        COMPARISON_UNREADABLE,
        subject=f"comparison:{row.number}",
        region=row.region,
        file=row.file,
        why=why.zh,
        why_en=why.en,
    )
    return comparison_row(row)


def not_waiting() -> Refused:
    """The answer where somebody else was quicker."""
    return Refused(
        "comparison.not_waiting",
        "该名单已处理过，请刷新页面查看结果。",
        "This list has been dealt with; reload the page to see the result.",
    )


def _order_problem(source: str, claim: Claim, region: str, as_of: date, digest: bytes) -> Refused | None:
    twin = Comparison.objects.filter(source=source, digest=digest).first()
    if twin is not None:
        return Refused(
            "comparison.repeated",
            f"这份文件已提交过（{twin.number}，截至{twin.as_of}），没有重复比对。",
            f"This file came in before ({twin.number}, as of {twin.as_of}); it was not compared again.",
            at="file",
        )
    later = (
        Comparison.objects.filter(
            source=source,
            claim=claim.code,
            region=region,
            state__in=(JUDGED.code, APPLIED.code),
            as_of__gt=as_of,
        )
        .order_by("-as_of")
        .first()
    )
    if later is None:
        return None
    return Refused(
        "comparison.older",
        f"同类名单已比对到{later.as_of}（{later.number}），更早的名单会把新情况改回去，不再比对。",
        f"A list of this kind as of {later.as_of} ({later.number}) has been compared; an older one would undo it.",
        at="as_of",
    )


def _not_theirs(zh: str, en: str, claim: Claim) -> Refused:
    return Refused(
        "claim.not_theirs",
        f"{zh}不提供“{claim.zh}”，请核对名单种类或来源单位。",
        f"The {en} does not give {claim.en}; check the kind of list or its source.",
        at="claim",
    )
