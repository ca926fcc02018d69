"""雨露计划职业教育补助: each year, to a pupil of a vocational school from a household once poor."""

from yikatong.benefits.dues import once
from yikatong.benefits.programme import Cycle, Payee, Programme

ENTRY = Programme(
    code="yulu",
    zh="雨露计划补助",
    en="Yulu aid for vocational pupils",
    cycle=Cycle.YEAR,
    payee=Payee.PERSON,
    basis=("学年",),
    basis_note="可不填。例如 2024-2025。",
    due=once,
    noted="雨露计划补助",
)
