"""Mail that is no request about data: it becomes an enquiry, and who sent it a lead."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.people.api import post
from skola.ground.tenants.api import site
from skola.promises.intake.api import Arriving
from skola.promises.policy.api import has, in_force
from skola.services.desk import queries
from skola.services.desk.actions import Asked, Sender, receive_enquiry
from skola.services.desk.models import Enquiry

BY = "mail"
TAKES = frozenset({"support", "general"})
LONGEST = 8_000


def wants(arriving: Arriving, now: datetime) -> bool:
    """Whether a letter is for the desk: it came to an address for questions."""
    return has("desk.enquiries", now=now) and bool(arriving.kinds & TAKES)


def take(arriving: Arriving, now: datetime) -> None:
    """Open an enquiry, and answer with its number and with the way to the notice.

    The first letter of a stranger begins the processing: who wrote is a lead from now on, for as
    long as the policy keeps leads (kic-data-start). What comes from the address of an account is
    its owner's, in their history and in the copy of their data (ema-1.1.2).
    """
    letter = arriving.letter
    policy = in_force(now).policy
    language = policy.policy.languages[0]
    enquiry = receive_enquiry(
        Asked(
            topic=Enquiry.Topic.OTHER,
            channel=Enquiry.Channel.EMAIL,
            body=letter.words[:LONGEST] or "–",
            language=language,
            notice_version=policy.policy.version,
        ),
        Sender(given_name=letter.name[:80], email=letter.sender),
        person=queries.customer_under(letter.sender, ""),
        received_at=now,
        zone=queries.zone(now),
        by=BY,
        now=now,
    )
    with translation.override(language):
        subject = _("%(service)s: your enquiry %(number)s") % {
            "service": policy.service.name,
            "number": enquiry.label,
        }
        said = [
            _("We have your enquiry. Its number is %(number)s.") % {"number": enquiry.label},
            _("What we do with your data, and how long we keep them: %(link)s")
            % {"link": site() + reverse("notices:notice")},
        ]
    post(
        person_id=enquiry.person_id,
        address=letter.sender,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text="\n\n".join(said) + "\n",
        now=now,
    )
