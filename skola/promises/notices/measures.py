"""Measures of security that a policy can promise, each with a test of whether it is on.

A ``[[security]]`` table names them in ``check``, several with commas. ``skola doctor`` and the
marks of the notice ask the same functions, so that a measure which is off is red in both.
"""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from skola.ground import clock
from skola.ground.backup import api as backup
from skola.ground.people.api import Role

NEWEST = timedelta(hours=26)
"""A nightly backup may be late by two hours."""
STAFF = frozenset(
    {"administrator", "examiner", "finance", "officer", "recruiter", "reviewer", "support"}
)
"""Roles that open other people's data."""


@dataclass(frozen=True, slots=True)
class Wall:
    """What the database says about itself, asked in one query."""

    role: str
    is_superuser: bool
    bypasses_row_security: bool
    owns_tables: int
    open_tables: tuple[str, ...]
    """Tables of tenants whose rows are not behind row-level security."""
    audit_can_change: bool
    """Whether the role may change or delete entries of the audit."""
    listens_on: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a measure is on. ``ok`` is None where it has no meaning, ``words`` says why."""

    ok: bool | None
    words: str
    """What was found in order, or what is wrong and what to do; ``%(name)s`` stands for a fact."""
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The words in English, facts filled in."""
        return self.words % self.facts


@dataclass(frozen=True, slots=True)
class Installation:
    """What the measures look at."""

    wall: Wall
    staff: int
    """People of the speaking tenant who hold a role that opens others' data."""
    staff_without_second_factor: int


_ASK = """
select current_user::text, role.rolsuper, role.rolbypassrls,
  (select count(*) from pg_class where relkind in ('r', 'p') and relowner = role.oid),
  coalesce((select array_agg(c.relname::text order by c.relname)
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and c.relname <> 'tenants_host'
       and not (c.relrowsecurity and c.relforcerowsecurity
                and exists (select from pg_policy p where p.polrelid = c.oid))), '{}'),
  has_table_privilege(current_user, 'audit_entry', 'update')
    or has_table_privilege(current_user, 'audit_entry', 'delete'),
  coalesce(current_setting('listen_addresses', true), '')
from pg_roles role where role.rolname = current_user
"""


def look_at_database() -> Wall:
    """Ask the database about the role that the application runs under, and about its walls."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK)
        row = cursor.fetchone()
    role, is_superuser, bypasses, owned, open_tables, can_change, listens_on = row
    return Wall(role, is_superuser, bypasses, owned, tuple(open_tables), can_change, listens_on)


def transport(_: Installation) -> Verdict:
    """Pages and cookies travel encrypted only, and browsers are told to insist."""
    if settings.HTTPS:
        secure = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
        if settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS and secure:
            words = gettext_noop("Plain connections are redirected, and cookies are secure.")
            return Verdict(True, words)
    elif settings.DEMO:
        words = gettext_noop("This demonstration is reached on one machine only, without TLS.")
        return Verdict(None, words)
    words = gettext_noop("Set SKOLA_HTTPS=yes: plain connections are then redirected.")
    return Verdict(False, words)


def passwords(_: Installation) -> Verdict:
    """Passwords are kept as Argon2id hashes, are long enough, and are none of the common ones."""
    configured = cast(list[dict[str, Any]], settings.AUTH_PASSWORD_VALIDATORS)
    named = [str(each["NAME"]) for each in configured]
    validators = {name.rpartition(".")[2] for name in named}
    wanted = {"MinimumLengthValidator", "CommonPasswordValidator"}
    hashed = settings.PASSWORD_HASHERS[:1] == ["skola.ground.people.passwords.Argon2id"]
    if hashed and wanted <= validators:
        return Verdict(True, gettext_noop("Passwords are kept as Argon2id hashes only."))
    return Verdict(
        False,
        gettext_noop("Put Argon2id first among PASSWORD_HASHERS, and refuse short passwords."),
    )


def second_factor(installation: Installation) -> Verdict:
    """Codes and passkeys are offered, and staff use them."""
    if not {"totp", "webauthn"} <= set(settings.MFA_SUPPORTED_TYPES):
        return Verdict(False, gettext_noop("Name totp and webauthn in MFA_SUPPORTED_TYPES."))
    if settings.DEMO:
        return Verdict(
            None,
            gettext_noop(
                "Codes and passkeys are offered; the demonstration lets staff in without."
            ),
        )
    if installation.staff_without_second_factor:
        return Verdict(
            False,
            gettext_noop("Some of the staff sign in without a second factor: ask them to add one."),
        )
    return Verdict(
        True, gettext_noop("Everybody who opens other people's data signs in with a second factor.")
    )


def object_encryption(_: Installation) -> Verdict:
    """A stored file is unreadable without its key, and the key of keys is the service's alone."""
    folder = Path(settings.DATA) / "keys"
    if not folder.exists():
        return Verdict(True, gettext_noop("No file is stored yet; the first one makes the key."))
    if any(stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (folder, *folder.iterdir())):
        words = gettext_noop(
            "Others may read the keys: chmod 700 the folder keys, and 600 what is in it."
        )
        return Verdict(False, words)
    return Verdict(
        True,
        gettext_noop("Every stored file has a key of its own; only the service can read them."),
    )


