from datetime import datetime
from typing import Any


def clock_of(obj: Any, *, now: datetime) -> Any:
    from importlib import import_module

    return import_module("skola.promises.retention.api").clock_of(obj, now=now)
