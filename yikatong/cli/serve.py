"""`./yk serve`: the production server, by settings in the environment. It refuses to start insecurely."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.centre import bring_up_to_date
from yikatong.cli.environment import collect_static, database, load_django, tables_are_current
from yikatong.cli.speak import stop
from yikatong.setup.places import data_folder
from yikatong.setup.processes import port_is_free

SHORTEST_KEY = 50
NEEDED = {
    "DATABASE_URL": (
        "数据库地址，例如 postgresql://用户:口令@主机/库名",
        "e.g. postgresql://user:password@host/name",
    ),
    "YK_SECRET_KEY": ("签名用的密钥，至少 50 个随机字符", "at least 50 random characters, for signatures"),
    "YK_JOURNAL_KEY": (
        "流水校验用的密钥，至少 50 个随机字符",
        "at least 50 random characters, for the journal's codes",
    ),
    "YK_ENVELOPE_KEYS": (
        "敏感信息加密用的信封密钥，写作 名称:密钥，新的在前，逗号分隔，每个密钥至少 50 个随机字符",
        "envelope keys for sensitive columns, name:secret, newest first, by commas, each at least 50 random characters",
    ),
    "YK_ALLOWED_HOSTS": (
        "对外的域名，逗号分隔，例如 card.example.cn",
        "host names, by commas, e.g. card.example.cn",
    ),
}


def serve(
    host: Annotated[str, typer.Option(help="监听地址。 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。 Port.")] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, help="进程数，默认等于核数。 Processes; one per core.")
    ] = None,
) -> None:
    """正式运行（由环境变量设置）。 Serve in production, set up by the environment."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    for refused in (insecure(os.environ), port_is_free(host, port)):
        if refused is not None:
            stop(refused)
    data = data_folder()
    with database(data):
        load_django(data, demo=False, pages=True)
        if not tables_are_current():
            stop(OLD_TABLES)
        refused = not_ours()
        if refused is not None:
            stop(refused)
        bring_up_to_date()
        collect_static()
        from yikatong.cli.serving import serve_until_stopped

        serve_until_stopped(
            host, port, workers=workers or os.cpu_count() or 2, places=[f"http://{host}:{port}"]
        )


def not_ours() -> Refused | None:
    """What about this database keeps it from being served: a demo's city, or a journal written with another key."""
    from yikatong.office import journal, queries

    centre = queries.centre()
    if centre is not None and centre.demo:
        return Refused(
            "serve.demo_city",
            "没有启动。这个数据库是演示城市，里面的人全是虚构的，口令也是公开的。请用一个新的数据库。",
            "Not started. This database holds a demo city: its people are invented, its passwords public. Use a new one.",
        )
    if not journal.key_fits():
        return _no(
            "YK_JOURNAL_KEY",
            "不是这本日志一直使用的密钥；用它写下去，新记录会被判为伪造。请换回原来的密钥",
            "is not the key this journal was written with; what it writes would be found invented. Use the old one",
        )
    return None


def insecure(environment: Mapping[str, str]) -> Refused | None:
    """What keeps this environment from being served, or None: the first missing or unsafe setting, and how to set it."""
    if environment.get("YK_DEMO"):
        return _no(
            "YK_DEMO", "演示设置不能用于正式运行，请去掉它", "the demo's settings do not serve; unset it"
        )
    for name, (zh, en) in NEEDED.items():
        if not environment.get(name):
            return _no(name, f"没有设置：{zh}", f"is missing: {en}")
    keys = [(name, environment[name]) for name in ("YK_SECRET_KEY", "YK_JOURNAL_KEY")]
    envelopes = environment["YK_ENVELOPE_KEYS"].split(",")
    keys += [("YK_ENVELOPE_KEYS", each.partition(":")[2]) for each in envelopes]
    for name, key in keys:
        if len(key) < SHORTEST_KEY or len(set(key)) < 10 or key.startswith("demo"):
            make = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
            return _no(name, f"太弱；可以这样生成：{make}", f"is too weak; make one by: {make}")
    if len({key for _, key in keys}) < len(keys):
        return _no(
            keys[1][0] if keys[0][1] == keys[1][1] else "YK_ENVELOPE_KEYS",
            "与另一个密钥相同，请各用各的",
            "is the same as another key; use a different one for each",
        )
    if "*" in environment["YK_ALLOWED_HOSTS"]:
        return _no("YK_ALLOWED_HOSTS", "不能用 *，请写明域名", "must name the hosts, not *")
    return None


def _no(name: str, zh: str, en: str) -> Refused:
    return Refused(
        "serve.insecure", f"没有启动。环境变量 {name} {zh}。", f"Not started. {name} {en}.", at=name
    )


OLD_TABLES = Refused(
    "serve.tables",
    "没有启动。数据库的表还不是这个版本的。请先备份，再运行 ./yk manage migrate 和 ./yk manage createcachetable。",
    "Not started. The tables are not those of this version. Make a backup, then run ./yk manage migrate and "
    "./yk manage createcachetable.",
)
