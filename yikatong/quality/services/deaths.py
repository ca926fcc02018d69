"""A compared list of deaths is approved by a second person and recorded as a set."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.scope import Scope, outside
from yikatong.quality.facts import DEATHS_APPLIED
from yikatong.quality.models import Comparison, Difference
from yikatong.quality.queries import ComparisonRow, certain_deaths, comparison_row
from yikatong.quality.rules import COMPARISON, DIFFERENCE, JUDGED, UNSETTLED
from yikatong.quality.source import sources
from yikatong.residents import services as registry


def approve_deaths(
    act: Act, *, number: str, digest: bytes, scope: Scope
) -> tuple[ComparisonRow, int] | Refused:
    """Record the certain deaths of a compared list: number, name and birth agree, and the day is possible.

    `digest` is what the approver saw (`queries.certain_deaths`); if those deaths are no longer the same, nothing
    happens. Cards are left alone: what a death means for them is decided there. Returns the list and how many were
    recorded. Refused: comparison.unknown, scope.outside, comparison.state, deaths.same_person (who brought the list),
    deaths.none, deaths.changed.
    """
    row = Comparison.objects.select_for_update(no_key=True).filter(number=number).first()
    if row is None:
        return Refused("comparison.unknown", "没有这份名单。", "There is no such list.")
    if not scope.covers(row.region):
        return outside(row.region)
    if row.state != JUDGED.code:
        return Refused(
            "comparison.state",
            "这份名单不在待审核状态，请刷新页面查看。",
            "This list does not wait for approval; reload the page.",
        )
    if row.maker == act.actor.code:
        return Refused(
            "deaths.same_person",
            "提交名单的人不能审核同一份名单，请换一人审核。",
            "Who brought the list may not approve it; somebody else must.",
        )
    open_rows = Difference.objects.filter(comparison=row, state__in=UNSETTLED)
    list(open_rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    found = certain_deaths(row.pk)
    if not found.days:
        return Refused("deaths.none", "没有可以登记的死亡。", "There is no death to record.", at="number")
    if found.digest != digest:
        return Refused(
            "deaths.changed",
            "名单内容在您查看之后有变动，请重新核对后再审核。",
            "The deaths have changed since you looked at them; check them again.",
        )
    source = sources()[row.source]
    count = registry.record_deaths(
        act, days=found.days, source=f"{source.zh}名单（截至{row.as_of}）", trust=source.trust
    )
    settled = Difference.objects.filter(pk__in=found.differences)
    advance_all(
        settled,
        DIFFERENCE,
        "correct",
        state_since=act.at,
        decided_by=act.actor.code,
        decided_at=act.at,
        proof=f"审核名单{row.number}",
    )
    advance(row, COMPARISON, "apply", checker=act.actor.code, applied_at=act.at, applied_digest=found.digest)
    act.record(
        DEATHS_APPLIED,
        subject=f"comparison:{row.number}",
        region=row.region,
        source=source.zh,
        source_en=source.en,
        count=count,
        digest=found.digest.hex(),
    )
    return comparison_row(row), count
