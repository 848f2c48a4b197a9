"""My privacy for people without an account: by a link sent to the address known here."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.db.purposes import SIGN_IN, reading_for
from skola.ground.people.api import Account, Person, language_of, post
from skola.promises.policy.api import in_force

LASTS = timedelta(hours=1)
_SIGNER = Signer(salt="web.privacy.link")


def token_of(person: Person, *, now: datetime) -> str:
    """Return what opens this person's page for an hour."""
    return _SIGNER.sign(f"{person.pk.hex}.{int(now.timestamp())}")


@reading_for(SIGN_IN)
def person_of(token: str, *, now: datetime) -> Person | None:
    """Return whom a link is for; None where it is forged, over, or they have an account by now."""
    try:
        key, _dot, at = _SIGNER.unsign(token).partition(".")
    except BadSignature:
        return None
    if not timedelta() <= now - datetime.fromtimestamp(int(at), now.tzinfo) <= LASTS:
        return None
    return Person.objects.filter(pk=UUID(key), account=None).first()


@reading_for(SIGN_IN)
def send_link(request: Any, email: str, *, now: datetime) -> None:
    """Write to an address that is known here; to one that is not, nothing goes.

    Who has an account is led to sign in. Who asks learns nothing from how long the answer takes
    (promise-engine 5.2): the queue sends it, and for an address that is nobody's the same is looked
    up, written and stored, as a mail to nobody, which the queue throws away.
    """
    account = Account.objects.filter(email=email).select_related("person").first()
    guest = _without_account(email)
    known = account.person if account else guest
    person = known or Person()
    policy = in_force(now).policy
    by_link = reverse("web:privacy_link", args=[token_of(person, now=now)])
    link = request.build_absolute_uri(reverse("web:privacy") if account else by_link)
    with (
        translation.override(language_of(person)),
        timezone.override(ZoneInfo(policy.policy.timezone)),
    ):
        subject = _("%(service)s: what is held about you") % {"service": policy.service.name}
        said = [
            _("Somebody, probably you, wants to see what %(service)s holds about you.")
            % {"service": policy.service.name},
            _("You have an account. Sign in, and you find it here: %(link)s") % {"link": link}
            if account
            else _("This link shows it, for one hour: %(link)s") % {"link": link},
            _("If it was not you, do nothing."),
        ]
    post(
        person_id=known.pk if known else None,
        address=email if known else "",
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text="\n\n".join(said) + "\n",
        now=now,
    )


def _without_account(email: str) -> Person | None:
    return Person.objects.filter(email=email, account=None).order_by("-created_at").first()
