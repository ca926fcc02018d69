"""Lists of other authorities, written as CSV, brought and compared."""

from __future__ import annotations

from datetime import date, datetime

from tests.residents.people import MORNING, acting, number_of, registered
from yikatong.basics.refused import Refused
from yikatong.office.act import Actor
from yikatong.office.scope import EVERYWHERE
from yikatong.quality.models import Comparison, Difference
from yikatong.quality.queries import ComparisonRow
from yikatong.quality.rules import Claim
from yikatong.quality.services.judging import judge_list
from yikatong.quality.services.receiving import receive_list
from yikatong.quality.source import sources
from yikatong.quality.statements import Statements, read_statements
from yikatong.residents.lists import limits_on

DESK = Actor("staff:7", "田宁", "610400")
REVIEWER = Actor("staff:8", "姚军", "610400")
COUNTY = "610402"
HEADS = {
    Claim.WHOLE: "公民身份号码,姓名,户籍地区划,联系电话",
    Claim.CHANGES: "公民身份号码,姓名,户籍地区划,联系电话",
    Claim.DEATHS: "公民身份号码,姓名,出生日期,死亡日期",
    Claim.STATUS: "公民身份号码,姓名,人员状态,死亡日期",
}
NAMES = ["赵一明", "钱二芳", "孙三强", "李四娜", "周五洋", "吴六静", "郑七磊", "王八妹"]


def person(serial: int, birth: date = date(1980, 5, 17), **changed: object) -> int:
    """A registered resident of 秦都; `serial` makes the number and the name."""
    given = {"number": number_of(serial, birth), "name": NAMES[serial % 8], "phone": f"138000{serial:05d}"}
    return registered(**{**given, **changed}).id


def line(serial: int, birth: date = date(1980, 5, 17), **changed: str) -> tuple[str, ...]:
    """What the police say of that person where they agree with us."""
    given = {
        "number": number_of(serial, birth),
        "name": NAMES[serial % 8],
        "region": COUNTY,
        "phone": f"138000{serial:05d}",
    }
    return tuple({**given, **changed}.values())


def content_of(claim: Claim, *rows: tuple[str, ...]) -> bytes:
    return "\n".join([HEADS[claim], *(",".join(row) for row in rows)]).encode()


def brought(
    content: bytes,
    *,
    source: str = "police",
    claim: Claim = Claim.WHOLE,
    as_of: date = date(2025, 3, 9),
    moment: datetime = MORNING,
    region: str = COUNTY,
) -> ComparisonRow:
    with acting(moment, DESK) as act:
        row = receive_list(
            act,
            source=source,
            claim=claim,
            region=region,
            as_of=as_of,
            name="名单.csv",
            content=content,
            scope=EVERYWHERE,
        )
    assert isinstance(row, ComparisonRow), row
    return row


def read(row: ComparisonRow) -> Statements:
    stored = Comparison.objects.get(number=row.number)
    today = MORNING.date()
    found = read_statements(
        bytes(stored.content), sources()[row.source.code], row.claim, today, limits_on(today)
    )
    assert isinstance(found, Statements), found
    return found


def compared(*rows: tuple[str, ...], moment: datetime = MORNING, **changed: object) -> ComparisonRow:
    """Brought by the desk and compared by the house."""
    claim = changed.get("claim", Claim.WHOLE)
    row = brought(content_of(claim, *rows), moment=moment, **changed)  # type: ignore[arg-type]
    statements = read(row)
    with acting(moment, Actor.system("quality")) as act:
        judged = judge_list(act, number=row.number, statements=statements)
    assert isinstance(judged, ComparisonRow), judged
    return judged


def found() -> list[tuple[str, int | None]]:
    """Type and person of every difference that is not settled."""
    rows = Difference.objects.filter(state__in=("open", "checking")).order_by("type", "resident_id")
    return list(rows.values_list("type", "resident_id"))


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    assert result.zh and result.en
    return result.code
