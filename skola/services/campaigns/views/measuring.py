"""What comes back from a mail: the picture that was shown, the link that was used.

Both addresses are in mails to people only who agreed; the consent is asked again when they come.
"""

from base64 import b64decode
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.promises.policy.api import needs
from skola.services.campaigns import queries, sending
from skola.services.campaigns.links import delivery_in
from skola.services.campaigns.models import Reaction

DOT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent picture of one point."""


@never_cache
@needs(queries.CAPABILITY)
@require_safe
def seen(request: Any, token: str) -> HttpResponse:
    """The picture of a mail was fetched (learnifier-5.i). No address of a computer is kept."""
    sending.react(delivery_in(token), Reaction.Kind.OPENED, now=clock.now())
    return HttpResponse(DOT, content_type="image/gif")


@never_cache
@needs(queries.CAPABILITY)
@require_safe
def go(request: Any, token: str) -> HttpResponse:
    """The link of a mail was used; it leads on without anything about who used it (ekool-6.2)."""
    found = sending.react(delivery_in(token), Reaction.Kind.CLICKED, now=clock.now())
    if found is None or not found.campaign.link:
        raise Http404
    answer = HttpResponseRedirect(found.campaign.link)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
