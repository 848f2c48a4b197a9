"""Settings, all from the environment; ``docs/reference/settings.md`` lists them.

A malformed or missing one stops the start and is named. ``python3 run.py demo`` sets what it needs.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


def _text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"The setting {name} is missing. `skola doctor` says what each is for.")
    return value


def _flag(name: str) -> bool:
    value = os.environ.get(name, "no").lower()
    if value not in {"yes", "no"}:
        raise SystemExit(f"The setting {name} is {value!r}; it can be yes or no.")
    return value == "yes"


def _days(name: str, most: int) -> int:
    value = _text(name, str(most))
    if not value.isdigit() or not 1 <= int(value) <= most:
        raise SystemExit(f"The setting {name} is {value!r}; it can be 1 to {most} days.")
    return int(value)


def _https(name: str, default: str) -> str:
    value = _text(name, default).rstrip("/")
    if value and not value.startswith("https://"):
        raise SystemExit(f"The setting {name} is no address that begins with https://.")
    return value


def _keys(name: str) -> dict[str, tuple[str, str]]:
    """Each tenant's key and secret, as ``SLUG:KEY:SECRET``, with spaces between tenants."""
    found = {}
    for number, one in enumerate(_text(name, "").split(), start=1):
        parts = one.split(":")
        if len(parts) != 3 or not all(parts):
            raise SystemExit(f"The setting {name} has no SLUG:KEY:SECRET at place {number}.")
        found[parts[0]] = (parts[1], parts[2])
    return found


