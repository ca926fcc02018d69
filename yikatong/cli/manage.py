"""`./yk manage …`: Django's own commands, on the same database as the other commands."""

from __future__ import annotations

import typer

from yikatong.cli.environment import house


def manage(context: typer.Context) -> None:
    """Django 管理命令。 Django's management commands."""
    with house():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["yk manage", *context.args])
