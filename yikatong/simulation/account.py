"""What came of the demo city's year, read back as anyone could read it: from the journal and the indicators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yikatong.basics.periods import Period
from yikatong.benefits import facts as benefits
from yikatong.cards import facts as cards
from yikatong.indicators import queries as indicators
from yikatong.office import journal, opening
from yikatong.office import queries as office
from yikatong.residents import facts as residents
from yikatong.residents import queries as people
from yikatong.simulation.crew import CENTRE_STAFF, PASSWORD
from yikatong.simulation.diary import CHINA

LABELS = {
    residents.IMPORTED.code: "人员入库",
    residents.REGISTERED.code: "窗口登记人员",
    cards.ADOPTED.code: "存量卡入库",
    cards.APPLIED.code: "制卡申请",
    cards.CHECKED.code: "数据比对",
    cards.ACCOUNT_OPENED.code: "银行预开户回复",
    cards.MADE.code: "制卡完成",
    cards.MAKE_FAILED.code: "制卡失败",
    cards.STOCKED.code: "网点入库",
    cards.COLLECTED.code: "领卡",
    cards.ENABLED.code: "启用",
    cards.BANK_ACTIVATED.code: "金融账户激活",
    cards.TEMP_LOST.code: "临时挂失",
    cards.LOSS_RELEASED.code: "解挂",
    cards.LOST.code: "正式挂失",
    cards.ERROR_CONFIRMED.code: "确认发卡差错",
    benefits.BATCH_DUE.code: "报送发放清册",
    benefits.FILE_SENT.code: "发送代发文件",
    benefits.ROW_REPAIRED.code: "修复重发",
    benefits.BATCH_SETTLED.code: "发放批次办结",
    residents.LOOKED_UP.code: "查看人员资料",
}
ROLE_WORDS = {
    "clerk": "窗口经办（全市）",
    "desk": "制卡经办",
    "reviewer": "制卡审核、公开审核",
    "hotline": "12333 咨询员",
    "editor": "绩效编报、公开编制",
    "director": "中心主任、绩效审核、公开批准",
    "security": "安全管理员",
    "auditor": "审计员",
    "manager": "网点负责人",
    "benefits": "待遇经办（提交清册）",
    "department": "待遇业务审批",
    "finance": "待遇财政审批",
    "payer": "待遇发放（代发文件）",
    "reconciler": "待遇对账（差错处理）",
    "supervisor": "基金监管（核查线索）",
}


def account() -> dict[str, Any]:
    """`centre`, `happened` (by kind of fact), `labels`, `indicators`, `look`, `logins`, `keys`."""
    centre = office.centre()
    options = opening.demo_options() or {}
    if centre is None:
        raise LookupError("no centre was opened here")
    year = Period.parse(str(centre.target_year))
    begin, end = (datetime(y, 1, 1, tzinfo=CHINA) for y in (centre.target_year, centre.target_year + 1))
    counts = journal.counts(begin, end)
    return {
        "centre": {
            "id": centre.code,
            "name": centre.name,
            "region": centre.region,
            "year": centre.target_year,
            "residents": options.get("residents"),
            "seed": options.get("seed"),
        },
        "happened": {kind: counts.get(kind, 0) for kind in LABELS},
        "labels": LABELS,
        "indicators": [
            _indicator(row) for row in indicators.board(year) if row.actual is not None or row.target
        ],
        "look": _look(),
        "logins": _logins(options),
        "keys": [
            {
                "who": "合作单位 市图书馆",
                "where": "/api/v1/",
                "header": f"Authorization: Bearer {options.get('partner_key', '')}",
            },
        ],
    }


def _indicator(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "target": row.target,
        "actual": None if row.actual is None else str(row.actual),
        "unit": row.unit,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "score": None if row.score is None else str(row.score),
        "mark": row.mark,
        "reason": row.reason,
    }


def _look() -> list[dict[str, str]]:
    return [
        {"what": "公开网站：指标与报表", "url": "/"},
        {"what": "工作台", "url": "/console/"},
        {"what": "居民窗口", "url": "/portal/"},
        {"what": "合作单位接口文档", "url": "/api/v1/openapi.json"},
    ]


def _logins(options: dict[str, object]) -> list[dict[str, str]]:
    rows = [
        {"who": ROLE_WORDS[username], "user": username, "password": PASSWORD, "where": "/console/"}
        for username, *_ in CENTRE_STAFF
    ]
    rows += [
        {"who": who, "user": user, "password": PASSWORD, "where": "/console/"}
        for who, user in (("经办（一个网点）", "clerk1"), ("银行经办（一个网点）", "bank1"))
    ]
    holder = people.person_by_number(str(options.get("example", "")))
    if holder is not None:
        rows.append(
            {
                "who": f"居民 {holder.name}",
                "user": holder.number,
                "password": "页面显示验证码",
                "where": "/portal/",
            }
        )
    return rows
