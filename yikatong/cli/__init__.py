"""The commands of `./yk`, one file each. Django is loaded inside a command, once its environment stands."""

from __future__ import annotations

import typer

from yikatong.cli import (
    audit,
    bank_sim,
    bench,
    centre,
    check,
    demo,
    disclose,
    docs,
    journal,
    keys,
    manage,
    recheck,
    serve,
    test,
    worker,
)

PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}

app = typer.Typer(
    name="yk",
    help="一卡通：社会保障卡服务中心开放平台。 Yikatong: an open platform for social security card service centres.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("test", context_settings=PASS_ON)(test.test)
app.command("check")(check.check)
app.command("bench", context_settings=PASS_ON)(bench.bench)
app.command("docs")(docs.docs)
app.add_typer(centre.app, name="centre")
app.add_typer(journal.app, name="journal")
app.add_typer(keys.app, name="keys")
app.command("recheck")(recheck.recheck)
app.command("audit")(audit.audit)
app.command("disclose")(disclose.disclose)
app.command("bank-sim")(bank_sim.bank_sim)
app.command("worker")(worker.worker)
app.command("manage", context_settings=PASS_ON)(manage.manage)


@app.command("help")
def show_help(context: typer.Context) -> None:
    """列出所有命令。 List the commands."""
    whole = context.find_root()
    print(whole.get_help())


def main() -> None:
    """Run one command; the process ends with its exit code."""
    app(prog_name="./yk")
