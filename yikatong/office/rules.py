"""Pure decisions of the office floor: the machines of messages and files."""

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
