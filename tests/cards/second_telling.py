"""What becomes of answer files, told a second time in plain Python, to be held against the house."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from tests.cards import factories
from tests.cards.factories import TODAY
from yikatong.basics.ids import luhn_digit
from yikatong.cards.files import matching, opening, returns
from yikatong.cards.files.answer import Answer
from yikatong.residents.models import Resident


@dataclass
class Told:
    """An order as this test believes it to stand."""

    number: str
    person: int
    bank: str
    state: str = "submitted"
    asked: str = ""
    card_no: str = ""
    pan: str = ""
    problem: str = ""
    batch: str = ""
    identifier: str = ""
    failed: tuple[str, str] | None = None


class Line(NamedTuple):
    """One row to be written: of which order, for which person, with which outcome."""

    order: int
    right_person: bool
    good: bool
    value: int  # good: 0 own value, 1 another one, 2 malformed, 3 somebody else's
    failure: int  # bad: which of two


def problem_of(who: str, result: str) -> str:
    """What the house keeps of a bad result: the word agreed for the counterpart's code."""
    if who == "province":
        return "match." + {"1": "person_unknown", "2": "name_differs"}[result]
    return "bank." + {"1": "account_exists", "2": "document_expired"}[result]


def judged_answers(
    orders: list[Told], people: list[Resident], who: str, rows: list[tuple[str, ...]], answers: str
) -> list[str]:
    waiting = "checking" if who == "province" else "bank_opening"
    prefix = "match." if who == "province" else "bank."
    said: dict[tuple[str, str], set[tuple[str, str]]] = {}
    firsts: Counter[str] = Counter()
    for number, person, result, _, value in rows:
        if (number, person) not in said and result == "0":
            firsts[value] += 1
        said.setdefault((number, person), set()).add((result, value if result == "0" else ""))
    seen: set[tuple[str, str]] = set()
    verdicts = []
    for number, person, result, _, value in rows:
        told = next((each for each in orders if each.number == number), None)
        again = (number, person) in seen
        seen.add((number, person))
        good = result == "0"
        kept = "" if told is None else told.card_no if who == "province" else told.pan
        if told is None:
            verdict = "row.unknown"
        elif people[told.person].number != person:
            verdict = "row.other_person"
        elif told.state == "cancelled":
            verdict = "row.cancelled"
        elif told.state == waiting and told.asked not in ("", answers):
            verdict = "row.late"
        elif told.state != waiting or not told.asked:
            if (good and kept == value) or (
                not good and result in "12" and told.problem == problem_of(who, result)
            ):
                verdict = "row.same_again"
            elif kept or told.problem.startswith(prefix):
                verdict = "row.contradicts"
            else:
                verdict = "row.not_waiting"
        elif len(said[number, person]) > 1:
            verdict = "row.contradicts_itself"
        elif again:
            verdict = "row.repeated"
        elif good and value in ("短", "622"):
            verdict = "row.card_number" if who == "province" else "row.account"
        elif good and firsts[value] > 1:
            verdict = "row.value_repeated"
        elif who != "province" and who != f"bank-{told.bank}":
            verdict = "row.other_bank"
        elif good and who == "province" and card_number_taken(orders, value, told):
            verdict = "row.card_number_taken"
        else:
            verdict = ""
        verdicts.append(verdict)
    return verdicts


def card_number_taken(orders: list[Told], value: str, told: Told) -> bool:
    return any(
        each.card_no == value and (each.identifier or (each is not told and each.state != "cancelled"))
        for each in orders
    )


def judged_returns(
    orders: list[Told], people: list[Resident], rows: list[tuple[str, ...]], answers: str
) -> list[str]:
    said: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for row in map(returns.ReturnRow._make, rows):
        said.setdefault((row.card_no, row.person_number), set()).add(told_of(row))
    seen: set[tuple[str, str]] = set()
    verdicts = []
    for row in map(returns.ReturnRow._make, rows):
        key = (row.card_no, row.person_number)
        again = key in seen
        seen.add(key)
        named = [each for each in orders if each.card_no and each.card_no == row.card_no]
        told = next((each for each in named if each.batch == answers), None)
        good = not row.failed_stage
        if told is None:
            elsewhere = any(each.state != "cancelled" for each in named)
            verdict = "row.other_batch" if elsewhere else "row.unknown"
        elif people[told.person].number != row.person_number:
            verdict = "row.other_person"
        elif told.state == "cancelled":
            verdict = "row.cancelled"
        elif told.state != "making":
            same = (good and told.identifier == row.card_identifier) or (
                not good and told.failed == (row.failed_stage, row.failed_reason)
            )
            verdict = "row.same_again" if same else "row.contradicts"
        elif len(said[key]) > 1:
            verdict = "row.contradicts_itself"
        elif again:
            verdict = "row.repeated"
        elif good and row.card_identifier == "短":
            verdict = "row.identifier"
        elif good and row.bank_pan != told.pan:
            verdict = "row.account"
        else:
            verdict = ""
        verdicts.append(verdict)
    return verdicts


def card_of(told: Told) -> str:
    return f"E{told.number[1:9]}"


def pan_of(told: Told, which: int) -> str:
    first = f"622000{told.bank}{which}{told.number[1:9]}"
    return first + luhn_digit(first)


def maker_row(told: Told, person: Resident, line: Line) -> tuple[str, ...]:
    identifier = f"610402D156000005{int(told.number[1:9]):015d}{'AB'[line.value == 1]}"
    row = returns.ReturnRow(
        "1", told.card_no or card_of(told), person.number, person.name, "20250310", "20350309",
        "短" if line.value == 2 else identifier, "0081544C448661040000000001", told.bank,
        pan_of(told, 2) if line.value == 3 else told.pan, "", "001-001", "", "",
    )  # fmt: skip
    if line.good:
        return row
    reason = ("芯片写入失败", "照片打印不合格")[line.failure - 1]
    return row._replace(card_identifier="", card_reset="", failed_stage="制卡", failed_reason=reason)


def told_of(row: returns.ReturnRow) -> tuple[str, ...]:
    """What a return row says, where a malformed one says nothing but that it is good."""
    if row.failed_stage:
        return ("bad", row.bank_pan, row.failed_stage, row.failed_reason)
    return ("good", row.bank_pan, "" if row.card_identifier == "短" else row.card_identifier)


def stranger(who: str) -> tuple[str, ...]:
    nobody = factories.number_of(TODAY.replace(year=1950), 999)
    if who == "maker":
        return returns.ReturnRow._make(["1", "Z99999999", nobody, *[""] * 9, "制卡", "废卡"])
    return Answer("S999999999", nobody, "1", "查无此人", "")


def written_file(who: str, rows: list[tuple[str, ...]], answers: str) -> bytes:
    number = f"N{next(factories._serial)}"
    if who == "maker":
        return returns.RETURNS.write(number, TODAY, rows, answers=answers)
    layout = matching.ANSWERS if who == "province" else opening.ANSWERS
    return layout.write(number, TODAY, rows, answers=answers)
