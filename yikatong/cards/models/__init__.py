"""This room's tables. Private to this package: others ask `queries`."""

from yikatong.cards.models.cards import Batch, Card, Order
from yikatong.cards.models.desk import Assignment

__all__ = ["Assignment", "Batch", "Card", "Order"]
