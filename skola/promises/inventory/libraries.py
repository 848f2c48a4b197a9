"""What the tables of libraries hold. Their models cannot say it themselves, so it stands here.

Columns that the walls add (``tenant_id``) need no mention. ``expires`` names a column in which the
library writes when a row ends; the sweep removes the row then.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Library:
    """The declaration of one table; keys are columns."""

    personal: dict[str, str] = field(default_factory=dict)
    not_personal: dict[str, str] = field(default_factory=dict)
    subject: str = ""
    goes_with: str = ""
    expires: str = ""
    key: str = "id"
    secrets: frozenset[str] = frozenset()
    moves: bool = True
    """Whether rows go along with a tenant that is handed over elsewhere."""


_KEY = "surrogate key"
_RIGHTS = "rights of the software, nobody's data"
_QUEUE = "jobs carry identifiers, never names or texts"

LIBRARIES: dict[str, Library] = {
    "account_emailaddress": Library(
        personal={
            "user_id": "credentials",
            "email": "credentials",
            "verified": "credentials",
            "primary": "credentials",
        },
        not_personal={"id": _KEY},
        subject="user__person_id",
        goes_with="user",
    ),
    "account_emailconfirmation": Library(
        personal={
            "email_address_id": "credentials",
            "created": "credentials",
            "sent": "credentials",
            "key": "credentials",
        },
        secrets=frozenset({"key"}),
        not_personal={"id": _KEY},
        subject="email_address__user__person_id",
        goes_with="email_address",
        moves=False,
    ),
    "mfa_authenticator": Library(
        personal={
            "user_id": "credentials",
            "type": "credentials",
            "data": "credentials",
            "created_at": "credentials",
            "last_used_at": "credentials",
        },
        secrets=frozenset({"data"}),
        not_personal={"id": _KEY},
        subject="user__person_id",
        goes_with="user",
        moves=False,
    ),
    "socialaccount_socialaccount": Library(
        personal={
            "user_id": "credentials",
            "provider": "credentials",
            "uid": "credentials",
            "last_login": "credentials",
            "date_joined": "credentials",
            "extra_data": "credentials",
        },
        not_personal={"id": _KEY},
        subject="user__person_id",
        goes_with="user",
    ),
    "socialaccount_socialtoken": Library(
        personal={
            "app_id": "credentials",
            "account_id": "credentials",
            "token": "credentials",
            "token_secret": "credentials",
            "expires_at": "credentials",
        },
        secrets=frozenset({"token", "token_secret"}),
        not_personal={"id": _KEY},
        subject="account__user__person_id",
        goes_with="account",
        moves=False,
    ),
    "socialaccount_socialapp": Library(
        not_personal=dict.fromkeys(
            ("id", "provider", "provider_id", "name", "client_id", "secret", "key", "settings"),
            "a network that the operator set up; this table stays empty",
        )
    ),
    "usersessions_usersession": Library(
        personal={
            "user_id": "credentials",
            "created_at": "credentials",
            "last_seen_at": "credentials",
            "session_key": "credentials",
            "user_agent": "credentials",
            "data": "credentials",
        },
        secrets=frozenset({"session_key", "data"}),
        not_personal={
            "id": _KEY,
            "ip": "0.0.0.0 for everybody: no address is kept here",
        },
        subject="user__person_id",
        goes_with="user",
        moves=False,
    ),
    "django_session": Library(
        personal={"session_key": "credentials", "session_data": "credentials"},
        not_personal={"expire_date": "the end of the row itself"},
        expires="expire_date",
        key="session_key",
        moves=False,
    ),
    "skola_cache": Library(
        personal={"cache_key": "security_log", "value": "security_log"},
        not_personal={"expires": "the end of the row itself"},
        expires="expires",
        key="cache_key",
    ),
    "auth_group": Library(not_personal={"id": _KEY, "name": _RIGHTS}),
    "auth_permission": Library(
        not_personal={"id": _KEY, "name": _RIGHTS, "content_type_id": _RIGHTS, "codename": _RIGHTS}
    ),
    "auth_group_permissions": Library(
        not_personal={"id": _KEY, "group_id": _RIGHTS, "permission_id": _RIGHTS}
    ),
    "django_content_type": Library(
        not_personal={"id": _KEY, "app_label": "name of a table", "model": "name of a table"}
    ),
    "django_migrations": Library(
        not_personal={
            "id": _KEY,
            "app": "name of a migration",
            "name": "name of a migration",
            "applied": "moment of a migration",
        }
    ),
    "procrastinate_jobs": Library(
        not_personal={
            "id": _KEY,
            "queue_name": _QUEUE,
            "task_name": _QUEUE,
            "priority": _QUEUE,
            "lock": _QUEUE,
            "queueing_lock": _QUEUE,
            "args": _QUEUE,
            "status": _QUEUE,
            "scheduled_at": _QUEUE,
            "attempts": _QUEUE,
            "abort_requested": _QUEUE,
            "worker_id": _QUEUE,
        }
    ),
    "procrastinate_events": Library(
        not_personal={"id": _KEY, "job_id": _QUEUE, "type": _QUEUE, "at": _QUEUE}
    ),
    "procrastinate_periodic_defers": Library(
        not_personal={
            "id": _KEY,
            "task_name": _QUEUE,
            "defer_timestamp": _QUEUE,
            "job_id": _QUEUE,
            "periodic_id": _QUEUE,
        }
    ),
    "procrastinate_workers": Library(
        not_personal={"id": _KEY, "last_heartbeat": "a process of this installation"}
    ),
}
