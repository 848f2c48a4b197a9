"""Closing a tenant's service because it goes over to another controller, and opening it again.

Through two functions of the owner, for the speaking tenant alone: the application may not change
the table of tenants.
"""

from datetime import datetime

from django.db import connection

from skola.ground.tenants.queries import forget_hosts


def depart(*, now: datetime) -> bool:
    """Close the service of the speaking tenant, and return whether it was open until now.

    Its pages and its rounds of jobs end, in other processes within a minute (``queries``).
    """
    return _called("select tenants_depart(%s::timestamptz)", [now])


def come_back() -> bool:
    """Open the service of the speaking tenant again; return whether it was closed."""
    return _called("select tenants_return()", [])


def _called(statement: str, values: list[datetime]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    forget_hosts()
    return bool(row and row[0])
