"""卫健: deaths certified in hospitals."""

from yikatong.quality.rules import Claim
from yikatong.quality.source import BIRTH, NAME, NUMBER, REGION, Source
from yikatong.residents.rules import Trust

ENTRY = Source(
    code="health",
    zh="卫健",
    en="health commission",
    trust=Trust.PROVINCE,
    may_say=(Claim.DEATHS,),
    columns={
        "number": NUMBER,
        "name": NAME,
        "birth_on": BIRTH,
        "region": REGION,
        "happened_on": ("死亡日期", "死亡时间"),
    },
)
