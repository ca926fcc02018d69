"""This room's tables. Private to this package: others ask `queries`."""

from yikatong.cards.models.agency import Agency
from yikatong.cards.models.banks import BankApplication
from yikatong.cards.models.blanks import Blank, StockCount, StockPaper
from yikatong.cards.models.cards import Batch, Card, Order
from yikatong.cards.models.cases import Case
from yikatong.cards.models.collective import ApplicationList, ListAgent, ListHandOver, ListLine, Unit
from yikatong.cards.models.copies import ReceiptCopy
from yikatong.cards.models.desk import Assignment, FileProblem, FileResult
from yikatong.cards.models.fees import Fee
from yikatong.cards.models.pictures import HandOver, Image, Photo
from yikatong.cards.models.pins import PinRequest
from yikatong.cards.models.posting import Posting
from yikatong.cards.models.shelves import BoxCount, Placement, Slot

__all__ = [
    "Agency",
    "ApplicationList",
    "Assignment",
    "BankApplication",
    "Batch",
    "Blank",
    "BoxCount",
    "Card",
    "Case",
    "Fee",
    "FileProblem",
    "FileResult",
    "HandOver",
    "Image",
    "ListAgent",
    "ListHandOver",
    "ListLine",
    "Order",
    "Photo",
    "PinRequest",
    "Placement",
    "Posting",
    "ReceiptCopy",
    "Slot",
    "StockCount",
    "StockPaper",
    "Unit",
]
