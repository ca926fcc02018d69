"""公安: the registered population, deaths with the household cancelled, and departures."""

from yikatong.quality.rules import Claim
from yikatong.quality.source import BIRTH, NAME, NUMBER, PHONE, REGION, Source
from yikatong.residents.rules import Trust

ENTRY = Source(
    code="police",
    zh="公安",
    en="police",
    trust=Trust.POLICE,
    may_say=(Claim.WHOLE, Claim.CHANGES, Claim.DEATHS, Claim.STATUS),
    columns={
        "number": NUMBER,
        "name": NAME,
        "birth_on": BIRTH,
        "region": REGION,
        "phone": PHONE,
        "status": ("人员状态", "户籍状态"),
        "happened_on": ("死亡日期", "注销日期", "变动日期", "出境日期"),
    },
    statuses={
        "正常": "alive",
        "在世": "alive",
        "死亡": "dead",
        "户籍注销": "household",
        "出境": "abroad",
        "离境": "abroad",
    },
    confirms_region=True,
)
