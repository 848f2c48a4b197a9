"""Links that go to an address: one to confirm a request, one to fetch the copy it asked for."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.urls import reverse

from skola.ground.tenants.api import current_id, site
from skola.promises.intake.api import addresses_in
from skola.promises.policy.api import in_force
from skola.promises.rights.models import RightsRequest

LASTS = timedelta(days=14)
CONFIRM, COPY = "rights.mailing.confirm", "rights.mailing.copy"


def address_named(asked: RightsRequest, now: datetime) -> str:
    """Return the address that has to confirm: another one that the mail names, else the sender's.

    Whoever writes from elsewhere about a registered address has to confirm it there
    (learnifier-10.c). It follows from the words alone, so it tells nothing of who is known here.
    """
    ours = {one.email.lower() for one in in_force(now).policy.contact}
    others = [one for one in addresses_in(asked.words) if one not in ours and one != asked.email]
    return others[0] if others else asked.email


def token_of(asked: RightsRequest, address: str, *, salt: str, now: datetime) -> str:
    """Return what opens a page about this request, from this address, for two weeks."""
    told = [str(current_id()), asked.pk.hex, address, int(now.timestamp())]
    return signing.dumps(told, salt=salt, compress=True)


def opened(token: str, *, salt: str, now: datetime) -> tuple[RightsRequest, str] | None:
    """Return the request and the address of a link; None where it is forged, foreign or over."""
    try:
        tenant, key, address, at = signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
    written = datetime.fromtimestamp(int(at), now.tzinfo)
    if tenant != str(current_id()) or not timedelta() <= now - written <= LASTS:
        return None
    found = RightsRequest.objects.select_related("person").filter(pk=UUID(key)).first()
    return (found, address) if found is not None else None


def confirmation(asked: RightsRequest, address: str, *, now: datetime) -> str:
    """Return the address of the page on which a request is confirmed."""
    token = token_of(asked, address, salt=CONFIRM, now=now)
    return site() + reverse("mailing:confirm", args=[token])


def copies(asked: RightsRequest, *, now: datetime) -> str:
    """Return the address of the page from which a copy is fetched without an account."""
    token = token_of(asked, asked.email, salt=COPY, now=now)
    return site() + reverse("mailing:copies", args=[token])