def _network_keys(name: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Each tenant's key and secret at a network, as ``SLUG:NETWORK:KEY:SECRET``, with spaces."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for number, one in enumerate(_text(name, "").split(), start=1):
        parts = one.split(":")
        if len(parts) != 4 or not all(parts):
            raise SystemExit(f"The setting {name} has no SLUG:NETWORK:KEY:SECRET at {number}.")
        found.setdefault(parts[0], {})[parts[1]] = (parts[2], parts[3])
    return found


_CONNECTOR = re.compile(
    r"([a-z0-9-]+):([a-z-]+):([^@\s]*)@((?:https|smtps|smtp|sentry\+https)://\S+"
    r"|(?:http|sentry\+http)://(?:127\.0\.0\.1|localhost|\[::1\])[:/]\S*)",
    re.ASCII,
)
"""Without encryption on this machine only; mail servers encrypt or stand in one's own network."""


def _connectors(name: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Each tenant's key and address of a connector, as ``SLUG:TASK:KEY@ADDRESS``, with spaces."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for number, one in enumerate(_text(name, "").split(), start=1):
        parts = _CONNECTOR.fullmatch(one)
        if parts is None:
            raise SystemExit(f"The setting {name} has no SLUG:TASK:KEY@ADDRESS at {number}.")
        slug, task, key, address = parts.groups()
        found.setdefault(slug, {})[task] = (unquote(key), address.rstrip("/"))
    return found


def _site(name: str) -> str:
    """How the pages of a host are reached, in links that stand in mails and files."""
    told = _text(name, "https://{host}").rstrip("/")
    if not re.fullmatch(r"https?://\{host\}(:[0-9]{1,5})?", told, re.ASCII):
        raise SystemExit(f"The setting {name} is nothing like https://{{host}}:8443.")
    return told


def _database(name: str) -> dict[str, Any]:
    parts = urlsplit(_text(name))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SystemExit(
            f"The setting {name} is no address like postgresql://role:password@host/name."
        )
    # a socket folder stands percent-encoded where the host would be, which urlsplit lowercases
    host = unquote(parts.netloc.rpartition("@")[2])
    if not host.startswith("/"):
        host = parts.hostname or ""
    return {
        "ENGINE": "skola.ground.db",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": "" if host.startswith("/") else str(parts.port or ""),
    }


AS_OWNER = _flag("SKOLA_AS_OWNER")
"""Migrations and the making of tenants run as the owner of the tables."""

DEMO = _flag("SKOLA_DEMO")
DEBUG = _flag("SKOLA_DEBUG")
HTTPS = _flag("SKOLA_HTTPS")
SITE = _site("SKOLA_SITE")
SECRET_KEY = _text("SKOLA_SECRET_KEY")
METRICS_TOKEN = _text("SKOLA_METRICS_TOKEN", "")
"""Who scrapes ``/metrics`` says it; without one there is no such page."""
REGIONS = _text("SKOLA_REGIONS", "")
"""A table of networks and their countries, for the report of visits by region."""
DATA = Path(_text("SKOLA_DATA", str(ROOT / ".skola")))
JOURNAL = Path(_text("SKOLA_JOURNAL", str(DATA.parent / f"{DATA.name}-journal")))
"""The privacy journal; it must not lie in the data folder, nor in any backup."""
BACKUPS = Path(_text("SKOLA_BACKUPS", str(DATA.parent / f"{DATA.name}-backups")))
BACKUP_KEYS = Path(_text("SKOLA_BACKUP_KEYS", str(DATA.parent / f"{DATA.name}-backup-keys")))
"""The keys of the objects are copied to another place, and live shorter than the objects."""
BACKUP_DAYS = _days("SKOLA_BACKUP_DAYS", 35)
BACKUP_KEY_DAYS = _days("SKOLA_BACKUP_KEY_DAYS", 7)
POLICIES = Path(_text("SKOLA_POLICIES", str(DATA / "policies")))
"""Published versions; ``skola policy publish`` puts them here."""
LAW = ROOT / "law"
CLAUSES = ROOT / "clauses"

ALLOWED_HOSTS = ["*"]  # the tenant's middleware answers for known hosts only
ROOT_URLCONF = "skola.urls"
WSGI_APPLICATION = "skola.wsgi.application"
AUTH_USER_MODEL = "people.Account"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("lv", "Latviešu"),
    ("lt", "Lietuvių"),
    ("et", "Eesti"),
    ("sv", "Svenska"),
]
LOCALE_PATHS = [ROOT / "skola" / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "skola.ground.ui",
    "skola.ground.tenants",
    "skola.ground.journal",
    "skola.ground.people",
    "skola.ground.audit",
    "skola.ground.files",
    "skola.ground.jobs",
    "skola.promises.policy",
    "skola.promises.inventory",
    "skola.promises.retention",
    "skola.promises.gate",
    "skola.promises.cookies",
    "skola.promises.consents",
    "skola.promises.notices",
    "skola.promises.intake",
    "skola.promises.disclosures",
    "skola.promises.connectors",
    "skola.promises.rights",
    "skola.promises.minors",
    "skola.promises.accuracy",
    "skola.promises.quality",
    "skola.promises.origins",
    "skola.promises.incidents",
    "skola.promises.decisions",
    "skola.promises.emergency",
    "skola.promises.handover",
    "skola.promises.simulation",
    "skola.promises.statistics",
    "skola.promises.reports",
    "skola.services.school",
    "skola.services.testimonials",
    "skola.services.forums",
    "skola.services.reaching",
    "skola.services.upkeep",
    "skola.services.partners",
    "skola.services.papers",
    "skola.services.live",
    "skola.services.habits",
    "skola.services.premises",
    "skola.services.diary",
    "skola.services.archives",
    "skola.services.networks",
    "skola.services.community",
    "skola.services.statements",
    "skola.services.visits",
    "skola.services.courses",
    "skola.services.messages",
    "skola.services.pupils",
    "skola.services.billing",
    "skola.services.customers",
    "skola.services.applications",
    "skola.services.campaigns",
    "skola.services.desk",
    "skola.services.chat",
    "skola.services.referral",
    "skola.services.documents",
    "skola.services.staff",
    "skola.services.surveys",
    "skola.services.events",
    "skola.services.companies",
    "skola.services.undertakings",
    "skola.services.groups",
    "skola.services.academies",
    "skola.services.runs",
    "skola.services.hiring",
    "skola.services.workforce",
    "skola.services.briefings",
    "skola.services.licences",
    "skola.services.shop",
    "skola.services.exams",
    "skola.services.certificates",
    "skola.services.records",
    "skola.web",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    *[room for room in ROOMS if (ROOT / Path(*room.split(".")) / "apps.py").exists()],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # tokens are masked anew in every page (BREACH)
    "skola.ground.ui.errors.PlainErrors",
    "skola.ground.ui.permissions.PermissionsPolicy",
    "skola.ground.journal.http.GateMiddleware",
    "skola.ground.tenants.http.TenantMiddleware",
    "skola.promises.policy.http.OneLook",
    "skola.promises.handover.http.HandedOver",
    "skola.promises.cookies.http.CookieGate",
    "skola.promises.cookies.http.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "skola.promises.gate.http.ReadingMiddleware",
    "skola.ground.people.http.PersonMiddleware",
    "skola.ground.ui.language.LanguageMiddleware",
    "skola.web.zone.ZoneMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "skola.web.activity.ActivityMiddleware",
    "skola.services.visits.http.VisitsMiddleware",
    "skola.services.habits.http.HabitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "skola.web.unwritable.Unwritable",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "skola.ground.ui.jinja2_env.environment",
            "context_processors": [
                "skola.ground.ui.context.page",
                "skola.promises.notices.context.notices",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "skola" / "web" / "templates"],  # before allauth's own pages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    },
]

DATABASES = {
    "default": {
        **_database("SKOLA_OWNER_DATABASE_URL" if AS_OWNER else "SKOLA_DATABASE_URL"),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 8, "timeout": 5},
            "server_side_binding": True,  # docs/decisions/0020-statements-prepared-on-the-server.md
            "prepare_threshold": 5,
        },
    }
}
BACKUP_DATABASE = (
    _database("SKOLA_BACKUP_DATABASE_URL") if "SKOLA_BACKUP_DATABASE_URL" in os.environ else None
)
"""The role that reads every row, whatever the tenant; for ``skola backup`` alone."""
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "skola_cache",
        "KEY_FUNCTION": "skola.ground.tenants.cache.key",
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
S3_BUCKET = _text("SKOLA_S3_BUCKET", "")
S3_ENDPOINT = _text("SKOLA_S3_ENDPOINT", "")
_ON_DISK = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": DATA / "objects",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "objects": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT or None,
            "file_overwrite": False,
        },
    }
    if S3_BUCKET
    else _ON_DISK,
    "home": _ON_DISK,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

