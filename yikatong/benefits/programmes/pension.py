"""城乡居民养老: the monthly pension of residents. The base pension is the least; what the account adds differs."""

from yikatong.basics.refused import Refused
from yikatong.benefits.programme import Cycle, Due, Payee, Programme, Rates, wrong_basis

_MOST_MONTHS = 12


def _due(basis: str, rates: Rates) -> Due | Refused:
    text = basis or "1"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_MONTHS):
        return wrong_basis("发放月数", "1至12的整数，补发几个月写几", "a whole number from 1 to 12")
    return Due(int(text) * rates["base_fen"], int(text) * rates["most_fen"])


ENTRY = Programme(
    code="pension",
    zh="城乡居民养老",
    en="residents' pension",
    cycle=Cycle.MONTH,
    payee=Payee.PERSON,
    basis=("发放月数", "月数"),
    basis_note="可不填，默认1；补发几个月写几。",
    due=_due,
    noted="城乡居民养老金",
)
