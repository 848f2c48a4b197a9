"""The door of ``customers``."""

from skola.services.customers.functions import Function, register
from skola.services.customers.places import places
from skola.services.customers.queries import Opened, may_use, opened
from skola.services.customers.relations import CAPABILITY as RELATION
from skola.services.customers.relations import end as end_relation
from skola.services.customers.relations import latest as relation_of
from skola.services.customers.relations import note_use
from skola.services.customers.relations import register as register_customer

__all__ = [
    "RELATION",
    "Function",
    "Opened",
    "end_relation",
    "may_use",
    "note_use",
    "opened",
    "places",
    "register",
    "register_customer",
    "relation_of",
]
