"""Who a session belongs to."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from skola.ground import clock
from skola.ground.db.compiled import Compiled
from skola.ground.people.models import Account, Role


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in as allauth does, and reads in one statement what every page wants to know."""

    def get_user(self, user_id: Any) -> Account | None:
        """Return the account with its person, their roles, and how they want pages to look.

        None without one. Roles have no sealed part, and no restriction hides one's own: they are
        the same here, where it is found out who is at the door, as on the page.
        """
        found = next(iter(_WHOLE.ask(user_id, clock.now())), None)
        return found if found and self.user_can_authenticate(found) else None


def _whole(account_id: UUID, now: datetime) -> QuerySet[Account]:
    held = Role.objects.filter(person=OuterRef("person")).held_at(now)
    whole = Account.objects.select_related("person__preferences").annotate(
        held_kinds=ArraySubquery(held.values("kind"))
    )
    return whole.filter(pk=account_id)


_WHOLE = Compiled(_whole, UUID(int=1), datetime(1900, 1, 1, tzinfo=UTC))
