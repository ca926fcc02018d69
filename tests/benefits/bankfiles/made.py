"""Payment files made up for tests: people who do not exist, accounts of an unassigned range."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import strategies as st

from yikatong.benefits.bankfiles.exchange import write
from yikatong.benefits.bankfiles.lines import FileHeader, PaymentLine
from yikatong.benefits.bankfiles.profiles import Profile, profiles
from yikatong.benefits.bankfiles.simulator import Bank

DAY = date(2025, 3, 10)
COMMON, FIXED, COMMAS, ISO = (profiles()[name] for name in ("common", "fixed", "commas", "iso20022"))
ALL = tuple(profiles().values())


def payment(sequence: int = 1, **told: object) -> PaymentLine:
    line = PaymentLine(
        sequence,
        f"R{sequence:05d}",
        "王小明",
        f"62200010300{sequence:08d}",
        "103",
        14_300,
        "城乡居民养老金",
        "001X",
    )
    return line._replace(**told)


def header(lines: list[PaymentLine], **told: object) -> FileHeader:
    whole = {
        "number": "B2025031001",
        "programme_code": "CXJMYL",
        "programme_name": "城乡居民养老保险",
        "payer_account": "6100001234567890",
        "payer_name": "某市社会保障基金财政专户",
        "rows": len(lines),
        "total_fen": sum(line.fen for line in lines),
        "on": DAY,
    }
    return FileHeader(**(whole | told))


def written(profile: Profile, lines: list[PaymentLine], **told: object) -> bytes:
    content = write(profile, header(lines, **told), lines)
    assert isinstance(content, bytes), content
    return content


def answered(profile: Profile, lines: list[PaymentLine], *, failing: int = 300, seed: int = 1) -> bytes:
    """What a bank answers at once to a file with these payments."""
    bank = Bank(profile, failing=failing)
    (delivery,) = bank.receive(written(profile, lines), DAY, Random(seed)).deliveries
    return delivery.content


PLAIN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
RARE = "𬭎𫍯㛃䶮𠮷𰻝"
"""Signs of people's names beyond what older codings have; most lie beyond the basic plane."""


def people(*, rare: bool = True) -> st.SearchStrategy[str]:
    signs = PLAIN + (RARE if rare else "")
    han = st.text(signs, min_size=2, max_size=4)
    dotted = st.lists(st.text(signs, min_size=1, max_size=4), min_size=2, max_size=3).map("·".join)
    return st.one_of(han, dotted, st.just("Maria de la Cruz"))


def payments(*, rare: bool = True, most: int = 6) -> st.SearchStrategy[list[PaymentLine]]:
    one = st.builds(
        payment,
        name=people(rare=rare),
        fen=st.integers(1, 10**11),
        account=st.text("0123456789", min_size=16, max_size=19),
        memo=st.sampled_from(["城乡居民养老金", "失业保险金 2025-03", ""]),
        id_tail=st.sampled_from(["001X", "1234", ""]),
    )
    return st.lists(one, min_size=1, max_size=most).map(
        lambda lines: [line._replace(sequence=n, row_id=f"R{n:05d}") for n, line in enumerate(lines, start=1)]
    )
