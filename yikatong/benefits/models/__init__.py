"""Tables of benefit payments. Private to this package: others ask `queries`."""

from yikatong.benefits.models.batches import Payment, PaymentBatch
from yikatong.benefits.models.files import Answer, BankFile, FileLine
from yikatong.benefits.models.ledger import Leg

__all__ = ["Answer", "BankFile", "FileLine", "Leg", "Payment", "PaymentBatch"]
