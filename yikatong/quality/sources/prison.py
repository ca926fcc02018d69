"""司法: people in prison, and those released."""

from yikatong.quality.rules import Claim
from yikatong.quality.source import BIRTH, NAME, NUMBER, Source
from yikatong.residents.rules import Trust

ENTRY = Source(
    code="prison",
    zh="司法监狱",
    en="prisons",
    trust=Trust.PROVINCE,
    may_say=(Claim.DEATHS, Claim.STATUS),
    columns={
        "number": NUMBER,
        "name": NAME,
        "birth_on": BIRTH,
        "status": ("状态", "人员状态"),
        "happened_on": ("死亡日期", "入监日期", "释放日期"),
    },
    statuses={"服刑": "in_prison", "在押": "in_prison", "释放": "alive", "死亡": "dead"},
)
