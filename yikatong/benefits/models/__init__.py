"""Tables of benefit payments. Private to this package: others ask `queries`."""

from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.models.corrections import RowCorrection
from yikatong.benefits.models.departments import BroughtByInterface
from yikatong.benefits.models.files import Answer, BankFile, Enquiry, FileLine
from yikatong.benefits.models.ledger import Posting
from yikatong.benefits.models.recoveries import Recovery
from yikatong.benefits.models.statements import AccountStatement, Discrepancy, StatementEntry
from yikatong.benefits.models.supervision import BatchFigure, Clue, ClueRow
from yikatong.benefits.models.whereabouts import Whereabouts

__all__ = [
    "AccountStatement",
    "Answer",
    "BankFile",
    "BatchFigure",
    "BroughtByInterface",
    "Clue",
    "ClueRow",
    "Discrepancy",
    "Enquiry",
    "FileLine",
    "Payment",
    "PaymentBatch",
    "Posting",
    "Recovery",
    "RowCorrection",
    "StatementEntry",
    "Whereabouts",
]
