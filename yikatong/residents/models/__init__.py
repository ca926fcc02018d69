"""Tables of the base library (人员基础库). Private to this package: others ask `queries`."""

from yikatong.residents.models.lists import ImportList, ImportRow
from yikatong.residents.models.people import (
    Attribute,
    Correction,
    DuplicateKey,
    DuplicatePair,
    FormerName,
    Guardian,
    IdentityDocument,
    LifeChange,
    Resident,
    SignInCode,
)

__all__ = [
    "Attribute",
    "Correction",
    "DuplicateKey",
    "DuplicatePair",
    "FormerName",
    "Guardian",
    "IdentityDocument",
    "ImportList",
    "ImportRow",
    "LifeChange",
    "Resident",
    "SignInCode",
]