def row_security(installation: Installation) -> Verdict:
    """Rows of one tenant are out of reach of every other, whatever the code asks for."""
    wall = installation.wall
    if wall.is_superuser or wall.bypasses_row_security:
        words = gettext_noop("The role %(role)s looks past row security: run as skola_app.")
        return Verdict(False, words, {"role": wall.role})
    if wall.open_tables:
        words = gettext_noop("These tables have no wall: %(tables)s. Run `skola migrate`.")
        return Verdict(False, words, {"tables": ", ".join(wall.open_tables)})
    return Verdict(
        True, gettext_noop("The database itself keeps every table of one service from the others.")
    )


def least_privilege(installation: Installation) -> Verdict:
    """The application's role owns nothing, so that it cannot take down a wall."""
    wall = installation.wall
    if wall.owns_tables or wall.is_superuser:
        words = gettext_noop(
            "The role %(role)s owns tables: run as skola_app, and migrate as the owner."
        )
        return Verdict(False, words, {"role": wall.role})
    return Verdict(
        True,
        gettext_noop("The application owns nothing in the database and can grant itself nothing."),
    )


def audit_log(installation: Installation) -> Verdict:
    """Entries of the audit can be added, not changed and not removed."""
    if installation.wall.audit_can_change:
        words = gettext_noop("The application may change the audit: run `skola migrate`.")
        return Verdict(False, words)
    words = gettext_noop("The application can add entries to the audit, and change none.")
    return Verdict(True, words)


def sign_in_watch(_: Installation) -> Verdict:
    """Sign-ins and failures are recorded, and repeated failures slow down."""
    limited = "login_failed" in settings.ACCOUNT_RATE_LIMITS
    if limited and user_login_failed.has_listeners():
        return Verdict(
            True,
            gettext_noop("Sign-ins and failures are recorded; repeated failures are slowed down."),
        )
    return Verdict(False, gettext_noop("Put login_failed back into ACCOUNT_RATE_LIMITS."))


def closed_ports(installation: Installation) -> Verdict:
    """The database answers on this machine only."""
    wall = installation.wall
    local = {"", "localhost", "127.0.0.1", "::1"}
    if {part.strip() for part in wall.listens_on.split(",")} <= local:
        return Verdict(True, gettext_noop("The database cannot be reached from outside."))
    words = gettext_noop("The database listens on %(where)s; a firewall must stand before it.")
    return Verdict(None, words, {"where": wall.listens_on})


def cookie_flags(_: Installation) -> Verdict:
    """Scripts cannot read the cookie of the session, and other sites cannot send it."""
    strict = settings.SESSION_COOKIE_SAMESITE in {"Lax", "Strict"}
    if settings.SESSION_COOKIE_HTTPONLY and strict:
        return Verdict(
            True,
            gettext_noop("Scripts cannot read the session's cookie, other sites cannot send it."),
        )
    words = gettext_noop("Set SESSION_COOKIE_HTTPONLY, and SESSION_COOKIE_SAMESITE to Lax.")
    return Verdict(False, words)


def self_test(_: Installation) -> Verdict:
    """Every promise is compared with the data again whenever a minute has passed."""
    return Verdict(True, gettext_noop("This very page is the self-test, at most a minute old."))


def backups(_: Installation) -> Verdict:
    """Backups are made, and how far back they reach, as the inventory of them says."""
    reach, now = backup.backup_window(), clock.now()
    if reach.newest_at is None:
        words = gettext_noop("There is no backup: run skola backup every night.")
        return Verdict(None if settings.DEMO else False, words)
    if now - reach.newest_at > NEWEST:
        words = gettext_noop(
            "The newest backup is %(days)s days old: run skola backup every night."
        )
        return Verdict(False, words, {"days": (now - reach.newest_at).days})
    words = gettext_noop(
        "The oldest backup is %(days)s days old. What is erased today is in none after %(end)s"
        " days, and files in none after %(keys)s."
    )
    facts = {
        "days": reach.days_back(now),
        "end": reach.keep_days,
        "keys": reach.keep_key_days,
    }
    return Verdict(True, words, facts)


Measure = Callable[[Installation], Verdict]

MEASURES: Mapping[str, Measure] = {
    "audit-log": audit_log,
    "backups": backups,
    "closed-ports": closed_ports,
    "cookie-flags": cookie_flags,
    "least-privilege": least_privilege,
    "object-encryption": object_encryption,
    "passwords": passwords,
    "row-security": row_security,
    "second-factor": second_factor,
    "self-test": self_test,
    "sign-in-watch": sign_in_watch,
    "transport": transport,
}
"""The names that ``[[security]] check`` may use."""


def measures_of(check: str) -> dict[str, Measure]:
    """Return the measures that a ``check`` names. Raises KeyError for an unknown one."""
    names = [name.strip() for name in check.split(",") if name.strip()]
    return {name: MEASURES[name] for name in names}


def look_at_installation() -> Installation:
    """Ask the database what the measures need to know, in two queries."""
    opens_others_data = Role.objects.filter(kind__in=STAFF, ends_at=None)
    counted = opens_others_data.aggregate(
        staff=Count("person", distinct=True),
        without=Count("person", distinct=True, filter=Q(person__account__authenticator=None)),
    )
    return Installation(look_at_database(), counted["staff"], counted["without"])
