"""`./yk centre`: the centre that a database was opened for, when a newer version of the program comes."""

from __future__ import annotations

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.environment import house, tables_are_current
from yikatong.cli.speak import results, say, stop

app = typer.Typer(help="中心。 The centre.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def centre() -> None:
    """中心。 The centre."""


@app.command("update")
def update() -> None:
    """补入新版本的规则和节假日，已有的一概不动。 Add a new version's rules and holidays; what is there stays."""
    with house():
        if not tables_are_current():
            stop(Refused("centre.tables", "请先运行 ./yk manage migrate。", "Run ./yk manage migrate first."))
        if not bring_up_to_date():
            results.print("没有可补入的。 Nothing to add.")


def bring_up_to_date() -> bool:
    """Add what this version's files have and the centre has not, and say what; every start does this by itself."""
    from yikatong.office.act import Actor, Door, open_act
    from yikatong.office.opening import add_missing_rules

    with open_act(Actor.system("update"), door=Door.TASK) as act:
        added = add_missing_rules(act)
    for code in added.rules:
        say(f"补入规则 {code}", f"added rule {code}")
    for year in added.years:
        say(f"补入 {year} 年节假日", f"added the holidays of {year}")
    for row in added.left:
        say(f"未补入 {row}：本中心已有这条规则", f"not added {row}: the centre has this rule")
    return bool(added)
