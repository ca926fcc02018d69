# ruff: noqa: S608, S611 - only names of our own tables are put into the text; values go as parameters
"""Rows of a file laid beside the tables they are about, for one act.

A file is judged and stored by sets: its rows stream into a temporary table by COPY, one statement judges them against
the base, and what follows is one statement a step, for one row as for a hundred thousand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from yikatong.basics.refused import Refused
from yikatong.cards.facts import ROW_LEFT
from yikatong.cards.models import Order
from yikatong.cards.rows import RowProblem
from yikatong.office import sealing
from yikatong.office.act import Act
from yikatong.office.copying import copied

_names = count(1)

_SENTENCES = {
    "row.unknown": ("没有这笔申请，该行未处理。", "No such order; the row was left alone."),
    "row.other_person": (
        "社会保障号码与申请人不符，该行未处理。",
        "The row names another person than the order.",
    ),
    "row.not_waiting": ("这笔申请不在等待此项结果，该行未处理。", "The order does not wait for this answer."),
    "row.late": (
        "答的不是这笔申请最近一次送出的文件，该行未处理。",
        "This answers another file than the one the order was last sent in.",
    ),
    "row.cancelled": ("这笔申请已撤销，该行未处理。", "The order has been cancelled."),
    "row.same_again": (
        "此前已按相同结果处理，未重复处理。",
        "The same answer was taken before; nothing was done again.",
    ),
    "row.contradicts": (
        "与此前已采用的结果不同，未采用；请与对方核实。",
        "Differs from the answer taken before; settle it with the sender.",
    ),
    "row.contradicts_itself": (
        "同一文件对这笔申请给出不同结果，均未采用；请对方更正后重发。",
        "The file says different things of this order; none was used. Ask for a corrected file.",
    ),
    "row.repeated": (
        "同一文件中重复出现，只采用第一行。",
        "Named twice in this file; only the first row was used.",
    ),
    "row.value_repeated": (
        "该号码在文件中给了多人，均未采用。",
        "The file gives this number to several people.",
    ),
    "row.result_unknown": (
        "结果代码不在与对方约定的代码表中，该行未采用；请与对方确认。",
        "The result is not one of the agreed codes; the row was not used. Ask the sender.",
    ),
    "row.stage_unknown": (
        "失败环节不在与对方约定的代码表中，该行未采用；请与对方确认。",
        "The stage of the failure is not one of the agreed codes; the row was not used. Ask the sender.",
    ),
    "row.card_number": ("卡号应为9位大写字母或数字。", "A card number is nine capitals or digits."),
    "row.card_number_taken": (
        "卡号已属于另一张卡或另一笔申请。",
        "The card number belongs to another card or order.",
    ),
    "row.account": ("银行卡号格式或校验位不正确。", "The account number's form or check digit is wrong."),
    "row.other_bank": ("这笔申请选择的是另一家银行。", "The order chose another bank."),
    "row.other_batch": ("这张卡不在本批次中。", "This card is not in this batch."),
    "row.dates": ("发卡日期或卡有效期不正确。", "The issue date or the validity is wrong."),
    "row.reset": ("卡复位码应为26位十六进制字符。", "The reset information has 26 hexadecimal characters."),
    "row.identifier": ("卡识别码不正确。", "The card identifier is wrong."),
    "row.waybill_unknown": (
        "没有交这家寄递企业寄出的这个运单号，该行未处理。",
        "No card went with this waybill of this courier; the row was left alone.",
    ),
    "row.frozen": (
        "持卡人已登记死亡，申请已冻结，签收未登记；请寄递企业追回。",
        "The order is frozen, its holder being dead; the delivery was not recorded. Have the courier bring it back.",
    ),
    "row.parcel_result": (
        "投递结果不是约定的写法，该行未采用；请与寄递企业确认。",
        "The result is none of the agreed words; the row was not used. Ask the courier.",
    ),
    "row.parcel_day": (
        "日期读不出，或早于交寄、晚于今天，该行未采用。",
        "The day cannot be read, or is before the sending or after today; the row was not used.",
    ),
    "row.parcel_said": (
        "签收的须写签收人，退回和遗失的须写原因，该行未采用。",
        "A delivery wants who signed for it, anything else wants the reason; the row was not used.",
    ),
    "row.width": ("格数与第一行不同，该行未采用。", "It has more or fewer cells than the first line."),
    "cell.formula": (
        "单元格以 = + - @ 开头，可能是公式，该行未采用。",
        "A cell begins with = + - or @ and may be a formula; the row was not used.",
    ),
    "row.holds_card": (
        "持卡人已有另一张有效卡，请先核实。",
        "The holder has another valid card; look into it first.",
    ),
}


@contextmanager
def staged(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A temporary table of these rows, analysed; `columns` are `name type`. Gives its name, drops it at the end."""
    name = f"staged_{next(_names)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} ({', '.join(columns)}) ON COMMIT DROP")
        sealing.ready()
        with copied(cursor, f"COPY {name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {name}")
    yield name
    _drop(name)