PASSWORD_HASHERS = ["skola.ground.people.passwords.Argon2id"]
AUTHENTICATION_BACKENDS = ["skola.ground.people.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SILENCED_SYSTEM_CHECKS = ["auth.W004", "auth.E003"]  # unique with the tenant, see people.Account

SESSION_COOKIE_NAME = "sessionid"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "skola.web.errors.forged"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

EMAIL_BACKEND = _text("SKOLA_MAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = _text("SKOLA_MAIL_HOST", "localhost")
EMAIL_PORT = int(_text("SKOLA_MAIL_PORT", "25"))
EMAIL_FILE_PATH = _text("SKOLA_MAIL_FOLDER", str(DATA / "mail"))
DEFAULT_FROM_EMAIL = _text("SKOLA_MAIL_FROM", "skola@localhost")

TRUST = Path(_text("SKOLA_TRUST", str(DATA / "trust")))
"""Certificates of the authorities whose signatures count, ``all`` and a folder for each tenant."""
TRUST_REVOCATION = not _flag("SKOLA_TRUST_UNREVOKED")
"""Whether a signature counts only where somebody says that its certificate was not revoked."""

SIGNING = _text("SKOLA_SIGNING", "local" if DEMO else "")
"""Who signs for people: ``package.module:name``; ``local``, which proves nothing; or nobody."""

SMS = "local" if DEMO else ""
"""The demo has a gateway of its own, which carries no text message further than a folder."""
SMS_FOLDER = DATA / "texts"
SMS_URL = _https("SKOLA_SMS_URL", "")
SMS_KEYS = _keys("SKOLA_SMS_KEYS")

CONNECTORS = _connectors("SKOLA_CONNECTORS")
CONNECTORS_FOLDER = DATA / "connectors" if DEMO else None
"""In the demo, what would leave for a processor without an address is written there."""

SIGN_IN_KEYS = _network_keys("SKOLA_SIGN_IN_KEYS")

PAYMENTS = "local" if DEMO else ""
"""The demo has a till of its own, which takes no money."""
STRIPE_KEYS = _keys("SKOLA_STRIPE_KEYS")
STRIPE_URL = _https("SKOLA_STRIPE_URL", "https://api.stripe.com")
VAT_URL = _https("SKOLA_VAT_URL", "")
"""Where VAT numbers are checked; empty: they are not."""

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "skola.web.signin.Adapter"
ACCOUNT_SIGNUP_FORM_CLASS = "skola.web.signup.SignupDetails"
ACCOUNT_FORMS = {
    "login": "skola.web.forms.LoginForm",
    "signup": "skola.web.forms.SignupForm",
    "request_login_code": "skola.web.forms.CodeRequestForm",
    "confirm_login_code": "skola.web.forms.LoginCodeForm",
    "confirm_email_verification_code": "skola.web.forms.EmailCodeForm",
    "reset_password": "skola.web.forms.ResetForm",
    "reset_password_from_key": "skola.web.forms.NewPasswordForm",
    "change_password": "skola.web.forms.ChangePasswordForm",
    "set_password": "skola.web.forms.SetPasswordForm",
    "add_email": "skola.web.forms.EmailForm",
    "reauthenticate": "skola.web.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "skola.web.forms.SecondStepForm",
    "reauthenticate": "skola.web.forms.ReauthenticateByCodeForm",
    "activate_totp": "skola.web.forms.AppForm",
    "add_webauthn": "skola.web.forms.PasskeyForm",
    "edit_webauthn": "skola.web.forms.PasskeyNameForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,10/30m/key"}
"""Ten tries an account and half an hour; a school behind one address has more than one pupil."""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
SOCIALACCOUNT_ADAPTER = "skola.web.outside.Adapter"
SOCIALACCOUNT_FORMS = {"signup": "skola.web.forms.NetworkSignupForm"}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
"""Nobody comes into an account because a network tells the same address."""
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "skola.web.signin.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_COOKIE_NAME = "language"
UI_HOOKS = {
    name: f"skola.web.frame.{name}"
    for name in (
        "account_menu",
        "announcements",
        "brand",
        "cookie_question",
        "language_cookie",
        "languages",
        "measures",
        "office_tabs",
        "places",
        "store_choice",
        "stored_choice",
        "stored_language",
        "talk",
    )
}
"""What the frame of a page asks of the floors above it, see ``skola.ground.ui.hooks``."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "skola.ground.log.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # their warnings say whom a certificate names
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
}
