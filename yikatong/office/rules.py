"""Pure decisions of the office floor: the machines of messages, files, events and requests to export."""

from __future__ import annotations

from yikatong.basics.states import Machine, Move, State

QUEUED = State("queued", "待发送", "queued")
SENT = State("sent", "已发送", "sent")

MESSAGE = Machine(
    name="message",
    zh="短信",
    states=(QUEUED, SENT),
    firsts=(QUEUED,),
    moves=(Move("send", (QUEUED,), SENT),),
)

RECEIVED = State("received", "已接收", "received")
APPLIED = State("applied", "已入账", "applied")
REJECTED = State("rejected", "已退回", "rejected")

FILE = Machine(
    name="file",
    zh="交换文件",
    states=(QUEUED, SENT, RECEIVED, APPLIED, REJECTED),
    firsts=(QUEUED, RECEIVED),
    moves=(
        Move("send", (QUEUED,), SENT),
        Move("resend", (SENT,), QUEUED),
        Move("apply", (RECEIVED,), APPLIED),
        Move("reject", (RECEIVED,), REJECTED),
    ),
)

EVENT_KEPT = State("kept", "待取", "kept to be fetched")
EVENT_QUEUED = State("queued", "待发送", "queued")
EVENT_DELIVERED = State("delivered", "已送达", "delivered")
EVENT_GIVEN_UP = State("given_up", "未能送达", "not delivered")

EVENT = Machine(
    name="event",
    zh="合作单位事件",
    states=(EVENT_KEPT, EVENT_QUEUED, EVENT_DELIVERED, EVENT_GIVEN_UP),
    firsts=(EVENT_KEPT, EVENT_QUEUED),
    moves=(
        Move("deliver", (EVENT_QUEUED,), EVENT_DELIVERED),
        Move("give_up", (EVENT_QUEUED,), EVENT_GIVEN_UP),
        Move("replay", (EVENT_KEPT, EVENT_DELIVERED, EVENT_GIVEN_UP), EVENT_QUEUED),
    ),
)

ASKED = State("asked", "待审批", "waiting for approval")
APPROVED = State("approved", "已批准", "approved")
SENT_BACK = State("sent_back", "已退回", "sent back")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

EXPORT_REQUEST = Machine(
    name="export_request",
    zh="超限导出申请",
    states=(ASKED, APPROVED, SENT_BACK, WITHDRAWN),
    firsts=(ASKED,),
    moves=(
        Move("approve", (ASKED,), APPROVED),
        Move("send_back", (ASKED,), SENT_BACK),
        Move("withdraw", (ASKED, APPROVED), WITHDRAWN),
    ),
)
