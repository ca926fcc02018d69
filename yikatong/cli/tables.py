"""The closing tables of the demo: what happened, the indicators, where to look, who can log in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from yikatong.cli.speak import results


def show(result: Mapping[str, Any]) -> None:
    """Print the result of a demo city (the dict of `simulation.city.live`) on stdout."""
    centre = result["centre"]
    name = centre.get("name") or centre.get("id") or ""
    results.print()
    results.rule(f"{name}", align="left")
    results.print(_happened(result["happened"], result["labels"]))
    results.print(_indicators(result["indicators"]))
    results.print(_rows("到哪里看 Where to look", ("what", "url"), result["look"]))
    results.print(_rows("谁能登录 Who can log in", ("who", "user", "password", "where"), result["logins"]))
    for row in result["keys"]:
        results.print(f"{row['who']}  {row['where']}\n    {row['header']}", soft_wrap=True, highlight=False)


def _happened(happened: Mapping[str, int], labels: Mapping[str, str]) -> Table:
    table = _table("这一年发生了什么 What happened", "事项", "次数")
    table.columns[1].justify = "right"
    for kind, number in happened.items():
        table.add_row(labels[kind], f"{number:,}")
    return table


def _indicators(indicators: list[Mapping[str, Any]]) -> Table:
    """The measured ones; how many targets still wait for their measure is said below."""
    table = _table("绩效指标 Indicators", "编号", "指标", "目标", "实际", "单位", "分子", "分母")
    measured = [row for row in indicators if row["actual"] is not None]
    for row in measured:
        cells = [
            row.get(part) for part in ("id", "name", "target", "actual", "unit", "numerator", "denominator")
        ]
        table.add_row(
            *(
                "—" if cell in (None, "") else f"{cell:,}" if isinstance(cell, int) else str(cell)
                for cell in cells
            )
        )
    for number in (3, 5, 6):
        table.columns[number].justify = "right"
    waiting = len(indicators) - len(measured)
    table.caption = f"另有 {waiting} 项目标尚无计量 / {waiting} more targets have no measure yet"
    table.caption_justify = "left"
    return table


def _rows(title: str, parts: tuple[str, ...], rows: list[Mapping[str, Any]]) -> Table:
    heads = {
        "what": "内容",
        "url": "地址",
        "who": "谁",
        "user": "用户名",
        "password": "口令",
        "where": "窗口",
    }
    table = _table(title, *(heads[part] for part in parts))
    for row in rows:
        table.add_row(*(str(row.get(part) or "—") for part in parts))
    return table


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table
