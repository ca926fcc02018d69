"""A city's people with their cards, fast, and a roster of them in which two rows in a hundred are wrong, in every way."""

from __future__ import annotations

import io
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection

from yikatong.basics.ids import check_digit
from yikatong.basics.masking import Sensitive
from yikatong.basics.money import print_yuan
from yikatong.bench import _ground as ground
from yikatong.bench._awake import awake
from yikatong.bench._millions import POOL, fill
from yikatong.cards.rules import BANK, BANK_NORMAL, NORMAL
from yikatong.office import rulebook, sealing
from yikatong.office.lifecycle import advance_all
from yikatong.office.wires.simulators.bank import account
from yikatong.residents.rules import LIFE

BANKS = ("102", "103", "104", "105", "402")
HEAD = "姓名,证件号码,月数,金额（元）"
BASE_FEN = 18_500
BAD_OF_A_THOUSAND = 20
SLICE = 20_000
KINDS = (
    *("C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C0A"),
    *("C10", "C13", "C14", "C16", "C17", "C19", "C20", "C21", "S02"),
)
"""What is wrong with the bad rows, as many of each; S02 is a name that no line of bank 402 has room for."""
_CARD = (
    "card_no, resident_id, region, outlet, bank_code, bank_pan, card_identifier, card_reset, box_slot, issued_on, "
    "valid_until, state, state_since, bank_state, collected_at, collected_by"
)
_LIFE: dict[str, tuple[str, dict[str, Any]]] = {
    "C05": ("die", {"died_on": date(2025, 1, 5)}),
    "C06": ("imprison", {}),
    "C07": ("leave", {}),
    "C0A": ("die", {"died_on": date(2025, 3, 2)}),
}
"""What happened to people: move and particulars."""
_OF_ANY_AGE = """UPDATE office_rule SET value = '{"any": [0, 150]}' WHERE code = 'benefit.pension.ages'"""
"""The city's people are of every age, and all of them get a pension."""
_OTHERWISE = {
    "C13": "DELETE FROM cards_card WHERE resident_id = ANY(%s)",
    "C19": "UPDATE residents_resident SET phone_key = '\\x00112233445566778899aabbccddeeff' WHERE id = ANY(%s)",
    "C21": "UPDATE residents_resident SET birth_on = '1850-01-01' WHERE id = ANY(%s)",
    "S02": "UPDATE cards_card SET bank_code = '402' WHERE resident_id = ANY(%s)",
}


@dataclass(frozen=True)
class Payee:
    """Who is on a roster."""

    id: int
    name: str
    number: str


def settle_city(count: int) -> float:
    """An open centre with `count` residents, each with a card; returns the seconds it took."""
    begun = time.perf_counter()
    ground.empty()
    settle_more(count)
    return time.perf_counter() - begun


