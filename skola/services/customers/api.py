"""The door of ``customers``."""

from skola.services.customers.functions import Function, register
from skola.services.customers.places import places
from skola.services.customers.queries import Opened, may_use, opened

__all__ = ["Function", "Opened", "may_use", "opened", "places", "register"]
