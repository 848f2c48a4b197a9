"""Asking an address whether it wants what somebody asked for in its name (ilearn-33)."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.people.api import post
from skola.ground.tenants.api import site
from skola.promises.policy.api import in_force
from skola.services.campaigns.digests import seal


def ask_to_confirm(
    email: str, kinds: Sequence[str], *, source: str, campaign: str = "", now: datetime
) -> None:
    """Mail the link that confirms; address and wishes travel in it, and are kept nowhere else."""
    address = email.strip().lower()
    said = {
        "email": address,
        "kinds": list(kinds),
        "language": translation.get_language() or "en",
        "at": now.isoformat(),
        "source": source,
        "campaign": campaign,
    }
    link = site() + reverse("campaigns:confirm", args=[seal(said, now=now)])
    service = in_force(now).policy.service.name
    first = _("Somebody, probably you, asked %(service)s to write to this address.")
    last = _("Without it you get nothing, and we keep nothing. The link works for seven days.")
    text = "\n\n".join(
        [first % {"service": service}, _("If it was you, confirm it here:"), link, last]
    )
    post(
        person_id=None,
        address=address,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=_("Do you want to get mail from %(service)s?") % {"service": service},
        text=f"{text}\n",
        now=now,
    )