def settle_more(count: int) -> None:
    """So many more residents in the centre that is open, and a card for everybody who has none."""
    fill(count, ground.CITY, ground.START.date(), pool=min(POOL, count // 4))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, region FROM residents_resident r WHERE NOT EXISTS "
            "(SELECT FROM cards_card c WHERE c.resident_id = r.id) ORDER BY id"
        )
        people = cursor.fetchall()
        slices = [people[start : start + SLICE] for start in range(0, len(people), SLICE)]
        ours = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(mp_context=ours, initializer=awake) as workers:
            for rows in workers.map(_cards, slices):
                with cursor.copy(f"COPY cards_card ({_CARD}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        cursor.execute(_OF_ANY_AGE)
        cursor.execute(
            "UPDATE office_rule SET value = '[\"farmland\"]' WHERE code = 'benefit.pension.exclusive'"
        )
        cursor.execute("VACUUM ANALYZE cards_card")
    rulebook.forget()


def _cards(people: list[tuple[int, str]]) -> list[tuple[object, ...]]:
    at, issued, until = ground.START, date(2021, 5, 10), date(2031, 5, 10)
    return [
        (
            f"B{key:08d}",
            key,
            region,
            "",
            BANKS[key % len(BANKS)],
            sealing.seal(Sensitive.ACCOUNT, account(BANKS[key % len(BANKS)], f"B{key:08d}")),
            *("", "", "", issued, until, NORMAL.code, at, BANK_NORMAL.code, at, ""),
        )
        for key, region in people
    ]


def payees(count: int, start: int = 0) -> list[Payee]:
    """So many people of the city, after the first `start`, in a fixed order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, number FROM residents_resident ORDER BY id OFFSET %s LIMIT %s", [start, count]
        )
        return [
            Payee(key, name, sealing.unseal(Sensitive.IDENTITY_NUMBER, number))
            for key, name, number in cursor.fetchall()
        ]


def wrong_ones(people: list[Payee]) -> dict[str, list[Payee]]:
    """Who of them stands for which kind of wrong row: the first two of a hundred."""
    each = max(1, len(people) * BAD_OF_A_THOUSAND // 1000 // len(KINDS))
    return {kind: people[place * each : (place + 1) * each] for place, kind in enumerate(KINDS)}


def make_wrong(wrong: dict[str, list[Payee]]) -> None:
    """Let what the base and the cards say of them be what their rows are held for."""
    for kind, (event, said) in _LIFE.items():
        people = apps.get_model("residents", "Resident").objects.filter(
            pk__in=[each.id for each in wrong[kind]]
        )
        advance_all(people, LIFE, event, **said)
    cards = apps.get_model("cards", "Card").objects.filter(resident__in=[each.id for each in wrong["C14"]])
    advance_all(cards, BANK, "close", field="bank_state")
    with connection.cursor() as cursor:
        for kind, statement in _OTHERWISE.items():
            cursor.execute(statement, [[each.id for each in wrong[kind]]])
        long = "阿" * 31
        cursor.execute(
            "UPDATE residents_resident SET name = %s, name_folded = %s WHERE id = ANY(%s)",
            [long, long, [each.id for each in wrong["S02"]]],
        )


def plain_roster(people: list[Payee], fen: int = BASE_FEN) -> tuple[bytes, int, int]:
    """A roster without a fault: its bytes, rows and fen."""
    return _written((each.name, each.number, "", fen) for each in people)


def roster_of(people: list[Payee], wrong: dict[str, list[Payee]]) -> tuple[bytes, int, int]:
    """The roster of these people, the wrong ones scattered among the others: its bytes, rows and fen."""
    kinds = {each.id: kind for kind, some in wrong.items() for each in some}
    random = Random(len(people))
    rows = [row for each in people for row in _rows(each, kinds.get(each.id, ""), random)]
    random.shuffle(rows)
    return _written(iter(rows))


def _rows(person: Payee, kind: str, random: Random) -> Iterator[tuple[str, str, str, int]]:
    name, number, basis, fen = person.name, person.number, "", BASE_FEN + random.randrange(20_000)
    match kind:
        case "C01":
            basis = "十三"
        case "C02":
            number = number[:17] + ("0" if number[17] != "0" else "1")
        case "C03":
            number = number[:6] + "19010101" + number[14:17]
            number += check_digit(number)
        case "C04":
            name = "另" + name
        case "C16":
            fen = 100
        case "C17":
            fen = 7_000_000
        case "C20":
            fen = BASE_FEN * 2
        case "S02":
            name = "阿" * 31
        case "C08":
            yield name, number, basis, fen + 1
        case _:
            pass
    yield name, number, basis, fen


def _written(rows: Iterator[tuple[str, str, str, int]]) -> tuple[bytes, int, int]:
    file, count, total = io.StringIO(), 0, 0
    file.write(HEAD + "\n")
    for name, number, basis, fen in rows:
        file.write(f"{name},{number},{basis},{print_yuan(fen)}\n")
        count, total = count + 1, total + fen
    return file.getvalue().encode(), count, total
