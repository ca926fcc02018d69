"""`./yk bench NAME`: measures one thing, in a data folder of its own (never the demo's city)."""

from __future__ import annotations

import importlib
import os
from typing import Annotated

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.environment import house, migrate
from yikatong.cli.speak import stop
from yikatong.setup.places import MADE, ROOT


def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="测什么。 What to measure.")] = "",
) -> None:
    """性能测量。 Measure something; without a name, list what can be measured."""
    names = sorted(path.stem for path in (ROOT / "yikatong" / "bench").glob("[!_]*.py"))
    if name not in names:
        stop(
            Refused(
                "bench.name",
                f"请指明测什么：{'、'.join(names) or '（还没有）'}",
                f"Name what to measure: {', '.join(names) or '(nothing yet)'}",
            )
        )
    if os.environ.get("DATABASE_URL"):
        stop(
            Refused(
                "bench.named_database",
                "性能测量会清空它所用的数据库，不在 DATABASE_URL 所指的库上运行。请先 unset DATABASE_URL。",
                "A bench empties the database it runs on, so it never runs on the one in DATABASE_URL. Unset it first.",
            )
        )
    with house(MADE / "bench"):
        migrate()
        importlib.import_module(f"yikatong.bench.{name}").run(context.args)
