"""`./yk bench NAME`: measures one thing, in a data folder of its own (never the demo's city)."""

from __future__ import annotations

import importlib
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
    with house(MADE / "bench"):
        migrate()
        importlib.import_module(f"yikatong.bench.{name}").run(context.args)