@contextmanager
def judged(select: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    """A temporary table of what `select` says of the staged rows, keyed by `order_id`.

    `select` yields at least line, named, order_id, good and refusal (empty: the row is taken).
    """
    name = f"judged_{next(_names)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}", parameters)
        # Only rows that are taken are looked up by order; of a doubled one that is the first.
        cursor.execute(f"CREATE UNIQUE INDEX ON {name} (order_id) WHERE refusal = ''")
        cursor.execute(f"ANALYZE {name}")
    yield name
    _drop(name)


def _drop(name: str) -> None:
    # Not in a `finally`: after a database error the transaction is lost, and the table with it.
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {name}")


def settle_keys() -> None:
    """Check the foreign keys of a set just inserted, now and not at the act's end.

    Each of them is a pending event, and as long as any are pending, every trigger that fires costs ten times as much:
    updating the orders of fifty thousand new cards took 70 s and takes 3.
    """
    connection.check_constraints()


def lock_orders(where: str, parameters: Mapping[str, Any]) -> int:
    """Lock the orders `o` of a condition in the order of their keys; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT o.id FROM cards_order o WHERE {where} ORDER BY o.id FOR NO KEY UPDATE) AS locked",
            parameters,
        )
        return int(cursor.fetchone()[0])


def taken(table: str, *, good: bool) -> QuerySet[Order]:
    """The orders whose row is taken, with a good or a bad answer.

    By their keys and not by a join: right after a set has moved, the statistics of `state` and `batch` are old, and a
    planner that expects one row there joins fifty thousand with fifty thousand one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT order_id FROM {table} WHERE refusal = '' AND good = %s", [good])
        return among([key for (key,) in cursor.fetchall()])


def among(keys: list[int]) -> QuerySet[Order]:
    """The orders with these keys, handed over as one array.

    The cast matters: an array of smaller integers is searched from end to end for each row instead of being hashed.
    """
    return Order.objects.filter(RawSQL("cards_order.id = ANY(%s::bigint[])", [keys], BooleanField()))


def locked(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders of a query, locked in the order of their keys.

    For an UPDATE over a query that joins: it looks for its rows in a subquery and never asks again whether they still
    stand as they did, so two at once would both move them. A lock on the rows themselves asks again.
    """
    return among(
        list(orders.order_by("id").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    )


def of_row(table: str, expression: str) -> RawSQL:
    """A column's new value from the order's own row `j` of a judged table."""
    return RawSQL(
        f"(SELECT {expression} FROM {table} j WHERE j.order_id = cards_order.id AND j.refusal = '')", []
    )


def fact_rows(table: str, payload: str, *, good: bool | None = None) -> str:
    """The select of an entry's rows: one per order whose row is taken; `table` is a judged table
    named j (or a join that holds it), `payload` is SQL over j and o.
    """
    condition = "" if good is None else f" AND j.good = {good}"
    return (
        f"SELECT 'order:' || o.id, o.resident_id, o.region, p.code, {payload} FROM {table} "
        "JOIN cards_order o ON o.id = j.order_id JOIN office_outlet p ON p.id = o.outlet_id "
        f"WHERE j.refusal = ''{condition}"
    )


def report_strangers(act: Act, table: str, file: str) -> tuple[RowProblem, ...]:
    """The rows that were not taken, in the order of the file; journalled, for most files are taken in by nobody.

    What a row names may be anything, so the journal has its line in the kept file, not its text.
    """
    reasons = {code: zh for code, (zh, _) in _SENTENCES.items()}
    act.record_rows(
        ROW_LEFT,
        "SELECT CASE WHEN o.id IS NULL THEN '' ELSE 'order:' || o.id END, o.resident_id, coalesce(o.region, ''), "
        "coalesce(p.code, ''), "
        "jsonb_build_object('line', j.line, 'code', j.refusal, 'reason', %(reasons)s::jsonb ->> j.refusal) "
        f"FROM {table} j LEFT JOIN cards_order o ON o.id = j.order_id "
        "LEFT JOIN office_outlet p ON p.id = o.outlet_id WHERE j.refusal <> ''",
        {"reasons": json.dumps(reasons, ensure_ascii=False)},
        file=file,
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, named, refusal FROM {table} WHERE refusal <> '' ORDER BY line")
        return tuple(RowProblem(line, named, refusal(code, line)) for line, named, code in cursor.fetchall())


def refusal(code: str, line: int) -> Refused:
    """Why a row was not taken, with its line."""
    zh, en = _SENTENCES[code]
    return Refused(code, f"第{line}行：{zh}", f"Line {line}: {en}", at=str(line))
