"""`./yk demo`: opens a card centre in a demo city, shows what a year there came to, and serves it."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.centre import bring_up_to_date
from yikatong.cli.environment import MARK, collect_static, database, load_django, migrate
from yikatong.cli.speak import say, stop
from yikatong.setup.places import data_folder
from yikatong.setup.postgres import held
from yikatong.setup.processes import port_is_free

LIFE = (
    "demo.json"  # in the data folder: which city was begun there, and whether its year was lived to the end
)


class Centre(StrEnum):
    """The two centres whose indicator tables the platform knows."""

    xianyang = "xianyang"
    xinzhou = "xinzhou"


def demo(
    centre: Annotated[
        Centre | None, typer.Option(help="咸阳（默认）或忻州。 Which centre; Xianyang by default.")
    ] = None,
    residents: Annotated[
        int | None,
        typer.Option(min=100, max=5_000_000, help="居民人数，默认 20000。 Residents; 20,000 by default."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="同样的种子得到同样的城市。 The same seed gives the same city.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。 Port.")] = 8000,
    data: Annotated[Path | None, typer.Option(help="数据目录，默认 .yk/data。 Data folder.")] = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="显示结果后结束。 End after the tables.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="以 JSON 输出结果。 Print the result as JSON.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="清空后重新开始。 Begin anew.")] = False,
) -> None:
    """开一个演示城市的社会保障卡服务中心。 Open a card centre in a demo city and serve it."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    host = "127.0.0.1"
    if not no_serve and (refused := port_is_free(host, port)) is not None:
        stop(refused)
    folder = data_folder(data)
    if not no_serve and held(folder):
        stop(in_use(folder))
    wanted = {"centre": centre.value if centre else None, "residents": residents, "seed": seed}
    _make_room(folder, wanted, fresh=fresh)
    try:
        with database(folder):
            load_django(folder, demo=True, pages=not no_serve)
            migrate()
            bring_up_to_date()
            result = _city(folder, wanted)
            _show(_with_addresses(result, f"http://{host}:{port}"), as_json=as_json)
            if not no_serve:
                from yikatong.cli.serving import serve_until_stopped

                collect_static()
                serve_until_stopped(host, port, workers=2, places=[f"http://{host}:{port}"])
    except KeyboardInterrupt:
        say("已停止。下次运行会接着或重新开始。", "Stopped. The next run goes on, or begins again.")
        raise typer.Exit(130) from None


def _make_room(folder: Path, wanted: Mapping[str, object], *, fresh: bool) -> None:
    """Empty the folder where the person asked for it, or where a city in it was never finished."""
    life = _life(folder)
    half = life is not None and life["state"] != "lived"
    if not fresh and not half:
        if life is not None:
            _refuse_another_city(folder, life["options"], wanted)
        return
    if os.environ.get("DATABASE_URL"):
        stop(
            Refused(
                "demo.named_database",
                "DATABASE_URL 所指的数据库不会被清空。请自己准备一个空数据库，或不设 DATABASE_URL 再运行。",
                "The database in DATABASE_URL is never emptied by this command. Give an empty one, or unset it.",
            )
        )
    if not (folder / MARK).exists():
        return
    if held(folder):
        stop(in_use(folder))
    if half and not fresh:
        say(
            "上次的演示城市没有建完，现在从头再建。", "The last demo city was interrupted; it is begun again."
        )
    for entry in folder.iterdir():
        if entry.name == MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def in_use(folder: Path) -> Refused:
    """Two programs must not serve or empty one city."""
    return Refused(
        "demo.in_use",
        f"{folder} 正被另一个运行中的一卡通使用。请先停止它（Ctrl-C），或用 --data 选另一个目录。",
        f"{folder} is in use by another running Yikatong. Stop it first (Ctrl-C), or choose another by --data.",
    )


def _life(folder: Path) -> dict[str, Any] | None:
    try:
        read: dict[str, Any] = json.loads((folder / LIFE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return read


def _write_life(folder: Path, state: str, options: Mapping[str, object]) -> None:
    beside = folder / (LIFE + ".new")
    beside.write_text(json.dumps({"state": state, "options": options}, ensure_ascii=False), encoding="utf-8")
    beside.replace(folder / LIFE)


def _refuse_another_city(folder: Path, has: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    for name, value in wanted.items():
        if value is not None and value != has.get(name):
            stop(
                Refused(
                    "demo.another_city",
                    f"{folder} 里的城市是 --{name} {has.get(name)}，不是 {value}。"
                    "请加 --fresh 重新开始，或用 --data 另选目录。",
                    f"The city in {folder} was made with --{name} {has.get(name)}, not {value}. "
                    "Add --fresh to begin anew, or choose another folder by --data.",
                )
            )


def _city(folder: Path, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The city's result: found, or lived through now."""
    # Named at run time: the commands stand above the floors and are checked before the simulation is loaded.
    city = importlib.import_module("yikatong.simulation.city")
    found: Mapping[str, Any] | None = city.existing()
    if found is not None:
        say("找到已有的演示城市。", "The demo city is already there.")
        return found
    defaults = {"centre": Centre.xianyang.value, "residents": 20_000, "seed": 1}
    options = {
        name: wanted[name] if wanted[name] is not None else default for name, default in defaults.items()
    }
    _write_life(folder, "living", options)
    from yikatong.cli.progress import Progress

    with Progress() as progress, contextlib.redirect_stdout(sys.stderr):
        result: Mapping[str, Any] = city.live(city.Options(**options), progress)
    _write_life(folder, "lived", options)
    return result


def _with_addresses(result: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The result with whole addresses where it names pages by their path."""
    look = [
        {**row, "url": base + row["url"] if row["url"].startswith("/") else row["url"]}
        for row in result["look"]
    ]
    return {**result, "look": look}


def _show(result: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        parts = ("centre", "happened", "indicators", "logins", "keys", "look")
        text = json.dumps({part: result[part] for part in parts}, ensure_ascii=False, indent=2, default=str)
        print(text, flush=True)
        return
    from yikatong.cli.tables import show

    show(result)
