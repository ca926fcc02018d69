"""民政: cremations and deaths at home."""

from yikatong.quality.rules import Claim
from yikatong.quality.source import BIRTH, NAME, NUMBER, REGION, Source
from yikatong.residents.rules import Trust

ENTRY = Source(
    code="civil",
    zh="民政",
    en="civil affairs",
    trust=Trust.PROVINCE,
    may_say=(Claim.DEATHS,),
    columns={
        "number": NUMBER,
        "name": ("逝者姓名", *NAME),
        "birth_on": BIRTH,
        "region": REGION,
        "happened_on": ("死亡日期", "火化日期", "去世日期"),
    },
)
