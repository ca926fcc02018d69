"""`./yk keys`: the data keys of the sealed columns; see docs/adr/0007."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.environment import MARK, house, tables_are_current
from yikatong.cli.speak import results, stop
from yikatong.setup.places import data_folder

app = typer.Typer(help="密钥。 Keys.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def keys() -> None:
    """密钥。 Keys."""


@app.command("status")
def status() -> None:
    """数据密钥及尚未换封的数量。 The data keys, and how many values older ones still seal."""
    with _city():
        from yikatong.office import keys as office
        from yikatong.office import sealing

        rows, left = office.data_keys(), sealing.left_to_reseal()
    for row in rows:
        results.print(f"{row.number:>5}  {row.purpose:<6}  {row.envelope:<20}  {row.made_at:%Y-%m-%d %H:%M}")
    results.print(f"待换封 {left:,} 个值。 {left:,} values to move over.")


@app.command("new")
def new() -> None:
    """启用新的数据密钥；旧值夜间换封。 A new data key; the night's work moves the old values over."""
    with _city():
        from yikatong.office.act import Door, open_act
        from yikatong.office.keys import NIGHT, make_key

        with open_act(NIGHT, door=Door.TASK) as act:
            number = make_key(act)
    results.print(f"新密钥 {number} 已启用。 Data key {number} seals from now on.")


@app.command("rewrap")
def rewrap() -> None:
    """用 YK_ENVELOPE_KEYS 中最新的信封密钥重新包装。 Wrap the data keys with the newest envelope key."""
    with _city():
        from yikatong.office.act import Door, open_act
        from yikatong.office.keys import NIGHT, rewrap_keys

        with open_act(NIGHT, door=Door.TASK) as act:
            count = rewrap_keys(act)
    results.print(f"重新包装 {count} 个。 {count} wrapped anew.")


@contextmanager
def _city() -> Iterator[None]:
    if not os.environ.get("DATABASE_URL") and not (data_folder() / MARK).exists():
        stop(
            Refused(
                "keys.no_city",
                f"{data_folder()} 里还没有城市。请先运行 ./yk demo，或用 YK_DATA、DATABASE_URL 指明在哪里。",
                f"There is no city in {data_folder()} yet. Run ./yk demo first, or name it by YK_DATA or DATABASE_URL.",
            )
        )
    with house():
        if not tables_are_current():
            stop(Refused("keys.tables", "请先运行 ./yk manage migrate。", "Run ./yk manage migrate first."))
        yield
