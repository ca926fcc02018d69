"""This room's tables. Private to this package: others ask `queries`."""

from yikatong.cards.models.cards import Batch, Card, Order

__all__ = ["Batch", "Card", "Order"]
