"""Founding a tenant while the platform runs, and closing it: through two functions of the owner.

The application may neither insert into the table of tenants nor change it. What it may is to call
these, which do this one thing each, and for the speaking tenant's own academies alone. See
``docs/decisions/0021-academies-are-founded-through-a-function.md``.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from skola.ground.ids import uuid7
from skola.ground.tenants.models import Tenant
from skola.ground.tenants.queries import forget_hosts


class TakenError(Exception):
    """There is a tenant, or a host, of this name."""


def found(word: str, name: str, *, now: datetime) -> Tenant:
    """Found a tenant of the speaking one, reached as ``word`` before each of its host names.

    Raises TakenError; the database refuses where a founded tenant would found in its turn, and
    words that no host name can begin with.
    """
    made = uuid7()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select tenants_found(%s::uuid, %s::text, %s::text, %s::timestamptz)",
                [made, word, name, now],
            )
    except IntegrityError as problem:
        raise TakenError(f"{word!r} is taken.") from problem
    forget_hosts()
    return Tenant.objects.get(pk=made)


def close(tenant_id: UUID) -> bool:
    """Close a tenant that the speaking one founded; return whether there was an open one.

    From then on it has no pages and no jobs. Its name and hosts stay taken, so that nobody is led
    to a stranger under an old address.
    """
    with connection.cursor() as cursor:
        cursor.execute("select tenants_close(%s::uuid)", [tenant_id])
        row = cursor.fetchone()
    forget_hosts()
    return bool(row and row[0])
