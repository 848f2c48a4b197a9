"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from skola.ground.people.models import Account


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in as allauth does, and reads in one statement what every page wants to know."""

    def get_user(self, user_id: Any) -> Account | None:
        """Return the account with its person and how they want pages to look; None without one."""
        found = Account.objects.select_related("person__preferences").filter(pk=user_id).first()
        return found if found and self.user_can_authenticate(found) else None
