"""Brings a command to the point where Django's models can be used: folder, server, settings, tables, static files."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from yikatong.basics.refused import Refused
from yikatong.cli.speak import or_stop, say, stop
from yikatong.setup import assets
from yikatong.setup.places import data_folder, writable
from yikatong.setup.postgres import embedded, require_postgres

MARK = "YIKATONG"  # stands in a data folder of ours, so that nothing else is ever emptied by --fresh


@contextlib.contextmanager
def database(data: Path) -> Iterator[str]:
    """The database of this data folder for the time of the block; DATABASE_URL, where it is set, goes before it."""
    named = os.environ.get("DATABASE_URL")
    if named:
        refused = require_postgres(named)
        if refused is not None:
            stop(refused)
        yield named
        return
    _mark(data)
    server = or_stop(embedded(data))
    for folder in server.opened:
        say(
            f"已允许数据库账户经过 {folder}（只加了 o+x）。",
            f"The database's account may now pass through {folder} (o+x only).",
        )
    os.environ["DATABASE_URL"] = server.url
    try:
        yield server.url
    finally:
        del os.environ["DATABASE_URL"]
        server.stop()


def _mark(data: Path) -> None:
    or_stop(writable(data))
    mark = data / MARK
    if mark.exists():
        return
    if any(data.iterdir()):
        stop(
            Refused(
                "setup.foreign_folder",
                f"{data} 里已有别的文件。请用 --data 选一个空目录。",
                f"{data} already holds other files. Choose an empty folder by --data.",
            )
        )
    mark.write_text("一卡通的数据目录 / data folder of Yikatong\n", encoding="utf-8")


def load_django(data: Path, *, demo: bool, pages: bool = False) -> None:
    """Settings and models, from the environment as it stands now; for `pages` with the front-end files in place."""
    if pages:
        # Before the settings, which name only the folders of static files that exist.
        or_stop(assets.place())
    os.environ["YK_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "yikatong.settings"
    if demo:
        os.environ["YK_DEMO"] = "1"
    import django

    django.setup()


def migrate() -> None:
    """Bring the tables up to the code, the cache's table included; silent on stdout."""
    from django.core.management import call_command

    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def tables_are_current() -> bool:
    """Whether the tables are those of this code; changes nothing."""
    from django.core.management import call_command

    try:
        with contextlib.redirect_stdout(sys.stderr):
            call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return False
    return True


def collect_static() -> None:
    """Put all static files where the web server looks for them; skipped while nothing changed."""
    from django.core.management import call_command

    if assets.collected():
        return
    with contextlib.redirect_stdout(sys.stderr):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    assets.note_collected()


@contextlib.contextmanager
def house(named: Path | None = None) -> Iterator[Path]:
    """For the smaller commands: the city in DATABASE_URL, or the demo's in its data folder. Yields the folder."""
    data = data_folder(named)
    ours = not os.environ.get("DATABASE_URL")
    with database(data):
        load_django(data, demo=ours)
        yield data
